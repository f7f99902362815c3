"""One published figure beside what the engine says of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

# Units in which twice as much is twice as much: an error in percent of a share, of a change of a
# score or of a correlation says nothing.
IN_PERCENT = frozenset(
    {"ng/mL", "ng h/mL", "mL/min/kg", "mmHg", "1/min", "min", "days", "points", "times"}
)


class Used(StrEnum):
    """What a row had to do with how the model came to be."""

    NO = "no"
    LOOKED_AT = "looked at"  # when a default was chosen, never fitted
    FITTED = "yes"  # it helped to set a number, or is the model's own data: no test of the model
    SOLVED = "solved from it"  # a number was solved from this row alone: it agrees as it must


class Verdict(StrEnum):
    AGREES = "agrees"
    MISS = "MISS"
    NOT_COMPUTED = "not computed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A figure from the literature, and between which predictions it counts as met.

    Limits: peaks within 40 %, areas and slow levels within 25 %, means within half the published SD
    (40 % where none was), rates within 10 points; `rule` says which, or what stands in its place.
    """

    row: str
    what: str
    value: float
    unit: str
    accept: tuple[float, float]
    rule: str
    used: Used
    source: str
    grade: str
    if_missed: str = ""  # why, in a sentence; shown only where it is missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """What the engine says, with its 90 % interval between people or 95 % of a trial's arms."""

    value: float
    low: float | None
    high: float | None
    of: str  # "90 % of people", "95 %, trial of that size", ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    published: Published
    predicted: Predicted | None
    reason: str = ""  # why nothing was predicted

    @property
    def error(self) -> float | None:
        """Predicted less published, in the figure's unit."""
        return None if self.predicted is None else self.predicted.value - self.published.value

    @property
    def error_percent(self) -> float | None:
        """The same in percent of what was published; None on scales without a true nought."""
        value = self.published.value
        if self.error is None or value == 0 or self.published.unit not in IN_PERCENT:
            return None
        return 100 * self.error / abs(value)

    @property
    def verdict(self) -> Verdict:
        if self.predicted is None:
            return Verdict.NOT_COMPUTED
        low, high = self.published.accept
        return Verdict.AGREES if low <= self.predicted.value <= high else Verdict.MISS

    @property
    def why(self) -> str:
        if self.verdict is Verdict.MISS:
            return self.published.if_missed
        return self.reason

    def to_json(self) -> dict[str, Any]:
        return {
            **asdict(self.published),
            "published": self.published.value,
            "predicted": None if self.predicted is None else asdict(self.predicted),
            "error": self.error,
            "error_percent": self.error_percent,
            "verdict": self.verdict.value,
            "why": self.why,
        }


def within_share(value: float, share: float) -> tuple[float, float]:
    """What lies within a share of a value, 0.4 being 40 %."""
    return (1 - share) * value, (1 + share) * value


def around(value: float, by: float) -> tuple[float, float]:
    return value - by, value + by


def found(published: Published, predicted: Predicted | str) -> Figure:
    """A figure from a prediction, or from the reason why there is none."""
    if isinstance(predicted, str):
        return Figure(published=published, predicted=None, reason=predicted)
    return Figure(published=published, predicted=predicted)
