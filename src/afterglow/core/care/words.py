"""The few words that every clinical rule is written in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from afterglow.core.body import within


class YesNo(StrEnum):
    """An answer. UNKNOWN is its own case and is never read as NO."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Grade(StrEnum):
    """How good the source of a number or a rule is."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    OWN = "own"

    @property
    def words(self) -> str:
        return _GRADE_WORDS[self]

    @property
    def mark(self) -> str:
        """What a screen prints beside the number: [own], [C] and so on."""
        return f"[{self.value}]"

    @property
    def is_doubtful(self) -> bool:
        """True where a screen must say so: unverified, or this project's own default."""
        return self in (Grade.C, Grade.OWN)


_GRADE_WORDS = {
    Grade.A: "primary source",
    Grade.B: "secondary source",
    Grade.C: "unverified",
    Grade.D: "derived from other sources",
    Grade.OWN: "project default, not a guideline",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    """One cuff pressure. `taken_at` is the measurement's own time, not the message's."""

    systolic_mmhg: float
    diastolic_mmhg: float
    taken_at: datetime

    def __post_init__(self) -> None:
        within("systolic_mmhg", self.systolic_mmhg, 30, 350, "mmHg")
        within("diastolic_mmhg", self.diastolic_mmhg, 10, 250, "mmHg")

    @property
    def text(self) -> str:
        return f"{self.systolic_mmhg:g}/{self.diastolic_mmhg:g} mmHg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """A number with the instant it was taken, so that an old one cannot pass for now."""

    value: float
    at: datetime

    def __post_init__(self) -> None:
        within("value", self.value, -math.inf, math.inf, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A prescriber's decision to go on despite a hold. Without a reason it does not count."""

    by: str
    role: str
    reason: str
    at: datetime

    @property
    def counts(self) -> bool:
        return bool(self.by.strip() and self.reason.strip()) and self.role == "prescriber"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """A specialist's record that lifts a hold. Without a name or a reason it does not count."""

    by: str
    role: str
    reason: str
    on: date

    @property
    def counts(self) -> bool:
        return bool(self.by.strip() and self.role.strip() and self.reason.strip())
