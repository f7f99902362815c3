"""What to give next within the clinic's limits, for the most expected benefit; or why nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from afterglow.core.body import Baseline, within
from afterglow.core.dosing import agreement, benefit, device, outlook, words
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.benefit import Whose
from afterglow.core.dosing.given import GivenBefore
from afterglow.core.dosing.limits import CAPS, INTO, Counted, ExposureLimit, Limits, over_cap
from afterglow.core.dosing.mood_belief import MoodBelief
from afterglow.core.dosing.options import AtOnce, Candidates, Option, Profile, candidates_for
from afterglow.core.dosing.outlook import Visit
from afterglow.core.dosing.proposal import AS_GOOD, Aim, Proposal, beside, expected, frontier_of
from afterglow.core.dosing.several import Several
from afterglow.core.dosing.tradeoff import Benefits, Weighing
from afterglow.core.errors import BadInput
from afterglow.core.quantity import BaseMass, Bolus, Drug, Route
from afterglow.core.refusal import Refusal

__all__ = [
    "Aim",
    "AtOnce",
    "Candidates",
    "Counted",
    "ExposureLimit",
    "GivenBefore",
    "Limits",
    "Option",
    "Profile",
    "Proposal",
    "again",
    "candidates_for",
    "propose",
]

AS_GOOD_PROXY = 0.02  # [own] a difference in the proxy that no one could notice


def propose(
    known: Belief | Several,
    *,
    limits: Limits,
    candidates: Candidates,
    session_number: int,
    baseline: Baseline,
    seed: int,
    drug: Drug = Drug.KETAMINE,
    draws: int = 1000,
    idle_days: float = 0.0,
    before: Sequence[GivenBefore] = (),
    mood: MoodBelief | None = None,
    aim: Aim = Aim.BENEFIT,
) -> Proposal | Refusal:
    """The candidate of most expected benefit that keeps every limit; of equals the calmest.

    Chances are over the patient's own draws and one session's luck. Benefit is this patient's where
    `mood` is given (learnt with the same belief), else a population's. `before` is what was given
    so far, for the limits on total exposure. Deterministic in its arguments.
    """
    within("draws", draws, 100, 20_000, "")
    belief = known.likeliest.belief if isinstance(known, Several) else known
    if mood is not None and mood.belief != belief:
        raise BadInput("mood must have been learnt with the belief that is proposed from.")
    if refusal := _cannot(belief, candidates, limits, drug, aim):
        return refusal
    visit = Visit(number=session_number, baseline=baseline, idle_days=idle_days)
    weighing = Weighing.of(belief, visit, drug, limits, before, draws=draws, seed=seed)
    if aim is Aim.BENEFIT:
        weighing = replace(weighing, benefits=_benefits(weighing, candidates, mood))
    options = weighing.options(candidates)
    if not any(one.allowed for one in options):
        return none_safe(options)
    frontier = frontier_of(options) if aim is Aim.BENEFIT else ()
    chosen = _most_benefit(frontier) if frontier else _most_exposure(options)
    said = agreement.asked(known, chosen, weighing) if isinstance(known, Several) else ()
    if isinstance(said, Refusal):
        return said
    neighbours = beside(chosen, options)
    at = frontier.index(chosen) if frontier else 0
    return Proposal(
        chosen=chosen,
        neighbours=neighbours,
        options=tuple(options),
        frontier=frontier,
        calmer=frontier[at - 1] if at else None,
        stronger=frontier[at + 1] if at + 1 < len(frontier) else None,
        reasons=(
            *words.reasons(chosen, neighbours, belief, limits),
            *(words.little_expected(frontier) if mood is not None and frontier else ()),
        ),
        notes=(
            *words.notes(belief, limits, candidates, aim, mood),
            *(agreement.in_words(one) for one in said[1:]),
            *(known.left_out if isinstance(known, Several) else ()),
        ),
        drug=drug,
        limits=limits,
        candidates=candidates,
        session_number=session_number,
        baseline=baseline,
        idle_days=idle_days,
        before=tuple(before),
        model=belief.model,
        models=said,
        draws=draws,
        seed=seed,
        aim=aim,
        benefit_of=benefit_of(aim, mood),
    )


def again(
    stored: Proposal, known: Belief | Several, mood: MoodBelief | None = None
) -> Proposal | Refusal:
    """A stored proposal computed again, from what it stores and from what was believed."""
    if stored.benefit_of is not benefit_of(stored.aim, mood):
        raise BadInput("mood must be what the proposal was made with, or None where it had none.")
    return propose(
        known,
        limits=stored.limits,
        candidates=stored.candidates,
        session_number=stored.session_number,
        baseline=stored.baseline,
        seed=stored.seed,
        drug=stored.drug,
        draws=stored.draws,
        idle_days=stored.idle_days,
        before=stored.before,
        mood=mood,
        aim=stored.aim,
    )


def _benefits(weighing: Weighing, candidates: Candidates, mood: MoodBelief | None) -> Benefits:
    gains = {
        spacing: benefit.gain(mood, benefit.ahead(candidates, spacing, weighing.visit))
        for spacing in candidates.spacings_days or (None,)
    }
    return Benefits(bodies=benefit.bodies(weighing.people, mood), gains=gains)


def benefit_of(aim: Aim, mood: MoodBelief | None) -> Whose | None:
    if aim is not Aim.BENEFIT:
        return None
    return Whose.POPULATION if mood is None else Whose.PATIENT


def _most_benefit(frontier: Sequence[Option]) -> Option:
    """The calmest that brings as much as the most, as far as any scale could tell."""
    most = max(expected(one) for one in frontier)
    return next(one for one in frontier if expected(one) >= most - AS_GOOD)


def _most_exposure(options: Sequence[Option]) -> Option:
    """Of those with the most exposure the shortest, then the calmest."""
    allowed = [one for one in options if one.allowed]
    most = max(one.benefit_proxy for one in allowed)
    near = [one for one in allowed if one.benefit_proxy >= most - AS_GOOD_PROXY]
    return min(near, key=lambda one: (one.minutes, one.cadss_chance, one.dose_mg))


def _cannot(
    belief: Belief, candidates: Candidates, limits: Limits, drug: Drug, aim: Aim
) -> Refusal | None:
    """Why nothing may be proposed from this belief and these candidates, if so."""
    if refusal := outlook.not_trusted(belief) or _not_followed(belief, candidates, drug):
        return refusal
    given = Bolus(amount=BaseMass(1), starts_min=0, drug=drug)
    if aim is Aim.BENEFIT and (refusal := outlook.no_mood([given])):
        return refusal
    least = _least(candidates, belief.covariates.weight_kg)
    over = [one for one in least.items() if over_cap(one[1], one[0], drug, limits)]
    return _above_cap(*over[0], drug) if len(over) == len(least) else None


def _not_followed(belief: Belief, candidates: Candidates, drug: Drug) -> Refusal | None:
    """Why levels by one of the routes cannot be told; a spray has a model of its own."""
    if Route.NASAL in candidates.routes and (refusal := device.refused(belief.covariates, drug)):
        return refusal
    doses = [
        Bolus(amount=BaseMass(1), starts_min=0, drug=drug, route=route)
        for route in candidates.routes
        if route is not Route.NASAL
    ]
    return outlook.not_modelled(belief, doses)


def _least(candidates: Candidates, weight_kg: float) -> dict[Route, float]:
    """The lowest dose by each route, mg/kg."""
    least = {one.route: min(one.doses_mg) for one in candidates.at_once}
    if candidates.doses_mg:
        least[Route.INTRAVENOUS] = min(candidates.doses_mg)
    return {route: least[route] / weight_kg for route in candidates.routes}


def _above_cap(route: Route, mg_per_kg: float, drug: Drug) -> Refusal:
    cap = CAPS[route].of(drug)
    return Refusal(
        code="above-hard-cap",
        because=f"The lowest dose to choose from is {mg_per_kg:.2f} mg/kg, above "
        f"{cap.alone_mg_per_kg:g} mg/kg {INTO[route]}.",
        remedy="Offer lower doses. A second prescriber may agree to more, up to 1.5 times the cap.",
        source=cap.source,
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
