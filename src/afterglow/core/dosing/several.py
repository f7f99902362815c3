"""Several structural models of one patient, weighed by how well each explains what was seen.

A proposal rests on the likeliest (agreement.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from afterglow.core.body import Covariates
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.observed import BelowLimit, Observation, Sampled, SessionObserved
from afterglow.core.dosing.population import prior_for
from afterglow.core.dosing.posterior import learn
from afterglow.core.quantity import Analyte
from afterglow.core.refusal import Refusal

STRUCTURES = ("simons_2022", "otto_2021", "kamp_2020_meta")


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
