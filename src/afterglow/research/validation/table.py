"""Every row of the validation tables, and the page that shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from afterglow.research.validation.course_mood_rows import course_mood_rows
from afterglow.research.validation.cuff_rows import cuff_rows
from afterglow.research.validation.device_mood_rows import device_mood_rows
from afterglow.research.validation.device_rows import device_rows
from afterglow.research.validation.exposure_rows import exposure_rows
from afterglow.research.validation.felt_rows import felt_rows
from afterglow.research.validation.figure import Figure, Predicted, Used, Verdict
from afterglow.research.validation.high_rows import high_rows
from afterglow.research.validation.levels_rows import levels_rows
from afterglow.research.validation.mood_rows import mood_rows
from afterglow.research.validation.single_mood_rows import single_mood_rows

# What this is held against: the tables of concentrations (PK-V) and of effects and outcomes (PD-V),
# and further published figures (PK-X, PD-X), of which most were never used.
ROWS = (
    *(f"PK-V{n}" for n in range(1, 14)),
    *(f"PK-X{n}" for n in range(1, 4)),
    *(f"PD-V{n}" for n in range(1, 22)),
    *(f"PD-X{n}" for n in range(1, 19)),
)
HEAD = (
    "row",
    "what",
    "published",
    "predicted [interval]",
    "error",
    "in percent",
    "verdict",
    "met when",
    "used to calibrate",
    "source",
    "why",
)


def figures() -> Iterator[Figure]:
    """All figures, computed as they are asked for; about two minutes in all."""
    for rows in (
        levels_rows,
        exposure_rows,
        device_rows,
        felt_rows,
        high_rows,
        cuff_rows,
        mood_rows,
        single_mood_rows,
        course_mood_rows,
        device_mood_rows,
    ):
        yield from rows()


def in_order(found: Iterable[Figure]) -> list[Figure]:
    return sorted(found, key=lambda one: ROWS.index(one.published.row))


def cells(one: Figure) -> tuple[str, ...]:
    """A figure as one line of the table."""
    published = one.published
    return (
        published.row,
        published.what,
        f"{_number(published.value)} {published.unit}",
        "-" if one.predicted is None else _predicted(one.predicted),
        "-" if one.error is None else f"{_number(one.error, sign=True)}",
        "-" if one.error_percent is None else f"{one.error_percent:+.0f} %",
        one.verdict.value,
        published.rule,
        published.used.value,
        f"{published.source} [{published.grade}]",
        one.why,
    )


def page(found: list[Figure], *, measured_on: str, command: str) -> str:
    """The page of docs/measured: what was run, when, and everything that came out."""
    lines = [
        "# The model against published figures",
        "",
        f"Measured on {measured_on} with `{command}`. {summary(found)}",
        "",
        "What it is worth: [`../science/validation.md`](../science/validation.md).",
        "",
        f"| {' | '.join(HEAD)} |",
        f"|{'-|' * len(HEAD)}",
        *(f"| {' | '.join(cells(one))} |" for one in in_order(found)),
    ]
    return "\n".join(lines) + "\n"


def summary(found: list[Figure]) -> str:
    """How many agree, apart for those that could hardly have been otherwise."""
    said = Counter((one.verdict, one.published.used) for one in found)

    def counted(*used: Used) -> str:
        agree, miss = (
            sum(said[verdict, one] for one in used) for verdict in (Verdict.AGREES, Verdict.MISS)
        )
        return f"{agree} agree and {miss} are missed"

    left = sum(said[Verdict.NOT_COMPUTED, one] for one in Used)
    return (
        f"Of the figures from which a number of the model was solved, {counted(Used.SOLVED)}: they "
        f"agree because they set it. Of those that helped to set a number, or are a model's own "
        f"data, {counted(Used.FITTED)}. Of those that were looked at when a default was chosen, "
        f"{counted(Used.LOOKED_AT)}. Of the others, {counted(Used.NO)}. {left} cannot be computed."
    )


def _predicted(predicted: Predicted) -> str:
    if predicted.low is None or predicted.high is None:
        return f"{_number(predicted.value)} ({predicted.of})"
    interval = f"{_number(predicted.low)} to {_number(predicted.high)}"
    return f"{_number(predicted.value)} [{interval}; {predicted.of}]"


def _number(value: float, *, sign: bool = False) -> str:
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"
