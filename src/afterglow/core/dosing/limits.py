"""What a dose may not exceed: the clinic's limits, and the caps of the house that nobody lifts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from afterglow.core.body import within
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.sedation import LEVELS
from afterglow.core.pharmacology.sourced import sheet
from afterglow.core.quantity import Drug, Route

NEVER_TIMES = 1.5  # [own] beyond this multiple of a cap no signature helps
ROUNDING = 1e-9
DROWSY = LEVELS - 2  # MOAA/S 4: the level that is met on placebo, too


@dataclass(frozen=True, slots=True)
class Cap:
    """mg/kg of racemic ketamine at once: what one prescriber may give, and what nobody may."""

    alone_mg_per_kg: float
    source: str

    def of(self, drug: Drug) -> Cap:
        """Esketamine holds twice the S-ketamine in a mg, so its cap is half [own]."""
        share = 0.5 if drug is Drug.ESKETAMINE else 1.0
        return Cap(self.alone_mg_per_kg * share, self.source)

    @property
    def never_mg_per_kg(self) -> float:
        return self.alone_mg_per_kg * NEVER_TIMES


CAPS: Mapping[Route, Cap] = {
    Route.INTRAVENOUS: Cap(1.0, "Hard limit of the house [own]"),
    Route.INTRAMUSCULAR: Cap(1.0, "Psychiatric range in practice 0.5-1.0 mg/kg [C]"),
    Route.SUBCUTANEOUS: Cap(0.9, "KADS 2023: highest response-guided step [A]"),
    Route.SUBLINGUAL: Cap(2.5, "New Zealand guideline for swallowed doses: 2.0-2.5 mg/kg [A]"),
}
INTO = {
    Route.INTRAVENOUS: "into a vein",
    Route.INTRAMUSCULAR: "into muscle",
    Route.SUBCUTANEOUS: "under the skin",
    Route.SUBLINGUAL: "under the tongue",
    Route.NASAL: "by nose",
}


class Counted(StrEnum):
    """What of a series of sessions is added up."""

    MG = "mg"
    MG_PER_KG = "mg/kg"  # outside the gut only, as in the flags of a course
    SESSIONS = "sessions"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureLimit:
    """The most in any so many days in a row, the session ahead included; in a life without days."""

    most: float
    unit: Counted
    days: float | None = None

    def __post_init__(self) -> None:
        within("most", self.most, 0, 1e6, self.unit)
        if self.days is not None:
            within("days", self.days, 1, 36500, "days")

    def __str__(self) -> str:
        return f"{self.most:g} {self.unit} {self.period}"

    @property
    def period(self) -> str:
        return "in a lifetime" if self.days is None else f"in {self.days:g} days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The clinic's policy. No limit has a default: what is None was not set, and is said so."""

    cadss: float  # the peak should stay at or below this ...
    cadss_chance: float  # ... but for at most this chance
    systolic_mmhg: float
    systolic_chance: float
    ceiling_mg_per_kg: float  # into a vein
    second_prescriber: bool = False
    moaa_s: int | None = None  # alertness should not fall to this level or below ...
    moaa_s_chance: float | None = None  # ... but for at most this chance
    muscle_ceiling_mg_per_kg: float | None = None
    skin_ceiling_mg_per_kg: float | None = None
    tongue_ceiling_mg_per_kg: float | None = None
    exposure: tuple[ExposureLimit, ...] = ()

    def __post_init__(self) -> None:
        within("cadss", self.cadss, 0, 92, "points")
        within("cadss_chance", self.cadss_chance, 0, 1, "(a probability)")
        within("systolic_mmhg", self.systolic_mmhg, 80, 260, "mmHg")
        within("systolic_chance", self.systolic_chance, 0, 1, "(a probability)")
        within("ceiling_mg_per_kg", self.ceiling_mg_per_kg, 0.05, 5, "mg/kg")
        self._check_sedation()
        for name in ("muscle", "skin", "tongue"):
            field = f"{name}_ceiling_mg_per_kg"
            if (value := getattr(self, field)) is not None:
                within(field, value, 0.05, 5, "mg/kg")

    def _check_sedation(self) -> None:
        if (self.moaa_s is None) != (self.moaa_s_chance is None):
            raise BadInput("moaa_s and moaa_s_chance must be given together.")
        if self.moaa_s is not None and self.moaa_s not in range(5):
            raise BadInput(f"moaa_s must be a whole number, 0 to 4, got {self.moaa_s:g}.")
        if self.moaa_s_chance is not None:
            within("moaa_s_chance", self.moaa_s_chance, 0, 1, "(a probability)")
            check_drowsiness(self.moaa_s, self.moaa_s_chance)

    def ceiling(self, route: Route) -> float | None:
        """mg/kg by this route, if the clinic set one."""
        return {
            Route.INTRAVENOUS: self.ceiling_mg_per_kg,
            Route.INTRAMUSCULAR: self.muscle_ceiling_mg_per_kg,
            Route.SUBCUTANEOUS: self.skin_ceiling_mg_per_kg,
            Route.SUBLINGUAL: self.tongue_ceiling_mg_per_kg,
        }.get(route)

    def unset(self, routes: Iterable[Route]) -> tuple[str, ...]:
        """What the clinic set no limit on, in words."""
        said = [] if self.moaa_s is not None else ["No limit on sedation was given."]
        if not self.exposure:
            said.append("No limit on total exposure was given.")
        said += [
            f"No ceiling for doses {INTO[route]} was given: the cap of the house alone holds."
            for route in routes
            if self.ceiling(route) is None and route in CAPS
        ]
        return tuple(said)


def check_drowsiness(moaa_s: float | None, chance: float) -> None:
    """No dose keeps a chance of drowsiness below the share that is drowsy without any."""
    share = sheet("sedation")["placebo"]
    if moaa_s == DROWSY and chance < share.value:
        raise BadInput(
            f"moaa_s_chance must be {share.value:g} or more with moaa_s = {DROWSY}: "
            f"{share.value:.0%} are so drowsy on placebo ({share.source} [{share.grade}])."
        )


def over_cap(mg_per_kg: float, route: Route, drug: Drug, limits: Limits) -> str:
    """Why so much by this route is above a cap of the house, or nothing. By nose: `label`."""
    if route not in CAPS:
        return ""
    cap = CAPS[route].of(drug)
    if mg_per_kg > cap.never_mg_per_kg + ROUNDING:
        return f"Above {cap.never_mg_per_kg:g} mg/kg {INTO[route]}: never, whoever signs."
    if mg_per_kg > cap.alone_mg_per_kg + ROUNDING and not limits.second_prescriber:
        return f"Above {cap.alone_mg_per_kg:g} mg/kg without a second prescriber."
    return ""


def over_ceiling(mg_per_kg: float, route: Route, limits: Limits) -> str:
    ceiling = limits.ceiling(route)
    if ceiling is None or mg_per_kg <= ceiling + ROUNDING:
        return ""
    return f"Above the ceiling of {ceiling:g} mg/kg."


def over_chance(what: str, above: str, chance: float, limit: float) -> str:
    """Why a chance is too high, or nothing."""
    if chance <= limit:
        return ""
    return f"Chance of {what} {above} is {chance:.0%}, limit {limit:.0%}."


def over_sedation(chance: float | None, limits: Limits) -> str:
    if chance is None or limits.moaa_s is None or limits.moaa_s_chance is None:
        return ""
    return over_chance("MOAA/S", f"{limits.moaa_s} or below", chance, limits.moaa_s_chance)
