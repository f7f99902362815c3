"""A patient sees their own treatment in plain words, and nobody else's."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from afterglow.clinic.chart.models import Score
from afterglow.clinic.followup.queries import open_risks
from afterglow.clinic.people.models import Patient, User
from afterglow.clinic.record.models import Look
from afterglow.portal.education import questions
from tests.clinic.conftest import *  # noqa: F403  (the people of the clinic)

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


def nine(last: int) -> dict[str, str]:
    answers = {f"item_{n}": "1" for n in range(1, 9)}
    return {**answers, "item_9": str(last), "fact_id": str(uuid4())}


def test_the_first_page_greets_by_name_and_asks_the_nine_questions(
    patient_user: User, signed_in: Browser
) -> None:
    page = signed_in(patient_user).get(reverse("portal:home")).content.decode()
    assert "Hello Ada" in page
    assert "Answer nine questions" in page
    assert "Will it get me high?" in page


def test_a_patient_s_own_look_is_remembered_too(patient_user: User, signed_in: Browser) -> None:
    signed_in(patient_user).get(reverse("portal:home"))
    assert Look.objects.get().recorded_by == patient_user


def test_answers_from_the_phone_reach_the_chart(patient_user: User, signed_in: Browser) -> None:
    signed_in(patient_user).post(reverse("portal:questionnaire"), nine(0))
    stored = Score.objects.get()
    assert (stored.patient_id, stored.total) == (patient_user.patient_id, 8)


def test_a_dangerous_answer_shows_help_at_once_and_tells_the_clinic(
    patient_user: User, signed_in: Browser, settings: pytest.FixtureRequest
) -> None:
    settings.CRISIS_CONTACT = "555 0199"  # type: ignore[attr-defined]
    answer = signed_in(patient_user).post(reverse("portal:questionnaire"), nine(1), follow=True)
    assert "555 0199" in answer.content.decode()
    assert "emergency number now" in answer.content.decode()
    assert open_risks().count() == 1


@pytest.mark.parametrize("name", ["followup:course", "overview:chart", "planning:plan"])
def test_a_patient_opens_no_page_of_the_staff(
    patient: Patient, patient_user: User, signed_in: Browser, name: str
) -> None:
    page = signed_in(patient_user).get(reverse(name, args=[patient.pk]))
    assert page.status_code == 403


def test_every_answer_says_where_it_comes_from_and_none_names_a_dose() -> None:
    for question in questions():
        assert question.source
        assert question.grade in {"A", "B", "own"}
        assert " mg" not in question.short + question.more
