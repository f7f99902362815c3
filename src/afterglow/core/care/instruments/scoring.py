"""From answers to a score, a refusal that names what is missing, and answers that cannot wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from afterglow.core.body import Sex
from afterglow.core.care.instruments import cssrs
from afterglow.core.care.instruments.instrument import Instrument, Item, Scoring
from afterglow.core.care.words import Grade
from afterglow.core.errors import BadInput
from afterglow.core.refusal import Refusal

TOTAL = "total"


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """An answer that a person must see today, whatever the total is."""

    item: str
    value: int
    because: str
    route_to: str = "a clinician, today"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A score with all that is needed to read it later: version, recall, band set."""

    instrument: str
    version: str
    recall: str
    total: float
    band: str | None
    band_set: str | None
    band_citation: str | None
    band_grade: Grade | None
    subscores: Mapping[str, float]
    positive: bool | None
    risk: cssrs.Risk | None
    dangers: tuple[Danger, ...]


def score(
    instrument: Instrument,
    answers: Mapping[str, int],
    *,
    sex: Sex | None = None,
    recall: str | None = None,
) -> Scored | Refusal:
    """Score the answers, by item number, or {"total": n} where the instrument allows it.

    Nothing is prorated: a missing answer refuses. Call `dangers` as well, since a dangerous answer
    in a questionnaire that was not finished still counts.
    """
    _check_answers(instrument, answers)
    if (over := recall or _only_recall(instrument)) is None:
        return _which_recall(instrument)
    if over not in instrument.recalls:
        raise BadInput(f"recall must be one of {', '.join(instrument.recalls)}, got {over!r}.")
    if missing := _missing(instrument, answers):
        return Refusal(
            code="answers-missing",
            because=f"{instrument.title} is not complete: {', '.join(missing)} not answered.",
            remedy="Ask the items that are missing. A score is not guessed from the rest.",
            source=instrument.citation,
        )
    total = float(answers[TOTAL]) if TOTAL in answers else _total(instrument, answers)
    return _scored(instrument, answers, total, over, sex)


def dangers(instrument: Instrument, answers: Mapping[str, int]) -> tuple[Danger, ...]:
    """The answers a person must see today. Works on an unfinished questionnaire."""
    return tuple(
        Danger(item=item.number, value=answers[item.number], because=item.danger_because)
        for item in instrument.items
        if item.danger_from is not None and answers.get(item.number, -1) >= item.danger_from
    )


def _scored(
    instrument: Instrument, answers: Mapping[str, int], total: float, recall: str, sex: Sex | None
) -> Scored:
    bands = instrument.bands
    return Scored(
        instrument=instrument.id,
        version=instrument.version,
        recall=recall,
        total=total,
        band=bands.name(total) if bands else None,
        band_set=bands.id if bands else None,
        band_citation=bands.citation if bands else None,
        band_grade=bands.grade if bands else None,
        subscores=MappingProxyType(_subscores(instrument, answers)),
        positive=_positive(instrument, total, sex),
        risk=cssrs.risk(answers) if instrument.scoring is Scoring.CSSRS else None,
        dangers=dangers(instrument, answers),
    )


def _check_answers(instrument: Instrument, answers: Mapping[str, int]) -> None:
    for number, value in answers.items():
        low, high = _range(instrument, number)
        if TOTAL in answers and number != TOTAL:
            raise BadInput("total must stand alone: enter the items or the total, not both.")
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole or not low <= value <= high:
            raise BadInput(
                f"{instrument.id} {number} must be a whole number {low} to {high}, got {value!r}."
            )


def _range(instrument: Instrument, number: str) -> tuple[int, int]:
    if number == TOTAL and instrument.total_allowed:
        return instrument.min_total, instrument.max_total
    item = instrument.item(number)
    if item is None:
        raise BadInput(f"{instrument.id} has no item {number!r}.")
    return item.low, item.high


def _only_recall(instrument: Instrument) -> str | None:
    return instrument.recalls[0] if len(instrument.recalls) == 1 else None


def _which_recall(instrument: Instrument) -> Refusal:
    return Refusal(
        code="recall-missing",
        because=f"{instrument.title} may look back over: {', '.join(instrument.recalls)}.",
        remedy="Say which one was asked; the scores do not compare.",
        source=instrument.citation,
    )


def _missing(instrument: Instrument, answers: Mapping[str, int]) -> list[str]:
    """The items that were asked, count, and have no answer."""
    if TOTAL in answers:
        return []
    asked = [item for item in instrument.items if item.scored and instrument.asked(item, answers)]
    return [f"item {item.number}" for item in asked if item.number not in answers]


def _total(instrument: Instrument, answers: Mapping[str, int]) -> float:
    if instrument.scoring is Scoring.QIDS:
        return _qids(answers)
    counted: list[Item] = [item for item in instrument.items if item.scored]
    return float(sum(answers.get(item.number, 0) for item in counted))


def _qids(answers: Mapping[str, int]) -> float:
    """Nine domains: sleep 1-4, appetite and weight 6-9 and pace 15-16 count their worst item.

    Source: ids-qids.org scoring [A]. A plain sum would count one bad night four times.
    """

    def worst(*numbers: int) -> int:
        return max(answers[str(number)] for number in numbers)

    single = sum(answers[str(number)] for number in (5, 10, 11, 12, 13, 14))
    return float(worst(1, 2, 3, 4) + worst(6, 7, 8, 9) + worst(15, 16) + single)


def _subscores(instrument: Instrument, answers: Mapping[str, int]) -> dict[str, float]:
    if TOTAL in answers:
        return {}
    made = {
        name: float(sum(answers[number] for number in numbers))
        for name, numbers in instrument.subscores.items()
    }
    if instrument.scoring is Scoring.PCL5:
        made["provisional"] = float(_pcl5_pattern(instrument, answers))
    return made


def _pcl5_pattern(instrument: Instrument, answers: Mapping[str, int]) -> bool:
    """DSM-5 pattern at moderately or more: B 1, C 1, D 2, E 2. Source: NCPTSD [A]."""
    needed = {"B": 1, "C": 1, "D": 2, "E": 2}
    return all(
        sum(answers[number] >= 2 for number in instrument.subscores[cluster]) >= count
        for cluster, count in needed.items()
    )


def _positive(instrument: Instrument, total: float, sex: Sex | None) -> bool | None:
    """Against the cut of the sex recorded; where none is, the lower cut, which misses less."""
    if instrument.positive_from is None:
        return None
    cut = instrument.positive_from
    if sex is not None:
        cut = instrument.positive_from_by_sex.get(sex.value, cut)
    return total >= cut
