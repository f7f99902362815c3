"""Arms of a virtual trial compared, as trials report it: differences, effect size, hazards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from afterglow.core.dosing.trial_seen import Figures
from afterglow.core.pharmacology.modes import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One value at each day of the trial, with its 95 % interval. NaN where nobody can tell."""

    value: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """One arm less another, at each day.

    Change in points, negative when `arm` is better; effect size (Cohen's d: the difference over
    the pooled SD of change) and rates positive when it is; the ratio of hazards of relapse,
    summed from the day on which counting begins, below 1 when it is.
    """

    arm: str
    against: str
    mean_change: Estimate
    effect_size: Estimate
    response: Estimate
    remission: Estimate
    relapse_hazard_ratio: Estimate


@dataclass(frozen=True, slots=True)
class Told:
    """One arm: what is expected of it, and what many real arms of its size would show."""

    name: str
    patients: int
    expected: Figures
    samples: Sequence[Figures]


def contrast(arm: Told, against: Told) -> Contrast:
    """The difference of two arms. Samples of the same place share a setting of the mood sheet."""
    expected = _differences(arm, arm.expected, against, against.expected)
    pairs = zip(arm.samples, against.samples, strict=True)
    each = [_differences(arm, first, against, second) for first, second in pairs]
    told = {
        key: estimate(value, np.array([one[key] for one in each]))
        for key, value in expected.items()
    }
    return Contrast(arm=arm.name, against=against.name, **told)


def _differences(one: Told, first: Figures, other: Told, second: Figures) -> dict[str, Floats]:
    change = first.change - second.change
    pooled = np.sqrt(0.5 * (first.sd_change**2 + second.sd_change**2))
    return {
        "mean_change": change,
        "effect_size": -change / np.maximum(pooled, 1e-12),
        "response": first.response - second.response,
        "remission": first.remission - second.remission,
        "relapse_hazard_ratio": _hazards(first, one.patients, second, other.patients),
    }


def _hazards(first: Figures, n: int, second: Figures, m: int) -> Floats:
    """The ratio of summed hazards; half a relapse is added so that none at all can be compared."""
    begun = (first.relapse > 0) | (second.relapse > 0)
    counted = [
        (one * size + 0.5) / (size + 1.0) for one, size in ((first.relapse, n), (second.relapse, m))
    ]
    summed = [-np.log1p(-np.clip(one, 0.0, 1.0 - 1e-9)) for one in counted]
    return np.where(begun, summed[0] / summed[1], np.nan)


def estimate(value: Floats, samples: Floats) -> Estimate:
    """A value (t,) with the middle 95 % of samples (S, t)."""
    with np.errstate(invalid="ignore"):
        blank = np.isnan(samples).all(axis=0)
        filled = np.where(blank, 0.0, samples)
        low, high = np.nanpercentile(filled, [2.5, 97.5], axis=0)
    low, high = (np.where(blank, np.nan, edge) for edge in (low, high))
    return Estimate(value=numbers(value), low=numbers(low), high=numbers(high))


def numbers(values: Sequence[float] | Floats) -> tuple[float, ...]:
    """Values (n,) as plain numbers, to be written as JSON."""
    return tuple(float(v) for v in values)
