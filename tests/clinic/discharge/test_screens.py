"""The leaving page, as a nurse and a prescriber meet it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import localtime, now

from afterglow.clinic.discharge.models import Discharge, LeavingCheck
from tests.clinic.discharge.conftest import FINE, WELL

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(make_story):
    """The dose began nearly three hours ago."""
    return make_story(now() - timedelta(minutes=170))


@pytest.fixture
def go(story, nurse, prescriber, therapist, signed_in):
    people = {"nurse": nurse, "prescriber": prescriber, "therapist": therapist}
    clients = {name: signed_in(one) for name, one in people.items()}

    def page(name: str, form: dict[str, Any] | None = None, by: str = "nurse") -> Any:
        address = reverse(f"discharge:{name}", args=[story.session.pk])
        client = clients[by]
        answer = client.get(address) if form is None else client.post(address, form, follow=True)
        answer.words = answer.content.decode()
        return answer

    return page


def seen(**changes: Any) -> dict[str, Any]:
    said = {name: getattr(WELL, name) for name in WELL.__dataclass_fields__}
    measured = {name: f"{value:g}" for name, value in FINE.items()}
    return {"fact_id": uuid4(), **said, **measured, **changes}


def contact(**changes: Any) -> dict[str, Any]:
    due = localtime(now() + timedelta(days=1))
    return {"fact_id": uuid4(), "kind": "call", "due_at": f"{due:%Y-%m-%dT%H:%M}", **changes}


def signature(**changes: Any) -> dict[str, Any]:
    return {"fact_id": uuid4(), "signed_as": "Nadia Staff", **changes}


def test_at_first_the_page_blocks_and_says_what_is_missing(go):
    page = go("leave").words
    assert "Something is not known yet" in page
    assert "Blocked" in page
    assert "Steady gait, timed walk: unknown" in page
    assert "The patient leaves now" not in page


def test_each_criterion_shows_value_limit_source_and_grade(go):
    page = go("leave", seen(nausea="7")).words
    assert "Limit: 3 or less. Seen " in page
    assert "own default" in page
    assert "Oxford Health ketamine service" in page


def test_a_nurse_looks_books_signs_and_the_patient_leaves(go):
    go("book", contact())
    assert "Every criterion is met" in go("leave", seen()).words
    page = go("sign", signature())
    assert "The patient has left" in page.words
    assert "Bea Test, sister" in page.words
    assert Discharge.objects.count() == 1


def test_a_nurse_is_not_offered_an_override(go):
    page = go("leave", seen(nausea="7")).words
    assert "Let go despite this" not in page
    assert "A prescriber may decide otherwise" in page


def test_a_nurse_who_signs_too_early_is_refused_in_one_sentence(go):
    go("book", contact())
    go("leave", seen(nausea="7"))
    page = go("sign", signature())
    assert page.status_code == 422
    assert "Not every criterion is met: nausea 0-10: 7." in page.words


def test_a_prescribers_reason_is_shown_with_the_discharge(go):
    go("book", contact())
    go("leave", seen(nausea="7"))
    page = go("sign", signature(override_reason="Seen, agreed with her."), by="prescriber")
    assert "Before every criterion was met" in page.words
    assert "Seen, agreed with her." in page.words


def test_a_therapist_reads_and_does_not_sign(go):
    assert "A nurse or a prescriber signs." in go("leave", by="therapist").words
    assert go("sign", signature(), by="therapist").status_code == 403


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"systolic": "1260"}, "less than or equal to"),
        ({"nausea": "11"}, "less than or equal to 10"),
        ({"diastolic": ""}, "Only one of the two numbers"),
    ],
)
def test_a_look_that_cannot_be_is_named_and_what_was_typed_stays(go, changes, says):
    page = go("leave", seen(**changes))
    assert page.status_code == 422
    assert says in page.words
    assert 'value="Bea Test, sister"' in page.words
    assert LeavingCheck.objects.count() == 0


@pytest.mark.parametrize(
    ("due_at", "says"),
    [("2001-01-01T09:00", "which is past"), ("2030-02-31T09:00", "Enter a valid date/time")],
)
def test_a_contact_that_cannot_be_is_named(go, due_at, says):
    page = go("book", contact(due_at=due_at))
    assert page.status_code == 422
    assert says in page.words


def test_the_instructions_are_in_plain_words_with_the_next_contact(go):
    go("book", contact())
    page = go("instructions").words
    assert "Do not drive" in page
    assert "Telephone call" in page
    assert "Call the emergency number" in page
    assert " mg" not in page


def test_a_session_that_is_not_there_is_not_found(go, nurse, signed_in, story):
    address = reverse("discharge:leave", args=[uuid4()])
    assert signed_in(nurse).get(address).status_code == 404
