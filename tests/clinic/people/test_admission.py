"""One person, one record: admitted once, corrected by newer rows."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from afterglow.clinic.people.models import Patient, PersonalDetails
from afterglow.clinic.people.queries import current_details, history
from afterglow.clinic.people.services import admit, correct_details
from tests.clinic.conftest import ADA, NINE

pytestmark = pytest.mark.django_db
BEA = replace(ADA, given_name="Bea")


def arrive(by, **changes: Any) -> Any:
    words = {"patient_id": uuid4(), "number": "P-0002", "details": BEA, "at": NINE}
    return admit(by=by, **(words | changes))


def correct(patient, by, **changes: Any) -> Any:
    words = {"corrects": current_details(patient).pk, "details": BEA, "at": NINE}
    return correct_details(patient=patient, by=by, **(words | changes))


@pytest.mark.parametrize("born", [NINE.date() + timedelta(days=1), date(1900, 1, 1)])
def test_an_impossible_birth_date_admits_nobody(front_desk, born):
    refusal = arrive(front_desk, details=replace(BEA, birth_date=born))
    assert refusal.code == "impossible-birth-date"
    assert Patient.objects.count() == 0


def test_the_same_form_twice_admits_one_patient(front_desk):
    same = uuid4()
    assert arrive(front_desk, patient_id=same) == arrive(front_desk, patient_id=same)
    assert (Patient.objects.count(), PersonalDetails.objects.count()) == (1, 1)


def test_a_number_names_one_patient(patient, front_desk):
    refusal = arrive(front_desk, number=patient.number)
    assert refusal.code == "number-taken"
    assert PersonalDetails.objects.count() == 1


def test_someone_of_the_same_name_and_birth_date_is_compared_first(patient, front_desk):
    refusal = arrive(front_desk, details=replace(ADA, given_name="ADA"))
    assert refusal.code == "perhaps-known"
    assert patient.number in refusal.because


def test_a_twin_in_name_is_admitted_once_compared(patient, front_desk):
    assert isinstance(arrive(front_desk, details=ADA, another_person=True), Patient)


def test_a_correction_keeps_what_stood_before(patient, front_desk):
    correct(patient, front_desk)
    assert [one.given_name for one in history(patient)] == ["Bea", "Ada"]
    assert current_details(patient).given_name == "Bea"


def test_two_corrections_at_once_keep_the_first_and_tell_the_second(patient, front_desk, nurse):
    seen_by_both = current_details(patient).pk
    correct(patient, front_desk)
    late = replace(ADA, given_name="Cleo")
    refusal = correct(patient, nurse, corrects=seen_by_both, details=late)
    assert refusal.code == "already-corrected"
    assert current_details(patient).given_name == "Bea"


def test_the_same_correction_twice_is_one(patient, front_desk):
    form = {"corrects": current_details(patient).pk, "fact_id": uuid4()}
    assert correct(patient, front_desk, **form) == correct(patient, front_desk, **form)
    assert PersonalDetails.objects.count() == 2
