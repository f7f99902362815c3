"""Learning about this patient: from what was seen in sessions to a belief that can be acted on.

First the best fit, then draws from a heavy-tailed shape around it, twice, weighted by how well each
explains what was seen. The weights themselves say whether the result may be trusted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from afterglow.core.body import within
from afterglow.core.dosing import importance, outlook
from afterglow.core.dosing.belief import WORST_PARETO_K, Belief, Trust
from afterglow.core.dosing.fit import Misfit
from afterglow.core.dosing.label import by_device
from afterglow.core.dosing.likelihood import LEVEL_OF, Evidence, evidence, log_likelihood
from afterglow.core.dosing.misfit import misfit
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
    in_words,
    twice,
)
from afterglow.core.dosing.population import covariance
from afterglow.core.dosing.slopes import Height, Walker
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.routes import WHOLE, entering
from afterglow.core.quantity import Analyte
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

SCOUTS, CANDIDATES = 1200, 3000
TAIL = 5.0  # degrees of freedom of the shape drawn from: heavier than a normal's
MOST_STEPS, MOST_STARTS = 60, 4
LEVEL, NEARLY_LEVEL = 1e-5, 0.05  # slopes of the log density, per deviation
DIGITS = 6  # of a stored draw
SAME_MISFIT = 0.15  # it is stored to one place, which another machine may round otherwise
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
    """As `update`, with the evidence for the model: the likelihood averaged over the prior.

    A session by nasal device is held, for what it gave counts, and teaches nothing.
    """
    within("draws", draws, 100, 20_000, "")
    numbered = {one.number: one for one in (*belief.observed, *sessions)}
    observed = tuple(numbered[number] for number in sorted(numbered))
    taught_by = tuple(one for one in observed if not by_device(one.doses))
    if refusal := _cannot(belief, taught_by):
        return refusal
    target = _explored(belief, taught_by)
    peak, held, trust, log_evidence = _weighted(target, draws=draws, seed=seed)
    trust = replace(trust, misfit=target.misfit(peak.at))
    learnt = replace(
        belief,
        mean=tuple(peak.at.tolist()),
        cov=tuple(map(tuple, peak.spread.tolist())),
        draws=tuple(map(tuple, np.round(held.T, DIGITS).tolist())),
        observed=observed,
        trust=trust,
    )
    return outlook.not_trusted(learnt) or Learnt(learnt, log_evidence)


def still_fits(belief: Belief) -> bool:
    """Whether the model of today says of a stored belief's sessions what it said when it learnt.

    A belief holds deviations from typical people: with other typical people it is another belief.
    """
    if not belief.taught_by:
        return True
    if belief.trust is None or belief.trust.misfit is None:
        return False
    now = _explored(belief, belief.taught_by).misfit(np.array(belief.mean))
    return abs(now.squares - belief.trust.misfit.squares) < SAME_MISFIT


def _explored(belief: Belief, taught_by: Sequence[SessionObserved]) -> Target:
    telling = [evidence(one, belief.model) for one in taught_by if one.observations]
    return Target.of(belief, telling)


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
        prior = -0.5 * np.sum(deviations * (self.precision @ deviations), axis=0)
        people = self.belief.bodies(np.clip(deviations, -FURTHEST, FURTHEST))
        return np.asarray(prior + log_likelihood(self.sessions, people))

    def misfit(self, at: Floats) -> Misfit:
        """How far the person at these deviations (P,) is from what was seen, and from typical."""
        from_typical = float(at @ self.precision @ at)
        return misfit(self.sessions, self.belief.bodies(at[:, None]), from_typical)

    def walker(self) -> Walker:
        """The same density for one person at a time, with its slopes."""
        return Walker.of(self.belief, self.precision, self.sessions)


@dataclass(frozen=True, slots=True)
class Peak:
    """The best fit (P,), its log density, the spread it speaks of (P, P), and whether it is one."""

    at: Floats
    height: float
    spread: Floats
    found: bool


def best_fit(walker: Walker, start: Floats) -> Peak:
    """The likeliest deviations (P,). Newton's steps, each halved until the density rises."""
    here, height = start, walker.at(start)
    for _ in range(MOST_STEPS):
        if np.max(np.abs(height.slope)) < LEVEL:
            break
        step = np.asarray(np.linalg.solve(height.told, height.slope), np.float64)
        higher = _higher(walker, here, height, step)
        if higher is None:
            break
        here, height = higher
    level = float(np.max(np.abs(height.slope))) < NEARLY_LEVEL
    spread = np.asarray(np.linalg.inv(height.told), np.float64)
    return Peak(here, height.value, spread, level)


def _higher(
    walker: Walker, here: Floats, height: Height, step: Floats
) -> tuple[Floats, Height] | None:
    """Along a step, the first of its halves where the density has risen as its slope promised."""
    promised = float(step @ height.slope)
    for halved in range(20):
        part = 0.5**halved
        found = walker.at(here + part * step)
        if found.value >= height.value + 1e-4 * part * promised:
            return here + part * step, found
    return None


def _weighted(target: Target, *, draws: int, seed: int) -> tuple[Peak, Floats, Trust, float]:
    """The best fit, draws (P, draws), how far they may be trusted, and the log evidence.

    A first, smaller round finds where the mass lies: a skewed peak is not its own middle.
    """
    dice = np.random.default_rng([seed, 2])
    peak, scouts = _scouted(target, dice)
    shape = peak.at, peak.spread
    if _telling(scouts.weights, peak.at.size):
        shape = _moments(scouts.points, scouts.weights)
    drawn = _settled(target, dice, _round(target, dice, shape, CANDIDATES))
    trust = Trust(
        effective_draws=round(importance.effective(drawn.weights), 1),
        pareto_k=round(drawn.pareto_k, 3),
        converged=peak.found,
    )
    chosen = importance.resampled(drawn.weights, draws, float(dice.random()))
    log_evidence = drawn.log_mean + _prior_height(target.precision)
    return peak, drawn.points[:, chosen], trust, log_evidence


def _scouted(target: Target, dice: np.random.Generator) -> tuple[Peak, Round]:
    """The best fit and a round of draws around it. Where a draw lies higher, it starts from there.

    A full scale has no slope: on its edge the walk can stop below the top.
    """
    walker = target.walker()
    peak = best_fit(walker, np.zeros(target.precision.shape[0]))
    scouts = _round(target, dice, (peak.at, peak.spread), SCOUTS)
    for _ in range(MOST_STARTS):
        top = int(np.argmax(scouts.heights))
        if scouts.heights[top] <= peak.height:
            break
        peak = best_fit(walker, scouts.points[:, top])
        scouts = _round(target, dice, (peak.at, peak.spread), SCOUTS)
    return peak, scouts


def _telling(weights: Floats, parameters: int) -> bool:
    """Whether the first round knows enough to say how wide the mass is in every direction."""
    return importance.effective(weights) > 20 * parameters


def _settled(target: Target, dice: np.random.Generator, drawn: Round) -> Round:
    """The same draws; where their tail cannot be trusted, those of one round more, if it can.

    A rise far beyond the usual moves the mass so far that scouts around its peak tell too little.
    """
    if drawn.pareto_k < WORST_PARETO_K or not _telling(drawn.weights, drawn.points.shape[0]):
        return drawn
    shape = _moments(drawn.points, drawn.weights)
    return min(drawn, _round(target, dice, shape, CANDIDATES), key=lambda one: one.pareto_k)


def _moments(points: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Weighted mean (P,) and covariance (P, P) of points (P, N)."""
    middle = points @ weights
    off = points - middle[:, None]
    return middle, (off * weights) @ off.T


@dataclass(frozen=True, slots=True)
class Round:
    """Draws from a heavy-tailed shape, and how they explain what was seen."""

    points: Floats  # (P, n)
    heights: Floats  # log density, (n,)
    weights: Floats  # (n,), summing to 1
    pareto_k: float
    log_mean: float  # of the weights


def _round(
    target: Target, dice: np.random.Generator, shape: tuple[Floats, Floats], n: int
) -> Round:
    middle, spread = shape
    noise = dice.standard_normal((middle.size, n))
    noise *= np.sqrt(TAIL / dice.chisquare(TAIL, n))
    half = np.asarray(np.linalg.cholesky(spread), np.float64)
    points = middle[:, None] + np.einsum("ij,jn->in", half, noise)
    drawn_from = -0.5 * (TAIL + middle.size) * np.log1p(np.sum(noise**2, axis=0) / TAIL)
    heights = target.log_density(points)
    log_weights = heights - drawn_from
    weights, k = importance.smoothed(log_weights)
    highest = float(log_weights.max())
    log_mean = highest + float(np.log(np.mean(np.exp(log_weights - highest))))
    return Round(points, heights, weights, k, log_mean - _shape_height(half))


def _shape_height(half: Floats) -> float:
    """Log density at the middle of the shape drawn from, a multivariate t."""
    p = half.shape[0]
    turned = math.lgamma((TAIL + p) / 2) - math.lgamma(TAIL / 2) - p / 2 * np.log(TAIL * np.pi)
    return float(turned - np.sum(np.log(np.diag(half))))


def _prior_height(precision: Floats) -> float:
    """Log density of the prior at the typical person."""
    return float(0.5 * (np.linalg.slogdet(precision)[1] - len(precision) * np.log(2 * np.pi)))


def _cannot(belief: Belief, observed: Sequence[SessionObserved]) -> Refusal | None:
    """Why nothing can be learnt from these sessions, if so."""
    for session in observed:
        if refusal := outlook.not_modelled(belief, session.doses) or _copied(session):
            return refusal
        for one in session.observations:
            if isinstance(one, Sampled | BelowLimit) and (
                refusal := _unusable(one, session) or _not_followed(one, session, belief)
            ):
                return refusal
    if not any(session.observations for session in observed):
        return Refusal(
            code="nothing-observed",
            because="No session that can teach holds a score, a pressure, a pulse or a level.",
            remedy="Record at least one, with the time since the session began. A session by nasal "
            "device teaches nothing.",
        )
    return None


def _copied(session: SessionObserved) -> Refusal | None:
    """One reading told twice would count as two witnesses."""
    return next(
        (
            Refusal(
                code="observed-twice",
                because=f"In session {session.number}, {in_words(one)} stands more than once.",
                remedy="Give it once. A second reading that gave the same has an instant of its "
                "own; readings of one instant that differ are each counted.",
            )
            for one in twice(session.observations)
        ),
        None,
    )


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
    return None


def _not_followed(
    one: Sampled | BelowLimit, session: SessionObserved, belief: Belief
) -> Refusal | None:
    """Why the model says nothing of such a level after these doses, if so."""
    level = one.level if isinstance(one, Sampled) else one.limit
    why = f"{level.site} {level.analyte} is not followed by the model"
    if (level.site, level.analyte) in LEVEL_OF:
        if level.analyte is not Analyte.NORKETAMINE:
            return None
        if "mtt_nk" in belief.parameters:
            if WHOLE.issuperset(way for way, _ in entering(session.doses)):
                return None
            why += " after a dose of which some is swallowed"
    return Refusal(
        code="level-not-modelled",
        because=f"In session {session.number}, {why}.",
        remedy="Give ketamine or esketamine, arterial or venous.",
    )
