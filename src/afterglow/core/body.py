"""What is true of the patient's body, as far as a model or a dose needs to know it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from afterglow.core.errors import BadInput


class Sex(StrEnum):
    """Recorded sex. No model in use needs it; some published ones do."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class Ancestry(StrEnum):
    """Only as far as a published model has a term for it."""

    CAUCASIAN = "caucasian"
    ASIAN = "asian"
    JAPANESE = "japanese"


class Hepatic(StrEnum):
    """Child-Pugh class of an impaired liver."""

    CHILD_PUGH_A = "child-pugh-a"
    CHILD_PUGH_B = "child-pugh-b"
    CHILD_PUGH_C = "child-pugh-c"


def within(field: str, value: float, low: float, high: float, unit: str) -> None:
    """Stop a number that cannot be meant, naming the field and the accepted range."""
    if not (math.isfinite(value) and low <= value <= high):
        expected = f"{low:g} to {high:g} {unit}".rstrip()
        raise BadInput(f"{field} must be {expected}, got {value:g}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Covariates:
    """A patient, to a model. The ranges stop slips (grams, months); models refuse on their own."""

    age_years: float
    weight_kg: float
    sex: Sex
    height_cm: float | None = None
    hypertension: bool | None = None  # None: not asked yet, which is not "no"
    ancestry: Ancestry | None = None
    hepatic: Hepatic | None = None
    medicines: tuple[str, ...] = ()  # generic names, as far as they are known

    def __post_init__(self) -> None:
        within("age_years", self.age_years, 0, 120, "years")
        within("weight_kg", self.weight_kg, 20, 350, "kg")
        if self.height_cm is not None:
            within("height_cm", self.height_cm, 100, 250, "cm")

    @property
    def bmi(self) -> float | None:
        if self.height_cm is None:
            return None
        return self.weight_kg / (self.height_cm / 100) ** 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Measured before the dose of a session. `cadss` is the score before any drug."""

    systolic_mmhg: float
    pulse_per_min: float
    diastolic_mmhg: float | None = None
    cadss: float = 0.0

    def __post_init__(self) -> None:
        within("systolic_mmhg", self.systolic_mmhg, 60, 260, "mmHg")
        within("pulse_per_min", self.pulse_per_min, 25, 220, "beats/min")
        within("cadss", self.cadss, 0, 92, "points")
        if self.diastolic_mmhg is not None:
            within("diastolic_mmhg", self.diastolic_mmhg, 30, 160, "mmHg")
