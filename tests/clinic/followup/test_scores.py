"""A score is kept once, a dangerous answer reaches a person, and the rules are only advice."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from afterglow.clinic.chart.models import Score
from afterglow.clinic.followup import queries, services
from afterglow.clinic.followup.models import Review, RiskAnswer, RiskResponse
from afterglow.clinic.people.models import Patient, User
from afterglow.clinic.treatment.models import Session
from afterglow.core.errors import BadInput
from afterglow.core.refusal import Refusal

pytestmark = pytest.mark.django_db
NINE = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)
ALL_ONES = {str(item): 1 for item in range(1, 10)}
NOTHING_DARK = {**ALL_ONES, "9": 0}
Browser = Callable[[User], Client]


def answer(
    patient: Patient,
    by: User,
    answers: dict[str, int],
    *,
    at: datetime = NINE,
    fact_id: UUID | None = None,
) -> Score | Refusal:
    return services.record_score(
        patient=patient,
        instrument_id="phq-9",
        answers=answers,
        by=by,
        at=at,
        fact_id=fact_id or uuid4(),
    )


def test_nine_answers_become_one_score_however_often_they_are_sent(
    patient: Patient, nurse: User
) -> None:
    once = uuid4()
    for _ in range(2):
        stored = answer(patient, nurse, NOTHING_DARK, fact_id=once)
    assert isinstance(stored, Score)
    assert (stored.total, stored.band) == (8, "mild")
    assert Score.objects.count() == 1
    assert not queries.open_risks().exists()


def test_an_answer_changed_on_a_page_gone_back_to_is_not_lost(
    patient: Patient, nurse: User
) -> None:
    once = uuid4()
    answer(patient, nurse, NOTHING_DARK, fact_id=once)
    for _ in range(2):
        answer(patient, nurse, ALL_ONES, fact_id=once)
    assert Score.objects.count() == 2
    (risk,) = queries.open_risks(patient)
    assert risk.item == "9"


def test_a_dangerous_answer_completed_on_the_same_page_is_scored(
    patient: Patient, nurse: User
) -> None:
    once, unfinished = uuid4(), {"9": 1}
    for _ in range(2):
        refused = answer(patient, nurse, unfinished, fact_id=once)
        assert isinstance(refused, Refusal)
    stored = answer(patient, nurse, ALL_ONES, fact_id=once)
    assert isinstance(stored, Score)
    assert stored.total == 9


def test_a_thought_of_death_waits_for_a_person(patient: Patient, nurse: User) -> None:
    answer(patient, nurse, ALL_ONES)
    (risk,) = queries.open_risks(patient)
    assert risk.item == "9"


def test_a_dangerous_answer_is_kept_even_when_the_rest_is_missing(
    patient: Patient, nurse: User
) -> None:
    refusal = answer(patient, nurse, {"9": 2})
    assert isinstance(refusal, Refusal)
    assert refusal.code == "answers-missing"
    assert queries.open_risks(patient).count() == 1
    assert not queries.scores(patient, "phq-9").exists()


def test_answers_missing_without_danger_store_nothing(patient: Patient, nurse: User) -> None:
    assert isinstance(answer(patient, nurse, {"1": 2}), Refusal)
    assert Score.objects.count() == 0


def test_an_answer_that_is_not_on_the_form_is_refused_whole(patient: Patient, nurse: User) -> None:
    with pytest.raises(BadInput):
        answer(patient, nurse, {**ALL_ONES, "3": 7})
    assert (Score.objects.count(), RiskAnswer.objects.count()) == (0, 0)


def test_the_first_to_deal_with_a_dangerous_answer_stands(
    patient: Patient, nurse: User, therapist: User
) -> None:
    answer(patient, nurse, ALL_ONES)
    risk = RiskAnswer.objects.get()
    services.respond_to_risk(risk=risk, done="Called her; safe tonight.", by=nurse, at=NINE)
    second = services.respond_to_risk(risk=risk, done="I did too.", by=therapist, at=NINE)
    assert isinstance(second, Refusal)
    assert "Called her" in second.because
    assert RiskResponse.objects.count() == 1
    assert not queries.open_risks().exists()


def test_dealing_with_it_must_say_how(patient: Patient, nurse: User) -> None:
    answer(patient, nurse, ALL_ONES)
    refusal = services.respond_to_risk(risk=RiskAnswer.objects.get(), done="  ", by=nurse, at=NINE)
    assert isinstance(refusal, Refusal)
    assert queries.open_risks(patient).exists()


def test_without_a_session_the_rules_suggest_nothing(
    patient: Patient, policy: None, nurse: User
) -> None:
    answer(patient, nurse, NOTHING_DARK)
    suggested = queries.suggestion(patient, at=NINE)
    assert isinstance(suggested, Refusal)
    assert suggested.code == "course-not-begun"


def test_the_rules_compare_with_the_score_before_the_first_session(
    patient: Patient, nurse: User, prescriber: User, session: Session
) -> None:
    answer(patient, nurse, {**NOTHING_DARK, "1": 3, "2": 3}, at=NINE - timedelta(days=1))
    answer(patient, nurse, {str(n): 0 for n in range(1, 10)}, at=NINE + timedelta(days=2))
    suggested = queries.suggestion(patient, at=NINE + timedelta(days=2))
    assert isinstance(suggested, queries.Suggestion)
    assert suggested.course.baseline == 12
    assert [(one.total, one.after_session) for one in suggested.course.scores] == [(0, 1)]
    stored = services.review(
        patient=patient,
        decided="Go on as planned.",
        by=prescriber,
        at=NINE + timedelta(days=2),
        fact_id=uuid4(),
    )
    assert isinstance(stored, Review)
    assert stored.suggested == suggested.step.kind


def test_the_page_shows_what_cannot_wait_and_takes_the_answer(
    patient: Patient, nurse: User, policy: None, signed_in: Browser
) -> None:
    answer(patient, nurse, ALL_ONES)
    browser = signed_in(nurse)
    page = reverse("followup:course", args=[patient.pk])
    assert "An answer that cannot wait" in browser.get(page).content.decode()
    risk = RiskAnswer.objects.get()
    browser.post(reverse("followup:respond", args=[risk.pk]), {"done": "Spoke to her; plan made."})
    shown = browser.get(page).content.decode()
    assert "An answer that cannot wait" not in shown
    assert "Spoke to her; plan made." in shown


def test_an_unanswered_questionnaire_says_which_answers_are_missing(
    patient: Patient, nurse: User, signed_in: Browser
) -> None:
    page = reverse("followup:questionnaire", args=[patient.pk])
    shown = signed_in(nurse).post(page, {"fact_id": str(uuid4()), "item_1": "2"})
    assert shown.status_code == 422
    assert "answers-missing" in shown.content.decode()
