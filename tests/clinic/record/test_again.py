"""A form that comes twice is one fact; an old form with new words is never answered "recorded"."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from afterglow.clinic.chart.models import Finding, Reading
from afterglow.clinic.chart.services import answer, measure
from afterglow.clinic.followup.services import report_event
from afterglow.clinic.people.models import Patient, PersonalDetails, User
from afterglow.clinic.people.queries import current_details
from afterglow.clinic.people.services import Details, admit, correct_details
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.preparation.services import record
from afterglow.clinic.screening import services as screening
from afterglow.clinic.screening.models import Consent
from afterglow.clinic.screening.queries import answers as answered
from afterglow.core.care.watch import Sign
from afterglow.core.refusal import Refusal
from tests.clinic.conftest import ADA
from tests.clinic.walk import measured, proposed, screened, signed

pytestmark = pytest.mark.django_db
NINE = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)
BEN = Details(given_name="Ben", family_name="Other", birth_date=date(1980, 2, 3), sex="male")


@pytest.fixture
def other(nurse: User) -> Patient:
    admitted = admit(patient_id=uuid4(), number="P-0002", details=BEN, by=nurse, at=NINE)
    assert isinstance(admitted, Patient)
    return admitted


def weigh(patient: Patient, by: User, kg: float, fact_id: UUID) -> list[Reading] | Refusal:
    return measure(patient=patient, values={Sign.WEIGHT: kg}, by=by, at=NINE, fact_id=fact_id)


def code(result: object) -> str:
    assert isinstance(result, Refusal), result
    return result.code


def test_another_patients_weight_never_passes_for_this_ones(
    patient: Patient, other: Patient, nurse: User
) -> None:
    once = uuid4()
    weigh(patient, nurse, 70.0, once)
    assert code(weigh(other, nurse, 70.0, once)) == "form-used"
    assert not Reading.objects.filter(patient=other).exists()


def test_a_corrected_weight_on_an_old_form_is_refused_aloud(patient: Patient, nurse: User) -> None:
    once = uuid4()
    weigh(patient, nurse, 70.0, once)
    assert code(weigh(patient, nurse, 107.0, once)) == "form-used"
    assert weigh(patient, nurse, 70.0, once) == []


def test_an_answer_changed_on_an_old_form_is_refused_aloud(patient: Patient, nurse: User) -> None:
    said: dict[str, Any] = {"patient": patient, "question": "hypertension", "by": nurse, "at": NINE}
    once = uuid4()
    answer(**said, said="no", fact_id=once)
    assert isinstance(answer(**said, said="no", fact_id=once), Finding)
    assert code(answer(**said, said="yes", fact_id=once)) == "form-used"


def test_intake_answers_changed_on_an_old_form_are_refused_aloud(
    patient: Patient, nurse: User
) -> None:
    sent: dict[str, Any] = {
        "patient": patient,
        "by": nurse,
        "at": NINE,
        "fact_id": uuid4(),
        "after": None,
    }
    screening.answer(**sent, answers={"stroke": "no"})
    screening.answer(**sent, answers={"stroke": "no"})
    assert code(screening.answer(**sent, answers={"stroke": "yes"})) == "form-used"
    assert answered(patient)["stroke"] == "no"


def test_a_form_of_consent_does_not_stand_for_its_withdrawal(
    policy: None, patient: Patient, nurse: User
) -> None:
    screened(patient, nurse, at=NINE)
    given = Consent.objects.get(patient=patient)
    refused = screening.withdraw(patient=patient, remark="", by=nurse, at=NINE, fact_id=given.pk)
    assert code(refused) == "form-used"


def test_another_dose_on_a_form_that_was_signed_is_refused(
    policy: None, patient: Patient, nurse: User, prescriber: User
) -> None:
    screened(patient, nurse, at=NINE)
    measured(patient, nurse, at=NINE)
    proposal, once = proposed(patient, nurse, at=NINE), uuid4()
    first = signed(proposal, prescriber, at=NINE, fact_id=once)
    assert signed(proposal, prescriber, at=NINE, fact_id=once) == first
    more: dict[str, Any] = {"amount_mg": 30.0, "differs_because": "asked for less"}
    assert code(signed(proposal, prescriber, at=NINE, fact_id=once, **more)) == "form-used"
    assert Plan.objects.get() == first


def test_details_of_another_patient_cannot_be_replaced_from_this_one(
    patient: Patient, other: Patient, nurse: User
) -> None:
    theirs = current_details(other)
    moved = replace(ADA, phone="555")
    refused = correct_details(
        patient=patient, corrects=theirs.pk, details=moved, by=nurse, at=NINE, fact_id=uuid4()
    )
    assert code(refused) == "not-their-details"
    assert current_details(other) == theirs
    assert PersonalDetails.objects.count() == 2


def test_an_admission_form_of_another_number_does_not_open_the_first_ones_book(
    patient: Patient, nurse: User
) -> None:
    again = admit(patient_id=patient.pk, number="P-0009", details=BEN, by=nurse, at=NINE)
    assert code(again) == "form-used"


def test_set_and_setting_and_events_changed_on_an_old_form_are_refused(
    patient: Patient, nurse: User
) -> None:
    kept: dict[str, Any] = {"patient": patient, "by": nurse, "at": NINE, "fact_id": uuid4()}
    record(**kept, said={"fear": 2})
    assert code(record(**kept, said={"fear": 9})) == "form-used"
    event: dict[str, Any] = {
        **kept,
        "fact_id": uuid4(),
        "severity": "mild",
        "serious": False,
        "done": "",
    }
    report_event(**event, what="Headache")
    assert code(report_event(**event, what="Fall")) == "form-used"
