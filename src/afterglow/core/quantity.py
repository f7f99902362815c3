"""Amounts, doses and concentrations that know what they are: base, salt, site, analyte, route.

Inside `afterglow.core` all numbers are mg of base, L, min and ng/mL, as their names say.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from afterglow.core.errors import BadQuantity

KETAMINE_BASE_G_PER_MOL = 237.73  # [B]
KETAMINE_HCL_G_PER_MOL = 274.19  # [A] product label
BASE_PER_SALT = KETAMINE_BASE_G_PER_MOL / KETAMINE_HCL_G_PER_MOL


class Drug(StrEnum):
    """What is given. Racemic ketamine is half esketamine, half arketamine by mass."""

    KETAMINE = "ketamine"
    ESKETAMINE = "esketamine"
    ARKETAMINE = "arketamine"

    @property
    def s_fraction(self) -> float:
        """The part of each mg of base that is S-ketamine."""
        return {Drug.KETAMINE: 0.5, Drug.ESKETAMINE: 1.0, Drug.ARKETAMINE: 0.0}[self]


class Route(StrEnum):
    """How a dose enters the body."""

    INTRAVENOUS = "intravenous"
    INTRAMUSCULAR = "intramuscular"
    SUBCUTANEOUS = "subcutaneous"
    NASAL = "nasal"
    SUBLINGUAL = "sublingual"
    ORAL = "oral"


class Site(StrEnum):
    """Where blood is drawn. Arterial and venous levels differ 1.6-fold at the end of 40 min."""

    ARTERIAL = "arterial"
    VENOUS = "venous"


class Analyte(StrEnum):
    """What an assay measures."""

    KETAMINE = "ketamine"  # S + R together: a racemic (achiral) assay
    ESKETAMINE = "esketamine"  # S-ketamine alone: a chiral assay
    NORKETAMINE = "norketamine"  # S + R together


def _zero_or_more(value: float, what: str, unit: str) -> None:
    if not (math.isfinite(value) and value >= 0):
        raise BadQuantity(f"{what} must be 0 {unit} or more, got {value} {unit}.")


@dataclass(frozen=True, order=True, slots=True)
class BaseMass:
    """An amount of drug counted as base, zero or more. Vials and doses are in base."""

    mg: float

    def __post_init__(self) -> None:
        _zero_or_more(self.mg, "A drug amount", "mg")

    def __add__(self, other: BaseMass) -> BaseMass:
        if not isinstance(other, BaseMass):
            return NotImplemented
        return BaseMass(self.mg + other.mg)

    def __str__(self) -> str:
        return f"{self.mg:g} mg"


@dataclass(frozen=True, order=True, slots=True)
class SaltMass:
    """An amount counted as the hydrochloride. It must be turned into base before it is a dose."""

    mg: float

    def __post_init__(self) -> None:
        _zero_or_more(self.mg, "A drug amount", "mg of hydrochloride")

    def to_base(self) -> BaseMass:
        """100 mg of hydrochloride holds 86.7 mg of base."""
        return BaseMass(self.mg * BASE_PER_SALT)

    def __str__(self) -> str:
        return f"{self.mg:g} mg hydrochloride"


def _only_base(amount: object) -> None:
    if not isinstance(amount, BaseMass):
        raise BadQuantity(
            "amount must be a mass of base (BaseMass). For the hydrochloride, "
            "write SaltMass(mg).to_base()."
        )


def _known_kind(value: object, kind: type[StrEnum], field: str) -> None:
    """A bare word would pass for a drug or a route until some model stumbles over it."""
    if not isinstance(value, kind):
        known = ", ".join(kind)
        raise BadQuantity(f"{field} must be one of {known} ({kind.__name__}); got {value!r}.")


def _starts(starts_min: float) -> None:
    if not (math.isfinite(starts_min) and starts_min >= 0):
        raise BadQuantity(
            f"starts_min must be 0 or more, from the start of the session, got {starts_min}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Infusion:
    """A dose given at one constant rate. A pause or a change of rate is two of these."""

    amount: BaseMass
    starts_min: float
    lasts_min: float
    drug: Drug = Drug.KETAMINE
    route: Route = Route.INTRAVENOUS

    def __post_init__(self) -> None:
        _only_base(self.amount)
        _known_kind(self.drug, Drug, "drug")
        _known_kind(self.route, Route, "route")
        _starts(self.starts_min)
        if not 0 < self.lasts_min < math.inf:
            raise BadQuantity(
                f"lasts_min must be more than 0, got {self.lasts_min:g}. "
                "For a push dose, use Bolus or enter the time the push really takes."
            )

    @classmethod
    def at_rate(
        cls, mg_per_min: float, *, from_min: float, to_min: float, drug: Drug = Drug.KETAMINE
    ) -> Self:
        """What a pump gave at `mg_per_min` between two instants."""
        amount = BaseMass(mg_per_min * (to_min - from_min))
        return cls(amount=amount, starts_min=from_min, lasts_min=to_min - from_min, drug=drug)

    @property
    def ends_min(self) -> float:
        return self.starts_min + self.lasts_min

    @property
    def rate_mg_per_min(self) -> float:
        return self.amount.mg / self.lasts_min


@dataclass(frozen=True, slots=True, kw_only=True)
class Bolus:
    """A dose that enters at one instant."""

    amount: BaseMass
    starts_min: float
    drug: Drug = Drug.KETAMINE
    route: Route = Route.INTRAVENOUS

    def __post_init__(self) -> None:
        _only_base(self.amount)
        _known_kind(self.drug, Drug, "drug")
        _known_kind(self.route, Route, "route")
        _starts(self.starts_min)

    @property
    def ends_min(self) -> float:
        return self.starts_min


Dose = Infusion | Bolus


@dataclass(frozen=True, slots=True)
class ArterialLevel:
    """A concentration in arterial plasma. Drives effects; never compare it with a venous one."""

    ng_per_ml: float
    analyte: Analyte

    def __post_init__(self) -> None:
        _zero_or_more(self.ng_per_ml, "A concentration", "ng/mL")
        _known_kind(self.analyte, Analyte, "analyte")

    @property
    def site(self) -> Site:
        return Site.ARTERIAL


@dataclass(frozen=True, slots=True)
class VenousLevel:
    """A concentration in venous plasma: what a clinic can sample."""

    ng_per_ml: float
    analyte: Analyte

    def __post_init__(self) -> None:
        _zero_or_more(self.ng_per_ml, "A concentration", "ng/mL")
        _known_kind(self.analyte, Analyte, "analyte")

    @property
    def site(self) -> Site:
        return Site.VENOUS


Level = ArterialLevel | VenousLevel
