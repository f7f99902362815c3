"""Several structural models of one patient, weighed by how well each explains what was seen.

A proposal rests on the likeliest. Where another that is nearly as likely says the limits would be
broken, there is no proposal: a choice of model must not decide what a patient is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from afterglow.core.body import Baseline, Covariates
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.observed import BelowLimit, Observation, Sampled, SessionObserved
from afterglow.core.dosing.options import Candidates, Limits, Option, Proposal
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.dosing.population import prior_for
from afterglow.core.dosing.posterior import learn
from afterglow.core.dosing.propose import propose
from afterglow.core.dosing.tradeoff import Weighing
from afterglow.core.quantity import Analyte, Drug
from afterglow.core.refusal import Refusal

STRUCTURES = ("simons_2022", "otto_2021", "kamp_2020_meta")
LEAST_WEIGHT = 0.05  # [own] a model this unlikely has no say
MOST_OVER = 0.10  # [own] how far another model's chance may lie above the clinic's limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One model of this patient and its weight, 0 to 1: equal before anything was seen."""

    belief: Belief
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """Models of one patient, likeliest first; their weights sum to 1."""

    each: tuple[Weighed, ...]
    left_out: tuple[str, ...]  # what could not be used, and why

    @property
    def likeliest(self) -> Weighed:
        return self.each[0]


def weigh(
    covariates: Covariates,
    sessions: Sequence[SessionObserved],
    *,
    seed: int,
    draws: int = 1000,
    models: Sequence[str] = STRUCTURES,
) -> Several | Refusal:
    """Learn with every model from the same observations. Deterministic in its arguments.

    Norketamine samples are left out here: only one of the models could explain them, and evidence
    compares only what all have seen. A model whose draws cannot be trusted is left out, and named.
    """
    comparable = [_without_norketamine(one) for one in sessions]
    found: list[tuple[Belief, float]] = []
    left_out = [] if list(sessions) == comparable else ["Norketamine samples: not in every model."]
    refused: Refusal | None = None
    for model in models:
        learnt = _learnt(model, covariates, comparable, seed=seed, draws=draws)
        if isinstance(learnt, Refusal):
            refused = refused or learnt
            left_out.append(f"{model}: {learnt.because}")
        else:
            found.append(learnt)
    if not found and refused:
        return refused
    logs = np.array([log_evidence for _, log_evidence in found])
    shares = np.exp(logs - logs.max()) / np.sum(np.exp(logs - logs.max()))
    each = [
        Weighed(belief=belief, weight=round(float(share), 4))
        for (belief, _), share in zip(found, shares, strict=True)
    ]
    ordered = sorted(each, key=lambda one: -one.weight)  # stable: the default model wins a tie
    return Several(each=tuple(ordered), left_out=tuple(left_out))


def propose_among(
    several: Several,
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
    """The likeliest model's proposal, unless another weighty one says it would break the limits."""
    visit = Visit(number=session_number, baseline=baseline, idle_days=idle_days)
    proposal = propose(
        several.likeliest.belief,
        limits=limits,
        candidates=candidates,
        session_number=session_number,
        baseline=baseline,
        seed=seed,
        drug=drug,
        draws=draws,
        idle_days=idle_days,
    )
    if isinstance(proposal, Refusal):
        return proposal
    said = []
    for other in several.each[1:]:
        weighing = Weighing(
            belief=other.belief,
            people=other.belief.bodies(other.belief.sample(draws, seed)),
            occasion=Occasion.drawn(draws, seed),
            visit=visit,
            drug=drug,
            limits=limits,
        )
        chosen = Candidates(doses_mg=(proposal.chosen.dose_mg,), minutes=(proposal.chosen.minutes,))
        option = weighing.options(chosen)[0]
        if other.weight >= LEAST_WEIGHT and _over(option, limits):
            return _disagree(proposal, option, several.likeliest, other)
        said.append(_in_words(option, other))
    return replace(proposal, notes=(*proposal.notes, *said, *several.left_out))


def _learnt(
    model: str,
    covariates: Covariates,
    sessions: Sequence[SessionObserved],
    *,
    seed: int,
    draws: int,
) -> tuple[Belief, float] | Refusal:
    prior = prior_for(covariates, model=model)
    if isinstance(prior, Refusal):
        return prior
    if not any(one.observations for one in sessions):
        return prior, 0.0
    found = learn(prior, sessions, seed=seed, draws=draws)
    return found if isinstance(found, Refusal) else (found.belief, found.log_evidence)


def _without_norketamine(session: SessionObserved) -> SessionObserved:
    kept = tuple(one for one in session.observations if not _is_norketamine(one))
    return replace(session, observations=kept)


def _is_norketamine(one: Observation) -> bool:
    match one:
        case Sampled(level=level) | BelowLimit(limit=level):
            return level.analyte is Analyte.NORKETAMINE
    return False


def _over(option: Option, limits: Limits) -> bool:
    return (
        option.cadss_chance > limits.cadss_chance + MOST_OVER
        or option.systolic_chance > limits.systolic_chance + MOST_OVER
    )


def _in_words(option: Option, other: Weighed) -> str:
    return (
        f"By {other.belief.model} (weight {other.weight:.0%}): chance of dissociation above the "
        f"limit {option.cadss_chance:.0%}, of pressure {option.systolic_chance:.0%}."
    )


def _disagree(proposal: Proposal, option: Option, first: Weighed, other: Weighed) -> Refusal:
    chosen = proposal.chosen
    return Refusal(
        code="models-disagree",
        because=f"{chosen}: by {first.belief.model} (weight {first.weight:.0%}) the chances of "
        f"too much dissociation and pressure are {chosen.cadss_chance:.0%} and "
        f"{chosen.systolic_chance:.0%}. {_in_words(option, other)}",
        remedy="Give a dose that both allow, or take a level or two to tell the models apart.",
        source=f"A chance {MOST_OVER:.0%} above the clinic's limit is too far apart [own]",
    )
