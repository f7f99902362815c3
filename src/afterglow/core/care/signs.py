"""The signs that are watched, a reading of one, and how urgent an alarm is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from afterglow.core.body import within
from afterglow.core.care.words import Grade


class Sign(StrEnum):
    """What is measured. SEDATION is the MOAA/S rating, so a rating is a reading too."""

    SYSTOLIC = "systolic"
    DIASTOLIC = "diastolic"
    MEAN = "mean"
    PULSE = "pulse"
    SPO2 = "spo2"
    RESP_RATE = "resp_rate"
    TEMPERATURE = "temperature"
    ETCO2 = "etco2"
    WEIGHT = "weight"
    HEIGHT = "height"
    SEDATION = "sedation"

    @property
    def label(self) -> str:
        return _ABOUT[self][0]

    @property
    def unit(self) -> str:
        return _ABOUT[self][1]

    @property
    def is_cuff(self) -> bool:
        """A cuff pressure keeps its old time while messages move on: stale must not look new."""
        return self in (Sign.SYSTOLIC, Sign.DIASTOLIC, Sign.MEAN)


_ABOUT: Mapping[Sign, tuple[str, str]] = MappingProxyType(
    {
        Sign.SYSTOLIC: ("Systolic pressure", "mmHg"),
        Sign.DIASTOLIC: ("Diastolic pressure", "mmHg"),
        Sign.MEAN: ("Mean pressure", "mmHg"),
        Sign.PULSE: ("Pulse", "/min"),
        Sign.SPO2: ("Saturation", "%"),
        Sign.RESP_RATE: ("Breathing rate", "/min"),
        Sign.TEMPERATURE: ("Temperature", "°C"),
        Sign.ETCO2: ("End-tidal CO2", "mmHg"),
        Sign.WEIGHT: ("Weight", "kg"),
        Sign.HEIGHT: ("Height", "cm"),
        Sign.SEDATION: ("Sedation (MOAA/S)", ""),
    }
)

# Beyond these a number is a sentinel or a slip of the finger, not a patient.
PLAUSIBLE: Mapping[Sign, tuple[float, float]] = MappingProxyType(
    {
        Sign.SYSTOLIC: (30, 350),
        Sign.DIASTOLIC: (10, 250),
        Sign.MEAN: (10, 300),
        Sign.PULSE: (0, 350),
        Sign.SPO2: (0, 100),
        Sign.RESP_RATE: (0, 100),
        Sign.TEMPERATURE: (25, 45),
        Sign.ETCO2: (0, 150),
        Sign.WEIGHT: (10, 400),
        Sign.HEIGHT: (100, 250),
        Sign.SEDATION: (0, 5),
    }
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured number. `taken_at` is when it was measured, not when it arrived."""

    sign: Sign
    value: float
    taken_at: datetime

    def __post_init__(self) -> None:
        low, high = PLAUSIBLE[self.sign]
        within(self.sign.value, self.value, low, high, self.sign.unit)


class Priority(StrEnum):
    """Marked as bedside monitors mark it: *** high, ** medium, * low."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        return {Priority.HIGH: 3, Priority.MEDIUM: 2, Priority.LOW: 1}[self]

    @property
    def symbol(self) -> str:
        return "*" * self.rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What is wrong, how bad, since when, against which limits, and what to do."""

    code: str
    priority: Priority
    what: str
    sign: Sign | None
    value: float | None
    limit_text: str
    since: datetime
    at: datetime
    action: str
    source: str
    grade: Grade

    @property
    def symbol(self) -> str:
        return self.priority.symbol

    @property
    def text(self) -> str:
        parts = [f"{self.symbol} {self.what}"]
        if self.limit_text:
            parts.append(self.limit_text)
        if self.at > self.since:
            parts.append(f"for {lasted(self.at - self.since)}")
        return ", ".join(parts)


def lasted(span: timedelta) -> str:
    """A span in words that read at two metres: 45 s, 3 min, 1 h 20 min."""
    seconds = max(0, round(span.total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    hours, minutes = divmod(seconds // 60, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
