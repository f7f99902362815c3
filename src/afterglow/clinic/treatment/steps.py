"""Where a plan stands that is given in steps: what is set next, when, and what is still to come.

A nurse confirms each change. After a pause or a rate set by hand the schedule is off: nothing is
asked for by the clock until somebody confirms a step again, of the amount that is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf

from afterglow.clinic.treatment.pump import Pump
from afterglow.core.care.schedule import Change, Run, Schedule, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One step as the bedside lists it."""

    step: Step
    word: str  # done, running, next, to come, or nothing while the schedule is off
    from_at: datetime | None  # when it is expected to begin; None: it has begun, or nothing runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The signed steps against what the pump has given until `at`. A plan of one rate has one."""

    schedule: Schedule
    pump: Pump
    at: datetime

    @property
    def is_stepped(self) -> bool:
        return self.schedule.is_stepped

    @property
    def is_off(self) -> bool:
        """A pause or a rate set by hand took the place of the schedule."""
        begun = self.pump.begun_at is not None and not self.pump.is_all_in
        return self.is_stepped and begun and self.pump.step is None

    @property
    def now(self) -> Step:
        """The step that runs, or that the amount now in belongs to."""
        running = self.schedule.step(self.pump.step) if self.pump.step else None
        return running or self.schedule.at(self.pump.given_mg)

    @property
    def change(self) -> Change | None:
        """What must be set next while the pump runs."""
        if not (self.is_stepped and self.pump.is_running):
            return None
        pump = self.pump
        return self.schedule.next_change(pump.given_mg, pump.rate_mg_per_min, pump.step)

    @property
    def due_at(self) -> datetime | None:
        change = self.change
        return None if change is None else self.at + timedelta(minutes=change.in_min)

    @property
    def is_due(self) -> bool:
        """The pump should run at another rate by now."""
        change = self.change
        return change is not None and change.in_min <= 0

    @property
    def late_min(self) -> float:
        return max(0.0, -self.change.in_min) if self.change else 0.0

    @property
    def offered(self) -> Step | None:
        """The step that may be confirmed now."""
        if self.is_off:
            return self.schedule.at(self.pump.given_mg)
        change = self.change
        return change.step if change and change.may_be_confirmed else None

    @property
    def fastest(self) -> Step:
        """The step whose rate is the most that the signed plan allows, now that so much is in.

        One confirmed a moment early counts as begun; one that runs on past its end, as over.
        """
        by_amount = self.schedule.at(self.pump.given_mg)
        return by_amount if by_amount.number > self.now.number else self.now

    @property
    def most_mg_per_min(self) -> float:
        return self.fastest.rate_mg_per_min

    def to_come(self, *, at_most: float = inf) -> tuple[Run, ...]:
        """What is left. A paused dose is told as if it went on now."""
        slowest = min(at_most, self._held_to)
        following = self.pump.step if slowest == inf else None
        rest = self.schedule.to_come(self.pump.given_mg, following=following, at_most=slowest)
        return tuple(rest)

    @property
    def going_mg_per_min(self) -> float:
        """The rate of now; while nothing runs, the one it would go on at."""
        first = next(iter(self.to_come()), None)
        return self.pump.rate_mg_per_min or (first.rate_mg_per_min if first else 0.0)

    @property
    def _held_to(self) -> float:
        """The rate that a hand set, which stands until a step is confirmed again."""
        pump = self.pump
        if pump.is_running:
            return inf if pump.step else pump.rate_mg_per_min
        return inf if self.is_stepped else pump.last_rate_mg_per_min or inf

    @property
    def ends_at(self) -> datetime | None:
        """When all is in, if each change is made when it is due. None while nothing runs."""
        left = self.left_min
        return self.pump.ends_at if left is None else self.at + timedelta(minutes=left)

    @property
    def left_min(self) -> float | None:
        if not self.pump.is_running:
            return None
        return sum(run.lasts_min for run in self.to_come())

    @property
    def lines(self) -> list[Line]:
        """Every step, with a word for where it stands and when it is expected to begin."""
        if not self.is_stepped:
            return []
        begins = self._begins()
        return [
            Line(step=one, word=self._word(one), from_at=begins.get(one.number))
            for one in self.schedule.steps
        ]

    def _begins(self) -> dict[int, datetime]:
        change = self.change
        if change is None or self.is_off:
            return {}
        when, found = max(self.at, self.at + timedelta(minutes=change.in_min)), {}
        for step in self.schedule.steps[change.step.number - 1 :]:
            found[step.number] = when
            in_mg = max(self.pump.given_mg, step.before_mg)
            when += timedelta(minutes=(step.by_then_mg - in_mg) / step.rate_mg_per_min)
        return found

    def _word(self, step: Step) -> str:
        if self.pump.begun_at is None:
            return "first" if step.number == 1 else "to come"
        if self.pump.is_all_in or step.number < self.now.number:
            return "done"
        if self.is_off:
            return "off" if step.number == self.now.number else "to come"
        if step.number == self.now.number:
            return "running"
        change = self.change
        return "next" if change and change.step == step else "to come"
