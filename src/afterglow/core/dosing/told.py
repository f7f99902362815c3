"""What is told of a quantity: typical, mean, SD, percentiles, peak and areas, in plain JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from afterglow.core.dosing.asked import Asked
from afterglow.core.pharmacology.modes import Floats

MOST_BEYOND = 0.5  # [own] a mean is shown while fewer people than this lie beyond what is known

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a quantity is to be summed up."""

    grid: Floats  # every instant that was followed, min (T,)
    asked: Places  # places of the times asked for
    percentiles: tuple[float, ...]
    area_to_min: float | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of some people's course of one quantity."""

    rows: Floats  # at the times asked for, (t, N)
    peaks: Floats  # (N,); of a scale that falls, the lowest
    areas: Floats  # to `area_to_min`, per h, (N,); empty without it

    @classmethod
    def of(cls, of: Asked, course: Floats, wanted: Wanted) -> Kept:
        worst = course.min(axis=0) if of.falls else course.max(axis=0)
        return cls(course[wanted.asked], worst, area(course, wanted))

    def above(self, edge: float) -> Kept:
        """Who lies above it: 1 or 0 at each time, and ever."""
        rows, peaks = (np.asarray(one > edge, np.float64) for one in (self.rows, self.peaks))
        return Kept(rows, peaks, self.areas)

    @classmethod
    def joined(cls, parts: Sequence[Kept]) -> Kept:
        return cls(
            np.concatenate([one.rows for one in parts], axis=1),
            np.concatenate([one.peaks for one in parts]),
            np.concatenate([one.areas for one in parts]),
        )


def area(course: Floats, wanted: Wanted) -> Floats:
    """By the trapezium rule over the grid, in units of the quantity times hours."""
    if wanted.area_to_min is None:
        return np.zeros(0)
    upto = wanted.grid <= wanted.area_to_min
    return np.asarray(np.trapezoid(course[upto], wanted.grid[upto], axis=0) / 60)


def summed_up(of: Asked, typical: Floats, people: Kept, wanted: Wanted) -> dict[str, Any]:
    """`typical` is the course of the typical person over the whole grid, (T,)."""
    rows = people.rows
    found: dict[str, Any] = {
        "unit": of.unit,
        "grade": of.grade,
        "exploratory": of.exploratory,
        "typical": _shown(of, typical[wanted.asked]),
        **_over_people(of, rows, wanted.percentiles),
    }
    worst = int(typical.argmin() if of.falls else typical.argmax())
    peaks = _over_people(of, people.peaks[None, :], wanted.percentiles)
    found["peak"] = {"typical": _shown(of, typical[[worst]])[0]}
    found["peak"] |= {key: values[0] for key, values in peaks.items()}
    found["time_of_peak_min"] = float(wanted.grid[worst])
    if wanted.area_to_min is not None and not of.is_chance and of.known_to is None:
        found["auc_0_t"] = _area(typical, people, wanted)
        found["auc_unit"] = f"{of.unit}*h"
    return found


def _area(typical: Floats, people: Kept, wanted: Wanted) -> dict[str, float]:
    return {
        "to_min": float(wanted.area_to_min or 0.0),
        "typical": float(area(typical[:, None], wanted)[0]),
        "mean": float(people.areas.mean()),
        "sd": float(people.areas.std()),
    }


def _over_people(
    of: Asked, rows: Floats, percentiles: tuple[float, ...]
) -> dict[str, list[float | None]]:
    """Mean, SD and percentiles of rows (t, N), each (t,)."""
    kept, known = rows, np.ones(rows.shape[0], dtype=np.bool_)
    if of.known_to is not None:
        edge = of.known_to()
        kept, known = np.minimum(rows, edge), np.mean(rows > edge, axis=1) <= MOST_BEYOND
    found = {
        "mean": _shown(of, kept.mean(axis=1), known),
        "sd": _shown(of, kept.std(axis=1), known),
    }
    if not of.is_chance:
        every = np.percentile(rows, percentiles, axis=1)
        for percentile, values in zip(percentiles, every, strict=True):
            found[f"p{percentile:g}"] = _shown(of, values)
    return found


def _shown(of: Asked, values: Floats, known: NDArray[np.bool_] | None = None) -> list[float | None]:
    """Plain numbers; None for what lies beyond what was measured."""
    kept = np.ones(values.shape, dtype=np.bool_) if known is None else known
    if of.known_to is not None:
        kept = kept & (values <= of.known_to())
    return [float(one) if fine else None for one, fine in zip(values, kept, strict=True)]
