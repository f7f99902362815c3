"""Instruments from their TOML files: read whole, or refused with the place that is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from afterglow.core.care.instruments.instrument import (
    Band,
    BandSet,
    Choice,
    Instrument,
    Item,
    Licence,
    Scoring,
)
from afterglow.core.care.instruments.loinc import is_valid
from afterglow.core.care.words import Grade
from afterglow.core.errors import BadInput, BadLibrary

_SHIP = ("yes", "hold", "no")


@cache
def catalogue() -> tuple[Instrument, ...]:
    """Every instrument shipped, by id."""
    return tuple(
        read_instrument((folder / "instrument.toml").read_text(encoding="utf-8"))
        for folder in folders()
    )


def folders() -> Sequence[Traversable]:
    """The folder of each instrument, in order of id."""
    root = files("afterglow.core.care.instruments")
    found = [folder for folder in root.iterdir() if (folder / "instrument.toml").is_file()]
    return sorted(found, key=lambda folder: folder.name)


def instrument(id: str) -> Instrument:
    """The instrument of that id. Raises BadInput naming those there are."""
    known = {each.id: each for each in catalogue()}
    if id not in known:
        raise BadInput(f"instrument must be one of {', '.join(known)}, got {id!r}.")
    return known[id]


def read_instrument(text: str) -> Instrument:
    """Read one instrument from TOML. Raises BadLibrary if its parts do not hold together."""
    table = tomllib.loads(text)
    scoring, where = table["scoring"], table["id"]
    shared = _choices(table.get("choices", ()))
    made = Instrument(
        id=where,
        title=table["title"],
        version=table["version"],
        recalls=tuple(table["recalls"]),
        who=table["who"],
        items=tuple(_item(row, shared) for row in table["items"]),
        choices=shared,
        bands=_bands(table["bands"]) if "bands" in table else None,
        scoring=Scoring(scoring["kind"]),
        min_total=scoring["min_total"],
        max_total=scoring["max_total"],
        positive_from=scoring.get("positive_from"),
        positive_from_by_sex=MappingProxyType(scoring.get("positive_from_by_sex", {})),
        total_allowed=scoring.get("total_allowed", False),
        subscores=MappingProxyType(
            {name: tuple(numbers) for name, numbers in table.get("subscores", {}).items()}
        ),
        loinc=MappingProxyType(table.get("loinc", {})),
        licence=Licence(**table["licence"]),
        citation=table["citation"],
        grade=Grade(table["grade"]),
    )
    _check(made)
    return made


def _choices(rows: Sequence[Mapping[str, Any]]) -> tuple[Choice, ...]:
    return tuple(Choice(**row) for row in rows)


def _item(row: Mapping[str, Any], shared: tuple[Choice, ...]) -> Item:
    own = dict(row)
    condition = own.pop("only_if", None)
    choices = _choices(own.pop("choices", ())) or shared
    only_if = (condition["item"], condition["at_least"]) if condition else None
    return Item(**own, choices=choices, only_if=only_if)


def _bands(table: Mapping[str, Any]) -> BandSet:
    return BandSet(
        id=table["id"],
        citation=table["citation"],
        grade=Grade(table["grade"]),
        bands=tuple(Band(low=low, high=high, name=name) for low, high, name in table["rows"]),
    )


def _check(made: Instrument) -> None:
    if made.licence.ship_items not in _SHIP:
        raise BadLibrary(f"{made.id}: licence.ship_items must be one of {', '.join(_SHIP)}.")
    if made.licence.ship_items == "no" and any(item.text for item in made.items):
        raise BadLibrary(f"{made.id}: its licence does not allow item wording, yet it holds some.")
    _check_codes(made)
    _check_bands(made)


def _check_codes(made: Instrument) -> None:
    """A wrong code that looks right would file one patient's answer under another question."""
    codes = [*made.loinc.values(), *(item.loinc for item in made.items)]
    for code in codes:
        if code and not code.startswith("LL") and not is_valid(code):
            raise BadLibrary(f"{made.id}: {code} is not a LOINC code that may be used.")


def _check_bands(made: Instrument) -> None:
    """Every total must have exactly one name."""
    if made.bands is None:
        return
    covered = [total for band in made.bands.bands for total in range(band.low, band.high + 1)]
    if covered != list(range(made.min_total, made.max_total + 1)):
        raise BadLibrary(
            f"{made.id}: the bands must cover {made.min_total} to {made.max_total} once."
        )
