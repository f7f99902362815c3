"""What was seen of a patient's mood over a course, and what the course was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from afterglow.core.body import within
from afterglow.core.dosing import codec
from afterglow.core.pharmacology.mood import Expectancy, Therapy
from afterglow.core.pharmacology.scales import Scale, link
from afterglow.core.quantity import Dose

LONGEST_DAYS = 3650.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodScored:
    """A total score on a depression scale. Days count from any day 0 that the whole course uses."""

    at_day: float
    scale: Scale
    score: float

    def __post_init__(self) -> None:
        within("at_day", self.at_day, -LONGEST_DAYS, LONGEST_DAYS, "days")
        within("score", self.score, 0, link(self.scale).top, f"points on {self.scale}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatedOn:
    """One session of the course: when it began, and what was given."""

    day: float
    doses: tuple[Dose, ...]

    def __post_init__(self) -> None:
        within("day", self.day, -LONGEST_DAYS, LONGEST_DAYS, "days")


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseSeen:
    """A course so far. What was not rated is simply not among the scores: nothing is filled in."""

    sessions: tuple[TreatedOn, ...]
    scores: tuple[MoodScored, ...]
    expectancy: Expectancy = Expectancy.STRONG_BELIEF  # treated openly, and knows it
    new_antidepressant: bool = False
    therapy: tuple[Therapy, ...] = field(default=())

    @property
    def begun_on(self) -> float:
        """Day of the first session."""
        return min(one.day for one in self.sessions)

    @property
    def before(self) -> tuple[MoodScored, ...]:
        """Scores from before any treatment: what all later ones are compared with."""
        return tuple(one for one in self.scores if one.at_day <= self.begun_on)

    @property
    def after(self) -> tuple[MoodScored, ...]:
        """Scores since treatment began, oldest first."""
        later = (one for one in self.scores if one.at_day > self.begun_on)
        return tuple(sorted(later, key=lambda one: one.at_day))

    def to_json(self) -> dict[str, Any]:
        raw: dict[str, Any] = codec.plain(self)
        return raw

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> CourseSeen:
        return codec.read(cls, raw)
