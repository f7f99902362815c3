"""How much was given before, and what one session more, or a series of them, adds to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from afterglow.core.body import within
from afterglow.core.dosing.limits import ROUNDING, Counted, ExposureLimit
from afterglow.core.dosing.observed import SessionObserved
from afterglow.core.quantity import Dose, Drug, Route

ESKETAMINE_COUNTS = 2.0
IN_THE_GUT = (Route.ORAL, Route.SUBLINGUAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBefore:
    """What was given by one route in one session, and how long before the session ahead, days."""

    days_ago: float
    amount_mg: float
    mg_per_kg: float
    route: Route
    drug: Drug = Drug.KETAMINE

    def __post_init__(self) -> None:
        within("days_ago", self.days_ago, 0, 36500, "days")
        within("amount_mg", self.amount_mg, 0, 10_000, "mg")
        within("mg_per_kg", self.mg_per_kg, 0, 200, "mg/kg")

    def counts(self, unit: Counted) -> float:
        """In mg, or in mg/kg, which is counted outside the gut only: of the racemate.

        A mg of esketamine counts as two, for it holds the S-ketamine of two [own].
        """
        as_racemate = ESKETAMINE_COUNTS if self.drug is Drug.ESKETAMINE else 1.0
        if unit is Counted.MG:
            return as_racemate * self.amount_mg
        return 0.0 if self.route in IN_THE_GUT else as_racemate * self.mg_per_kg


def given_before(
    sessions: Sequence[SessionObserved], *, weight_kg: float, idle_days: float
) -> tuple[GivenBefore, ...]:
    """What these sessions gave, by route; `idle_days` from the last of them to the one ahead."""
    found: list[GivenBefore] = []
    days_ago = idle_days
    for session in sorted(sessions, key=lambda one: -one.number):
        found += given_in(session.doses, weight_kg=weight_kg, days_ago=days_ago)
        days_ago += session.idle_days
    return tuple(found)


def given_in(
    doses: Sequence[Dose], *, weight_kg: float, days_ago: float
) -> tuple[GivenBefore, ...]:
    """What one session gave, by route and drug."""
    amounts: dict[tuple[Route, Drug], float] = {}
    for dose in doses:
        key = dose.route, dose.drug
        amounts[key] = amounts.get(key, 0.0) + dose.amount.mg
    return tuple(
        GivenBefore(
            days_ago=days_ago, amount_mg=mg, mg_per_kg=mg / weight_kg, route=route, drug=drug
        )
        for (route, drug), mg in amounts.items()
    )


Dated = tuple[float, GivenBefore]  # day, 0 for the session ahead, and what it gives


def over_exposure(
    limits: Sequence[ExposureLimit], before: Sequence[Dated], ahead: Sequence[Dated]
) -> Iterator[str]:
    """What the sessions ahead would exceed, in words."""
    for limit in limits:
        most = most_of(limit, before, ahead)
        if most > limit.most + ROUNDING:
            yield f"{most:.3g} {limit.unit} {limit.period}, limit {limit.most:g}."


def most_of(limit: ExposureLimit, before: Sequence[Dated], ahead: Sequence[Dated]) -> float:
    """The most that any of the sessions ahead makes of what a limit counts, in its own unit."""
    return max(_up_to(day, limit, before) + _up_to(day, limit, ahead) for day, _ in ahead)


def _up_to(last: float, limit: ExposureLimit, every: Sequence[Dated]) -> float:
    """All of these that is given in the days up to and with a day; by day, where sessions count."""
    days = float("inf") if limit.days is None else limit.days
    within_days = [(day, one) for day, one in every if 0 <= last - day < days]
    if limit.unit is Counted.SESSIONS:
        return len({day for day, _ in within_days})
    return sum(one.counts(limit.unit) for _, one in within_days)
