"""What is believed of how one patient's mood answers: learnt from every score of the course.

Exploratory: the mood model was set by hand on group means (docs/science/mood.md). Learning from a
patient's own scores narrows its spread; it cannot make its shape right.

Where a person stands in the nine directions of the mood model is drawn together with the body, and
weighed by how well each explains the scores: first from the population, then near what explained.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from afterglow.core.body import within
from afterglow.core.dosing import codec, importance, outlook
from afterglow.core.dosing.belief import Belief, Trust
from afterglow.core.dosing.bodies import spread_parameters
from afterglow.core.dosing.likelihood import Side, ends
from afterglow.core.dosing.mood_seen import CourseSeen, MoodScored, TreatedOn
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.mood import (
    MoodParams,
    SessionDrive,
    course_along,
    drive_minutes,
    drive_rate,
)
from afterglow.core.pharmacology.mood_people import DIRECTIONS, people_of
from afterglow.core.pharmacology.normal import log_chance_below, seldom_exceeded
from afterglow.core.pharmacology.scales import from_madrs, link, points_per_madrs, to_madrs
from afterglow.core.pharmacology.sourced import sheet
from afterglow.core.quantity import Dose, Drug
from afterglow.core.refusal import Refusal

BODIES = 500  # of the patient's draws; what they add to mood is little
FROM_POPULATION, FROM_NEAR = 4000, 4000
MOST_ROUNDS = 3  # near what explained, until the draws can be trusted
WIDE = 0.2  # share of the second round still drawn from the population: nobody is ruled out
TAIL = 5.0
SHORTEST_GAP_DAYS = 1.0
ONCE_IN = 1e-4  # [own] scores that fit nobody better than this seldom happens are not believed


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodBelief:
    """Draws of a person's mood model, each with a body; enough to compute any course ahead."""

    belief: Belief
    seen: CourseSeen
    places: tuple[tuple[float, ...], ...]  # (N, 9), standard normal in the population
    bodies: tuple[int, ...]  # which of the belief's draws each goes with, (N,)
    trust: Trust
    seed: int

    @property
    def responder_chance(self) -> float:
        """The chance that this patient is of those whom the drug takes most symptoms from."""
        return float(np.mean(self.people().sensitivity > 0.5))

    def people(self) -> MoodParams:
        """The mood model of each draw (N,)."""
        own = leaning(self.belief, self._deviations())[np.array(self.bodies)]
        return person_at(self.seen, np.array(self.places).T, own)

    def bodies_in_their_units(self) -> dict[str, Floats]:
        """The body of each draw, (N,) every parameter."""
        return self.belief.bodies(self._deviations()[:, np.array(self.bodies)])

    def drives(self, more: Sequence[TreatedOn] = ()) -> list[SessionDrive]:
        """What the sessions so far, and perhaps more, drive in each draw, (g, N) each."""
        given = drives_of(self.belief, self._deviations(), (*self.seen.sessions, *more))
        return in_bodies(given, np.array(self.bodies))

    def _deviations(self) -> Floats:
        return self.belief.sample(BODIES, self.seed)

    def to_json(self) -> dict[str, Any]:
        raw: dict[str, Any] = codec.plain(self)
        return raw

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> MoodBelief:
        return codec.read(cls, raw)


def learn_mood(
    belief: Belief, seen: CourseSeen, *, seed: int, draws: int = 1000
) -> MoodBelief | Refusal:
    """The patient's mood model after these scores; with none since treatment, the population's.

    Same input, same digits. Error of a rating and bounds of its scale are counted.
    """
    within("draws", draws, 100, 5000, "")
    if refusal := outlook.not_trusted(belief) or _cannot(belief, seen):
        return refusal
    dice = np.random.default_rng([seed, 4])
    target = _Target.of(belief, seen, seed)
    drawn = target.round_from(dice, None, FROM_POPULATION)
    for _ in range(MOST_ROUNDS if seen.after else 0):
        drawn = target.round_from(dice, _moments(drawn), FROM_NEAR)
        if drawn.trust.trusted:
            break
    if drawn.least_misfit > seldom_exceeded(max(len(seen.after), 1), ONCE_IN):
        return _not_settled("they scatter more than ratings do")
    if not drawn.trust.trusted:
        return _not_settled(drawn.trust.words)
    chosen = importance.resampled(drawn.weights, draws, float(dice.random()))
    return MoodBelief(
        belief=belief,
        seen=seen,
        places=tuple(map(tuple, np.round(drawn.places[:, chosen].T, 6).tolist())),
        bodies=tuple(drawn.bodies[chosen].tolist()),
        trust=drawn.trust,
        seed=seed,
    )


@dataclass(frozen=True, slots=True)
class _Round:
    places: Floats  # (9, n)
    bodies: NDArray[np.intp]  # (n,)
    weights: Floats  # (n,), summing to 1
    pareto_k: float
    least_misfit: float  # sum of squares, in rating errors, of whom the scores fit best

    @property
    def trust(self) -> Trust:
        return Trust(
            effective_draws=round(importance.effective(self.weights), 1),
            pareto_k=round(self.pareto_k, 3),
            converged=True,
        )


@dataclass(frozen=True, slots=True)
class _Target:
    """The scores, ready to be compared with any number of people."""

    seen: CourseSeen
    drives: list[SessionDrive]  # in each body, (g, BODIES)
    leaning: Floats  # of each body, (BODIES,)

    @classmethod
    def of(cls, belief: Belief, seen: CourseSeen, seed: int) -> _Target:
        deviations = belief.sample(BODIES, seed)
        return cls(seen, drives_of(belief, deviations, seen.sessions), leaning(belief, deviations))

    def round_from(
        self, dice: np.random.Generator, near: tuple[Floats, Floats] | None, n: int
    ) -> _Round:
        """`n` people of the population, or of a heavy-tailed shape as well; weighed."""
        places = dice.standard_normal((DIRECTIONS, n))
        bodies = dice.integers(BODIES, size=n)
        if near is not None:
            wide = int(WIDE * n)
            places[:, wide:] = _spread(dice, near, n - wide)
        told, misfit = self._told(places, bodies)
        weights, k = importance.smoothed(told + _log_ratio(places, near))
        return _Round(places, bodies, weights, k, float(misfit.min()))

    def _told(self, places: Floats, bodies: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Log-likelihood (n,) of all scores, and how far off they lie, in rating errors squared."""
        if not self.seen.after:
            return np.zeros(bodies.size), np.zeros(bodies.size)
        people = person_at(self.seen, places, self.leaning[bodies])
        days = np.array(sorted({one.at_day for one in self.seen.after}))
        given = in_bodies(self.drives, bodies)
        madrs = course_along(people, given, days, self.seen.therapy).madrs
        at = {day: madrs[:, n] for n, day in enumerate(days)}
        each = [told_by(one, at[one.at_day], people) for one in self.seen.after]
        told, misfit = (np.sum(part, axis=0) for part in zip(*each, strict=True))
        return np.asarray(told), np.asarray(misfit)


def person_at(seen: CourseSeen, places: Floats, leaning: Floats) -> MoodParams:
    """Mood models (n) at these places (9, n), for what was rated before treatment."""
    numbers = dict(sheet("mood").typical())
    doses = [dose for session in seen.sessions for dose in session.doses]
    if any(dose.drug is Drug.ESKETAMINE for dose in doses):
        numbers["dissociation_correlation"] = numbers["dissociation_correlation_esketamine"]
    rated = [float(to_madrs(one.score, one.scale)) for one in seen.before]
    return people_of(
        places,
        baseline_madrs=(float(np.mean(rated)), numbers["residual_madrs"] / len(rated) ** 0.5),
        expectancy=seen.expectancy,
        new_antidepressant=seen.new_antidepressant,
        dissociation_z=leaning,
        numbers=numbers,
    )


def leaning(belief: Belief, deviations: Floats) -> Floats:
    """How far each draw (P, n) leans to dissociation, in standard deviations of the population."""
    sd = spread_parameters(belief.model)["dmax"].sd
    return np.asarray(deviations[belief.parameters.index("dmax")] / sd)


def drives_of(
    belief: Belief, deviations: Floats, sessions: Sequence[TreatedOn]
) -> list[SessionDrive]:
    """What each session drives in each draw (P, n), by the effect site of S-ketamine: (g, n)."""
    people = belief.bodies(deviations)
    once = {doses: _driven(people, doses) for doses in {one.doses for one in sessions}}
    return [replace(once[one.doses], at_day=one.day) for one in sessions]


def _driven(people: Mapping[str, Floats], doses: tuple[Dose, ...]) -> SessionDrive:
    """One session's drive along its own course."""
    minutes = drive_minutes(doses)
    line = timeline(doses, minutes)
    site = lv.levels(people, line, lv.DISSOCIATION_SITE)[lv.DISSOCIATION_SITE][line.asked]
    return SessionDrive(at_day=0.0, t_min=minutes, drive=drive_rate(site))


def in_bodies(sessions: Sequence[SessionDrive], bodies: NDArray[np.intp]) -> list[SessionDrive]:
    """The same sessions in these bodies (m,), of those they were worked out in."""
    return [replace(one, drive=one.drive[:, bodies]) for one in sessions]


def told_by(one: MoodScored, madrs: Floats, people: MoodParams) -> tuple[Floats, Floats]:
    """Log-likelihood (n,) of one score, and its misfit: at a scale's end it may lie beyond."""
    error = points_per_madrs(madrs, one.scale) * people.residual_madrs
    (side,), (seen,) = ends(np.array([one.score]), link(one.scale).top)
    z = (seen - from_madrs(madrs, one.scale)) / error
    if side == Side.ITSELF:
        return np.asarray(-0.5 * z**2 - np.log(error)), np.asarray(z**2)
    return np.asarray(log_chance_below(-side * z)), np.asarray(np.maximum(side * z, 0.0) ** 2)


def _moments(first: _Round) -> tuple[Floats, Floats]:
    """Middle (9,) and spread (9, 9) of the people who explain the scores."""
    middle = first.places @ first.weights
    off = first.places - middle[:, None]
    spread = (off * first.weights) @ off.T
    return middle, spread + 0.05 * np.eye(middle.size)


def _spread(dice: np.random.Generator, near: tuple[Floats, Floats], n: int) -> Floats:
    noise = dice.standard_normal((DIRECTIONS, n)) * np.sqrt(TAIL / dice.chisquare(TAIL, n))
    return np.asarray(near[0][:, None] + np.linalg.cholesky(near[1]) @ noise)


def _log_ratio(places: Floats, near: tuple[Floats, Floats] | None) -> Floats:
    """The population's log density over that of what was drawn from, (n,)."""
    if near is None:
        return np.zeros(places.shape[1])
    p = DIRECTIONS
    usual = -0.5 * np.sum(places**2, axis=0) - 0.5 * p * np.log(2 * np.pi)
    half = np.linalg.cholesky(near[1])
    off = np.linalg.solve(half, places - near[0][:, None])
    turned = math.lgamma((TAIL + p) / 2) - math.lgamma(TAIL / 2) - 0.5 * p * np.log(TAIL * np.pi)
    height = turned - np.sum(np.log(np.diag(half)))
    tailed = height - 0.5 * (TAIL + p) * np.log1p(np.sum(off**2, axis=0) / TAIL)
    return np.asarray(usual - np.logaddexp(np.log(WIDE) + usual, np.log1p(-WIDE) + tailed))


def _cannot(belief: Belief, seen: CourseSeen) -> Refusal | None:
    """Why nothing can be learnt from this course, if so."""
    if not seen.sessions or not seen.before:
        return Refusal(
            code="no-mood-baseline",
            because="There is no session, or no score from before the first one to compare with.",
            remedy="Enter a score from before treatment, and the sessions given.",
        )
    days = np.sort([one.day for one in seen.sessions])
    if np.any(np.diff(days) < SHORTEST_GAP_DAYS):
        return Refusal(
            code="sessions-too-close",
            because=f"Two sessions are {np.diff(days).min():g} days apart.",
            remedy=f"Leave {SHORTEST_GAP_DAYS:g} day or more, or give them as one session.",
            source="levels of one session are taken to be gone before the next [own]",
        )
    for one, times in Counter(seen.scores).items():
        if times > 1:
            return _told_twice(one)
    for given in seen.sessions:
        if refusal := outlook.no_mood(given.doses) or outlook.not_modelled(belief, given.doses):
            return refusal
    return None


def _told_twice(score: MoodScored) -> Refusal:
    return Refusal(
        code="scored-twice",
        because=f"A score of {score.score:g} on {score.scale} on day {score.at_day:g} stands more "
        "than once.",
        remedy="Give it once: one rating told twice would count as two. Ratings of one day that "
        "differ are each counted.",
    )


def _not_settled(why: str) -> Refusal:
    return Refusal(
        code="mood-not-trusted",
        because=f"No course the mood model knows explains these scores: {why}.",
        remedy="Check the scores and their days; judge the course clinically.",
        source="Pareto-smoothed importance sampling, Vehtari 2024",
    )
