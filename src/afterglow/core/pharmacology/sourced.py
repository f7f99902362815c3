"""Numbers that know where they came from and how far they could be off: the outcome sheets.

Same manner as library.py (value, unit, grade, source), with what outcomes need besides: a
plausible range for each number, and tables. Sheets are in models/outcomes/.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np

from afterglow.core.errors import BadLibrary
from afterglow.core.pharmacology import library_shapes

GRADES = ("A", "B", "C", "D", "own")  # as in library.py


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """One number with its unit, its plausible range, its source and the grade of that source.

    Grades: A primary source, B secondary, C unverified, D derived by arithmetic from A or B,
    own a convention of this project. C and own must be shown as such wherever the number is.
    """

    value: float
    low: float
    high: float
    unit: str
    grade: str
    source: str  # the citation in full
    where: str

    @property
    def is_unverified(self) -> bool:
        return self.grade in ("C", "own")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One parameter file: its numbers, its tables, and whom it was fitted to."""

    id: str
    title: str
    caveats: tuple[str, ...]
    parameters: Mapping[str, Sourced]
    citations: Mapping[str, str]
    tables: Mapping[str, Any]
    fitted_to: Mapping[str, Any]

    def __getitem__(self, key: str) -> Sourced:
        return self.parameters[key]

    def value(self, key: str) -> float:
        return self.parameters[key].value

    def typical(self) -> dict[str, float]:
        """Every number at its best value."""
        return {key: number.value for key, number in self.parameters.items()}

    def drawn(self, seed: int) -> dict[str, float]:
        """Every number somewhere in its plausible range, likeliest at its best value.

        Triangular between low and high: the ranges are judgements, not fitted intervals, and the
        numbers are drawn apart although the data would tie some of them together.
        """
        dice = np.random.default_rng(seed)
        at = dice.random(len(self.parameters))
        pairs = zip(self.parameters.items(), at, strict=True)
        return {key: _triangular(number, float(u)) for (key, number), u in pairs}


def _triangular(number: Sourced, u: float) -> float:
    width = number.high - number.low
    if width == 0:
        return number.value
    split = (number.value - number.low) / width
    if u < split:
        return number.low + math.sqrt(u * width * (number.value - number.low))
    return number.high - math.sqrt((1.0 - u) * width * (number.high - number.value))


@cache
def sheet(name: str) -> Sheet:
    """The packaged sheet `models/outcomes/<name>.toml`, read once."""
    path = files("afterglow.core.pharmacology").joinpath("models", "outcomes", f"{name}.toml")
    return parse(path.read_text(encoding="utf-8"), f"{name}.toml")


def texts() -> dict[str, str]:
    """The text of every packaged sheet, by file name."""
    inside = files("afterglow.core.pharmacology").joinpath("models", "outcomes").iterdir()
    named = {f.name: f for f in inside if f.name.endswith(".toml")}
    return {name: named[name].read_text(encoding="utf-8") for name in sorted(named)}


def parse(text: str, name: str) -> Sheet:
    """A sheet from its TOML text. Raises BadLibrary where a number lacks unit, source or grade."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadLibrary(f"{name}: {error}") from error
    missing = {"id", "title", "caveats", "sources", "fitted_to"} - raw.keys()
    if missing:
        raise BadLibrary(f"{name}: {', '.join(sorted(missing))} is missing.")
    library_shapes.of_sheet(raw, name)
    for key, one in raw["sources"].items():
        if not str(one.get("citation", "")).strip():
            raise BadLibrary(f"{name} [sources.{key}]: citation is missing.")
    citations = {key: str(one["citation"]) for key, one in raw["sources"].items()}
    parameters = {
        key: _number(row, citations, f"{name} {key}")
        for key, row in raw.get("parameters", {}).items()
    }
    return Sheet(
        id=raw["id"],
        title=raw["title"],
        caveats=tuple(raw["caveats"]),
        parameters=MappingProxyType(parameters),
        citations=MappingProxyType(citations),
        tables=MappingProxyType(raw),
        fitted_to=MappingProxyType(raw["fitted_to"]),
    )


def _number(row: Mapping[str, Any], citations: Mapping[str, str], where: str) -> Sourced:
    missing = {"value", "unit", "source", "grade", "where"} - row.keys()
    if missing:
        raise BadLibrary(f"{where}: {', '.join(sorted(missing))} is missing.")
    if row["grade"] not in GRADES:
        raise BadLibrary(
            f"{where}: grade must be one of {', '.join(GRADES)}; got {row['grade']!r}."
        )
    if row["source"] not in citations:
        raise BadLibrary(f"{where}: source {row['source']!r} is not among [sources].")
    value = float(row["value"])
    low, high = float(row.get("low", value)), float(row.get("high", value))
    if not low <= value <= high:
        raise BadLibrary(f"{where}: value must be {low:g} to {high:g}, got {value:g}.")
    return Sourced(
        value=value,
        low=low,
        high=high,
        unit=str(row["unit"]),
        grade=str(row["grade"]),
        source=citations[row["source"]],
        where=str(row["where"]),
    )
