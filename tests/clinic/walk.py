"""A patient's way to each step, through the services that staff use."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from afterglow.clinic.chart.models import DoseGiven, Encounter, Rating, Reading, Score
from afterglow.clinic.chart.services import measure
from afterglow.clinic.people.models import Patient, User
from afterglow.clinic.people.queries import who
from afterglow.clinic.planning import services as planning
from afterglow.clinic.planning.models import Plan, Proposal
from afterglow.clinic.planning.signing import Wanted, advice_of
from afterglow.clinic.screening import consent_text
from afterglow.clinic.screening import services as screening
from afterglow.core.care.questions import QUESTIONS, AnswerKind, applies
from afterglow.core.care.watch import Sign
from afterglow.core.refusal import Refusal

AT_REST = {Sign.SYSTOLIC: 122.0, Sign.DIASTOLIC: 78.0, Sign.PULSE: 68.0, Sign.WEIGHT: 70.0}
HEALTHY = {"systolic_mmhg": 124.0, "diastolic_mmhg": 78.0, "adequate_trials": 4.0, "phq9": 19.0}


def screened(patient: Patient, by: User, *, at: datetime) -> None:
    """Asked, found eligible, and consenting."""
    said: dict[str, Any] = {q.id: "no" for q in QUESTIONS if q.kind is AnswerKind.YES_NO}
    said |= {"has_capacity": "yes", "escort": "yes", **HEALTHY}
    asked = {q.id for q in QUESTIONS if applies(q, said)}
    answers = {id: answer for id, answer in said.items() if id in asked}
    screening.answer(patient=patient, answers=answers, by=by, at=at, fact_id=uuid4(), after=None)
    verdict = screening.assess(patient=patient, by=by, at=at, fact_id=uuid4())
    assert not isinstance(verdict, Refusal), verdict
    assert verdict.verdict == "eligible", verdict.reasons
    signed = screening.consent(
        patient=patient,
        signed_name=who(patient).name,
        text_version=consent_text.CURRENT,
        touch_ok=None,
        by=by,
        at=at,
        fact_id=uuid4(),
    )
    assert not isinstance(signed, Refusal), signed


def measured(patient: Patient, by: User, *, at: datetime, **changes: float) -> None:
    """Weight, pressure and pulse at rest, e.g. `measured(..., weight=82.5)`."""
    values = AT_REST | {Sign(name): value for name, value in changes.items()}
    measure(patient=patient, values=values, by=by, at=at, fact_id=uuid4())


def proposed(patient: Patient, by: User, *, at: datetime) -> Proposal:
    """The model's answer; fails the test when a fact is missing."""
    made = planning.propose(patient=patient, by=by, at=at, fact_id=uuid4())
    assert isinstance(made, Proposal), made
    return made


def wanted(proposal: Proposal, **changes: Any) -> Wanted:
    """What a prescriber would enter to follow the proposal, but for `changes`."""
    advised = advice_of(proposal)
    values: dict[str, Any] = {
        "amount_mg": advised.chosen.dose_mg if advised else 35.0,
        "duration_min": advised.chosen.minutes if advised else 40.0,
        "concentration_mg_per_ml": 10.0,
        "made_up_to_ml": 50.0,
        "planned_for": proposal.happened_at.date(),
    }
    return Wanted(**{**values, **changes})


def signed(
    proposal: Proposal,
    by: User,
    *,
    at: datetime,
    instead_of: UUID | None = None,
    fact_id: UUID | None = None,
    **changes: Any,
) -> Plan | Refusal:
    """A signature, or why not."""
    return planning.sign(
        proposal=proposal,
        wanted=wanted(proposal, **changes),
        instead_of=instead_of,
        by=by,
        at=at,
        fact_id=fact_id or uuid4(),
    )


def planned(patient: Patient, nurse: User, prescriber: User, *, at: datetime) -> Plan:
    """From admitted to a signed plan for the same day, as the model proposed."""
    screened(patient, nurse, at=at)
    measured(patient, nurse, at=at)
    plan = signed(proposed(patient, nurse, at=at), prescriber, at=at)
    assert isinstance(plan, Plan), plan
    return plan


def given(
    encounter: Encounter, *, at: datetime, route: str = "intravenous", **amounts: float
) -> DoseGiven:
    """A dose of ketamine, or a new rate of the pump, as a fact of the chart."""
    return DoseGiven.objects.create(
        patient=encounter.patient,
        encounter=encounter,
        drug="ketamine",
        route=route,
        happened_at=at,
        **amounts,
    )


def scored(patient: Patient, total: float, *, at: datetime) -> None:
    """A PHQ-9 as a fact of the chart."""
    Score.objects.create(
        patient=patient, instrument="phq-9", version="1", answers={}, total=total, happened_at=at
    )


def treated(
    patient: Patient,
    *,
    at: datetime,
    amount_mg: float = 35.0,
    minutes: float = 40.0,
    cadss: Sequence[tuple[float, float]] = (),
    systolic: Sequence[tuple[float, float]] = (),
) -> Encounter:
    """A past session as facts of the chart alone: pairs of (minute, value)."""
    encounter = Encounter.objects.create(patient=patient, kind="session", happened_at=at)
    inside: dict[str, Any] = {"patient": patient, "encounter": encounter}
    for rate, minute in ((amount_mg / minutes, 0.0), (0.0, minutes)):
        given(encounter, at=at + timedelta(minutes=minute), rate_mg_per_min=rate)
    for minute, score in cadss:
        Rating.objects.create(
            **inside, scale="cadss-23", value=score, happened_at=at + timedelta(minutes=minute)
        )
    for minute, pressure in systolic:
        Reading.objects.create(
            **inside, sign="systolic", value=pressure, happened_at=at + timedelta(minutes=minute)
        )
    return encounter
