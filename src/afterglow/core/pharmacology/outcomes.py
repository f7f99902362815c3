"""What a course of scores means: response, remission, relapse (M9), and benefit against high (M11).

The rating error is integrated out, not drawn: each person has a chance of being rated a
responder, and the interval is over people and over parameters, not over luck with the rater.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.mood import MoodCourse, MoodParams
from afterglow.core.pharmacology.normal import chance_below
from afterglow.core.pharmacology.scales import Scale, from_madrs, points_per_madrs, remission
from afterglow.core.pharmacology.sourced import sheet

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """A probability with the interval of its mean; both 0 to 1, each (t,)."""

    mean: Array
    low: Array
    high: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitAgainstHigh:
    """M11: what was gained on mood for how much dissociation, and both sides of the evidence."""

    benefit_day1: Array  # share of the starting score gone by drug at 24 h, (n,)
    benefit_day7: Array
    burden_point_min: Array  # dissociation above the threshold, points x minutes, (n,)
    per_hundred: Array  # mean benefit per 100 points x minutes; infinite where there was no burden
    threshold_points: float
    evidence_for_separating: str
    evidence_against: str


EVIDENCE_FOR = (
    "Long low-rate oral and intravenous regimens report benefit with little dissociation "
    "(R-107 tablets; Lenze 2016, small), and with esketamine spray dissociation wears off over "
    "sessions while benefit stays (Chen 2022)."
)
EVIDENCE_AGAINST = (
    "Ketamine under anaesthesia did not beat placebo (Lii 2023), a small arketamine trial was "
    "null (Leal 2023), dissociation and benefit correlate at -0.35 to -0.41 in one racemic series "
    "(Luckenbaugh 2014), and 0.1-0.2 mg/kg by vein is weaker and fades sooner."
)


def chance_of_response(
    params: MoodParams,
    course: MoodCourse,
    scale: Scale = Scale.MADRS,
    fall: float = 0.5,
    *,
    rated_start: Array | None = None,
) -> Array:
    """Each person's chance of being rated as fallen by `fall` of the rated baseline; (n, t).

    `rated_start` (n,) are baselines as they were rated, on the scale, where that is known; else
    their rating error is integrated out as well.
    """
    now, error = _rated(params, course, scale)
    if rated_start is not None:
        return chance_below(((1.0 - fall) * rated_start[:, None] - now) / error)
    start = from_madrs(params.baseline_madrs, scale)[:, None]
    first = points_per_madrs(params.baseline_madrs, scale)[:, None] * params.residual_madrs[:, None]
    gap = (1.0 - fall) * start - now
    return chance_below(gap / np.sqrt(error**2 + ((1.0 - fall) * first) ** 2))


def chance_of_remission(
    params: MoodParams,
    course: MoodCourse,
    scale: Scale = Scale.MADRS,
    at_most: float | None = None,
) -> Array:
    """Each person's chance of being rated at or below the remission cut; (n, t).

    `at_most` in points of the scale; by default the scale's own cut. Ratings are whole points, so
    it is taken half a point above.
    """
    now, error = _rated(params, course, scale)
    cut = remission(scale).at_most if at_most is None else at_most
    return chance_below((cut + 0.5 - now) / error)


def relapse_hazard_per_day(
    consolidated: Array,
    *,
    oral_antidepressant: bool = False,
    numbers: Mapping[str, float] | None = None,
) -> Array:
    """M9: h = h0 exp(-beta L), per day; lower by a factor on an oral antidepressant.

    On an oral drug this is the mean at the start, before those it fails have relapsed.
    """
    numbers = sheet("mood").typical() if numbers is None else numbers
    hazard = numbers["relapse_hazard"] * np.exp(-numbers["relapse_protection"] * consolidated)
    factor = numbers["relapse_oral_factor"] if oral_antidepressant else 1.0
    return np.asarray(factor * hazard)


def chance_of_relapse(
    course: MoodCourse,
    from_day: float,
    *,
    oral_antidepressant: bool = False,
    numbers: Mapping[str, float] | None = None,
) -> Array:
    """Chance that a responder has relapsed by each time, counted from `from_day`; (n, t).

    The hazard is summed by the trapezium rule over the course's own times: give daily times. An
    oral drug holds one person and not another: its hazard is gamma-distributed with variance
    `relapse_oral_frailty`, and whom it fails relapses first, so the hazard of those left falls.
    """
    numbers = sheet("mood").typical() if numbers is None else numbers
    hazard = relapse_hazard_per_day(
        course.consolidated, oral_antidepressant=oral_antidepressant, numbers=numbers
    )
    counted = np.clip(np.diff(np.maximum(course.t_days, from_day)), 0.0, None)
    steps = 0.5 * (hazard[:, 1:] + hazard[:, :-1]) * counted
    summed = np.concatenate([np.zeros((hazard.shape[0], 1)), np.cumsum(steps, axis=1)], axis=1)
    if oral_antidepressant:
        frailty = numbers["relapse_oral_frailty"]
        return np.asarray(-np.expm1(-np.log1p(frailty * summed) / frailty))
    return np.asarray(-np.expm1(-summed))


def over_people(
    chances: Array, *, seed: int, interval: float = 0.95, group: int | None = None, draws: int = 500
) -> Chance:
    """The mean chance and its interval for a group, by drawing groups of people again; (n, t).

    `group` is the size of the group the interval is for (a trial arm); by default all n. Whether
    each person responds is drawn too, so the interval is that of an observed rate.
    """
    people = chances.shape[0]
    size = people if group is None else group
    if size < 1 or not 0 < interval < 1:
        raise BadInput("group must be 1 or more, and interval between 0 and 1.")
    rng = np.random.default_rng(seed)
    means = np.empty((draws, chances.shape[1]))
    for k in range(draws):
        chosen = chances[rng.integers(people, size=size)]
        means[k] = (rng.random((size, 1)) < chosen).mean(axis=0)
    edge = 50.0 * (1.0 - interval)
    low, high = np.percentile(means, [edge, 100.0 - edge], axis=0)
    return Chance(mean=chances.mean(axis=0), low=low, high=high)


def benefit_against_high(
    benefit: Callable[[float], Array],
    t_min: Array,
    dissociation_points: Array,
    *,
    threshold_points: float,
) -> BenefitAgainstHigh:
    """M11: benefit at 24 h and day 7, against the dissociation borne above a threshold.

    `benefit(day)` gives the share of the score the drug has taken away, (n,); dissociation is
    (t, n) or (t,) in points over t_min (t,). The ratio is a yardstick for comparing plans, not an
    effect of one on the other.
    """
    above = np.atleast_2d(np.maximum(dissociation_points - threshold_points, 0.0).T)
    burden = np.trapezoid(above, t_min, axis=1)
    day1, day7 = benefit(1.0), benefit(7.0)
    gained = 0.5 * (day1 + day7)
    ratio = np.divide(100.0 * gained, burden, out=np.full_like(burden, np.inf), where=burden > 0)
    return BenefitAgainstHigh(
        benefit_day1=day1,
        benefit_day7=day7,
        burden_point_min=burden,
        per_hundred=ratio,
        threshold_points=threshold_points,
        evidence_for_separating=EVIDENCE_FOR,
        evidence_against=EVIDENCE_AGAINST,
    )


def drug_benefit(params: MoodParams, course: MoodCourse) -> Array:
    """Share of the starting score that the drug alone has taken away, (n, t), 0 to 1."""
    gone = course.without_drug_madrs - course.madrs
    return np.asarray(gone / params.baseline_madrs[:, None])


def _rated(params: MoodParams, course: MoodCourse, scale: Scale) -> tuple[Array, Array]:
    """Expected score and rating error on a scale, each (n, t)."""
    error = points_per_madrs(course.madrs, scale) * params.residual_madrs[:, None]
    return from_madrs(course.madrs, scale), error
