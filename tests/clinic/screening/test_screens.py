"""The screens of screening, as a clinician meets them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now

from afterglow.clinic.chart.models import Finding
from afterglow.clinic.record.models import Look
from afterglow.clinic.screening import consent_text, queries
from afterglow.clinic.screening.models import Assessment, Clearance, Consent
from tests.clinic.screening.test_verdicts import healthy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy")]


@pytest.fixture
def go(patient, nurse, prescriber, signed_in):
    """Open or send a page of this patient as nurse, or as prescriber."""
    clients = {"nurse": signed_in(nurse), "prescriber": signed_in(prescriber)}

    def page(name: str, form: dict[str, Any] | None = None, by: str = "nurse") -> Any:
        address = reverse(f"screening:{name}", args=[patient.pk])
        client = clients[by]
        answer = client.get(address) if form is None else client.post(address, form, follow=True)
        answer.words = answer.content.decode()
        return answer

    return page


def filled(**changes: Any) -> dict[str, Any]:
    return {"fact_id": uuid4(), **healthy(**changes)}


def test_no_answer_is_chosen_beforehand(go):
    assert "checked" not in go("intake").words


def test_answers_come_back_as_they_were_given(go):
    go("intake", filled(aneurysm="unknown"))
    shown = go("intake").words
    assert 'name="aneurysm" value="unknown" id="id_aneurysm_2" checked' in shown
    assert 'value="124"' in shown


def test_storing_the_answers_judges_them_and_shows_the_verdict(go):
    page = go("intake", filled())
    assert "Nothing found against treatment" in page.words
    assert Assessment.objects.get().verdict == "eligible"


def test_every_reason_shows_found_remedy_source_grade_and_rule(go):
    page = go("intake", filled(arrhythmia="yes", bladder="yes", glaucoma="yes"))
    for words in (
        "Slow, fast or irregular heart rhythm.",
        "Hold for a cardiologist",
        "Rule arrhythmia, policy",
        "own default",
        "unverified",
    ):
        assert words in page.words


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"systolic_mmhg": "1240"}, "less than or equal to 300"),
        ({"phq9": "x"}, "Enter a number"),
        ({"stroke": "yes", "stroke_on": "2030-02-31"}, "Enter a valid date"),
        ({"stroke": "yes", "stroke_on": "1950-01-01"}, "Must lie between birth, 17 May 1990"),
        ({"stroke": "yes", "stroke_on": "tomorrow"}, "Must lie between birth"),
    ],
)
def test_an_answer_that_cannot_be_is_named_and_nothing_is_stored(go, changes, says):
    if changes.get("stroke_on") == "tomorrow":
        changes = changes | {"stroke_on": f"{localdate(now()) + timedelta(days=1)}"}
    page = go("intake", filled(**changes))
    assert page.status_code == 422
    assert says in page.words
    assert Finding.objects.count() == 0


def test_what_no_longer_applies_is_taken_back(go, patient):
    go("intake", filled(stroke="yes", stroke_on="2020-01-01"))
    known = queries.newest_intake(patient).pk
    go("intake", {**filled(stroke="no"), "stroke_on": "2020-01-01", "after": known})
    assert "stroke_on" not in queries.answers(patient)


def test_a_double_click_stores_and_judges_once(go):
    form = filled()
    before = [go("intake", form).status_code for _ in range(2)]
    assert before == [200, 200]
    assert Assessment.objects.count() == 1


def test_answers_stored_meanwhile_are_not_overwritten_and_mine_are_still_there(go):
    go("intake", filled(glaucoma="yes"))
    page = go("intake", filled(glaucoma="no"))
    assert page.status_code == 422
    assert "stored answers for this patient since you opened" in page.words
    assert 'name="glaucoma" value="no" id="id_glaucoma_1" checked' in page.words


def test_only_a_prescriber_is_offered_a_clearance(go):
    assert "specialist&#x27;s decision" not in go("intake", filled(arrhythmia="yes")).words
    offered = go("assessment", by="prescriber").words
    assert "Record a specialist's decision" in offered
    assert "Record a specialist's decision" not in go("assessment").words


def decision(**changes: Any) -> dict[str, Any]:
    words = {"signed_name": "Dr Heart, cardiology", "reason": "Stable on monitor."}
    made = Assessment.objects.latest("recorded_at")
    return {"fact_id": uuid4(), "assessment_id": made.pk, "rule": "arrhythmia", **words, **changes}


def test_a_prescriber_clears_a_hold_on_the_page(go):
    go("intake", filled(arrhythmia="yes"))
    page = go("clear", decision(), by="prescriber")
    assert "Cleared by Dr Heart, cardiology" in page.words
    assert "Nothing found against treatment" in page.words


def test_a_clearance_without_grounds_keeps_its_form_open(go):
    go("intake", filled(arrhythmia="yes"))
    page = go("clear", decision(reason=" "), by="prescriber")
    assert page.status_code == 422
    assert "This field is required" in page.words
    assert 'value="Dr Heart, cardiology"' in page.words
    assert Clearance.objects.count() == 0


def test_a_clearance_of_another_patients_assessment_is_refused(go):
    go("intake", filled(arrhythmia="yes"))
    page = go("clear", decision(assessment_id=uuid4()), by="prescriber")
    assert page.status_code == 422
    assert Clearance.objects.count() == 0


def test_a_safety_plan_is_asked_for_without_excluding(go):
    page = go("intake", filled(cssrs_plan="yes"))
    assert "Needs a safety plan today" in page.words
    assert "Nothing found against treatment" in page.words


def signature(**changes: Any) -> dict[str, Any]:
    words = {"signed_name": "Ada Test", "text_version": consent_text.CURRENT, "touch": "no"}
    return {"fact_id": uuid4(), **words, **changes}


def test_the_patient_signs_and_the_page_says_so(go):
    page = go("consent", signature())
    assert "Consent stands" in page.words
    assert "No touch" in page.words


def test_an_unsigned_consent_is_not_consent(go):
    page = go("consent", signature(signed_name=""))
    assert page.status_code == 422
    assert Consent.objects.count() == 0


def test_withdrawing_works_at_once_and_both_rows_are_shown(go):
    go("consent", signature())
    page = go("withdraw", {"fact_id": uuid4(), "remark": "I want to wait."})
    assert "No consent stands" in page.words
    assert "I want to wait." in page.words
    assert "Given by Ada Test" in page.words


def test_a_signed_text_can_be_read_again(go, patient, nurse, signed_in):
    address = reverse("screening:signed_text", args=[patient.pk, "treatment-1"])
    assert "Your right to stop" in signed_in(nurse).get(address).content.decode()


def test_every_page_of_screening_is_a_look_at_the_record(go):
    for name in ("intake", "assessment", "consent"):
        go(name)
    assert set(Look.objects.values_list("page", flat=True)) == {
        "screening questions",
        "screening verdict",
        "consent",
    }
