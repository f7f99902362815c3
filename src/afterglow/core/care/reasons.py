"""One reason for or against treatment, with what was found and what would change it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from afterglow.core.care.words import Clearance, Grade


class Weight(StrEnum):
    """How much a reason weighs, mildest first."""

    CAUTION = "caution"
    PLAN = "same-day-plan"
    MISSING = "missing"
    HOLD = "hold"
    SPECIALIST = "specialist"
    HARD_STOP = "hard-stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Stored and shown as it stands: rule, value found, remedy, source and grade."""

    rule: str
    weight: Weight
    found: str
    remedy: str
    source: str
    grade: Grade
    questions: tuple[str, ...]
    cleared_by: Clearance | None = None
