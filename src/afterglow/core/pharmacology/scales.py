"""The same severity on four depression scales: MADRS, HDRS-17, QIDS and PHQ-9.

Conversions hold for groups; a single patient's scores scatter widely around them. Where a scale
was given to the patient, use its own score and never a converted one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from afterglow.core.pharmacology.sourced import sheet

Array = NDArray[np.float64]


class Scale(StrEnum):
    MADRS = "madrs"
    HDRS17 = "hdrs17"
    QIDS = "qids"
    PHQ9 = "phq9"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Corresponding scores of MADRS and another scale, with their source."""

    madrs: tuple[float, ...]
    score: tuple[float, ...]
    source: str
    grade: str
    where: str

    @property
    def top(self) -> float:
        """The highest total score of the other scale."""
        return self.score[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remission:
    """At or below this total score nobody is counted as depressed any more."""

    at_most: float
    source: str
    grade: str


@cache
def link(scale: Scale) -> Link:
    """How a scale corresponds to MADRS; for MADRS itself, one to one."""
    if scale is Scale.MADRS:
        ends = (0.0, 60.0)
        return Link(madrs=ends, score=ends, source="the scale itself", grade="A", where="")
    numbers = sheet("scales")
    row = numbers.tables["knots"][scale.value]
    return Link(
        madrs=tuple(row["madrs"]),
        score=tuple(row["score"]),
        source=numbers.citations[row["source"]],
        grade=row["grade"],
        where=row["where"],
    )


@cache
def remission(scale: Scale) -> Remission:
    """The remission cut of a scale."""
    numbers = sheet("scales")
    row = numbers.tables["remission"][scale.value]
    return Remission(
        at_most=row["value"], source=numbers.citations[row["source"]], grade=row["grade"]
    )


def from_madrs(madrs: ArrayLike, scale: Scale) -> Array:
    """MADRS points to another scale's points; any shape, bounded by the scale's ends."""
    knots = link(scale)
    return np.asarray(np.interp(np.asarray(madrs, dtype=np.float64), knots.madrs, knots.score))


def to_madrs(score: ArrayLike, scale: Scale) -> Array:
    """Another scale's points to MADRS points; any shape. The inverse of `from_madrs`."""
    knots = link(scale)
    return np.asarray(np.interp(np.asarray(score, dtype=np.float64), knots.score, knots.madrs))


def points_per_madrs(madrs: ArrayLike, scale: Scale) -> Array:
    """How many points of the scale one MADRS point is worth there (to carry a rating error)."""
    knots = link(scale)
    slopes = np.diff(knots.score) / np.diff(knots.madrs)
    place = np.searchsorted(knots.madrs, np.asarray(madrs, dtype=np.float64), side="right") - 1
    return np.asarray(slopes[np.clip(place, 0, slopes.size - 1)])
