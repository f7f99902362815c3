"""Intake, verdict, clearance: every answer is kept, and nothing stands in for a missing one."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from afterglow.clinic.chart.models import Encounter, Finding
from afterglow.clinic.people.models import Patient, User
from afterglow.clinic.releases.models import PolicyRelease
from afterglow.clinic.releases.services import shipped_policy
from afterglow.clinic.screening import queries, services
from afterglow.clinic.screening.models import Assessment, Clearance
from afterglow.core.care.questions import QUESTIONS, AnswerKind, applies
from afterglow.core.errors import BadInput
from afterglow.core.refusal import Refusal
from tests.clinic.conftest import NINE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy")]

NUMBERS = {"systolic_mmhg": 124.0, "diastolic_mmhg": 78.0, "adequate_trials": 4.0, "phq9": 19.0}
YES = ("has_capacity", "escort")


def healthy(**changes: Any) -> dict[str, Any]:
    """Answers with nothing against treatment, except what is changed."""
    said = {q.id: "no" for q in QUESTIONS if q.kind is AnswerKind.YES_NO}
    said |= dict.fromkeys(YES, "yes") | NUMBERS | changes
    asked = {q.id for q in QUESTIONS if applies(q, said)}
    return {id: answer for id, answer in said.items() if id in asked}


def ask(
    patient: Patient, by: User, said: dict[str, Any], *, after: UUID | None = None, minute: int = 0
) -> Encounter | Refusal:
    return services.answer(
        patient=patient,
        answers=said,
        by=by,
        at=NINE + timedelta(minutes=minute),
        fact_id=uuid4(),
        after=after,
    )


def judge(patient: Patient, by: User, *, minute: int = 1) -> Assessment:
    made = services.assess(
        patient=patient, by=by, at=NINE + timedelta(minutes=minute), fact_id=uuid4()
    )
    assert isinstance(made, Assessment)
    return made


def lift(assessment: Assessment, rule: str, by: User, **changes: Any) -> Assessment | Refusal:
    words = {"reason": "Seen by cardiology, stable.", "signed_name": "Dr Heart"} | changes
    return services.clear(
        assessment=assessment,
        rule=rule,
        by=by,
        at=NINE + timedelta(minutes=2),
        fact_id=uuid4(),
        **words,
    )


def test_nothing_answered_is_not_nothing_found(patient, nurse):
    assert judge(patient, nurse).verdict == "needs-answers"


def test_a_healthy_patient_is_eligible(patient, nurse):
    ask(patient, nurse, healthy())
    assert judge(patient, nurse).verdict == "eligible"


def test_unknown_is_stored_as_unknown_and_holds_the_verdict(patient, nurse):
    ask(patient, nurse, healthy(aneurysm="unknown"))
    assert judge(patient, nurse).verdict == "needs-answers"
    assert Finding.objects.get(question="aneurysm").answer == "unknown"


def test_only_what_changed_is_added(patient, nurse):
    first = ask(patient, nurse, healthy())
    before = Finding.objects.count()
    ask(patient, nurse, healthy(glaucoma="yes"), after=first.pk, minute=5)
    assert Finding.objects.count() == before + 1
    assert queries.answers(patient)["glaucoma"] == "yes"


def test_an_answer_taken_back_counts_as_never_given(patient, nurse):
    first = ask(patient, nurse, healthy())
    ask(patient, nurse, {"phq9": ""}, after=first.pk, minute=5)
    assert "phq9" not in queries.answers(patient)


def test_the_same_form_twice_is_one_intake(patient, nurse):
    form = {"patient": patient, "answers": healthy(), "by": nurse, "at": NINE, "after": None}
    same = uuid4()
    services.answer(**form, fact_id=same)
    before = Finding.objects.count()
    services.answer(**form, fact_id=same)
    assert (Encounter.objects.count(), Finding.objects.count()) == (1, before)


def test_two_people_at_the_same_questions_do_not_overwrite_each_other(patient, nurse, therapist):
    ask(patient, nurse, healthy(stroke="unknown"))
    refusal = ask(patient, therapist, healthy(stroke="no"), after=None, minute=1)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "answered-meanwhile"
    assert "Nadia Staff" in refusal.because
    assert queries.answers(patient)["stroke"] == "unknown"


def test_a_pressure_that_cannot_be_is_named_and_nothing_is_stored(patient, nurse):
    with pytest.raises(BadInput, match="systolic_mmhg must be 50 to 300 mmHg, got 1240"):
        ask(patient, nurse, healthy(systolic_mmhg=1240))
    assert Encounter.objects.count() == 0


def test_planning_waits_for_an_assessment_then_for_consent(patient, nurse):
    assert queries.standing(patient, NINE).refusal.code == "not-assessed"
    ask(patient, nurse, healthy())
    judge(patient, nurse)
    assert queries.standing(patient, NINE).refusal.code == "no-consent"


def test_a_new_answer_puts_the_old_verdict_out_of_date(patient, nurse):
    first = ask(patient, nurse, healthy())
    judge(patient, nurse)
    ask(patient, nurse, {"glaucoma": "yes"}, after=first.pk, minute=5)
    assert queries.standing(patient, NINE).refusal.code == "assessment-out-of-date"


def test_a_new_policy_puts_the_old_verdict_out_of_date(patient, nurse):
    ask(patient, nurse, healthy())
    made = judge(patient, nurse)
    PolicyRelease.objects.create(
        version="next", content=shipped_policy(), signed_as="Dr Next", happened_at=made.happened_at
    )
    assert queries.standing(patient, NINE).refusal.code == "assessment-out-of-date"


def test_a_hold_says_what_was_found_and_names_the_policy(patient, nurse):
    ask(patient, nurse, healthy(arrhythmia="yes"))
    judge(patient, nurse)
    refusal = queries.standing(patient, NINE).refusal
    assert refusal.code == "screening-hold"
    assert "irregular heart rhythm" in refusal.because


def test_a_prescriber_clears_a_hold_and_the_verdict_follows(patient, nurse, prescriber):
    ask(patient, nurse, healthy(arrhythmia="yes"))
    cleared = lift(judge(patient, nurse), "arrhythmia", prescriber)
    assert cleared.verdict == "eligible"
    (reason,) = [one for one in queries.reasons_of(cleared) if one.rule == "arrhythmia"]
    assert reason.cleared_by.by == "Dr Heart"


def test_a_clearance_ends_when_its_answer_changes(patient, nurse, prescriber):
    first = ask(patient, nurse, healthy(arrhythmia="yes"))
    lift(judge(patient, nurse), "arrhythmia", prescriber)
    second = ask(patient, nurse, {"arrhythmia": "unknown"}, after=first.pk, minute=3)
    ask(patient, nurse, {"arrhythmia": "no"}, after=second.pk, minute=4)
    assert queries.clearances(patient, queries.answers(patient)) == {}


@pytest.mark.parametrize("rule", ["hypersensitivity", "answer-missing", "no-such-rule"])
def test_a_hard_stop_and_a_missing_answer_cannot_be_cleared(patient, nurse, prescriber, rule):
    ask(patient, nurse, healthy(hypersensitivity="yes", glaucoma="unknown"))
    refusal = lift(judge(patient, nurse), rule, prescriber)
    assert refusal.code == "rule-cannot-be-cleared"
    assert Clearance.objects.count() == 0


def test_a_nurse_cannot_clear_a_hold(patient, nurse):
    ask(patient, nurse, healthy(arrhythmia="yes"))
    assert lift(judge(patient, nurse), "arrhythmia", nurse).code == "prescriber-only"


def test_a_clearance_without_a_reason_is_refused(patient, nurse, prescriber):
    ask(patient, nurse, healthy(arrhythmia="yes"))
    refusal = lift(judge(patient, nurse), "arrhythmia", prescriber, reason="  ")
    assert refusal.code == "clearance-empty"


def test_a_clearance_of_an_older_assessment_is_refused(patient, nurse, prescriber):
    ask(patient, nurse, healthy(arrhythmia="yes"))
    old = judge(patient, nurse)
    judge(patient, nurse, minute=2)
    assert lift(old, "arrhythmia", prescriber).code == "assessed-meanwhile"


def test_a_verdict_can_be_recomputed_from_what_it_kept(patient, nurse):
    ask(patient, nurse, healthy(arrhythmia="yes", glaucoma="unknown"))
    first, again = judge(patient, nurse), judge(patient, nurse, minute=2)
    assert (first.answers, first.reasons) == (again.answers, again.reasons)
