"""What the dose designer shows for one dose: the axis, the chances, the figures, or a refusal."""

from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from afterglow.clinic.planning.axis import plan_axis
from afterglow.clinic.planning.felt import Felt, felt
from afterglow.clinic.planning.inputs import Inputs
from afterglow.clinic.planning.models import Proposal
from afterglow.clinic.planning.queries import (
    bands_by,
    high_by,
    inputs_of,
    prior_bands,
    stored_refusal,
)
from afterglow.clinic.planning.risk import (
    Figure,
    Risk,
    by_weight,
    exposure_risk,
    figures,
    pump,
    risks,
    sedation_risk,
    signatures,
    step_figures,
)
from afterglow.clinic.planning.shaped import Shaped
from afterglow.clinic.planning.weighed import Voice, option_of, voices
from afterglow.clinic.releases.queries import policy_in_use
from afterglow.core.body import within
from afterglow.core.care.policy import Policy
from afterglow.core.care.preparing import prepare
from afterglow.core.care.protocol import check_dose
from afterglow.core.dosing.bands import Bands
from afterglow.core.errors import BadInput
from afterglow.core.quantity import Drug, Route
from afterglow.core.refusal import Refusal

MOST_MG = 500.0  # the dial's own end: beyond it an entry is a slip
MOST_MIN = 240.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One dose, looked at."""

    dose: Shaped
    axis: dict[str, Any] | None
    risk: list[Risk]
    figures: list[Figure]
    felt: Felt | None
    voices: tuple[Voice, ...]
    refusal: Refusal | None

    def to_json(self) -> dict[str, Any]:
        """The answer of the bands address, as dose-designer.js reads it."""
        return {
            "dose_mg": self.dose.dose_mg,
            "minutes": self.dose.minutes,
            "profile": self.dose.profile.value,
            "axis": self.axis,
            "risk": [asdict(one) for one in self.risk],
            "figures": [asdict(one) for one in self.figures],
            "felt": None if self.felt is None else self.felt.to_json(),
            "voices": {key: said for one in self.voices for key, said in one.cells.items()},
            "refusal": None if self.refusal is None else asdict(self.refusal),
        }


def look_at(
    proposal: Proposal,
    *,
    dose: Shaped,
    concentration_mg_per_ml: float | None = None,
    made_up_to_ml: float | None = None,
) -> Looked:
    """The bands of one dose by this proposal's belief; a refusal in words where there are none.

    A dose the policy forbids is still drawn, with the refusal beside it: seeing why is the point.
    """
    inputs, policy = inputs_of(proposal.pk), policy_in_use()
    nothing = _nothing(dose)
    try:
        within("dose_mg", dose.dose_mg, 0.1, MOST_MG, "mg")
        within("minutes", dose.minutes, 1, MOST_MIN, "min")
    except BadInput as error:
        return Looked(**nothing | {"refusal": _not_meant(error)})
    weight_kg = inputs.facts.covariates.weight_kg
    drawn = _drawn(proposal.pk, dose)
    made = _made(dose, concentration_mg_per_ml, made_up_to_ml)
    alone, together = (_forbidden(inputs, dose, policy, second) for second in (False, True))
    simple = [by_weight(dose.dose_mg / weight_kg), signatures(alone, policy), *made]
    if isinstance(drawn, Refusal):
        return Looked(**nothing | {"figures": simple, "refusal": drawn})
    bands, before, limits = drawn.bands, drawn.before, inputs.facts.limits
    return Looked(
        dose=dose,
        axis=plan_axis(bands, dose.doses, limits, before=before),
        risk=[
            *risks(bands, limits, policy),
            *sedation_risk(drawn.sedation, limits, policy),
            *exposure_risk(dose.dose_mg, weight_kg, inputs.before, limits, policy),
        ],
        figures=figures(bands, before=before) + simple,
        felt=drawn.felt,
        voices=drawn.voices,
        refusal=together,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What the engine says of one dose. `before`: its bands before anything was learned."""

    bands: Bands
    before: Bands | None
    felt: Felt
    voices: tuple[Voice, ...]
    sedation: float | None  # chance of the limit's level or below; None: not worked out


@lru_cache(maxsize=256)
def _drawn(proposal_id: UUID, shaped: Shaped) -> Drawn | Refusal:
    """Kept: the same dose of a proposal never changes."""
    inputs = inputs_of(proposal_id)
    if inputs.belief is None:
        return stored_refusal(Proposal.objects.get(pk=proposal_id))
    dose = shaped.doses
    bands, high = bands_by(inputs, inputs.belief, dose), high_by(inputs, inputs.belief, dose)
    if isinstance(bands, Refusal):
        return bands
    if isinstance(high, Refusal):
        return high
    before = prior_bands(inputs, dose)
    known = None if isinstance(before, Refusal) else before
    option = option_of(inputs, inputs.belief, shaped)
    return Drawn(
        bands=bands,
        before=known,
        felt=felt(high),
        voices=voices(inputs, shaped, bands, option),
        sedation=option.sedation_chance if option else None,
    )


def _forbidden(inputs: Inputs, dose: Shaped, policy: Policy, second: bool) -> Refusal | None:
    return check_dose(
        dose_mg=dose.dose_mg,
        lasts_min=dose.minutes,
        weight_kg=inputs.facts.covariates.weight_kg,
        drug=Drug.KETAMINE,
        route=Route.INTRAVENOUS,
        policy=policy,
        second_prescriber=second,
        steps=dose.steps,
    )


def _made(dose: Shaped, mg_per_ml: float | None, made_up_to_ml: float | None) -> list[Figure]:
    if mg_per_ml is None:
        return step_figures(dose.schedule)
    made = prepare(
        dose.dose_mg,
        lasts_min=dose.minutes,
        concentration_mg_per_ml=mg_per_ml,
        made_up_to_ml=made_up_to_ml,
        policy=policy_in_use(),
    )
    if isinstance(made, Refusal):
        return [Figure(label="Pump rate", value="not worked out", warn=made.because)]
    return pump(made, dose.schedule)


def _not_meant(error: BadInput) -> Refusal:
    return Refusal(
        code="not-meant", because=str(error), remedy="Enter the number you mean; nothing was saved."
    )


def _nothing(dose: Shaped) -> dict[str, Any]:
    """What `Looked` holds of a dose without an answer, but for why."""
    told: dict[str, Any] = {"axis": None, "risk": [], "figures": [], "felt": None, "voices": ()}
    return told | {"dose": dose}
