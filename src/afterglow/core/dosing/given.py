"""How much was given before, and what one session more, or a series of them, adds to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from afterglow.core.body import within
from afterglow.core.dosing.limits import ROUNDING, Counted, ExposureLimit
from afterglow.core.quantity import Route

IN_THE_GUT = (Route.ORAL, Route.SUBLINGUAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBefore:
    """What one session gave in all, and how many days before the session ahead that is."""

    days_ago: float
    amount_mg: float
    mg_per_kg: float
    route: Route

    def __post_init__(self) -> None:
        within("days_ago", self.days_ago, 0, 36500, "days")
        within("amount_mg", self.amount_mg, 0, 10_000, "mg")
        within("mg_per_kg", self.mg_per_kg, 0, 200, "mg/kg")

    def counts(self, unit: Counted) -> float:
        match unit:
            case Counted.MG:
                return self.amount_mg
            case Counted.SESSIONS:
                return 1.0
            case Counted.MG_PER_KG:
                return 0.0 if self.route in IN_THE_GUT else self.mg_per_kg


Dated = tuple[float, GivenBefore]  # day, 0 for the session ahead, and what it gives


def over_exposure(
    limits: Sequence[ExposureLimit], before: Sequence[Dated], ahead: Sequence[Dated]
) -> Iterator[str]:
    """What the sessions ahead would exceed, in words."""
    every = (*before, *ahead)
    for limit in limits:
        most = max(_up_to(day, limit, every) for day, _ in ahead)
        if most > limit.most + ROUNDING:
            yield f"{most:.3g} {limit.unit} {limit.period}, limit {limit.most:g}."


def _up_to(last: float, limit: ExposureLimit, every: Sequence[Dated]) -> float:
    """All that is given in the days up to and with a day."""
    days = float("inf") if limit.days is None else limit.days
    return sum(one.counts(limit.unit) for day, one in every if 0 <= last - day < days)
