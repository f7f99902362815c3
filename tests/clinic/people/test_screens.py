"""Desk and auditor: what each sees, and what stays behind the door."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import localtime, now

from afterglow.clinic.chart.models import Encounter
from afterglow.clinic.people.models import Patient, PersonalDetails
from afterglow.clinic.people.queries import current_details
from afterglow.clinic.record.models import Look

pytestmark = pytest.mark.django_db

FORM = {
    "number": "P-0009",
    "given_name": "Bea",
    "family_name": "Other",
    "birth_date": "1980-02-03",
    "sex": "female",
}


def at_noon(patient, by, *, days: int = 0) -> Encounter:
    noon = localtime(now()).replace(hour=12, minute=0) + timedelta(days=days)
    return Encounter.objects.create(
        patient=patient, kind="session", note="secret of health", happened_at=noon, recorded_by=by
    )


@pytest.fixture
def desk(front_desk, signed_in):
    return signed_in(front_desk)


def details_form(patient, **changes):
    known = {"fact_id": uuid4(), "corrects": current_details(patient).pk}
    return {**FORM, **known, "given_name": "Ada", "family_name": "Test", **changes}


def test_the_desk_sees_todays_visits_by_name_and_nothing_of_health(desk, patient, nurse):
    at_noon(patient, nurse)
    page = desk.get(reverse("people:desk")).content.decode()
    assert "Test, Ada" in page
    assert "12:00" in page
    assert "secret of health" not in page


def test_tomorrows_visits_are_not_todays(desk, patient, nurse):
    at_noon(patient, nurse, days=1)
    assert "Test, Ada" not in desk.get(reverse("people:desk")).content.decode()


def test_a_patient_is_found_by_the_beginning_of_name_and_number(desk, patient):
    for words in ("te", "ada te", "P-00"):
        assert "Test, Ada" in desk.get(reverse("people:desk"), {"words": words}).content.decode()
    assert "Nobody found" in desk.get(reverse("people:desk"), {"words": "zz"}).content.decode()


def test_a_day_that_does_not_exist_is_named(desk):
    page = desk.get(reverse("people:desk"), {"day": "2030-02-31"}).content.decode()
    assert "Enter a valid date" in page


def test_the_desk_admits_a_patient(desk):
    sent = desk.post(reverse("people:admit"), {**FORM, "patient_id": uuid4()})
    assert sent.status_code == 302
    assert PersonalDetails.objects.get().given_name == "Bea"


def test_a_double_click_admits_one_patient(desk):
    form = {**FORM, "patient_id": uuid4()}
    for _ in range(2):
        assert desk.post(reverse("people:admit"), form).status_code == 302
    assert Patient.objects.count() == 1


def test_an_impossible_date_is_shown_beside_what_was_typed(desk):
    form = {**FORM, "patient_id": uuid4(), "birth_date": "2190-01-01"}
    answer = desk.post(reverse("people:admit"), form)
    assert answer.status_code == 422
    assert "lies in the future" in answer.content.decode()
    assert 'value="Bea"' in answer.content.decode()
    assert Patient.objects.count() == 0


def test_the_question_about_another_person_comes_only_when_somebody_is_alike(desk, patient):
    assert "another person</span>" not in desk.get(reverse("people:admit")).content.decode()
    alike = {**FORM, "given_name": "Ada", "family_name": "Test", "birth_date": "1990-05-17"}
    answer = desk.post(reverse("people:admit"), {**alike, "patient_id": uuid4()})
    assert "I compared them" in answer.content.decode()


def test_a_correction_shows_both_the_newer_and_the_older(desk, patient):
    form = details_form(patient, given_name="Adah")
    page = desk.post(reverse("people:details", args=[patient.pk]), form, follow=True)
    shown = page.content.decode()
    assert shown.index("Adah Test") < shown.index("Ada Test")


def test_a_late_correction_is_refused_in_one_sentence(desk, patient):
    late = details_form(patient, given_name="Cleo")
    desk.post(reverse("people:details", args=[patient.pk]), details_form(patient))
    answer = desk.post(reverse("people:details", args=[patient.pk]), late)
    assert answer.status_code == 422
    assert "Someone else changed these details" in answer.content.decode()


def test_every_opening_of_the_details_is_remembered(desk, patient, front_desk):
    desk.get(reverse("people:details", args=[patient.pk]))
    look = Look.objects.get()
    assert (look.recorded_by, look.page) == (front_desk, "personal details")


def test_the_auditor_sees_who_looked_and_narrows_it(patient, nurse, therapist, auditor, signed_in):
    for one in (nurse, therapist):
        signed_in(one).get(reverse("people:details", args=[patient.pk]))
    page = signed_in(auditor)

    def shown(**sought: object) -> str:
        body = page.get(reverse("people:looks"), sought).content.decode()
        return body[body.index("<main") : body.index("Is the record whole")].split("</form>")[-1]

    assert "Nadia Staff" in shown()
    assert "Theo Staff" in shown()
    assert "Theo Staff" not in shown(user=nurse.pk)
    assert "Nothing found" in shown(day="2001-01-01")
    assert "Nothing found" in shown(patient="nobody")
    assert "Nadia Staff" in shown(patient="P-0001")
    assert "afterglow verify" in page.get(reverse("people:looks")).content.decode()


def test_a_visit_that_was_booked_and_then_begun_is_one_line(desk, patient, nurse):
    at_noon(patient, nurse)
    at_noon(patient, nurse)
    page = desk.get(reverse("people:desk")).content.decode()
    assert "1 visit<" in page
