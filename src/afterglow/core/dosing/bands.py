"""What a prediction says: percentiles over time, chances, and when dissociation is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from afterglow.core.dosing import codec

PERCENTILES = (5.0, 25.0, 50.0, 75.0, 95.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One quantity over time: five percentiles at each time, and of each draw's own peak."""

    unit: str
    label: str
    site: str  # arterial, venous or ""
    analyte: str
    grade: str  # of its weakest number
    unverified: bool
    p5: tuple[float, ...]
    p25: tuple[float, ...]
    p50: tuple[float, ...]
    p75: tuple[float, ...]
    p95: tuple[float, ...]
    peak: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """The chance that the peak of a quantity lies above a value."""

    quantity: str
    above: float
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Clears:
    """When dissociation is below a score for good, min from the start of the session.

    0 when it never is above; None when not within the times asked for.
    """

    cadss_below: float
    median_min: float | None
    p95_min: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """One call's answer, with what is needed to compute it again."""

    model: str
    t_min: tuple[float, ...]
    series: Mapping[str, Series]
    chances: tuple[Chance, ...]
    clears: tuple[Clears, ...]
    notes: tuple[str, ...]
    session_number: int
    draws: int
    seed: int

    def to_json(self) -> dict[str, Any]:
        """A dict of plain JSON values."""
        raw: dict[str, Any] = codec.plain(self)
        return raw

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Bands:
        return codec.read(cls, raw)
