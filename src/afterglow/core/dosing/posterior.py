"""Learning about this patient: from what was seen in sessions to a belief that can be acted on.

First the best fit, then draws from a heavy-tailed shape around it, twice, weighted by how well each
explains what was seen. The weights themselves say whether the result may be trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln

from afterglow.core.body import within
from afterglow.core.dosing import importance, outlook
from afterglow.core.dosing.belief import Belief, Trust
from afterglow.core.dosing.likelihood import LEVEL_OF, Evidence, evidence
from afterglow.core.dosing.observed import (
    BelowLimit,
    Observation,
    Pressure,
    Pulse,
    Sampled,
    Scored,
    ScoredShort,
    Sedated,
    SessionObserved,
)
from afterglow.core.dosing.population import covariance
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.refusal import Refusal

__all__ = [
    "BelowLimit",
    "Observation",
    "Pressure",
    "Pulse",
    "Sampled",
    "Scored",
    "ScoredShort",
    "Sedated",
    "SessionObserved",
    "update",
]

SCOUTS, CANDIDATES = 1500, 4000
TAIL = 5.0  # degrees of freedom of the shape drawn from: heavier than a normal's
STEP = 1e-3  # of a deviation, for slopes
DIGITS = 6  # of a stored draw
FURTHEST = 8.0  # deviations beyond this are never asked about: e^8 times typical


def update(
    belief: Belief, sessions: Sequence[SessionObserved], *, seed: int, draws: int = 1000
) -> Belief | Refusal:
    """The belief after these sessions too, whatever was observed before. Same input, same digits.

    Everything observed so far is weighed again from the prior, so the order of calls plays no part.
    A session given again replaces the one of the same number: that is how a correction arrives.
    """
    found = learn(belief, sessions, seed=seed, draws=draws)
    return found if isinstance(found, Refusal) else found.belief


@dataclass(frozen=True, slots=True)
class Learnt:
    """A belief, and how well its model explains everything seen: what models are compared by."""

    belief: Belief
    log_evidence: float  # up to a constant that depends on the observations only


def learn(
    belief: Belief, sessions: Sequence[SessionObserved], *, seed: int, draws: int = 1000
) -> Learnt | Refusal:
    """As `update`, with the evidence for the model: the likelihood averaged over the prior."""
    within("draws", draws, 100, 20_000, "")
    numbered = {one.number: one for one in (*belief.observed, *sessions)}
    observed = tuple(numbered[number] for number in sorted(numbered))
    if refusal := _cannot(belief, observed):
        return refusal
    telling = [evidence(one, belief.model) for one in observed if one.observations]
    target = Target.of(belief, telling)
    best, converged = _best_fit(target)
    spread = _curvature(target.log_density, best)
    held, trust, log_evidence = _weighted(
        target, best, spread, draws=draws, seed=seed, converged=converged
    )
    learnt = replace(
        belief,
        mean=tuple(best.tolist()),
        cov=tuple(map(tuple, spread.tolist())),
        draws=tuple(map(tuple, np.round(held.T, DIGITS).tolist())),
        observed=observed,
        trust=trust,
    )
    return outlook.not_trusted(learnt) or Learnt(learnt, log_evidence)


@dataclass(frozen=True)
class Target:
    """What is being explored: prior times likelihood, over deviations (P, N)."""

    belief: Belief
    sessions: Sequence[Evidence]
    precision: Floats

    @classmethod
    def of(cls, belief: Belief, sessions: Sequence[Evidence]) -> Target:
        precision = np.asarray(np.linalg.inv(covariance(belief.model)), np.float64)
        return cls(belief, sessions, precision)

    def log_density(self, deviations: Floats) -> Floats:
        """(N,), up to a constant."""
        prior = -0.5 * np.einsum("in,ij,jn->n", deviations, self.precision, deviations)
        people = self.belief.bodies(np.clip(deviations, -FURTHEST, FURTHEST))
        return np.asarray(prior + sum(one.log_likelihood(people) for one in self.sessions))

    def cost(self, deviation: Floats) -> tuple[float, Floats]:
        """Minus the log density and its slope, from one call for all directions."""
        sides = np.eye(deviation.size) * STEP
        steps = np.hstack([np.zeros((deviation.size, 1)), sides, -sides])
        value = -self.log_density(deviation[:, None] + steps)
        ahead, behind = value[1 : deviation.size + 1], value[deviation.size + 1 :]
        return float(value[0]), (ahead - behind) / (2 * STEP)


def _best_fit(target: Target) -> tuple[Floats, bool]:
    start = np.zeros(target.precision.shape[0])
    found = minimize(target.cost, start, jac=True, method="BFGS", options={"gtol": 1e-3})
    slope = float(np.max(np.abs(target.cost(found.x)[1])))
    return np.asarray(found.x), slope < 0.05


def _curvature(log_density: Callable[[Floats], Floats], best: Floats) -> Floats:
    """Covariance (P, P) of the normal shape that fits the peak, from one call for all pairs."""
    p, h = best.size, 20 * STEP
    first, second = np.triu_indices(p)
    unit = np.eye(p) * h
    plus, minus = unit[:, first] + unit[:, second], unit[:, first] - unit[:, second]
    points = best[:, None] + np.hstack([plus, minus, -minus, -plus])
    pp, pm, mp, mm = np.split(log_density(points), 4)
    hessian = np.zeros((p, p))
    hessian[first, second] = hessian[second, first] = (pp - pm - mp + mm) / (4 * h * h)
    sizes, axes = np.linalg.eigh(-hessian)
    return np.asarray((axes / np.maximum(sizes, 1e-2)) @ axes.T)


def _weighted(
    target: Target, best: Floats, spread: Floats, *, draws: int, seed: int, converged: bool
) -> tuple[Floats, Trust, float]:
    """Draws (P, draws) of the posterior, how far they may be trusted, and the log evidence.

    A first, smaller round finds where the mass lies: a skewed peak is not its own middle.
    """
    dice = np.random.default_rng([seed, 2])
    scouts, weights, _, _ = _round(target, dice, (best, spread), SCOUTS)
    shape = _moments(scouts, weights) if _telling(weights, best.size) else (best, spread)
    candidates, weights, k, log_mean = _round(target, dice, shape, CANDIDATES)
    trust = Trust(
        effective_draws=round(importance.effective(weights), 1),
        pareto_k=round(k, 3),
        converged=converged,
    )
    chosen = importance.resampled(weights, draws, float(dice.random()))
    return candidates[:, chosen], trust, log_mean + _prior_height(target.precision)


def _telling(weights: Floats, parameters: int) -> bool:
    """Whether the first round knows enough to say how wide the mass is in every direction."""
    return importance.effective(weights) > 20 * parameters


def _moments(points: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Weighted mean (P,) and covariance (P, P) of points (P, N)."""
    middle = points @ weights
    off = points - middle[:, None]
    return middle, (off * weights) @ off.T


def _round(
    target: Target, dice: np.random.Generator, shape: tuple[Floats, Floats], n: int
) -> tuple[Floats, Floats, float, float]:
    """Draws (P, n) from a heavy-tailed shape, their weights (n,), Pareto k, and log mean weight."""
    middle, spread = shape
    noise = dice.standard_normal((middle.size, n))
    noise *= np.sqrt(TAIL / dice.chisquare(TAIL, n))
    half = np.asarray(np.linalg.cholesky(spread), np.float64)
    candidates = middle[:, None] + np.einsum("ij,jn->in", half, noise)
    drawn_from = -0.5 * (TAIL + middle.size) * np.log1p(np.sum(noise**2, axis=0) / TAIL)
    log_weights = target.log_density(candidates) - drawn_from
    weights, k = importance.smoothed(log_weights)
    highest = float(log_weights.max())
    log_mean = highest + float(np.log(np.mean(np.exp(log_weights - highest))))
    return candidates, weights, k, log_mean - _shape_height(half)


def _shape_height(half: Floats) -> float:
    """Log density at the middle of the shape drawn from, a multivariate t."""
    p = half.shape[0]
    turned = gammaln((TAIL + p) / 2) - gammaln(TAIL / 2) - p / 2 * np.log(TAIL * np.pi)
    return float(turned - np.sum(np.log(np.diag(half))))


def _prior_height(precision: Floats) -> float:
    """Log density of the prior at the typical person."""
    return float(0.5 * (np.linalg.slogdet(precision)[1] - len(precision) * np.log(2 * np.pi)))


def _cannot(belief: Belief, observed: Sequence[SessionObserved]) -> Refusal | None:
    """Why nothing can be learnt from these sessions, if so."""
    for session in observed:
        if refusal := outlook.not_modelled(belief, session.doses):
            return refusal
        for one in session.observations:
            if isinstance(one, Sampled | BelowLimit) and (refusal := _unusable(one, session)):
                return refusal
    if not any(session.observations for session in observed):
        return Refusal(
            code="nothing-observed",
            because="No session holds a score, a pressure, a pulse or a level.",
            remedy="Record at least one, with the time since the session began.",
        )
    return None


def _unusable(one: Sampled | BelowLimit, session: SessionObserved) -> Refusal | None:
    level = one.level if isinstance(one, Sampled) else one.limit
    begun = min(dose.starts_min for dose in session.doses)
    if one.at_min <= begun or level.ng_per_ml == 0:
        return Refusal(
            code="sample-before-dose",
            because=f"In session {session.number}, a sample of {level.ng_per_ml:g} ng/mL at "
            f"{one.at_min:g} min; the first dose began at {begun:g} min.",
            remedy="A sample must hold drug and be later than the first dose: check its time. "
            "Where nothing could be quantified, give the limit instead.",
        )
    if (level.site, level.analyte) not in LEVEL_OF:
        return Refusal(
            code="level-not-modelled",
            because=f"{level.site} {level.analyte} is not followed by the model.",
            remedy="Give ketamine or esketamine, arterial or venous.",
        )
    return None
