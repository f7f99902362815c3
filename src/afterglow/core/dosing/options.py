"""What may be chosen, and what each choice would mean."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from afterglow.core.body import within
from afterglow.core.dosing.limits import INTO, Limits
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.sitting import APART_MIN, DEVICE_MG, DEVICES_MG
from afterglow.core.quantity import BaseMass, Bolus, Dose, Drug, Infusion, Route

__all__ = [
    "BY_NOSE",
    "AtOnce",
    "Candidates",
    "Limits",
    "Option",
    "Profile",
    "candidates_for",
    "parts_of",
]

LEAST_MG_PER_KG = 0.2
STEP_MG_PER_KG = 0.05
TONGUE_STEP_MG_PER_KG = 0.25  # [own] a third reaches blood
# 40 to 60 min are in use, 100 min sometimes [A, B].
MINUTES = (40.0, 50.0, 60.0, 80.0, 100.0)
AT_ONCE = (Route.INTRAMUSCULAR, Route.SUBCUTANEOUS, Route.SUBLINGUAL, Route.NASAL)


class Profile(StrEnum):
    """How the rate goes over the time of an infusion, in three equal steps [own]."""

    CONSTANT = "constant"
    RAMP = "ramp"
    STEP_DOWN = "step-down"

    @property
    def parts(self) -> tuple[float, ...]:
        """The share of the dose in each step."""
        return {
            Profile.CONSTANT: (1.0,),
            Profile.RAMP: (1 / 6, 2 / 6, 3 / 6),
            Profile.STEP_DOWN: (3 / 6, 2 / 6, 1 / 6),
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class AtOnce:
    """Doses given in one go by a route that has no pump: minutes and profiles play no part.

    By nose they are whole devices, never something in between.
    """

    route: Route
    doses_mg: tuple[float, ...]

    def __post_init__(self) -> None:
        if self.route not in AT_ONCE:
            raise BadInput(f"route must be one of {', '.join(AT_ONCE)}; got {self.route}.")
        if not self.doses_mg:
            raise BadInput(f"doses_mg for the {self.route} route must hold at least one value.")
        for dose_mg in self.doses_mg:
            within("doses_mg", dose_mg, 0.5, 500, "mg")
            if self.route is Route.NASAL and dose_mg not in DEVICES_MG:
                known = ", ".join(f"{one:g}" for one in DEVICES_MG)
                raise BadInput(
                    f"doses_mg by nose must be whole devices, {known} mg; got {dose_mg:g}."
                )


BY_NOSE = AtOnce(route=Route.NASAL, doses_mg=DEVICES_MG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """What a proposal is chosen from: into a vein each dose over each number of minutes in each
    profile, by other routes each dose at once; all of it at each spacing.
    """

    doses_mg: tuple[float, ...] = ()  # into a vein
    minutes: tuple[float, ...] = ()
    profiles: tuple[Profile, ...] = (Profile.CONSTANT,)
    at_once: tuple[AtOnce, ...] = ()
    # Days from the session before and between those to come; without: the day is settled.
    spacings_days: tuple[float, ...] = ()
    sessions: int = 1  # to come, this one included, all alike
    over_days: float = 28.0  # benefit of a spacing is the mean over so many days from now

    def __post_init__(self) -> None:
        if bool(self.doses_mg) != bool(self.minutes) or not (self.doses_mg or self.at_once):
            raise BadInput("doses_mg and minutes must each hold at least one value.")
        if not self.profiles:
            raise BadInput(f"profiles must hold at least one of {', '.join(Profile)}.")
        if len({one.route for one in self.at_once}) < len(self.at_once):
            raise BadInput("at_once must name each route once.")
        for dose_mg in self.doses_mg:
            within("doses_mg", dose_mg, 0.5, 500, "mg")
        for minutes in self.minutes:
            within("minutes", minutes, 2, 480, "min")
        within("over_days", self.over_days, 2, 365, "days")
        for days in self.spacings_days:
            within("spacings_days", days, 1, self.over_days - 1, "days (below over_days)")
        within("sessions", self.sessions, 1, 100, "")
        if self.sessions > 1 and not self.spacings_days:
            raise BadInput("sessions above 1 need spacings_days: the days between them.")

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes there are candidates for, in a fixed order."""
        named = {one.route for one in self.at_once}
        return tuple(
            one for one in Route if one in named or (one is Route.INTRAVENOUS and self.doses_mg)
        )


def candidates_for(weight_kg: float, ceiling_mg_per_kg: float) -> Candidates:
    """The usual grid: steps of 0.05 mg/kg from 0.2 up to the ceiling, rounded down to 0.5 mg."""
    steps = np.arange(LEAST_MG_PER_KG, ceiling_mg_per_kg + 1e-9, STEP_MG_PER_KG)
    return Candidates(doses_mg=_rounded(steps * weight_kg), minutes=MINUTES)


def at_once_for(route: Route, weight_kg: float, ceiling_mg_per_kg: float) -> AtOnce:
    """The usual doses by another route, up to the ceiling; under the tongue in wider steps."""
    step = TONGUE_STEP_MG_PER_KG if route is Route.SUBLINGUAL else STEP_MG_PER_KG
    steps = np.arange(max(LEAST_MG_PER_KG, step), ceiling_mg_per_kg + 1e-9, step)
    return AtOnce(route=route, doses_mg=_rounded(steps * weight_kg))


def _rounded(doses_mg: Floats) -> tuple[float, ...]:
    """Down to 0.5 mg."""
    return tuple(sorted({max(0.5, float(np.floor(2 * mg + 1e-9) / 2)) for mg in doses_mg}))


def parts_of(
    dose_mg: float, *, route: Route, minutes: float, profile: Profile, drug: Drug
) -> tuple[Dose, ...]:
    """A dose as it would be given: at once, device by device, or in parts each over its equal share
    of the time.
    """
    if route is Route.NASAL:
        return tuple(
            Bolus(amount=BaseMass(DEVICE_MG), starts_min=n * APART_MIN, drug=drug, route=route)
            for n in range(round(dose_mg / DEVICE_MG))
        )
    if minutes == 0:
        return (Bolus(amount=BaseMass(dose_mg), starts_min=0, drug=drug, route=route),)
    step = minutes / len(profile.parts)
    return tuple(
        Infusion(
            amount=BaseMass(dose_mg * part),
            starts_min=n * step,
            lasts_min=step,
            drug=drug,
            route=route,
        )
        for n, part in enumerate(profile.parts)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way to give one dose, and what it would mean for this patient."""

    dose_mg: float
    minutes: float  # 0: at once
    mg_per_kg: float
    cadss_chance: float  # of a peak above the limit
    systolic_chance: float
    cadss_median: float  # of the peak
    cadss_p95: float
    systolic_p95: float
    benefit_proxy: float  # 0 to 1, from exposure; not a chance of response
    allowed: bool
    why_not: str  # the first limit it breaks
    route: Route = Route.INTRAVENOUS
    profile: Profile = Profile.CONSTANT
    spacing_days: float | None = None  # since the session before, and to the next
    sedation_chance: float | None = None  # of MOAA/S at or below the limit; None: no limit given
    benefit: float | None = None  # expected share of the starting score gone by drug, 0 to 1
    burden_point_min: float | None = None  # expected CADSS points above 4 x minutes, by drug
    benefit_per_hundred: float | None = None  # points x minutes; None: there is no burden
    broken: tuple[str, ...] = ()  # every limit it breaks

    def __str__(self) -> str:
        given = f" over {self.minutes:g} min" if self.minutes else f" {INTO[self.route]}"
        shape = "" if self.profile is Profile.CONSTANT else f", {self.profile}"
        days = "" if self.spacing_days is None else f", {self.spacing_days:g} days apart"
        return f"{self.dose_mg:g} mg{given}{shape}{days}"

    def doses(self, drug: Drug) -> tuple[Dose, ...]:
        """As it would be given, and as a pump would be set."""
        return parts_of(
            self.dose_mg, route=self.route, minutes=self.minutes, profile=self.profile, drug=drug
        )


def only(one: Option) -> Candidates:
    """The candidates of which one option is the only one."""
    spacing = one.spacing_days
    spaced = Candidates(
        doses_mg=(one.dose_mg,) if one.minutes else (),
        minutes=(one.minutes,) if one.minutes else (),
        profiles=(one.profile,),
        at_once=() if one.minutes else (AtOnce(route=one.route, doses_mg=(one.dose_mg,)),),
    )
    if spacing is None:
        return spaced
    return replace(spaced, spacings_days=(spacing,), over_days=spacing + 1.0)
