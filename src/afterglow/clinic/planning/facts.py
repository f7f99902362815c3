"""What is known of a patient today, as the model needs it. Cheap: nothing is computed here."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.chart.models import DoseGiven, Reading
from afterglow.clinic.chart.queries import readings
from afterglow.clinic.people.models import Patient
from afterglow.clinic.planning.body import Body, MedicinesSaid, body_of, implausible_size
from afterglow.clinic.planning.course import course_so_far, given_before, sessions_given
from afterglow.clinic.planning.observed import Observed, baseline_before, observed
from afterglow.clinic.releases.queries import model_in_use, policy_in_use, structures_of
from afterglow.core.body import Baseline, Covariates
from afterglow.core.care.policy import Policy
from afterglow.core.care.thresholds import Threshold
from afterglow.core.care.watch import Sign
from afterglow.core.dosing import codec
from afterglow.core.dosing.given import GivenBefore
from afterglow.core.dosing.limits import Counted, ExposureLimit
from afterglow.core.dosing.mood_seen import CourseSeen
from afterglow.core.dosing.observed import SessionObserved
from afterglow.core.dosing.population import DEFAULT_MODEL
from afterglow.core.dosing.propose import Candidates, Limits, candidates_for
from afterglow.core.refusal import Refusal

DAYS_IN_WEEK = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a proposal rests on. The same facts always give the same proposal."""

    covariates: Covariates
    baseline: Baseline
    sessions: tuple[SessionObserved, ...]
    session_number: int
    limits: Limits
    candidates: Candidates
    model: str
    policy_version: str
    model_version: str
    weighed_at: str  # ISO instants: the reader asks how old a number is
    measured_at: str
    left_out: tuple[str, ...]
    seed: int
    # The models weighed for this patient, as signed. A proposal from before there was a choice
    # names none: it rests on `model` alone.
    structures: tuple[str, ...] = ()
    # Depression scores over the course so far; None: nothing to learn a patient's mood from.
    course: CourseSeen | None = None
    # Of a proposal from before they were asked for, none of these is known.
    height_at: str = ""
    medicines_said: MedicinesSaid = MedicinesSaid.NOT_ASKED
    medicines_at: str = ""

    @property
    def body(self) -> Body:
        """What was known of the body, with what was not."""
        return Body(
            covariates=self.covariates,
            height_at=self.height_at,
            medicines_said=self.medicines_said,
            medicines_at=self.medicines_at,
        )

    @property
    def fingerprint(self) -> str:
        """Changes when any of the facts does."""
        text = json.dumps(codec.plain(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        raw: dict[str, Any] = codec.plain(self)
        return raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The facts, and what changes with every hour: rest since the last session, days since each."""

    facts: Facts
    idle_days: float
    before: tuple[GivenBefore, ...] = ()  # for the limits on total exposure


def gather(patient: Patient, *, at: datetime) -> Gathered | Refusal:
    """The facts as they stand at `at`, or what is missing. Raises NothingSigned."""
    policy = policy_in_use()
    seen = observed(patient, at=at)
    if isinstance(seen, Refusal):
        return seen
    weight = readings(patient, Sign.WEIGHT).filter(happened_at__lte=at).first()
    resting = _resting(patient, seen, at=at)
    if weight is None:
        return _missing("weight", "No weight is recorded.", "Weigh the patient and enter it below.")
    if resting is None:
        return _missing(
            "baseline",
            "No blood pressure and pulse at rest are recorded.",
            "Measure both before any dose, and enter them below.",
        )
    body = _sized(patient, weight.value, policy, at=at)
    if isinstance(body, Refusal):
        return body
    candidates = _candidates(policy, seen.sessions, weight.value)
    if isinstance(candidates, Refusal):
        return candidates
    limits, release = limits_from(policy), model_in_use()
    baseline, measured_at = resting
    given = sessions_given(patient, at=at)
    facts = Facts(
        covariates=body.covariates,
        baseline=baseline,
        sessions=seen.sessions,
        session_number=seen.given + 1,
        limits=limits,
        candidates=candidates,
        model=DEFAULT_MODEL,
        policy_version=policy.version,
        model_version=release.version,
        weighed_at=weight.happened_at.isoformat(),
        measured_at=measured_at.isoformat(),
        left_out=seen.left_out,
        seed=seed_for(patient),
        structures=structures_of(release),
        course=course_so_far(patient, given, policy, at=at),
        height_at=body.height_at,
        medicines_said=body.medicines_said,
        medicines_at=body.medicines_at,
    )
    return Gathered(
        facts=facts,
        idle_days=round(seen.idle_days(at), 2),
        before=given_before(given, weight.value, at=at),
    )


def _sized(patient: Patient, weight_kg: float, policy: Policy, *, at: datetime) -> Body | Refusal:
    """The body, or why its weight or height cannot be meant."""
    if refusal := implausible_weight(weight_kg, policy):
        return refusal
    body = body_of(patient, weight_kg, on=at_clinic(at).date(), at=at)
    return implausible_size(body.covariates) or body


def limits_from(policy: Policy) -> Limits:
    """The limits of a proposal, from the clinic's own policy."""
    given, week = policy.protocol, policy.exposure.week_mg_per_kg
    return Limits(
        cadss=given.cadss_peak_most.value,
        cadss_chance=given.cadss_chance_percent.value / 100,
        systolic_mmhg=given.systolic_peak_most_mmhg.value,
        systolic_chance=given.systolic_chance_percent.value / 100,
        ceiling_mg_per_kg=given.iv_ceiling_mg_per_kg.value,
        exposure=(ExposureLimit(most=week.value, unit=Counted.MG_PER_KG, days=DAYS_IN_WEEK),),
        **_sedation(policy),
    )


def _sedation(policy: Policy) -> dict[str, Any]:
    """The limit on sedation, if this policy sets one."""
    level, chance = policy.protocol.sedation_level, policy.protocol.sedation_chance_percent
    if level is None or chance is None:
        return {}
    return {"moaa_s": int(level.value), "moaa_s_chance": chance.value / 100}


def _candidates(
    policy: Policy, sessions: Sequence[SessionObserved], weight_kg: float
) -> Candidates | Refusal:
    """What the model may choose from by itself: no more and no longer than is usual."""
    usual = candidates_for(weight_kg, most_proposed(policy, sessions, weight_kg))
    longest = policy.protocol.iv_proposed_longest_min
    if longest is None:
        return usual
    minutes = tuple(m for m in usual.minutes if m <= longest.value)
    return replace(usual, minutes=minutes) if minutes else _no_minutes(usual, longest)


def _no_minutes(usual: Candidates, longest: Threshold) -> Refusal:
    return Refusal(
        code="no-minutes-to-propose",
        because=f"The policy lets the model propose up to {longest.text}; the shortest it can "
        f"choose is {min(usual.minutes):g} min.",
        remedy="Sign a policy that lets the model propose longer.",
        source=f"Policy, {longest.source} {longest.mark}",
    )


def most_proposed(policy: Policy, sessions: Sequence[SessionObserved], weight_kg: float) -> float:
    """The highest dose the model may propose, in mg/kg: the usual one, or what was given before.

    To step up is a prescriber's decision, with a reason (clinical.md 2.1: steps follow poor
    response). Once a higher dose was given and observed, the model may propose it again.
    """
    given = policy.protocol
    before = [sum(dose.amount.mg for dose in one.doses) / weight_kg for one in sessions]
    highest = max([given.iv_mg_per_kg.value, *before])
    return round(min(highest, given.iv_ceiling_mg_per_kg.value), 6)


def seed_for(patient: Patient) -> int:
    """One seed a patient: two proposals then differ by what was learned, not by the dice."""
    return patient.pk.int % 2**31


def implausible_weight(weight_kg: float, policy: Policy) -> Refusal | None:
    """A weight that is more likely a slip (grams, pounds, a lost point) than a person."""
    least, most = policy.protocol.weight_least_kg, policy.protocol.weight_most_kg
    if least.value <= weight_kg <= most.value:
        return None
    return Refusal(
        code="weight-implausible",
        because=f"The newest weight is {weight_kg:g} kg; {least.value:g} to {most.value:g} kg is "
        "taken as meant.",
        remedy="Weigh the patient again and enter the weight in kg.",
        source=f"Policy, {least.source} {least.mark}",
    )


def _resting(patient: Patient, seen: Observed, *, at: datetime) -> tuple[Baseline, datetime] | None:
    """Pressure and pulse that no dose had raised, and when the pressure was measured."""
    found = {sign: _undosed(patient, sign, at=at) for sign in (Sign.SYSTOLIC, Sign.PULSE)}
    systolic, pulse = found[Sign.SYSTOLIC], found[Sign.PULSE]
    if systolic is None or pulse is None:
        last = seen.last_at and baseline_before(patient, seen.last_at)
        return (last, seen.last_at) if last and seen.last_at else None
    diastolic = _undosed(patient, Sign.DIASTOLIC, at=at)
    baseline = Baseline(
        systolic_mmhg=systolic.value,
        pulse_per_min=pulse.value,
        diastolic_mmhg=diastolic.value if diastolic else None,
    )
    return baseline, systolic.happened_at


def _undosed(patient: Patient, sign: Sign, *, at: datetime) -> Reading | None:
    dosed = DoseGiven.objects.filter(patient=patient).exclude(encounter=None)
    outside = ~Q(encounter__in=list(dosed.values_list("encounter_id", flat=True).distinct()))
    mine = readings(patient, sign).filter(happened_at__lte=at)
    return mine.filter(Q(encounter=None) | outside).first()


def _missing(what: str, because: str, remedy: str) -> Refusal:
    return Refusal(code=f"{what}-missing", because=because, remedy=remedy)
