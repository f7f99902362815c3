"""What stops a course stops it until a prescriber has looked."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from afterglow.clinic.chart.flags import LOWERED, RAISED, raised, set_flag
from afterglow.clinic.followup import queries, services
from afterglow.clinic.people.models import User
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.screening.queries import standing
from afterglow.clinic.treatment.models import Session
from afterglow.clinic.treatment.services import start
from afterglow.core.care.course import Flag, Next
from afterglow.core.refusal import Refusal
from tests.clinic.followup.test_scores import NOTHING_DARK, answer
from tests.clinic.treatment.story import BED, NINE, after

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


def set_to(to: str, plan: Plan, by: User, *, minutes: float = 0, why: str = "Burning, day 12"):
    return set_flag(
        patient=plan.patient,
        flag=Flag.BLADDER,
        to=to,
        why=why,
        by=by,
        at=after(minutes=minutes),
        fact_id=uuid4(),
    )


def test_no_session_starts_while_a_flag_stands(ready: Plan, nurse: User, prescriber: User):
    set_to(RAISED, ready, nurse)
    begun = {"plan": ready, "bed": BED, "by": nurse, "at": after(minutes=5), "fact_id": uuid4()}
    refusal = start(**begun)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "course-flag-raised"
    assert "Burning, day 12" in refusal.because
    set_to(LOWERED, ready, prescriber, minutes=1, why="Urine clear, seen by urology")
    assert isinstance(start(**begun), Session)


def test_a_nurse_raises_a_flag_and_does_not_lower_it(ready: Plan, nurse: User):
    set_to(RAISED, ready, nurse)
    refusal = set_to(LOWERED, ready, nurse, minutes=1)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "not-a-prescriber"
    assert set(raised(ready.patient)) == {Flag.BLADDER}


def test_a_flag_without_a_reason_is_refused(ready: Plan, nurse: User):
    refusal = set_to(RAISED, ready, nurse, why="  ")
    assert isinstance(refusal, Refusal)
    assert refusal.code == "flag-without-reason"


def test_a_flag_does_not_unsettle_the_assessment(ready: Plan, nurse: User):
    assert standing(ready.patient, NINE).refusal is None
    set_to(RAISED, ready, nurse)
    assert standing(ready.patient, after(minutes=1)).refusal is None


def test_the_rules_of_the_course_say_stop_and_count_from_the_last_review(
    session: Session, nurse: User, prescriber: User
):
    answer(session.patient, nurse, NOTHING_DARK, at=after(minutes=-30))
    answer(session.patient, nurse, NOTHING_DARK, at=after(minutes=200))
    set_to(RAISED, session.plan, nurse, minutes=201)
    suggested = queries.suggestion(session.patient, at=after(minutes=202))
    assert not isinstance(suggested, Refusal)
    assert suggested.step.kind is Next.STOP
    services.review(
        patient=session.patient,
        decided="Stop, urology asked",
        by=prescriber,
        at=after(minutes=203),
        fact_id=uuid4(),
    )
    suggested = queries.suggestion(session.patient, at=after(minutes=204))
    assert not isinstance(suggested, Refusal)
    assert suggested.course.last_review_on == NINE.date()


def test_the_page_raises_a_flag_and_shows_who_and_why(
    session: Session, nurse: User, signed_in: Browser
):
    url = reverse("followup:flag", args=[session.patient_id, RAISED])
    form = {"fact_id": uuid4(), "flag": "misuse", "why": "Bought ketamine twice"}
    page = signed_in(nurse).post(url, form, follow=True)
    text = page.content.decode()
    assert "The course is stopped" in text
    assert "Bought ketamine twice" in text
    assert "Nadia Staff" in text
    assert "Lower it" not in text
