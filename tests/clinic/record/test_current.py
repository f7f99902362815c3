"""Which facts stand: those that no newer one corrects, found without reading all others."""

from pathlib import Path

import afterglow
from afterglow.clinic.chart.models import Reading
from afterglow.clinic.people.models import Patient
from afterglow.clinic.record.models import CURRENT
from tests.clinic.conftest import NINE

SOURCE = Path(afterglow.__file__).parent


def weight(patient: Patient, value: float, *, corrects: Reading | None = None) -> Reading:
    return Reading.objects.create(
        patient=patient, happened_at=NINE, sign="weight", value=value, corrects=corrects
    )


def test_a_corrected_fact_no_longer_stands_and_its_correction_does(patient: Patient) -> None:
    wrong = weight(patient, 170)
    right = weight(patient, 70, corrects=wrong)
    other = weight(patient, 71)

    assert set(Reading.objects.filter(CURRENT, patient=patient)) == {right, other}


def test_a_correction_that_is_itself_corrected_no_longer_stands(patient: Patient) -> None:
    last = weight(patient, 70, corrects=weight(patient, 17, corrects=weight(patient, 170)))

    assert list(Reading.objects.filter(CURRENT, patient=patient)) == [last]


def test_the_database_looks_for_a_correction_of_each_fact_and_never_joins_whole_tables(
    patient: Patient,
) -> None:
    plan = Reading.objects.filter(CURRENT, patient=patient, sign="weight").explain()

    assert "Anti Join" in plan, plan


def test_nobody_asks_for_current_facts_the_slow_way() -> None:
    slow = "corrected_by=" + "None"
    asking = [
        path.name
        for path in SOURCE.rglob("*.py")
        if slow in path.read_text(encoding="utf-8") and path.parent.name != "record"
    ]

    assert not asking, f"Use record.models.CURRENT in {asking}."
