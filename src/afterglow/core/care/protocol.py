"""The regimen as data, the days of a series, and the hard limits on what may be given."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from afterglow.core.body import within
from afterglow.core.care.policy import Policy, Threshold
from afterglow.core.care.schedule import Schedule
from afterglow.core.care.words import Grade
from afterglow.core.errors import BadInput
from afterglow.core.quantity import Drug, Route
from afterglow.core.refusal import Refusal

WORKDAYS = (0, 1, 2, 3, 4)  # Monday is 0
_GAPS_DAYS = {1: (7,), 2: (3, 4), 3: (2, 2, 3)}  # by sessions a week


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """What is given, how much by weight, over how long, how often."""

    name: str
    drug: Drug
    route: Route
    mg_per_kg: float
    lasts_min: float
    sessions: int
    per_week: int
    source: str
    grade: Grade

    def __post_init__(self) -> None:
        if self.per_week not in _GAPS_DAYS:
            raise BadInput(f"per_week must be 1, 2 or 3, got {self.per_week}.")
        if self.sessions < 1:
            raise BadInput(f"sessions must be 1 or more, got {self.sessions}.")


def intravenous(policy: Policy) -> Regimen:
    """Racemic ketamine into a vein: the acute course of the policy in force."""
    p = policy.protocol
    return Regimen(
        name="intravenous",
        drug=Drug.KETAMINE,
        route=Route.INTRAVENOUS,
        mg_per_kg=p.iv_mg_per_kg.value,
        lasts_min=p.iv_minutes.value,
        sessions=round(p.iv_sessions.value),
        per_week=round(p.iv_per_week.value),
        source=p.iv_mg_per_kg.source,
        grade=p.iv_mg_per_kg.grade,
    )


def series(
    first_day: date,
    regimen: Regimen,
    *,
    policy: Policy,
    closed: Collection[date] = (),
    open_weekdays: Collection[int] = WORKDAYS,
) -> tuple[date, ...]:
    """The days of the course, moved off closed days, never nearer than the smallest gap."""
    if not set(open_weekdays) & set(range(7)):
        raise BadInput("open_weekdays must name at least one day, 0 Monday to 6 Sunday.")
    gap = timedelta(days=policy.protocol.smallest_gap_days.value)
    gaps = _GAPS_DAYS[regimen.per_week]
    wanted, days = first_day, list[date]()
    for n in range(regimen.sessions):
        earliest = max(wanted, days[-1] + gap) if days else wanted
        days.append(_next_open(earliest, closed, open_weekdays))
        wanted += timedelta(days=gaps[n % len(gaps)])
    return tuple(days)


def _next_open(day: date, closed: Collection[date], open_weekdays: Collection[int]) -> date:
    for later in range(366):
        on = day + timedelta(days=later)
        if on not in closed and on.weekday() in open_weekdays:
            return on
    raise BadInput(f"closed leaves no open day within a year of {day}.")


def calculated_mg(weight_kg: float, mg_per_kg: float) -> float:
    """The dose by weight, in mg of base."""
    return weight_kg * mg_per_kg


def check_dose(
    *,
    dose_mg: float,
    lasts_min: float,
    weight_kg: float,
    drug: Drug,
    route: Route,
    policy: Policy,
    calculated_mg: float | None = None,
    second_prescriber: bool = False,
    ordered_mg_per_ml: float | None = None,
    lot_mg_per_ml: float | None = None,
    steps: Schedule | None = None,
) -> Refusal | None:
    """The first hard limit that stands against this entry, or None.

    A second prescriber lifts the ceiling and the infusion time, never the slip checks: a weight
    that cannot be, an entry far over the calculated dose, a vial of another strength. Nor the rate
    of a step: none may run faster than the ceiling over the shortest time at a constant rate.
    """
    return (
        _check_weight(weight_kg, policy)
        or _check_amount(dose_mg, calculated_mg, policy)
        or _check_strength(ordered_mg_per_ml, lot_mg_per_ml)
        or _check_steps(steps, weight_kg, policy)
        or _check_ceiling(dose_mg, weight_kg, drug, route, policy, second_prescriber)
        or _check_minutes(lasts_min, route, policy, second_prescriber)
    )


def _check_weight(weight_kg: float, policy: Policy) -> Refusal | None:
    least, most = policy.protocol.weight_least_kg, policy.protocol.weight_most_kg
    if math.isfinite(weight_kg) and least.value <= weight_kg <= most.value:
        return None
    return Refusal(
        code="weight-implausible",
        because=f"A weight of {weight_kg:g} kg is outside {least.value:g} to {most.text}.",
        remedy="Weigh again; check kg against pounds.",
        source=least.source,
    )


def _check_amount(dose_mg: float, calculated: float | None, policy: Policy) -> Refusal | None:
    if not (math.isfinite(dose_mg) and dose_mg > 0):
        return Refusal(
            code="dose-not-positive",
            because=f"A dose of {dose_mg:g} mg cannot be given.",
            remedy="Enter the amount in mg of base, more than 0.",
        )
    times = policy.protocol.over_calculated_times
    if calculated is None or dose_mg <= times.value * calculated:
        return None
    return Refusal(
        code="dose-over-calculated",
        because=f"{dose_mg:g} mg is {dose_mg / calculated:.2g} times the calculated "
        f"{calculated:g} mg; the limit is {times.value:g} times."
        if calculated > 0
        else f"{dose_mg:g} mg was entered where 0 mg was calculated.",
        remedy="Check the decimal point, the weight and the unit.",
        source=times.source,
    )


def _check_strength(ordered: float | None, lot: float | None) -> Refusal | None:
    if ordered is None or lot is None or math.isclose(ordered, lot):
        return None
    return Refusal(
        code="concentration-mismatch",
        because=f"The plan is for {ordered:g} mg/mL, the scanned lot holds {lot:g} mg/mL.",
        remedy="Fetch the right vial, or plan anew for this one.",
        source="Afterglow project default",
    )


def _check_steps(steps: Schedule | None, weight_kg: float, policy: Policy) -> Refusal | None:
    """A shape moves drug to one end of the time: its fastest step is held to a rate [own]."""
    ceiling, shortest = policy.protocol.iv_ceiling_mg_per_kg, policy.protocol.iv_shortest_min
    most = ceiling.value / shortest.value
    fastest = steps.highest_mg_per_min if steps and steps.is_stepped else 0.0
    if fastest / weight_kg <= most * (1 + 1e-9):
        return None
    return Refusal(
        code="step-too-fast",
        because=f"The fastest step runs at {fastest:.3g} mg/min, {fastest / weight_kg:.3g} mg/kg "
        f"a minute; the most is {most:.3g}: {ceiling.text} over {shortest.text} {ceiling.mark}.",
        remedy="Choose a longer time, a lower dose or a constant rate. No signature lifts it.",
        source=ceiling.source,
    )


def _check_ceiling(
    dose_mg: float, weight_kg: float, drug: Drug, route: Route, policy: Policy, second: bool
) -> Refusal | None:
    ceiling = _ceiling(drug, route, policy)
    if ceiling is None:
        return Refusal(
            code="route-has-no-ceiling",
            because=f"The policy holds no mg/kg ceiling for {drug.value}, {route.value}.",
            remedy="Choose another route; nasal esketamine goes by devices.",
            source="Afterglow project default",
        )
    per_kg = dose_mg / weight_kg
    if second or per_kg <= ceiling.value * (1 + 1e-9):
        return None
    return Refusal(
        code="dose-above-ceiling",
        because=f"{dose_mg:g} mg is {per_kg:.3g} mg/kg, above the ceiling of {ceiling.text} "
        f"for this route {ceiling.mark}.",
        remedy="Lower the dose, or have a second prescriber sign.",
        source=ceiling.source,
    )


def _ceiling(drug: Drug, route: Route, policy: Policy) -> Threshold | None:
    """Held for racemic ketamine. Esketamine is about twice as strong, so it has none here."""
    if drug is not Drug.KETAMINE:
        return None
    p = policy.protocol
    return {
        Route.INTRAVENOUS: p.iv_ceiling_mg_per_kg,
        Route.INTRAMUSCULAR: p.im_ceiling_mg_per_kg,
        Route.SUBCUTANEOUS: p.sc_ceiling_mg_per_kg,
        Route.ORAL: p.oral_ceiling_mg_per_kg,
        Route.SUBLINGUAL: p.oral_ceiling_mg_per_kg,
    }.get(route)


def _check_minutes(lasts_min: float, route: Route, policy: Policy, second: bool) -> Refusal | None:
    if route is not Route.INTRAVENOUS:
        return None
    least, most = policy.protocol.iv_shortest_min, policy.protocol.iv_longest_min
    possible = math.isfinite(lasts_min) and lasts_min > 0
    if possible and (second or least.value <= lasts_min <= most.value):
        return None
    return Refusal(
        code="infusion-outside-range",
        because=f"An infusion of {lasts_min:g} min is outside {least.value:g} to {most.text} "
        f"{least.mark}.",
        remedy="Change the minutes, or have a second prescriber sign.",
        source=least.source,
    )


def check_change(*, given_mg: float, wanted_mg: float, plan_mg: float) -> Refusal | None:
    """Refuse what would take the session over its signed plan."""
    for field, amount in (("given_mg", given_mg), ("wanted_mg", wanted_mg), ("plan_mg", plan_mg)):
        within(field, amount, 0, 10_000, "mg")
    total = given_mg + wanted_mg
    if total <= plan_mg * (1 + 1e-9):
        return None
    return Refusal(
        code="dose-over-plan",
        because=f"{given_mg:g} mg given and {wanted_mg:g} mg wanted are {total:g} mg, over the "
        f"signed plan of {plan_mg:g} mg.",
        remedy="Give no more than the plan, or have a prescriber sign a new plan.",
        source="Afterglow project default",
    )
