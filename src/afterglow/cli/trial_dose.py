"""What an arm or a regimen gives in one session, as its table says: docs/trial-format.md."""

from __future__ import annotations

from math import ceil

from afterglow.cli.input_table import Table
from afterglow.core.dosing.case import MOST_MG
from afterglow.core.dosing.virtual_given import Given
from afterglow.core.pharmacology.mood import Expectancy
from afterglow.core.pharmacology.sitting import DEVICE_MG, is_compounded, is_device
from afterglow.core.quantity import BaseMass, Bolus, Dose, Drug, Infusion, Route, SaltMass

# What an arm gets, and what its people are taken to believe unless the file says otherwise.
COMPARATORS = {
    "saline": Expectancy.INERT,
    "placebo": Expectancy.ACTIVE_COMPARATOR,
    "midazolam": Expectancy.ACTIVE_COMPARATOR,
}
# Each: lowest, highest, unit.
AMOUNTS = {
    "dose_mg": (0.1, MOST_MG, "mg"),
    "dose_mg_per_kg": (0.01, 20.0, "mg/kg"),
    "mg_per_hour": (0.01, 1000.0, "mg/h"),
    "mg_per_kg_per_hour": (0.001, 10.0, "mg/kg/h"),
}
RATES = ("mg_per_hour", "mg_per_kg_per_hour")
DOSE_FIELDS = (
    "route",
    *AMOUNTS,
    "most_mg",
    "form",
    "minutes",
    "minutes_between",
    "release_hours",
    "bioavailability",
)
MOST_MINUTES = 10_080.0  # a week
MOST_DOSES = 100  # of one session
MOST_A_SESSION_MG = 100_000.0  # of infusions over days
INFUSED = (Route.INTRAVENOUS, Route.INTRAMUSCULAR, Route.SUBCUTANEOUS)
# By these routes a dose takes no time of its own unless the file says so.
NO_MINUTES = (Route.NASAL, Route.SUBLINGUAL, Route.ORAL)


def given_of(table: Table, gives: str) -> Given:
    """The doses of one session: the table's own, or its [[dose]] list. A comparator has none."""
    if gives in COMPARATORS:
        if stray := [field for field in (*DOSE_FIELDS, "dose") if table.has(field)]:
            raise table.wrong(f"{stray[0]} means nothing where {gives} is given.", stray[0])
        return Given(doses=())
    rows = _rows(table)
    parts = [_part(row, Drug(gives)) for row in rows]
    for row, (_, per_kg) in zip(rows, parts, strict=True):
        if per_kg != parts[0][1]:
            raise row.wrong(
                "every dose of a session must be in mg, or every one per kg.", "dose_mg"
            )
    share = next((row for row in (*rows, table) if row.has("bioavailability")), None)
    with table.naming():
        return Given(
            doses=tuple(dose for doses, _ in parts for dose in doses),
            per_kg=parts[0][1],
            most_mg=table.number("most_mg", 1, MOST_A_SESSION_MG, "mg")
            if table.has("most_mg")
            else None,
            bioavailability=share.number("bioavailability", 0.05, 0.95, "(a share of the dose)")
            if share
            else None,
        )


def ladder_of(table: Table, gives: str, field: str) -> list[Given]:
    """One session for each amount that stands listed in `field`."""
    amounts = table.data[field]
    if not amounts:
        raise table.wrong(f"{field} must be one number or more.", field)
    return [
        given_of(Table(table.file, table.path, {**table.data, field: one}, table.places), gives)
        for one in amounts
    ]


def _rows(table: Table) -> list[Table]:
    """The tables that each say one dose: [[dose]], or the table itself."""
    if not table.has("dose"):
        return [table]
    here = [field for field in DOSE_FIELDS if table.has(field) and field != "most_mg"]
    if here:
        raise table.wrong(f"{here[0]} stands in each [[dose]] where those are given.", here[0])
    rows = table.tables("dose", most=MOST_DOSES)
    for row in rows:
        row.only(*(field for field in DOSE_FIELDS if field != "most_mg"), "start_min")
    return rows


def _part(row: Table, drug: Drug) -> tuple[list[Dose], bool]:
    route = Route(row.one_of("route", list(Route)))
    _fits(row, route, drug)
    minutes = _minutes(row, route)
    mg, per_kg = _amount(row, minutes)
    return _doses(row, mg, minutes, route, drug), per_kg


def _amount(table: Table, minutes: float) -> tuple[float, bool]:
    """Mg of base, and whether they are per kg of body weight: told as a dose or as a rate."""
    told = [field for field in AMOUNTS if table.has(field)]
    if len(told) != 1:
        raise table.wrong("give dose_mg or dose_mg_per_kg, one of them.", told[-1] if told else "")
    field = told[0]
    low, high, unit = AMOUNTS[field]
    mg = table.number(field, low, high, unit)
    if field in RATES:
        if minutes == 0:
            raise table.wrong(f"{field} needs minutes above 0.", field)
        mg *= minutes / 60.0
    form = table.one_of("form", ("base", "hydrochloride"), default="base")
    per_kg = field in ("dose_mg_per_kg", "mg_per_kg_per_hour")
    return (SaltMass(mg).to_base().mg if form == "hydrochloride" else mg), per_kg


def _fits(table: Table, route: Route, drug: Drug) -> None:
    """Stop a field that means nothing by this route."""
    by_device = is_device(route, drug)
    for field, fits, where in (
        ("release_hours", route is Route.ORAL, 'route = "oral"'),
        ("bioavailability", is_compounded(route, drug), "a racemic nasal spray"),
        ("minutes_between", by_device, "esketamine by nasal device"),
        ("dose_mg_per_kg", not by_device, "doses that are no nasal devices of 28 mg"),
        ("mg_per_hour", route in INFUSED, "infusions into a vein, a muscle or the skin"),
        ("mg_per_kg_per_hour", route in INFUSED, "infusions into a vein, a muscle or the skin"),
        ("most_mg", not by_device, "doses that are no nasal devices of 28 mg"),
    ):
        if table.has(field) and not fits:
            raise table.wrong(f"{field} is for {where} alone.", field)


def _doses(table: Table, mg: float, minutes: float, route: Route, drug: Drug) -> list[Dose]:
    starts = table.number("start_min", 0, MOST_MINUTES, "min", default=0.0)
    if not table.has("minutes_between"):
        return [_dose(mg, starts, minutes, route, drug)]
    apart = table.number("minutes_between", 0, 60, "min")
    devices = ceil(mg / DEVICE_MG)
    return [
        _dose(min(DEVICE_MG, mg - n * DEVICE_MG), starts + n * apart, minutes, route, drug)
        for n in range(devices)
    ]


def _minutes(table: Table, route: Route) -> float:
    """How long a dose goes in, or takes to leave its form."""
    if table.has("release_hours"):
        if table.has("minutes"):
            raise table.wrong("give minutes or release_hours, one of them.", "release_hours")
        return 60.0 * table.number("release_hours", 0.1, 48, "h")
    at_once = 0.0 if route in NO_MINUTES else None
    return table.number("minutes", 0, MOST_MINUTES, "min", default=at_once)


def _dose(mg: float, starts_min: float, minutes: float, route: Route, drug: Drug) -> Dose:
    amount = BaseMass(mg)
    if minutes == 0:
        return Bolus(amount=amount, starts_min=starts_min, drug=drug, route=route)
    return Infusion(amount=amount, starts_min=starts_min, lasts_min=minutes, drug=drug, route=route)
