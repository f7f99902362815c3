"""What a library file must hold to before anybody is treated on it. Each fault names its field."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from afterglow.core.errors import BadLibrary
from afterglow.core.pharmacology import units
from afterglow.core.quantity import Drug, Route

if TYPE_CHECKING:
    from afterglow.core.pharmacology.library import Absorption, Check, Compartment, Model

DEVICE_PARTS = {"first_device": "1", "further_devices": "1"}
SITES = ("arterial", "venous", "mixed")
VEIN = Route.INTRAVENOUS.value
FITTED_TO = ("n", "people", "age_years_mean", "weight_kg_mean", "source")
# Every key a file may hold: one that is misspelt would otherwise be left out in silence.
NUMBER = {
    "value",
    "unit",
    "grade",
    "source",
    "note",
    "weight_power",
    "spread_source",
    "spread_note",
}
KNOWN = {
    "": {
        *("id", "title", "drugs", "routes", "site", "reference_weight_kg", "caveats", "sources"),
        *("fitted_to", "limits", "parameters", "residual", "compartments", "flows", "absorption"),
        *("covariances", "covariates", "liver", "checks"),
    },
    "sources": {"citation", "doi", "via", "note"},
    "parameters": NUMBER | {"omega2", "cv", "sd_log", "sd_logit", "nu2"},
    "residual": NUMBER,
    "compartments": {"name", "analyte", "per"},
    "absorption": {"route", "into", "share", "over_min"},
    "fitted_to": {*FITTED_TO, "female_percent"},
    "limits": {"age_years", "weight_kg", "grade", "why"},
    "liver": {"intrinsic", "gut"},
    "checks": {
        *("about", "drug", "route", "weight_kg", "amount_mg", "lasts_min", "t_min", "grade"),
        *("source", "within", "unit"),
    },
}
NEEDED = {
    "compartments": ("name",),
    "absorption": ("route", "into", "share"),
    "liver": ("intrinsic", "gut"),
    "checks": (
        *("about", "drug", "weight_kg", "amount_mg", "lasts_min", "t_min", "grade", "source"),
        *("within", "unit"),
    ),
}


def only_known(raw: Mapping[str, Any], name: str) -> None:
    """Stop a key nobody reads, and a table that lacks what every such table needs."""
    _only(raw, KNOWN[""], name)
    for table in ("sources", "parameters", "residual"):
        for key, one in raw.get(table, {}).items():
            _only(one, KNOWN[table], f"{name} [{table}] {key}")
    for table in ("fitted_to", "limits", "liver"):
        _held(raw.get(table, {}), table, f"{name} [{table}]")
    analytes = {one.get("analyte", "") for one in raw.get("compartments", ())}
    for table in ("compartments", "absorption", "checks"):
        for n, one in enumerate(raw.get(table, ()), start=1):
            told = one.get("name") or one.get("route") or one.get("about") or n
            own = {key for key in one if table == "checks" and key in analytes}
            rest = {key: one[key] for key in one if key not in own}
            _held(rest, table, f"{name} [[{table}]] {told}", always=True)


def _held(raw: Mapping[str, Any], table: str, where: str, *, always: bool = False) -> None:
    _only(raw, KNOWN[table], where)
    for key in NEEDED.get(table, ()) if raw or always else ():
        if key not in raw:
            raise BadLibrary(f"{where}: {key} is missing.")


def _only(raw: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(set(raw) - known):
        raise BadLibrary(f"{where}: {unknown[0]} is not a key of this table.")


def hold(model: Model, name: str) -> None:
    """Stop a model whose parts do not fit one another. Effects have parameters only."""
    unit_of = {p.name: p.unit for p in model.parameters.values()}
    _positive(model, name)
    _covariances(model, name)
    _named(model, unit_of, name)
    if model.compartments:
        _people(model, name)
        _network(model, unit_of, name)
        for check in model.checks:
            _worked(check, model, f"{name} [[checks]] {check.about}")


def _positive(model: Model, name: str) -> None:
    for p in model.parameters.values():
        where = f"{name} [parameters] {p.name}"
        if model.compartments and not p.value > 0:
            raise BadLibrary(f"{where}: value must be more than 0, got {p.printed:g}.")
        if p.logit and not p.value < 1:
            raise BadLibrary(f"{where}: sd_logit is for a share below 1, got {p.printed:g}.")
        if p.unit == "L/kg" and (p.weight_power, model.reference_weight_kg) != (1, 1):
            raise BadLibrary(
                f"{where}: L/kg needs weight_power = 1 and a reference_weight_kg of 1."
            )


def covariance(model: Model, names: list[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Covariance of deviations, (P, P), of the parameters that differ between people."""
    cov = np.diag([model.parameters[one].sd ** 2 for one in names])
    for pair, value in model.covariances.items():
        i, j = (names.index(one) for one in pair.split())
        cov[i, j] = cov[j, i] = value
    return cov


def _covariances(model: Model, name: str) -> None:
    spread = [p.name for p in model.parameters.values() if p.sd > 0]
    for pair in model.covariances:
        ends = pair.split()
        if len(set(ends)) != 2 or not set(ends) <= set(spread):
            raise BadLibrary(f"{name} [covariances] {pair!r}: name two parameters with a spread.")
    if model.covariances and np.linalg.eigvalsh(covariance(model, spread)).min() <= 0:
        pairs = ", ".join(repr(pair) for pair in model.covariances)
        raise BadLibrary(
            f"{name} [covariances] {pairs}: not positive definite with these variances; a "
            "correlation must lie between -1 and 1."
        )


def _named(model: Model, unit_of: Mapping[str, str], name: str) -> None:
    """What the liver and ancestry act on must be there."""
    at = [*model.liver.get("intrinsic", ()), *([model.liver["gut"]] if model.liver else [])]
    for table, named in (
        ("liver", at),
        ("covariates", [key for factors in model.covariates.values() for key in factors]),
    ):
        for one in named:
            if one not in unit_of:
                raise BadLibrary(f"{name} [{table}]: {one!r} is not among [parameters].")


def _people(model: Model, name: str) -> None:
    """Whom it is for, where its levels are, and how doses get in."""
    for key in FITTED_TO:
        if key not in model.fitted_to:
            raise BadLibrary(f"{name} [fitted_to]: {key} is missing.")
    if model.fitted_to["source"] not in model.sources:
        raise BadLibrary(f"{name} [fitted_to]: source is not among [sources].")
    for key in ("age_years", "weight_kg"):
        _range(model.limits.get(key), f"{name} [limits]: {key}")
    if not str(model.limits.get("why", "")).strip():
        raise BadLibrary(f"{name} [limits]: why is missing.")
    _one_of(model.site, SITES, f"{name}: site")
    for field, given, known in (
        ("drugs", model.drugs, [drug.value for drug in Drug]),
        ("routes", model.routes, [route.value for route in Route]),
    ):
        if not given:
            raise BadLibrary(f"{name}: {field} is missing.")
        for one in given:
            _one_of(one, known, f"{name}: {field}")
    ways = {way.route for way in model.absorption}
    for route in (*model.routes, *ways):
        if route not in {VEIN, *ways} or route not in model.routes:
            raise BadLibrary(
                f"{name}: routes and [[absorption]] must agree, and {route} is in one of them only."
            )


def _range(found: object, where: str) -> None:
    match found:
        case [int() | float() as low, int() | float() as high] if 0 < low < high < math.inf:
            return
    raise BadLibrary(f"{where} must be [lowest, highest], got {found}.")


def _one_of(found: str, known: Iterable[str], where: str) -> None:
    if found not in (listed := list(known)):
        raise BadLibrary(f"{where} must be one of {', '.join(listed)}; got {found!r}.")


def _network(model: Model, unit_of: Mapping[str, str], name: str) -> None:
    """Every flow a rate between known compartments, every `per` a volume, and a way out for all."""
    places = [one.name for one in model.compartments]
    if len(set(places)) < len(places):
        raise BadLibrary(f"{name} [[compartments]]: each needs a name of its own.")
    for path, formula in model.flows.items():
        where = f"{name} [flows] {path!r}"
        if not {end.strip() for end in path.split(">")} - {""} <= set(places):
            raise BadLibrary(f"{where}: no such compartment.")
        if units.dimensions(formula, unit_of, where) != {"min": -1}:
            raise BadLibrary(f"{where}: {formula!r} is not a rate (1/min).")
    for way in model.absorption:
        where = f"{name} [[absorption]] {way.route}"
        _way_in(way, set(places), {**unit_of, **DEVICE_PARTS}, where)
    for one in model.compartments:
        _volume(one, unit_of, f"{name} [[compartments]] {one.name}")
    if trapped := set(places) - _leaving(model):
        raise BadLibrary(f"{name} [flows]: drug never leaves {', '.join(sorted(trapped))}.")


def _volume(one: Compartment, unit_of: Mapping[str, str], where: str) -> None:
    if bool(one.per) != bool(one.analyte):
        raise BadLibrary(f"{where}: analyte and per belong together.")
    if one.per and units.dimensions(one.per, unit_of, where) != {"L": 1}:
        raise BadLibrary(f"{where}: {one.per!r} is not a volume (L).")


def _leaving(model: Model) -> set[str]:
    """The compartments from which drug leaves for good, by whatever way round."""
    paths = [tuple(end.strip() for end in path.partition(">")[::2]) for path in model.flows]
    out = {""}
    while more := {source for source, to in paths if to in out} - out:
        out |= more
    return out


def _way_in(way: Absorption, known: set[str], unit_of: Mapping[str, str], where: str) -> None:
    if way.into not in known:
        raise BadLibrary(f"{where}: {way.into!r} is not a compartment.")
    if units.dimensions(way.share, unit_of, where):
        raise BadLibrary(f"{where}: {way.share!r} is not a share (a plain number).")
    if way.over_min and units.dimensions(way.over_min, unit_of, where) != {"min": 1}:
        raise BadLibrary(f"{where}: {way.over_min!r} is not a time.")


def _worked(check: Check, model: Model, where: str) -> None:
    """A worked example must ask for what the model gives."""
    _one_of(check.drug, model.drugs, f"{where}: drug")
    _one_of(check.route, model.routes, f"{where}: route")
    if not check.expected:
        raise BadLibrary(f"{where}: an analyte with its levels is missing.")
    for analyte, levels in check.expected.items():
        if len(levels) != len(check.t_min):
            raise BadLibrary(f"{where}: {analyte} must have one level for each of t_min.")
