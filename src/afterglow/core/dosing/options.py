"""What may be chosen, within which limits, and what each choice would mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from afterglow.core.body import Baseline, within
from afterglow.core.dosing import codec
from afterglow.core.errors import BadInput
from afterglow.core.quantity import Drug

HARD_CAP_MG_PER_KG = 1.0  # [own] into a vein, without a second prescriber
LEAST_MG_PER_KG = 0.2
STEP_MG_PER_KG = 0.05
# 40 to 60 min are in use, 100 min sometimes [A, B].
MINUTES = (40.0, 50.0, 60.0, 80.0, 100.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The clinic's policy for one dose. Nothing here has a default but the absence of consent."""

    cadss: float  # the peak should stay at or below this ...
    cadss_chance: float  # ... but for at most this chance
    systolic_mmhg: float
    systolic_chance: float
    ceiling_mg_per_kg: float
    second_prescriber: bool = False

    def __post_init__(self) -> None:
        within("cadss", self.cadss, 0, 92, "points")
        within("cadss_chance", self.cadss_chance, 0, 1, "(a probability)")
        within("systolic_mmhg", self.systolic_mmhg, 80, 260, "mmHg")
        within("systolic_chance", self.systolic_chance, 0, 1, "(a probability)")
        within("ceiling_mg_per_kg", self.ceiling_mg_per_kg, 0.05, 5, "mg/kg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The grid a proposal is chosen from: each dose over each number of minutes."""

    doses_mg: tuple[float, ...]
    minutes: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.doses_mg or not self.minutes:
            raise BadInput("doses_mg and minutes must each hold at least one value.")
        for dose_mg in self.doses_mg:
            within("doses_mg", dose_mg, 0.5, 500, "mg")
        for minutes in self.minutes:
            within("minutes", minutes, 2, 480, "min")


def candidates_for(weight_kg: float, ceiling_mg_per_kg: float) -> Candidates:
    """The usual grid: steps of 0.05 mg/kg from 0.2 up to the ceiling, rounded down to 0.5 mg."""
    steps = np.arange(LEAST_MG_PER_KG, ceiling_mg_per_kg + 1e-9, STEP_MG_PER_KG)
    doses = sorted(
        {max(0.5, np.floor(2 * mg_per_kg * weight_kg + 1e-9) / 2) for mg_per_kg in steps}
    )
    return Candidates(doses_mg=tuple(map(float, doses)), minutes=MINUTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One dose over so many minutes, and what it would mean for this patient."""

    dose_mg: float
    minutes: float
    mg_per_kg: float
    cadss_chance: float  # of a peak above the limit
    systolic_chance: float
    cadss_median: float  # of the peak
    cadss_p95: float
    systolic_p95: float
    benefit_proxy: float  # 0 to 1, from exposure; not a chance of response
    allowed: bool
    why_not: str

    def __str__(self) -> str:
        return f"{self.dose_mg:g} mg over {self.minutes:g} min"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A suggestion for a person to sign or change, with all that is needed to compute it again."""

    chosen: Option
    neighbours: tuple[Option, ...]
    options: tuple[Option, ...]  # the whole trade-off
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    drug: Drug
    limits: Limits
    candidates: Candidates
    session_number: int
    baseline: Baseline
    idle_days: float
    model: str
    draws: int
    seed: int

    def to_json(self) -> dict[str, Any]:
        """A dict of plain JSON values."""
        raw: dict[str, Any] = codec.plain(self)
        return raw

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Proposal:
        return codec.read(cls, raw)
