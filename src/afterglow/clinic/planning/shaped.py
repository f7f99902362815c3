"""A dose into a vein as it stands on the dials: how much, over how long, and how the rate goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from afterglow.core.care.schedule import Schedule
from afterglow.core.dosing.options import Candidates, Option, Profile, parts_of
from afterglow.core.quantity import BaseMass, Dose, Drug, Infusion, Route

WORDS = {
    Profile.CONSTANT: "Constant rate",
    Profile.RAMP: "Ramp: three rising steps",
    Profile.STEP_DOWN: "Step-down: three falling steps",
}


@dataclass(frozen=True, slots=True)
class Shaped:
    """Ketamine into a vein from minute 0."""

    dose_mg: float
    minutes: float
    profile: Profile = Profile.CONSTANT

    def __str__(self) -> str:
        shape = "" if self.profile is Profile.CONSTANT else f", {self.profile}"
        return f"{self.dose_mg:g} mg over {self.minutes:g} min{shape}"

    @classmethod
    def of(cls, option: Option) -> Shaped:
        return cls(option.dose_mg, option.minutes, option.profile)

    @property
    def doses(self) -> list[Dose]:
        """As it would be given, and as a pump would be set."""
        return list(
            parts_of(
                self.dose_mg,
                route=Route.INTRAVENOUS,
                minutes=self.minutes,
                profile=self.profile,
                drug=Drug.KETAMINE,
            )
        )

    @property
    def schedule(self) -> Schedule:
        """The same by steps."""
        step_min = self.minutes / len(self.profile.parts)
        return Schedule.of((self.dose_mg * part, step_min) for part in self.profile.parts)

    @property
    def steps(self) -> Schedule | None:
        """None: one rate."""
        return None if self.profile is Profile.CONSTANT else self.schedule

    @property
    def candidates(self) -> Candidates:
        """What a proposal would be chosen from, were this the only way."""
        return Candidates(
            doses_mg=(self.dose_mg,), minutes=(self.minutes,), profiles=(self.profile,)
        )

    def stored(self) -> dict[str, Any] | None:
        """As a signed plan keeps it: no later idea of a shape changes it. None: one rate."""
        if self.profile is Profile.CONSTANT:
            return None
        steps = [
            {"amount_mg": step.amount_mg, "lasts_min": step.lasts_min}
            for step in self.schedule.steps
        ]
        return {"profile": self.profile.value, "steps": steps}


def in_order(schedule: Schedule) -> Sequence[Dose]:
    """The doses of signed steps."""
    return [
        Infusion(
            amount=BaseMass(step.amount_mg),
            starts_min=step.starts_min,
            lasts_min=step.lasts_min,
            drug=Drug.KETAMINE,
            route=Route.INTRAVENOUS,
        )
        for step in schedule.steps
    ]
