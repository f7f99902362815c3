"""All that the planning page shows of one patient, read once."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from math import floor
from typing import Any

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.people.models import Patient, Role, User
from afterglow.clinic.planning.by_nose import ByNose, by_nose
from afterglow.clinic.planning.designer import MOST_MG, MOST_MIN, Looked, look_at
from afterglow.clinic.planning.facts import Facts, Gathered, gather
from afterglow.clinic.planning.inputs import Inputs
from afterglow.clinic.planning.models import Plan, Proposal
from afterglow.clinic.planning.mood import MoodTaught, mood_taught
from afterglow.clinic.planning.queries import (
    inputs_of,
    is_usable,
    newest_proposal,
    stored_refusal,
    unused_plan,
)
from afterglow.clinic.planning.risk import Figure, percent
from afterglow.clinic.planning.series import visits
from afterglow.clinic.planning.shaped import Shaped
from afterglow.clinic.planning.signing import advice_of
from afterglow.clinic.planning.since import OtherMedicines, other_medicines
from afterglow.clinic.planning.tradeoff import Tradeoff, tradeoff_of
from afterglow.clinic.releases.queries import policy_in_use
from afterglow.clinic.screening.queries import standing
from afterglow.core.care.policy import Policy
from afterglow.core.care.protocol import calculated_mg
from afterglow.core.care.thresholds import Threshold
from afterglow.core.dosing.agreement import LEAST_WEIGHT, MOST_OVER
from afterglow.core.dosing.observed import Pressure, Scored, SessionObserved
from afterglow.core.dosing.options import Option
from afterglow.core.dosing.propose import Proposal as Advice
from afterglow.core.pharmacology.library import load
from afterglow.core.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The proposal or one of its neighbours, as a row to compare."""

    option: Option
    is_chosen: bool
    beside: str  # on the curve: calmer, stronger or neither
    benefit: str
    cadss_chance: str
    systolic_chance: str
    sedation_chance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit of a proposal, with where it comes from."""

    label: str
    text: str
    source: str
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One session the model learned from, in a line."""

    number: int
    given_mg: float
    cadss: float | None
    systolic: float | None

    @classmethod
    def of(cls, session: SessionObserved) -> "Past":
        seen = session.observations
        return cls(
            number=session.number,
            given_mg=sum(dose.amount.mg for dose in session.doses),
            cadss=max((one.cadss for one in seen if isinstance(one, Scored)), default=None),
            systolic=max(
                (one.systolic_mmhg for one in seen if isinstance(one, Pressure)), default=None
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The planning page. `missing` stands alone; `proposal` is None until somebody asks."""

    missing: Refusal | None
    screening: Refusal | None
    facts: Facts | None
    idle_days: float
    proposal: Proposal | None
    is_current: bool
    advice: Advice | None
    refused: Refusal | None
    choices: list[Choice]
    limits: list[Limit]
    usual: Limit | None
    shown: Shaped | None
    looked: Looked | None
    tradeoff: Tradeoff | None
    mood: MoodTaught | None
    by_nose: ByNose | None
    inputs: Inputs | None
    stands: Plan | None
    stands_usable: bool
    stands_changed: OtherMedicines | None
    may_sign: bool
    may_countersign: bool
    days: list[date]

    @property
    def observed_count(self) -> int:
        sessions = self.facts.sessions if self.facts else ()
        return sum(len(session.observations) for session in sessions)

    @property
    def sessions(self) -> list[Past]:
        """What this page's proposal, or the next one, learned from."""
        return [Past.of(one) for one in self.facts.sessions] if self.facts else []

    @property
    def moved(self) -> list[Figure]:
        """The figures that learning changed, for the dose that is drawn."""
        return [one for one in self.looked.figures if one.before] if self.looked else []

    @property
    def objects_when(self) -> str:
        """Which model has a say against a dose, and when it uses it."""
        return (
            f"A model of {percent(LEAST_WEIGHT)} weight or more objects when its chance lies more "
            f"than {100 * MOST_OVER:g} percentage points above the clinic’s limit."
        )

    @property
    def weights(self) -> list[tuple[str, str, str]]:
        """Each model's id, title and weight, also where no dose is drawn."""
        several = self.inputs.several if self.inputs else None
        return [
            (one.belief.model, load(one.belief.model).title, percent(one.weight))
            for one in (several.each if several else ())
        ]

    @property
    def usual_dose(self) -> tuple[float, float] | None:
        """The usual dose, to be looked at where the model proposes none. Never entered unasked."""
        if self.inputs is None or self.inputs.belief is None:
            return None
        given = policy_in_use().protocol
        dose_mg = calculated_mg(self.inputs.facts.covariates.weight_kg, given.iv_mg_per_kg.value)
        return (floor(2 * dose_mg) / 2, given.iv_minutes.value)

    @property
    def not_known(self) -> list[str]:
        """What the models had to do without of this body, in words."""
        return list(self.facts.body.unknown()) if self.facts else []

    @property
    def height_at(self) -> datetime | None:
        return _read(self.facts.height_at) if self.facts else None

    @property
    def medicines_at(self) -> datetime | None:
        return _read(self.facts.medicines_at) if self.facts else None

    @property
    def rest_at(self) -> tuple[datetime, datetime] | None:
        """When the weight and the pressure were taken."""
        if self.facts is None:
            return None
        taken = (self.facts.weighed_at, self.facts.measured_at)
        return (datetime.fromisoformat(taken[0]), datetime.fromisoformat(taken[1]))


def page_for(patient: Patient, user: User, *, at: datetime, shown: Shaped | None = None) -> Page:
    """Read everything; draw the dose that was asked for, else the model's."""
    gathered = gather(patient, at=at)
    stands = unused_plan(patient)
    whole = _blank() | {
        "screening": standing(patient, at).refusal,
        "stands": stands,
        "stands_usable": stands is not None and is_usable(stands),
        "may_sign": user.role == Role.PRESCRIBER,
        "may_countersign": _may_countersign(stands, user),
    }
    if isinstance(gathered, Refusal):
        return Page(**whole | {"missing": gathered})
    number = gathered.facts.session_number
    whole |= {
        "facts": gathered.facts,
        "idle_days": gathered.idle_days,
        "limits": _limits(),
        "usual": _usual(),
        "days": visits(at_clinic(at).date(), number),
        "stands_changed": None if stands is None else other_medicines(stands, at=at),
    }
    return Page(**whole | _proposed(newest_proposal(patient), gathered, shown))


def _read(instant: str) -> datetime | None:
    return datetime.fromisoformat(instant) if instant else None


def _blank() -> dict[str, Any]:
    empty: dict[str, Any] = {field.name: None for field in fields(Page)}
    return empty | {"choices": [], "limits": [], "days": [], "idle_days": 0.0, "is_current": False}


def _proposed(proposal: Proposal | None, now: Gathered, shown: Shaped | None) -> dict[str, Any]:
    if proposal is None:
        return {}
    inputs, advice = inputs_of(proposal.pk), advice_of(proposal)
    current = inputs.facts.fingerprint == now.facts.fingerprint
    dose = shown or (Shaped.of(advice.chosen) if advice else None)
    return {
        "proposal": proposal,
        "inputs": inputs,
        "is_current": current,
        "advice": advice,
        "refused": stored_refusal(proposal) if proposal.is_refused else None,
        "choices": _choices(advice) if advice else [],
        "shown": dose,
        "looked": look_at(proposal, dose=dose) if dose else None,
        "tradeoff": tradeoff_of(proposal.pk),
        "by_nose": by_nose(proposal.pk, policy_in_use().version),
        "mood": mood_taught(proposal.pk, dose) if dose and _can_be_meant(dose) else None,
    }


def _can_be_meant(dose: Shaped) -> bool:
    return 0 < dose.dose_mg <= MOST_MG and 1 <= dose.minutes <= MOST_MIN


def _choices(advice: Advice) -> list[Choice]:
    beside = [one for one in (advice.calmer, advice.stronger) if one is not None]
    named = {str(one): one for one in (advice.chosen, *beside, *advice.neighbours)}
    every = sorted(named.values(), key=lambda one: (one.minutes, one.dose_mg))
    return [
        Choice(
            option=one,
            is_chosen=one == advice.chosen,
            beside="calmer"
            if one == advice.calmer
            else "stronger"
            if one == advice.stronger
            else "",
            benefit=percent(one.benefit) if one.benefit is not None else f"{one.benefit_proxy:.2f}",
            sedation_chance="" if one.sedation_chance is None else percent(one.sedation_chance),
            cadss_chance=percent(one.cadss_chance),
            systolic_chance=percent(one.systolic_chance),
        )
        for one in every
    ]


def _may_countersign(stands: Plan | None, user: User) -> bool:
    if stands is None or is_usable(stands):
        return False
    return user.role == Role.PRESCRIBER and stands.recorded_by_id != user.pk


def _limits() -> list[Limit]:
    policy = policy_in_use()
    given = policy.protocol
    cadss, systolic = given.cadss_peak_most.value, given.systolic_peak_most_mmhg.value
    return [
        _limit(f"Chance of dissociation above {cadss:g}", given.cadss_chance_percent, "at most "),
        _limit(
            f"Chance of systolic above {systolic:g} mmHg", given.systolic_chance_percent, "at most "
        ),
        *_set_later(policy),
        _limit("One prescriber alone", given.iv_ceiling_mg_per_kg, "up to "),
        _limit("Shortest infusion", given.iv_shortest_min),
        _limit("Longest infusion", given.iv_longest_min),
    ]


def _set_later(policy: Policy) -> list[Limit]:
    """Limits that came after the first policies; one that is not set says so."""
    given, week = policy.protocol, policy.exposure.week_mg_per_kg
    level, chance = given.sedation_level, given.sedation_chance_percent
    sedation = (
        Limit(label="Chance of deep sedation", text="no limit set", source="", grade="")
        if level is None or chance is None
        else _limit(f"Chance of MOAA/S {level.value:g} or below", chance, "at most ")
    )
    longest = given.iv_proposed_longest_min
    return [
        sedation,
        _limit("In any 7 days, outside the gut", week, "at most "),
        *([] if longest is None else [_limit("Proposed by the model itself", longest, "up to ")]),
    ]


def _usual() -> Limit:
    given = policy_in_use().protocol
    rule = given.iv_mg_per_kg
    return Limit(
        label="Usual dose; the model proposes more only after more was given",
        text=f"{rule.text} over {given.iv_minutes.text}",
        source=rule.source,
        grade=rule.grade.value,
    )


def _limit(label: str, rule: Threshold, before: str = "") -> Limit:
    return Limit(
        label=label, text=f"{before}{rule.text}", source=rule.source, grade=rule.grade.value
    )
