"""How far each of some patients has come, and what comes next. A few queries for any number."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Model, QuerySet
from django.urls import reverse

from afterglow.clinic.discharge.models import Discharge
from afterglow.clinic.followup.models import RiskAnswer
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.preparation.models import GoNoGo
from afterglow.clinic.record.models import CURRENT
from afterglow.clinic.screening.models import Assessment, Consent
from afterglow.clinic.treatment.models import Session
from afterglow.core.care.eligibility import Verdict

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one patient is: the step's number, in words, and the link to what comes next."""

    step: int
    kind: str  # ok, hold, stop, pending, info: the states of the design language
    words: str
    next_words: str
    next_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The newest facts about one patient that decide where they stand. None: there is none."""

    patient_id: UUID
    assessment: Assessment | None
    consent: Consent | None
    plan: Plan | None
    go: GoNoGo | None
    session: Session | None
    sessions: int
    discharged: bool
    risks: int


def standings(patient_ids: Collection[UUID], *, at: datetime) -> dict[UUID, Standing]:
    """Where each patient stands."""
    return {known.patient_id: stand(known, at=at) for known in _known(patient_ids)}


def stand(known: Known, *, at: datetime) -> Standing:
    """The first thing that is missing decides; a danger comes before everything."""
    if known.risks:
        return _to(known, 7, "stop", "An answer that cannot wait", "Answer it", "followup:course")
    return (
        _in_the_chair(known)
        or _before_planning(known)
        or _before_the_session(known, at=at)
        or _between_sessions(known)
    )


def _in_the_chair(known: Known) -> Standing | None:
    session = known.session
    if session is None or known.discharged:
        return None
    url = reverse("treatment:bedside", args=[session.pk])
    match session.stage:
        case Session.Stage.RUNNING:
            words, then = f"In a session, {session.bed}", "Watch"
        case Session.Stage.RECOVERY:
            words, then = f"Recovering, {session.bed}", "Watch"
        case _:
            words, then = "Session over, not discharged", "Discharge"
            url = reverse("discharge:leave", args=[session.pk])
    step = 6 if then == "Discharge" else 5
    return Standing(step=step, kind="pending", words=words, next_words=then, next_url=url)


def _before_planning(known: Known) -> Standing | None:
    if known.assessment is None:
        return _to(known, 2, "unknown", "Not assessed", "Ask the questions", "screening:intake")
    verdict = Verdict(known.assessment.verdict)
    if verdict is Verdict.EXCLUDED:
        return _to(known, 2, "stop", "Excluded", "See why", "screening:assessment")
    if verdict is Verdict.NEEDS_ANSWERS:
        return _to(known, 2, "unknown", "Answers missing", "Ask them", "screening:intake")
    if verdict is not Verdict.ELIGIBLE:
        return _to(known, 2, "hold", "On hold", "See why", "screening:assessment")
    if known.consent is None or not known.consent.given:
        return _to(known, 2, "hold", "No consent", "Ask for consent", "screening:consent")
    return None


def _before_the_session(known: Known, *, at: datetime) -> Standing | None:
    plan = known.plan
    if plan is None or (known.session is not None and known.session.plan_id == plan.pk):
        return None
    words = f"Session {plan.session_number} planned"
    if known.go is not None and known.go.may_start and known.go.happened_at.date() == at.date():
        return _to(known, 4, "ok", "Ready to start", "Start the session", "treatment:patient")
    return _to(known, 4, "pending", words, "Prepare", "preparation:checks")


def _between_sessions(known: Known) -> Standing:
    if known.sessions == 0:
        return _to(known, 3, "pending", "Eligible, consented", "Plan", "planning:plan")
    plural = "session" if known.sessions == 1 else "sessions"
    words = f"{known.sessions} {plural} given"
    return _to(known, 7, "info", words, "Follow up", "followup:course")


def _to(known: Known, step: int, kind: str, words: str, next_words: str, name: str) -> Standing:
    url = reverse(name, args=[known.patient_id])
    return Standing(step=step, kind=kind, words=words, next_words=next_words, next_url=url)


def _known(patient_ids: Collection[UUID]) -> Iterable[Known]:
    ids = list(patient_ids)
    assessments = _newest(Assessment.objects.filter(CURRENT, patient__in=ids))
    consents = _newest(Consent.objects.filter(CURRENT, patient__in=ids))
    plans = _newest(Plan.objects.filter(CURRENT, patient__in=ids))
    goes = _newest(GoNoGo.objects.filter(CURRENT, patient__in=ids))
    sessions = _newest_sessions(ids)
    given = _counts(Session.objects.filter(patient__in=ids), "patient")
    risks = _counts(RiskAnswer.objects.filter(patient__in=ids, response=None), "patient")
    left = set(Discharge.objects.filter(patient__in=ids).values_list("encounter_id", flat=True))
    for patient_id in ids:
        session, plan = sessions.get(patient_id), plans.get(patient_id)
        go = goes.get(patient_id)
        yield Known(
            patient_id=patient_id,
            assessment=assessments.get(patient_id),
            consent=consents.get(patient_id),
            plan=plan,
            go=go if go is not None and plan is not None and go.plan_id == plan.pk else None,
            session=session,
            sessions=given.get(patient_id, 0),
            discharged=session is not None and session.pk in left,
            risks=risks.get(patient_id, 0),
        )


def _newest(facts: QuerySet[Row]) -> dict[UUID, Row]:
    """The newest row of each patient, in one query."""
    ordered = facts.order_by("patient_id", "-happened_at", "-recorded_at").distinct("patient_id")
    return {getattr(row, "patient_id"): row for row in ordered}  # noqa: B009  (Row is any model)


def _newest_sessions(ids: list[UUID]) -> dict[UUID, Session]:
    ordered = Session.objects.filter(patient__in=ids).order_by("patient_id", "-started_at")
    return {session.patient_id: session for session in ordered.distinct("patient_id")}


def _counts(rows: QuerySet[Any], by: str) -> dict[UUID, int]:
    return dict(rows.values_list(by).annotate(number=Count("pk")))
