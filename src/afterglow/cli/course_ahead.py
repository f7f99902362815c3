"""The session ahead in a course's file: who is dosed, within what, and from what to choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from afterglow.cli.course_file import (
    BEFORE_DOSE,
    LAST_DAY,
    PatientCourse,
    baseline_of,
    drug_of,
)
from afterglow.cli.input_table import Table
from afterglow.core.body import Baseline
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.given import GivenBefore, given_before
from afterglow.core.dosing.limits import CAPS, Counted, ExposureLimit, Limits
from afterglow.core.dosing.options import (
    AT_ONCE,
    BY_NOSE,
    AtOnce,
    Candidates,
    Profile,
    at_once_for,
    candidates_for,
)
from afterglow.core.quantity import Drug, Route

OTHER = {
    Route.INTRAMUSCULAR: "muscle",
    Route.SUBCUTANEOUS: "skin",
    Route.SUBLINGUAL: "tongue",
}
CEILINGS = tuple(f"{name}_ceiling_mg_per_kg" for name in OTHER.values())
DEVICES = "devices_mg"
DOSES = tuple(f"{name}_doses_mg" for name in OTHER.values())

# Levels of one session are taken to be gone before the next [own]: two in a day are one session.
LEAST_GAP_DAYS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """The session to be planned."""

    drug: Drug
    number: int
    idle_days: float
    baseline: Baseline
    limits: Limits
    candidates: Candidates
    before: tuple[GivenBefore, ...]


def ahead_of(course: PatientCourse, belief: Belief | None = None) -> Ahead:
    """What [next], [limits], [[exposure]] and [candidates] say. Raises BadInput naming the line."""
    file, held = course.table, course.held(belief)
    weight_kg = course.covariates.weight_kg
    table = file.table("next")
    table.only("drug", "day", "idle_days", *BEFORE_DOSE)
    limits = _limits(file)
    drug = drug_of(table)
    candidates = _candidates(file, limits, drug, weight_kg)
    idle_days = _idle_days(table, bool(held), course.days)
    return Ahead(
        drug=drug,
        number=max((one.number for one in held), default=0) + 1,
        idle_days=idle_days,
        baseline=baseline_of(table),
        limits=limits,
        candidates=candidates,
        before=given_before(held, weight_kg=weight_kg, idle_days=idle_days),
    )


def _idle_days(table: Table, treated: bool, days: Sequence[float]) -> float:
    """Days since the session before: from `day`, or told as `idle_days` with a belief."""
    if not treated:
        return 0.0
    if table.has("idle_days"):
        return table.number("idle_days", LEAST_GAP_DAYS, LAST_DAY, "days")
    if not days:
        raise table.wrong("idle_days is missing: days since the last session, 1 to 36500.")
    return table.number("day", days[-1] + LEAST_GAP_DAYS, LAST_DAY, "days") - days[-1]


def _limits(file: Table) -> Limits:
    table = file.table("limits")
    table.only(
        "cadss",
        "cadss_chance",
        "systolic_mmhg",
        "systolic_chance",
        "moaa_s",
        "moaa_s_chance",
        "ceiling_mg_per_kg",
        *CEILINGS,
        "second_prescriber",
    )
    sedation = table.has("moaa_s") or table.has("moaa_s_chance")
    others = {
        field: table.number(field, 0.05, 5, "mg/kg") for field in CEILINGS if table.has(field)
    }
    with table.naming():
        return Limits(
            cadss=table.number("cadss", 0, 92, "points"),
            cadss_chance=table.number("cadss_chance", 0, 1, "(a probability)"),
            systolic_mmhg=table.number("systolic_mmhg", 80, 260, "mmHg"),
            systolic_chance=table.number("systolic_chance", 0, 1, "(a probability)"),
            moaa_s=table.whole("moaa_s", 0, 4) if sedation else None,
            moaa_s_chance=table.number("moaa_s_chance", 0, 1, "(a probability)")
            if sedation
            else None,
            ceiling_mg_per_kg=table.number("ceiling_mg_per_kg", 0.05, 5, "mg/kg"),
            second_prescriber=bool(table.flag("second_prescriber", default=False)),
            exposure=_exposure(file),
            **others,
        )


def _exposure(file: Table) -> tuple[ExposureLimit, ...]:
    rows = file.tables("exposure", most=20) if file.has("exposure") else []
    found = []
    for row in rows:
        row.only("most", "unit", "days")
        unit = Counted(row.one_of("unit", list(Counted)))
        days = row.number("days", 1, LAST_DAY, "days") if row.has("days") else None
        found.append(ExposureLimit(most=row.number("most", 0, 1e6, unit), unit=unit, days=days))
    return tuple(found)


def _candidates(file: Table, limits: Limits, drug: Drug, weight_kg: float) -> Candidates:
    """What to choose from; without [candidates], the clinic's usual grid into a vein."""
    table = file.table("candidates", needed=False)
    table.only(
        "routes",
        "doses_mg",
        *DOSES,
        DEVICES,
        "minutes",
        "shapes",
        "spacings_days",
        "sessions",
        "over_days",
    )
    routes = _routes(table)
    _only_of(table, routes)
    usual = candidates_for(weight_kg, limits.ceiling_mg_per_kg)
    doses = table.numbers("doses_mg", 0.5, 500, "mg", default=usual.doses_mg)
    minutes = table.numbers("minutes", 2, 480, "min", default=usual.minutes)
    vein = Route.INTRAVENOUS in routes
    over_days = table.number("over_days", 2, 365, "days", default=28.0)
    with table.naming():
        return Candidates(
            doses_mg=doses if vein else (),
            minutes=minutes if vein else (),
            profiles=_shapes(table),
            at_once=tuple(
                _at_once(table, route, limits, drug, weight_kg)
                for route in routes
                if route is not Route.INTRAVENOUS
            ),
            spacings_days=_spacings(table, over_days),
            sessions=table.whole("sessions", 1, 100, default=1),
            over_days=over_days,
        )


def _routes(table: Table) -> tuple[Route, ...]:
    known = (Route.INTRAVENOUS, *AT_ONCE)
    named = table.some_of("routes") or (Route.INTRAVENOUS,)
    for one in named:
        if one not in known:
            raise table.wrong(f"routes must be of {', '.join(known)}; got {one!r}.", "routes")
    return tuple(Route(one) for one in dict.fromkeys(named))


def _spacings(table: Table, over_days: float) -> tuple[float, ...]:
    if not table.has("spacings_days"):
        return ()
    return table.numbers("spacings_days", 1, over_days - 1, "days (below over_days)")


def _only_of(table: Table, routes: Sequence[Route]) -> None:
    """Stop doses of a route that is not among those to choose from."""
    fields = {
        Route.INTRAVENOUS: ("doses_mg", "minutes", "shapes"),
        **{route: (f"{name}_doses_mg",) for route, name in OTHER.items()},
        Route.NASAL: (DEVICES,),
    }
    for route, names in fields.items():
        for field in names:
            if table.has(field) and route not in routes:
                raise table.wrong(f"{field} is of the {route} route: add it to routes.", field)


def _shapes(table: Table) -> tuple[Profile, ...]:
    try:
        return tuple(Profile(one) for one in table.some_of("shapes")) or (Profile.CONSTANT,)
    except ValueError as error:
        raise table.wrong(f"shapes must be of {', '.join(Profile)}.", "shapes") from error


def _at_once(table: Table, route: Route, limits: Limits, drug: Drug, weight_kg: float) -> AtOnce:
    """Doses of a route without a pump: as written, else in the usual steps up to its ceiling."""
    if route is Route.NASAL:
        devices = table.numbers(DEVICES, 28, 84, "mg", default=BY_NOSE.doses_mg)
        return AtOnce(route=route, doses_mg=devices)
    highest = limits.ceiling(route) or CAPS[route].of(drug).alone_mg_per_kg
    usual = at_once_for(route, weight_kg, highest)
    doses = table.numbers(f"{OTHER[route]}_doses_mg", 0.5, 500, "mg", default=usual.doses_mg)
    return AtOnce(route=route, doses_mg=doses)
