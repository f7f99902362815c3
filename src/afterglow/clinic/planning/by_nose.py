"""Esketamine by nasal device, as advice: nothing of it is signed or given here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from uuid import UUID

from afterglow.clinic.planning.inputs import Inputs, proposed
from afterglow.clinic.planning.queries import inputs_of
from afterglow.clinic.planning.tradeoff import Tradeoff, drawn
from afterglow.clinic.releases.queries import policy_in_use
from afterglow.core.care.preparing import check_nasal_dose
from afterglow.core.dosing.device import NOTES
from afterglow.core.dosing.label import most
from afterglow.core.dosing.options import BY_NOSE, Candidates
from afterglow.core.dosing.propose import Proposal as Advice
from afterglow.core.pharmacology.sitting import is_device
from afterglow.core.quantity import Drug
from afterglow.core.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class ByNose:
    """The panel `planning/_by_nose.html`: one of the strengths, or why none."""

    advice: Advice | None
    refused: Refusal | None
    tradeoff: Tradeoff | None
    notes: tuple[str, ...]
    not_offered: tuple[Refusal, ...]  # strengths that this clinic's policy forbids

    @property
    def devices(self) -> int:
        """How many devices the advice takes."""
        return 0 if self.advice is None else len(self.advice.chosen.doses(Drug.ESKETAMINE))


@lru_cache(maxsize=32)
def by_nose(proposal_id: UUID, policy_version: str) -> ByNose | None:
    """By the same belief and limits as the proposal. None: it was made before benefit was told.

    The policy's version is part of the question: what it forbids is not weighed.
    """
    inputs = inputs_of(proposal_id)
    if inputs.several is None or not inputs.facts.structures:
        return None
    refusals = dict(_forbidden(inputs))
    left = tuple(mg for mg in BY_NOSE.doses_mg if mg not in refusals)
    none = ByNose(
        advice=None, refused=None, tradeoff=None, notes=(), not_offered=tuple(refusals.values())
    )
    if not left:
        return none
    candidates = Candidates(at_once=(replace(BY_NOSE, doses_mg=left),))
    found = proposed(inputs, inputs.several, candidates, drug=Drug.ESKETAMINE)
    if isinstance(found, Refusal):
        return replace(none, refused=found)
    return replace(none, advice=found, tradeoff=drawn(found.options, found), notes=NOTES)


def _forbidden(inputs: Inputs) -> Iterator[tuple[float, Refusal]]:
    """What a policy stricter than the label forbids; what the label does, the engine says."""
    age_years = inputs.facts.covariates.age_years
    first = not any(is_device(one.route, one.drug) for one in inputs.before)
    for dose_mg in BY_NOSE.doses_mg:
        refusal = check_nasal_dose(
            dose_mg=dose_mg,
            day_one=first,
            age_years=age_years,
            acute_suicidality=False,
            policy=policy_in_use(),
        )
        if refusal and dose_mg <= most(age_years, inputs.before).mg:
            yield dose_mg, refusal
