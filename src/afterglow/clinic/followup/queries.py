"""How the patient is doing, and what the rules suggest."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.chart.flags import raised
from afterglow.clinic.chart.models import Score
from afterglow.clinic.followup.models import Review, RiskAnswer
from afterglow.clinic.people.models import Patient
from afterglow.clinic.record.models import CURRENT
from afterglow.clinic.releases.queries import policy_in_use
from afterglow.clinic.treatment.models import Session
from afterglow.core.care.course import Course, Next, NextStep, Scale, ScoreAt, next_step
from afterglow.core.quantity import Drug, Route
from afterglow.core.refusal import Refusal

FOLLOWED_BY = Scale.PHQ9
IN_WORDS = {
    Next.STOP: "Stop, unless a clinician decides otherwise",
    Next.REVIEW_TODAY: "A clinician reviews today",
    Next.STOP_OR_CHANGE: "Stop or change the treatment",
    Next.REVIEW: "Review before going on",
    Next.MAINTENANCE_REVIEW: "Review the maintenance, and try to space it out",
    Next.MISSING: "Ask for a score: without one there is nothing to judge by",
    Next.CONTINUE: "Go on as planned",
    Next.SPACE_OUT: "Space the sessions out",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """The rules' next step, with the course it was read from."""

    step: NextStep
    course: Course
    policy_version: str

    @property
    def words(self) -> str:
        return IN_WORDS[self.step.kind]


def scores(patient: Patient, instrument_id: str) -> QuerySet[Score]:
    """The scored questionnaires that no newer row corrects, oldest first."""
    mine = Score.objects.filter(CURRENT, patient=patient, instrument=instrument_id)
    return mine.exclude(total=None).order_by("happened_at", "recorded_at")


def open_risks(patient: Patient | None = None) -> QuerySet[RiskAnswer]:
    """Dangerous answers nobody has dealt with, oldest first: this patient's, or everyone's."""
    waiting = RiskAnswer.objects.filter(response=None).select_related("patient", "score")
    mine = waiting if patient is None else waiting.filter(patient=patient)
    return mine.order_by("happened_at")


def answered_risks(patient: Patient) -> QuerySet[RiskAnswer]:
    """Dangerous answers that someone dealt with, newest first."""
    mine = RiskAnswer.objects.filter(patient=patient).exclude(response=None)
    return mine.select_related("response__recorded_by").order_by("-happened_at")


def sessions_begun(patient: Patient) -> QuerySet[Session]:
    """The patient's sessions, oldest first."""
    return Session.objects.filter(patient=patient).order_by("started_at")


def suggestion(patient: Patient, *, at: datetime) -> Suggestion | Refusal:
    """What the rules of the course suggest now, from the scores and sessions so far."""
    course = _course(patient)
    if isinstance(course, Refusal):
        return course
    policy = policy_in_use()
    return Suggestion(
        step=next_step(course, at=at, policy=policy), course=course, policy_version=policy.version
    )


def _course(patient: Patient) -> Course | Refusal:
    sessions = list(sessions_begun(patient).select_related("plan"))
    totals = [(score.happened_at, score.total or 0.0) for score in scores(patient, FOLLOWED_BY)]
    if not sessions:
        return Refusal(
            code="course-not-begun",
            because="No session has been given yet.",
            remedy="Plan and give the first session; the course is judged from its scores.",
        )
    begun = [session.started_at for session in sessions]
    before = [total for taken_at, total in totals if taken_at <= begun[0]]
    if not before:
        return Refusal(
            code="no-score-before-treatment",
            because="There is no PHQ-9 from before the first session to compare with.",
            remedy="Judge the course clinically; the rules cannot.",
        )
    later = tuple(
        ScoreAt(total=total, at=taken_at, after_session=sum(taken_at > one for one in begun))
        for taken_at, total in totals
        if taken_at > begun[0]
    )
    return Course(
        drug=Drug(sessions[-1].plan.drug),
        route=Route(sessions[-1].plan.route),
        scale=FOLLOWED_BY,
        baseline=before[-1],
        scores=later,
        sessions_given=len(sessions),
        started_on=at_clinic(begun[0]).date(),
        flags=frozenset(raised(patient)),
        last_review_on=_last_review_on(patient),
    )


def _last_review_on(patient: Patient) -> date | None:
    newest = Review.objects.filter(patient=patient).order_by("-happened_at").first()
    return at_clinic(newest.happened_at).date() if newest else None
