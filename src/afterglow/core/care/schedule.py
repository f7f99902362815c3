"""A dose into a vein given in steps: which rate belongs to how much is in, and what changes next.

A step is counted by the amount that is in, not by the clock. Given on time both say the same; after
a pause, a slower rate or a late change the amount alone says where the plan stands, and the total
cannot pass what was signed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from afterglow.core.errors import BadInput

ROUNDING_MG = 1e-6
SAME_RATE = 1e-9  # of a rate: rates are divisions, and the last digit of one is not a change
EARLY_MIN = 1.0  # [own] a change may be confirmed so long before it is due: setting takes time


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rate of the plan, from when it runs if all goes by it, and how much is in before it."""

    number: int  # from 1
    starts_min: float
    lasts_min: float
    amount_mg: float
    before_mg: float

    @property
    def ends_min(self) -> float:
        return self.starts_min + self.lasts_min

    @property
    def rate_mg_per_min(self) -> float:
        return self.amount_mg / self.lasts_min

    @property
    def by_then_mg(self) -> float:
        """In at its end."""
        return self.before_mg + self.amount_mg


@dataclass(frozen=True, slots=True)
class Run:
    """A rate for so many minutes."""

    rate_mg_per_min: float
    lasts_min: float


@dataclass(frozen=True, slots=True)
class Change:
    """The step to be set next, and in how many minutes: below 0 it is late."""

    step: Step
    in_min: float

    @property
    def may_be_confirmed(self) -> bool:
        return self.in_min <= EARLY_MIN


@dataclass(frozen=True, slots=True)
class Schedule:
    """The steps of a signed plan, in order. A constant rate is one step."""

    steps: tuple[Step, ...]

    @classmethod
    def of(cls, parts: Iterable[tuple[float, float]]) -> Self:
        """From (mg, min) of each step."""
        steps: list[Step] = []
        for amount_mg, lasts_min in parts:
            _above_zero("amount_mg", amount_mg, "mg")
            _above_zero("lasts_min", lasts_min, "min")
            last = steps[-1] if steps else None
            steps.append(
                Step(
                    number=len(steps) + 1,
                    starts_min=last.ends_min if last else 0.0,
                    lasts_min=lasts_min,
                    amount_mg=amount_mg,
                    before_mg=last.by_then_mg if last else 0.0,
                )
            )
        if not steps:
            raise BadInput("steps must hold at least one step.")
        return cls(tuple(steps))

    @property
    def is_stepped(self) -> bool:
        return len(self.steps) > 1

    @property
    def highest_mg_per_min(self) -> float:
        return max(step.rate_mg_per_min for step in self.steps)

    def at(self, given_mg: float) -> Step:
        """The step whose amount goes in once so much is in; the last one after all is in."""
        due = (s for s in self.steps if given_mg < s.by_then_mg - ROUNDING_MG)
        return next(due, self.steps[-1])

    def step(self, number: int) -> Step | None:
        """None: the plan has no such step."""
        return self.steps[number - 1] if 0 < number <= len(self.steps) else None

    def next_change(
        self, given_mg: float, rate_mg_per_min: float, following: int | None
    ) -> Change | None:
        """What must be set next while the pump runs at this rate. None: nothing any more.

        `following` is the step that the pump was set by; None when a person set another rate. Then
        only a step below that rate asks for anything: a plan is never given faster than it says.
        """
        if following is not None:
            left = self.steps[following:]
            now = self.at(given_mg).number
            step = next((s for s in left if s.number >= now), None)
            from_mg = self.steps[following - 1].by_then_mg
        else:
            slower = (s for s in self.steps[self.at(given_mg).number - 1 :])
            step = next((s for s in slower if _faster(rate_mg_per_min, s.rate_mg_per_min)), None)
            from_mg = step.before_mg if step else 0.0
        return None if step is None else Change(step, (from_mg - given_mg) / rate_mg_per_min)

    def to_come(
        self, given_mg: float, *, following: int | None = None, at_most: float = math.inf
    ) -> Iterator[Run]:
        """The rest by the plan from here, at no step faster than `at_most` (mg/min, above 0)."""
        first = max(self.at(given_mg).number, following or 1)
        in_mg = given_mg
        for step in self.steps[first - 1 :]:
            left_mg = step.by_then_mg - in_mg
            if left_mg > ROUNDING_MG:
                rate = min(step.rate_mg_per_min, at_most)
                yield Run(rate, left_mg / rate)
                in_mg = step.by_then_mg


def shown(value: float, places: int = 3) -> str:
    """A rate as every screen writes it, halves up: one rate must never read as two."""
    scale = 10**places
    return f"{math.floor(value * scale + 0.5) / scale:.{places}f}"


def _faster(rate: float, other: float) -> bool:
    return rate > other * (1 + SAME_RATE)


def _above_zero(field: str, value: float, unit: str) -> None:
    if not (math.isfinite(value) and value > 0):
        raise BadInput(f"{field} of a step must be above 0 {unit}, got {value:g} {unit}.")
