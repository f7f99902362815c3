"""A dose and its minutes, proposed within the clinic's limits, or a refusal that says why not."""

from __future__ import annotations

from collections.abc import Sequence

from afterglow.core.body import Baseline, within
from afterglow.core.dosing import outlook
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.options import (
    HARD_CAP_MG_PER_KG,
    Candidates,
    Limits,
    Option,
    Proposal,
    candidates_for,
)
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.dosing.tradeoff import Weighing
from afterglow.core.pharmacology.library import load_effect
from afterglow.core.quantity import BaseMass, Drug, Infusion
from afterglow.core.refusal import Refusal

__all__ = ["Candidates", "Limits", "Option", "Proposal", "candidates_for", "propose"]

AS_GOOD = 0.02  # [own] a difference in the proxy that no one could notice


def propose(
    belief: Belief,
    *,
    limits: Limits,
    candidates: Candidates,
    session_number: int,
    baseline: Baseline,
    seed: int,
    drug: Drug = Drug.KETAMINE,
    draws: int = 1000,
    idle_days: float = 0.0,
) -> Proposal | Refusal:
    """The candidate of most exposure that keeps every limit; of equals the shortest, then calmest.

    Chances are over the patient's own draws and one session's luck. Deterministic in its arguments.
    """
    within("draws", draws, 100, 20_000, "")
    if refusal := cannot_propose(belief, candidates, limits, drug):
        return refusal
    weighing = Weighing(
        belief=belief,
        people=belief.bodies(belief.sample(draws, seed)),
        occasion=Occasion.drawn(draws, seed),
        visit=Visit(number=session_number, baseline=baseline, idle_days=idle_days),
        drug=drug,
        limits=limits,
    )
    options = weighing.options(candidates)
    allowed = [one for one in options if one.allowed]
    if not allowed:
        return none_safe(options)
    chosen = _best(allowed)
    return Proposal(
        chosen=chosen,
        neighbours=_neighbours(chosen, options),
        options=tuple(options),
        reasons=_reasons(chosen, options, belief, limits),
        notes=(*load_effect("exposure_proxy").caveats, *belief.assumptions),
        drug=drug,
        limits=limits,
        candidates=candidates,
        session_number=session_number,
        baseline=baseline,
        idle_days=idle_days,
        model=belief.model,
        draws=draws,
        seed=seed,
    )


def _best(allowed: Sequence[Option]) -> Option:
    most = max(one.benefit_proxy for one in allowed)
    near = [one for one in allowed if one.benefit_proxy >= most - AS_GOOD]
    return min(near, key=lambda one: (one.minutes, one.cadss_chance, one.dose_mg))


def _neighbours(chosen: Option, options: Sequence[Option]) -> tuple[Option, ...]:
    """One step lower and higher in dose, one step shorter and longer in time."""
    same_time = [one for one in options if one.minutes == chosen.minutes]
    same_dose = [one for one in options if one.dose_mg == chosen.dose_mg]
    beside = []
    for row in (same_time, same_dose):
        at = row.index(chosen)
        beside += row[max(at - 1, 0) : at] + row[at + 1 : at + 2]
    return tuple(beside)


def _reasons(
    chosen: Option, options: Sequence[Option], belief: Belief, limits: Limits
) -> tuple[str, ...]:
    said = [
        f"{chosen} ({chosen.mg_per_kg:g} mg/kg): chance of CADSS above {limits.cadss:g} is "
        f"{chosen.cadss_chance:.0%} (limit {limits.cadss_chance:.0%}), of systolic above "
        f"{limits.systolic_mmhg:g} mmHg {chosen.systolic_chance:.0%} "
        f"(limit {limits.systolic_chance:.0%})."
    ]
    said += [f"Not {one}: {one.why_not}" for one in _neighbours(chosen, options) if one.why_not]
    seen = sum(len(session.observations) for session in belief.observed)
    if not seen:
        return (
            *said,
            "Nothing has been observed of this patient yet: the spread is a population's.",
        )
    sessions = "1 session" if len(belief.observed) == 1 else f"{len(belief.observed)} sessions"
    return (*said, f"Rests on {seen} observations in {sessions}.")


def cannot_propose(
    belief: Belief, candidates: Candidates, limits: Limits, drug: Drug
) -> Refusal | None:
    """Why nothing may be proposed from this belief and these candidates, if so."""
    dose = Infusion(amount=BaseMass(1), starts_min=0, lasts_min=40, drug=drug)
    if refusal := outlook.not_trusted(belief) or outlook.not_modelled(belief, [dose]):
        return refusal
    least = min(candidates.doses_mg) / belief.covariates.weight_kg
    if least <= HARD_CAP_MG_PER_KG or limits.second_prescriber:
        return None
    return Refusal(
        code="above-hard-cap",
        because=f"The lowest dose to choose from is {least:.2f} mg/kg, above "
        f"{HARD_CAP_MG_PER_KG:g} mg/kg into a vein.",
        remedy="Offer lower doses, or have a second prescriber agree.",
        source="Hard limit of the house [own]",
    )


def none_safe(options: Sequence[Option]) -> Refusal:
    """Says how near the gentlest candidate came."""
    gentlest = min(options, key=lambda one: (one.cadss_chance + one.systolic_chance, one.dose_mg))
    return Refusal(
        code="no-safe-dose",
        because=f"No dose keeps the limits. The gentlest, {gentlest}: {gentlest.why_not}",
        remedy="Review the limits, the resting pressure and the history before treating.",
        source="The clinic's limits",
    )
