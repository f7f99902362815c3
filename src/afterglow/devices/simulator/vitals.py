"""The virtual patient's numbers at one moment, as a monitor would measure them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """What the body does at one moment, before any probe has measured it."""

    systolic_mmhg: float
    diastolic_mmhg: float
    pulse_per_min: float
    spo2_percent: float
    resp_per_min: float

    @property
    def mean_mmhg(self) -> float:
        """Mean pressure by the usual third of the pulse pressure."""
        return self.diastolic_mmhg + (self.systolic_mmhg - self.diastolic_mmhg) / 3


VitalsAt = Callable[[datetime], Vitals]


# How much a probe and a breath move a number from one second to the next: standard deviations,
# and how much of the last second's deviation stays. [own]
SPREAD = {"pressure": 3.0, "pulse": 1.5, "spo2": 0.5, "resp": 0.8}
STAYS = 0.9


@dataclass(slots=True)
class Probe:
    """Adds what a measurement adds: slow wander, seeded, so that a run can be repeated."""

    dice: random.Random
    _off: dict[str, float] | None = None

    def measure(self, true: Vitals) -> Vitals:
        """The numbers a monitor would show; saturation never above 100 %."""
        before = self._off or dict.fromkeys(SPREAD, 0.0)
        fresh = (1 - STAYS**2) ** 0.5
        self._off = off = {
            name: STAYS * before[name] + fresh * self.dice.gauss(0.0, spread)
            for name, spread in SPREAD.items()
        }
        return Vitals(
            systolic_mmhg=true.systolic_mmhg + off["pressure"],
            diastolic_mmhg=true.diastolic_mmhg + 0.6 * off["pressure"],
            pulse_per_min=true.pulse_per_min + off["pulse"],
            spo2_percent=min(100.0, true.spo2_percent + off["spo2"]),
            resp_per_min=max(0.0, true.resp_per_min + off["resp"]),
        )
