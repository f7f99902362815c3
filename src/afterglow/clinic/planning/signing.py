"""What a signer enters, and every reason why it may not be signed. Nothing is written here."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.people.models import Role, User
from afterglow.clinic.planning.facts import gather
from afterglow.clinic.planning.inputs import Inputs
from afterglow.clinic.planning.models import Proposal
from afterglow.clinic.planning.shaped import Shaped
from afterglow.clinic.releases.queries import policy_in_use
from afterglow.clinic.screening.queries import standing
from afterglow.core.care.preparing import prepare
from afterglow.core.care.protocol import calculated_mg, check_dose
from afterglow.core.dosing.options import Profile
from afterglow.core.dosing.propose import Proposal as Advice
from afterglow.core.quantity import Drug, Route
from afterglow.core.refusal import Refusal

FURTHEST = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The dose as the signer wants it, and how it will be made up."""

    amount_mg: float
    duration_min: float
    concentration_mg_per_ml: float
    made_up_to_ml: float
    planned_for: date
    differs_because: str = ""
    # Asked for when the dose is far above the model's: a slip in mg shows against mg/kg.
    intended_mg_per_kg: float | None = None
    profile: Profile = Profile.CONSTANT

    @property
    def shaped(self) -> Shaped:
        return Shaped(self.amount_mg, self.duration_min, self.profile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """The dose may be signed; above the ceiling or off the usual time only by two prescribers."""

    needs_second: bool


def may_sign(proposal: Proposal, wanted: Wanted, *, by: User, at: datetime) -> Allowed | Refusal:
    """Every condition of a signature, the ones about the person before the ones about the dose."""
    refusal = (
        not_a_prescriber(by)
        or standing(proposal.patient, at).refusal
        or _outdated(proposal, at=at)
        or _impossible_day(wanted.planned_for, today=at_clinic(at).date())
        or _unprepared(wanted)
        or _without_reason(proposal, wanted)
    )
    return refusal or _dose(proposal, wanted)


def not_a_prescriber(by: User) -> Refusal | None:
    """Only a prescriber's signature makes a plan."""
    if by.role == Role.PRESCRIBER:
        return None
    return Refusal(
        code="not-a-prescriber",
        because=f"{by.name} is signed in as {Role(by.role).label.lower()}.",
        remedy="Ask a prescriber to sign the plan.",
    )


def _outdated(proposal: Proposal, *, at: datetime) -> Refusal | None:
    now = gather(proposal.patient, at=at)
    if isinstance(now, Refusal):
        return now
    if now.facts.fingerprint == Inputs.from_json(proposal.inputs).facts.fingerprint:
        return None
    return Refusal(
        code="proposal-outdated",
        because="Something this proposal rests on has changed since: weight, height, pressure, "
        "medicines, a session, a score, the policy or the model.",
        remedy="Ask for a new proposal, look at it, and sign that one.",
    )


def _impossible_day(day: date, *, today: date) -> Refusal | None:
    if today <= day <= today + FURTHEST:
        return None
    return Refusal(
        code="impossible-day",
        because=f"The session would be on {day:%d %b %Y}; today is {today:%d %b %Y}.",
        remedy=f"Choose a day from today to {today + FURTHEST:%d %b %Y}.",
    )


def _unprepared(wanted: Wanted) -> Refusal | None:
    made = prepare(
        wanted.amount_mg,
        lasts_min=wanted.duration_min,
        concentration_mg_per_ml=wanted.concentration_mg_per_ml,
        made_up_to_ml=wanted.made_up_to_ml,
        policy=policy_in_use(),
    )
    return made if isinstance(made, Refusal) else None


def _without_reason(proposal: Proposal, wanted: Wanted) -> Refusal | None:
    if wanted.differs_because.strip() or not differs(proposal, wanted):
        return None
    advised = advice_of(proposal)
    said = (
        "the model proposed no dose"
        if advised is None
        else f"the model proposed {Shaped.of(advised.chosen)}"
    )
    return Refusal(
        code="reason-missing",
        because=f"You are signing {wanted.shaped}; {said}.",
        remedy="Write why. The next prescriber will read it.",
    )


def differs(proposal: Proposal, wanted: Wanted) -> bool:
    """True when the signer leaves the model's dose, time or shape, or the model had none."""
    advised = advice_of(proposal)
    if advised is None:
        return True
    return Shaped.of(advised.chosen) != wanted.shaped


def advice_of(proposal: Proposal) -> Advice | None:
    """What the model proposed, if it did."""
    return None if proposal.is_refused else Advice.from_json(proposal.result["proposal"])


def _dose(proposal: Proposal, wanted: Wanted) -> Allowed | Refusal:
    if _checked(proposal, wanted, second_prescriber=False) is None:
        return Allowed(needs_second=False)
    together = _checked(proposal, wanted, second_prescriber=True)
    return together or Allowed(needs_second=True)


def _checked(proposal: Proposal, wanted: Wanted, *, second_prescriber: bool) -> Refusal | None:
    weight_kg = float(proposal.inputs["facts"]["covariates"]["weight_kg"])
    return check_dose(
        dose_mg=wanted.amount_mg,
        lasts_min=wanted.duration_min,
        weight_kg=weight_kg,
        drug=Drug.KETAMINE,
        route=Route.INTRAVENOUS,
        policy=policy_in_use(),
        calculated_mg=_calculated(proposal, wanted, weight_kg),
        second_prescriber=second_prescriber,
        steps=wanted.shaped.steps,
    )


def _calculated(proposal: Proposal, wanted: Wanted, weight_kg: float) -> float:
    """The dose an entry is held against: the signer's own mg/kg, else the model's, else 0.5."""
    if wanted.intended_mg_per_kg is not None:
        return calculated_mg(weight_kg, wanted.intended_mg_per_kg)
    advised = advice_of(proposal)
    usual = calculated_mg(weight_kg, policy_in_use().protocol.iv_mg_per_kg.value)
    return usual if advised is None else max(usual, advised.chosen.dose_mg)
