"""A questionnaire as data: items, answers, bands, licence and codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from afterglow.core.care.words import Grade


class Scoring(StrEnum):
    """How a total is made."""

    SUM = "sum"
    QIDS = "qids"  # the worst item of a domain counts
    PCL5 = "pcl-5"  # a sum, and the pattern of clusters
    CSSRS = "cssrs"  # a level of risk


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    value: int
    text: str
    loinc: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item. `text` is None where its wording may not be shipped."""

    number: str
    low: int
    high: int
    text: str | None = None
    choices: tuple[Choice, ...] = ()
    loinc: str = ""
    scored: bool = True
    danger_from: int | None = None
    danger_because: str = ""
    only_if: tuple[str, int] | None = None  # asked when that item has at least that value


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    low: int
    high: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BandSet:
    """Published bands conflict, so the set's id is saved with every interpretation."""

    id: str
    citation: str
    grade: Grade
    bands: tuple[Band, ...]

    def name(self, total: float) -> str:
        return next(band.name for band in self.bands if band.low <= total <= band.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """Whether the wording may be shipped: yes, hold (terms not confirmed) or no."""

    ship_items: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    id: str
    title: str
    version: str
    recalls: tuple[str, ...]
    who: str
    items: tuple[Item, ...]
    choices: tuple[Choice, ...]
    bands: BandSet | None
    scoring: Scoring
    min_total: int
    max_total: int
    positive_from: int | None
    positive_from_by_sex: Mapping[str, int]
    total_allowed: bool
    subscores: Mapping[str, tuple[str, ...]]
    loinc: Mapping[str, str]
    licence: Licence
    citation: str
    grade: Grade

    def item(self, number: str) -> Item | None:
        return next((item for item in self.items if item.number == number), None)

    def asked(self, item: Item, answers: Mapping[str, int]) -> bool:
        """Whether this item is asked, given the answers so far; the form hides the rest."""
        if item.only_if is None:
            return True
        number, at_least = item.only_if
        return answers.get(number, -1) >= at_least
