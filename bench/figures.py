"""A measured figure, beside what was promised of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table. Without a target it only helps to read the others."""

    name: str
    value: float
    unit: str
    target: float | None = None  # at most this, in the same unit

    @property
    def ratio(self) -> float | None:
        """How much of the budget is used: 1 is all of it. A ratio outlives the machine."""
        return None if self.target is None else self.value / self.target

    @property
    def is_met(self) -> bool:
        return self.target is None or self.value <= self.target

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """Name, figure, target, ratio to the target, met or not."""
        if self.ratio is None:
            return self.name, self._in_words(self.value), "", "", ""
        return (
            self.name,
            self._in_words(self.value),
            self._in_words(self.target),
            f"{self.ratio:.2f}",
            "yes" if self.is_met else "NO",
        )

    def _in_words(self, value: float | None) -> str:
        if value is None or math.isinf(value):
            return "never"
        places = 0 if self.unit == "" or value >= 100 else 1 if value >= 10 else 2
        return f"{value:,.{places}f} {self.unit}".strip()


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that `percent` of all values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
