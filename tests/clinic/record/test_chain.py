"""The record can be added to, not changed; and a change made behind its back is found."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from afterglow.clinic.chart.models import Encounter, Reading
from afterglow.clinic.people.models import Patient
from afterglow.clinic.record.models import Book, Entry, Fact
from afterglow.clinic.record.verify import flaws, heads, shortened_since

pytestmark = pytest.mark.django_db
NINE = datetime(2030, 1, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def encounter() -> Encounter:
    patient = Patient.objects.create(number="A-1", happened_at=NINE)
    return Encounter.objects.create(patient=patient, kind="session", happened_at=NINE)


def read(encounter: Encounter, *values: float) -> list[Reading]:
    return Reading.objects.bulk_create(
        Reading(
            patient=encounter.patient, encounter=encounter, happened_at=NINE, sign="SPO2", value=v
        )
        for v in values
    )


def behind_its_back(sql: str, *values: object) -> None:
    """Do what only someone with the database's own keys could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_a_record_that_was_only_added_to_has_no_flaw(encounter: Encounter) -> None:
    read(encounter, 97, 96, 95)
    assert list(flaws()) == []
    assert Entry.objects.filter(book_id=encounter.patient_id).count() == 4


@pytest.mark.parametrize(
    "change",
    [
        lambda reading: Reading.objects.filter(pk=reading.pk).update(value=99),
        lambda reading: reading.delete(),
        lambda reading: reading.save(),
    ],
    ids=["update", "delete", "save again"],
)
def test_the_database_itself_refuses_to_change_a_fact(
    encounter: Encounter, change: Callable[[Reading], object]
) -> None:
    (reading,) = read(encounter, 97)
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        change(reading)
    assert Reading.objects.get().value == 97


def test_the_chain_itself_cannot_be_edited_either(encounter: Encounter) -> None:
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        Entry.objects.all().delete()


def test_an_edit_is_found_and_its_place_named(encounter: Encounter) -> None:
    _, second, _ = read(encounter, 97, 88, 95)
    behind_its_back("UPDATE chart_reading SET value = 98 WHERE id = %s", second.pk)
    (flaw,) = flaws()
    assert flaw.fact_id == second.pk
    assert "was changed" in str(flaw)


def test_a_deletion_is_found(encounter: Encounter) -> None:
    (reading,) = read(encounter, 88)
    behind_its_back("DELETE FROM chart_reading WHERE id = %s", reading.pk)
    (flaw,) = flaws()
    assert flaw.what == "the fact is gone"


def test_a_reordering_is_found(encounter: Encounter) -> None:
    read(encounter, 97, 96)
    first, second = Entry.objects.filter(fact_table="chart_reading").order_by("number")
    for entry, fact_id in ((first, uuid4()), (second, first.fact_id), (first, second.fact_id)):
        behind_its_back("UPDATE record_entry SET fact_id = %s WHERE id = %s", fact_id, entry.pk)
    assert {flaw.number for flaw in flaws()} == {first.number, second.number}


def test_a_tail_that_was_cut_off_is_found(encounter: Encounter) -> None:
    (reading,) = read(encounter, 88)
    behind_its_back("DELETE FROM record_entry WHERE fact_id = %s", reading.pk)
    behind_its_back("DELETE FROM chart_reading WHERE id = %s", reading.pk)
    assert [flaw.what for flaw in flaws()] == ["the end of the chain was cut off"]


def test_a_tail_cut_off_with_its_book_is_found_against_heads_kept_elsewhere(
    encounter: Encounter,
) -> None:
    before = heads()
    (reading,) = read(encounter, 97)
    kept = heads()
    assert list(shortened_since(kept)) == []
    behind_its_back("DELETE FROM record_entry WHERE fact_id = %s", reading.pk)
    behind_its_back("DELETE FROM chart_reading WHERE id = %s", reading.pk)
    length, seal = before[str(encounter.patient_id)].split(":")
    behind_its_back(
        "UPDATE record_book SET length = %s, head = decode(%s, 'hex') WHERE id = %s",
        int(length),
        seal,
        encounter.patient_id,
    )
    assert list(flaws()) == []  # the chain alone cannot know
    (flaw,) = shortened_since(kept)
    assert flaw.book == encounter.patient_id


def test_a_fact_smuggled_past_the_chain_is_found(encounter: Encounter) -> None:
    behind_its_back(
        "INSERT INTO chart_encounter (id, happened_at, kind, note, patient_id) "
        "VALUES (%s, now(), 'call', '', %s)",
        uuid4(),
        encounter.patient_id,
    )
    (flaw,) = flaws()
    assert flaw.what == "the fact joined no chain"


def test_every_table_of_facts_has_its_guards() -> None:
    facts = {m._meta.db_table for m in apps.get_models() if issubclass(m, Fact)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger")
        guards = set(cursor.fetchall())
    assert {t for t, name in guards if name == "record_seal"} == facts
    assert facts <= {t for t, name in guards if name == "record_refuse_change"}


def test_every_book_begins_at_one(encounter: Encounter) -> None:
    assert set(Book.objects.values_list("length", flat=True)) == {1}
