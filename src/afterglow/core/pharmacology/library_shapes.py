"""What kind of thing every key of a model file holds; said before anything is made of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from afterglow.core.errors import BadLibrary

Kind = tuple[str, Callable[[Any], bool]]  # in words, and whether a value is of it


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _all(kind: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(kind(one) for one in value)


TEXT: Kind = ("words in quotes", _is_text)
NUMBER: Kind = ("a finite number", _is_number)
POSITIVE: Kind = ("a number above 0", lambda value: _is_number(value) and value > 0)
ZERO_UP: Kind = ("a number, 0 or more", lambda value: _is_number(value) and value >= 0)
TEXTS: Kind = ("a list of words in quotes", _all(_is_text))
NUMBERS: Kind = ("a list of finite numbers", _all(_is_number))
EITHER: Kind = ("a number or words", lambda value: _is_number(value) or _is_text(value))

ONE_NUMBER = {
    **dict.fromkeys(("value", "weight_power"), NUMBER),
    **dict.fromkeys(("omega2", "cv", "sd_log", "sd_logit", "nu2"), ZERO_UP),
    **dict.fromkeys(("unit", "grade", "source", "note", "spread_source", "spread_note"), TEXT),
}
SOURCE = dict.fromkeys(("citation", "doi", "via", "note"), TEXT)
FILE = {
    **dict.fromkeys(("id", "title", "site"), TEXT),
    **dict.fromkeys(("drugs", "routes", "caveats"), TEXTS),
    "reference_weight_kg": POSITIVE,
}
# A table of the file, and what its keys hold.
TABLES = {
    "fitted_to": {
        **dict.fromkeys(("n", "age_years_mean", "weight_kg_mean"), EITHER),
        **dict.fromkeys(("people", "source"), TEXT),
        "female_percent": NUMBER,
    },
    "limits": {**dict.fromkeys(("grade", "why"), TEXT)},
    "liver": {"intrinsic": TEXTS, "gut": TEXT},
}
LISTS = {
    "compartments": dict.fromkeys(("name", "analyte", "per"), TEXT),
    "absorption": dict.fromkeys(("route", "into", "share", "over_min"), TEXT),
    "checks": {
        **dict.fromkeys(("about", "drug", "route", "grade", "source", "unit"), TEXT),
        **dict.fromkeys(("amount_mg", "lasts_min"), ZERO_UP),
        **dict.fromkeys(("weight_kg", "within"), POSITIVE),
        "t_min": NUMBERS,
    },
}
EACH = {"flows": TEXT, "covariances": NUMBER}  # tables whose every value is of one kind
NAMED = {"sources": SOURCE, "parameters": ONE_NUMBER, "residual": ONE_NUMBER}
SHEET_NUMBER = {
    **dict.fromkeys(("value", "low", "high"), NUMBER),
    **dict.fromkeys(("unit", "source", "grade", "where"), TEXT),
}


def of_model(raw: Mapping[str, Any], name: str) -> None:
    """Stop a drug model or an effect one of whose keys holds another kind of thing."""
    _hold(raw, FILE, name)
    for table, kinds in TABLES.items():
        _hold(_table(raw.get(table, {}), f"{name} [{table}]"), kinds, f"{name} [{table}]")
    for table, kind in EACH.items():
        held = _table(raw.get(table, {}), f"{name} [{table}]")
        _hold(held, dict.fromkeys(held, kind), f"{name} [{table}]")
    for table, kinds in NAMED.items():
        for key, one in _table(raw.get(table, {}), f"{name} [{table}]").items():
            where = f"{name} [{table}] {key}"
            _hold(_table(one, where), kinds, where)
    for factors, one in _table(raw.get("covariates", {}), f"{name} [covariates]").items():
        where = f"{name} [covariates.{factors}]"
        _hold(_table(one, where), dict.fromkeys(one, NUMBER), where)
    for table, kinds in LISTS.items():
        for n, one in _numbered(raw.get(table, []), f"{name} [[{table}]]"):
            # What else a worked example holds are an analyte's levels.
            more = dict.fromkeys(one, NUMBERS) if table == "checks" else {}
            _hold(one, {**more, **kinds}, f"{name} [[{table}]] {n}")


def of_sheet(raw: Mapping[str, Any], name: str) -> None:
    """The same for a sheet of outcomes; its tables are read by those who know them."""
    _hold(raw, {"id": TEXT, "title": TEXT, "caveats": TEXTS}, name)
    for table, kinds in (("sources", SOURCE), ("parameters", SHEET_NUMBER)):
        for key, one in _table(raw.get(table, {}), f"{name} [{table}]").items():
            where = f"{name} [{table}] {key}"
            _hold(_table(one, where), kinds, where)
    _table(raw.get("fitted_to", {}), f"{name} [fitted_to]")


def _hold(raw: Mapping[str, Any], kinds: Mapping[str, Kind], where: str) -> None:
    for key, (words, is_so) in kinds.items():
        if key in raw and not is_so(raw[key]):
            raise BadLibrary(f"{where}: {key} must be {words}, got {raw[key]!r}.")


def _table(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadLibrary(f"{where} must be a table, got {value!r}.")
    return value


def _numbered(value: Any, where: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if not isinstance(value, list):
        raise BadLibrary(f"{where} must be tables, each written with two brackets.")
    for n, one in enumerate(value, start=1):
        yield n, _table(one, f"{where} {n}")
