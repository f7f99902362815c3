"""The tables of `codes.toml`: what a code, a unit or a flag in a message means."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from afterglow.core.care.signs import Sign

MDC, MDIL, UCUM = "MDC", "MDIL", "UCUM"


@dataclass(frozen=True, slots=True)
class Coded:
    """One coded word as sent: `150456^MDC_PULS_OXIM_SAT_O2^MDC`."""

    identifier: str
    text: str
    system: str

    @property
    def mdc(self) -> int | None:
        """Its context-free number in ISO/IEEE 11073-10101, or None in any other code system."""
        if self.system == MDIL:
            return _from_hex(self.identifier)
        is_mdc = self.system == MDC or (not self.system and self.text.startswith("MDC_"))
        return _decimal(self.identifier) if is_mdc else None


def _decimal(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _from_hex(text: str) -> int | None:
    """Philips writes `partition-code` in hexadecimal: "0002-4bb8" is 2 x 65536 + 0x4bb8."""
    partition, dash, code = text.partition("-")
    if not dash or len(partition) != 4 or len(code) != 4:
        return None
    try:
        return int(partition, 16) * 65536 + int(code, 16)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Code:
    """What a code measures, and which place its source has among others of the same sign."""

    sign: Sign
    order: int
    cuff: bool
    only_named: str | None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as sent, and its way into the sign's own: value x times + plus."""

    symbol: str
    times: float
    plus: float
    only_named: str | None

    def convert(self, value: float) -> float:
        """The value in the sign's own unit."""
        return value if (self.times, self.plus) == (1.0, 0.0) else value * self.times + self.plus


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """All of `codes.toml`."""

    codes: Mapping[int, Code]
    units: Mapping[int | str, Unit]
    plain_flags: frozenset[str]
    simulated_flags: frozenset[str]
    standing_results: frozenset[str]
    sentinels: frozenset[float]
    training_ids: frozenset[str]

    def code(self, words: tuple[Coded, ...]) -> Code | None:
        """The first of the alternatives in OBX-3 that we know."""
        for word in words:
            found = self.codes.get(word.mdc) if word.mdc is not None else None
            if found and found.only_named in (None, word.text):
                return found
        return None

    def unit(self, words: tuple[Coded, ...]) -> Unit | None:
        """The first of the alternatives in OBX-6 that we know."""
        for word in words:
            ucum = word.identifier if word.system == UCUM else None
            found = self.units.get(word.mdc if word.mdc is not None else (ucum or ""))
            if found and found.only_named in (None, word.text):
                return found
        return None


@cache
def tables() -> Tables:
    """Read once from the package."""
    text = files(__package__).joinpath("codes.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    return Tables(
        codes={row["mdc"]: _code(row) for row in raw["code"]},
        units={key: _unit(row) for row in raw["unit"] for key in _names(row)},
        plain_flags=frozenset(raw["flags"]["plain"]),
        simulated_flags=frozenset(raw["flags"]["simulated"]),
        standing_results=frozenset(raw["results"]["standing"]),
        sentinels=frozenset(raw["numbers"]["sentinels"]),
        training_ids=frozenset(raw["training"]["processing_ids"]),
    )


def _code(row: Mapping[str, Any]) -> Code:
    return Code(Sign(row["sign"]), row["order"], row.get("cuff", False), row.get("only_named"))


def _unit(row: Mapping[str, Any]) -> Unit:
    return Unit(row["is"], row.get("times", 1.0), row.get("plus", 0.0), row.get("only_named"))


def _names(row: Mapping[str, Any]) -> Iterator[int | str]:
    for field in ("mdc", "ucum"):
        if field in row:
            yield row[field]
