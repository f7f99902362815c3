"""Which plan stands, and what a dose is expected to do to this patient."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from afterglow.clinic.people.models import Patient, User
from afterglow.clinic.people.queries import MAY_OPEN_A_RECORD
from afterglow.clinic.planning.facts import gather
from afterglow.clinic.planning.inputs import DRAWS, Inputs, believed
from afterglow.clinic.planning.models import Plan, Proposal
from afterglow.clinic.planning.shaped import in_order
from afterglow.clinic.record.models import CURRENT
from afterglow.core.body import Baseline
from afterglow.core.dosing.bands import Bands
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.felt import high_of
from afterglow.core.dosing.population import prior_for
from afterglow.core.dosing.predict import predict_bands
from afterglow.core.pharmacology.high import HighReport
from afterglow.core.quantity import Dose
from afterglow.core.refusal import Refusal

SHOWN_MIN = 240
HIGH_DRAWS = 400  # over eight hours, within the time that a turn of the dial may take
BEFORE_DRAWS = 300  # of bands shown only as faint lines beside the real ones
FELT = ("cadss", "systolic_mmhg")
DRAWN = ("arterial_ng_per_ml", "venous_ng_per_ml", *FELT)  # by the axis


def unused_plan(patient: Patient) -> Plan | None:
    """The newest plan that no session has used, whether or not it needs a second signature."""
    mine = Plan.objects.filter(CURRENT, patient=patient, session=None)
    return (
        mine.select_related("recorded_by", "proposal", "countersignature")
        .order_by("-happened_at", "-recorded_at")
        .first()
    )


def signed_plan(patient: Patient) -> Plan | None:
    """The plan a session may start from: signed by all who must, and not yet used."""
    plan = unused_plan(patient)
    return plan if plan is not None and is_usable(plan) else None


def is_usable(plan: Plan) -> bool:
    """False while a dose above the ceiling waits for its second prescriber."""
    return not plan.needs_second or hasattr(plan, "countersignature")


def newest_proposal(patient: Patient) -> Proposal | None:
    """The model's newest advice, for whichever session it was."""
    mine = Proposal.objects.filter(patient=patient)
    return mine.order_by("-happened_at", "-recorded_at").first()


def proposal_for(user: User, proposal_id: UUID) -> Proposal:
    """A proposal, if this user may open its patient's record.

    The page that shows it has recorded the look; its own requests for bands do not add one each.
    Raises Http404 or PermissionDenied.
    """
    if user.role not in MAY_OPEN_A_RECORD:
        raise PermissionDenied("Your role does not open patients' records.")
    mine = Proposal.objects.filter(pk=proposal_id).select_related("patient")
    # Large and rarely needed here: `inputs_of` reads them once a process.
    proposal = mine.defer("inputs", "result").first()
    if proposal is None:
        raise Http404("There is no such proposal here.")
    return proposal


@lru_cache(maxsize=32)
def inputs_of(proposal_id: UUID) -> Inputs:
    """A proposal's inputs, read once a process: a fact never changes."""
    return Inputs.from_json(Proposal.objects.values_list("inputs", flat=True).get(pk=proposal_id))


def belief_for(patient: Patient, *, at: datetime) -> Belief | Refusal:
    """What the likeliest model believes of this patient now, by every session observed so far."""
    gathered = gather(patient, at=at)
    if isinstance(gathered, Refusal):
        return gathered
    several = believed(gathered.facts, draws=DRAWS)
    return several if isinstance(several, Refusal) else several.likeliest.belief


def bands_of(
    plan: Plan,
    doses: Sequence[Dose] | None = None,
    *,
    baseline: Baseline | None = None,
    until_min: int = SHOWN_MIN,
) -> Bands | Refusal:
    """What was expected when the plan was signed, for its dose or for the doses really given.

    `doses` count from the first dose; `baseline` is what was measured before it today.
    """
    inputs = inputs_of(plan.proposal_id)
    if inputs.belief is None:
        return stored_refusal(plan.proposal)
    given = in_order(plan.schedule) if doses is None else doses
    return bands_by(inputs, inputs.belief, given, baseline=baseline, until_min=until_min)


def bands_by(
    inputs: Inputs,
    belief: Belief,
    doses: Sequence[Dose],
    *,
    baseline: Baseline | None = None,
    until_min: int = SHOWN_MIN,
    draws: int | None = None,
    only: Sequence[str] = DRAWN,
) -> Bands | Refusal:
    """The bands by a minute, with the chances at the proposal's own limits."""
    facts = inputs.facts
    return predict_bands(
        belief,
        doses,
        t_min=[float(t) for t in range(until_min + 1)],
        session_number=facts.session_number,
        baseline=baseline or facts.baseline,
        seed=facts.seed,
        draws=draws or inputs.draws,
        idle_days=inputs.idle_days,
        cadss_above=(facts.limits.cadss,),
        systolic_above=(facts.limits.systolic_mmhg,),
        only=only,
    )


def prior_bands(inputs: Inputs, doses: Sequence[Dose]) -> Bands | Refusal | None:
    """The same dose as it would look had no session been observed. None: there was none."""
    if not inputs.facts.sessions:
        return None
    model = inputs.belief.model if inputs.belief else inputs.facts.model
    prior = prior_for(inputs.facts.covariates, model=model)
    if isinstance(prior, Refusal):
        return prior
    return bands_by(inputs, prior, doses, draws=BEFORE_DRAWS, only=FELT)


def high_by(inputs: Inputs, belief: Belief, doses: Sequence[Dose]) -> HighReport | Refusal:
    """How high these doses are for this patient, for how long, and when it is gone."""
    facts = inputs.facts
    return high_of(
        belief,
        doses,
        session_number=facts.session_number,
        baseline=facts.baseline,
        seed=facts.seed,
        draws=min(inputs.draws, HIGH_DRAWS),
        idle_days=inputs.idle_days,
    )


def stored_refusal(proposal: Proposal) -> Refusal:
    """Why the model would not propose. Only for a proposal that `is_refused`."""
    stored = proposal.result["refusal"]
    return Refusal(**{key: value for key, value in stored.items() if key != "kind"})
