"""`afterglow validate`: what was published, beside what the engine says today."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Any

import typer

from afterglow.cli.output import AsJson, Out, Told, can_write, in_words, tell

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

    from afterglow.research.figures.agreement import Held
    from afterglow.research.validation.figure import Figure

COMMAND = "afterglow validate"
WIDEST = 64  # letters of a row's name in the picture; longer ones take two lines


def validate(
    as_json: AsJson = False,
    out: Out = None,
    page: Annotated[
        Path | None, typer.Option(help="Also write the table as Markdown to this file.")
    ] = None,
) -> None:
    """Compare the model with every published row. A miss is shown as a miss; exit code 0."""
    with in_words():
        can_write(out)
        can_write(page, (".md",), option="page")
        from afterglow.cli.compiling import told_while_compiling
        from afterglow.research.validation.table import figures, in_order

        with told_while_compiling():
            found = in_order(figures())
        tell(told(found), as_json=as_json, out=out)
        if page is not None:
            _write(found, page)


def told(found: list[Figure]) -> Told:
    return Told(
        plain=[one.to_json() for one in found],
        lines=lambda: _lines(found),
        rows=lambda: [_row(one) for one in found],
        draw=lambda: _picture(found),
    )


def _lines(found: list[Figure]) -> Iterator[str]:
    from afterglow.research.validation.table import cells, summary

    for one in found:
        row, what, published, predicted, error, percent, verdict, rule, used, source, why = cells(
            one
        )
        yield f"{row:7} {what}"
        yield f"        published {published}; predicted {predicted}; error {error} ({percent})"
        yield f"        {verdict} ({rule}); used to calibrate: {used}; {source}"
        if why:
            yield f"        {why}"
    yield f"\n{summary(found)}"


def _row(one: Figure) -> dict[str, Any]:
    """The JSON of a figure, flat."""
    told = one.to_json()
    low, high = told.pop("accept")
    predicted = told.pop("predicted") or {"value": None, "low": None, "high": None, "of": None}
    del told["value"]  # the same as "published"
    return {
        **told,
        "accept_low": low,
        "accept_high": high,
        **{f"predicted_{key}": value for key, value in predicted.items()},
    }


def _picture(found: list[Figure]) -> Picture:
    from afterglow.research.figures import agreement

    held = [row for one in found if (row := _held(one))]
    left_out = len(found) - len(held)
    words = f"{left_out} rows have no ratio: not computed, or published as 0 or below."
    return agreement.draw(held, words=words)


def _held(one: Figure) -> Held | None:
    """A row as a ratio; None where there is none."""
    from afterglow.research.figures.agreement import Held
    from afterglow.research.validation.figure import Verdict

    published, predicted = one.published, one.predicted
    if predicted is None or published.value == 0 or predicted.value / published.value <= 0:
        return None
    ends = [
        None if end is None else end / published.value for end in (predicted.low, predicted.high)
    ]
    accept = sorted(edge / published.value for edge in published.accept)
    low, high = ends if None in ends else sorted(end for end in ends if end is not None)
    return Held(
        name=fill(f"{published.row} {published.what}", WIDEST),
        ratio=predicted.value / published.value,
        low=low,
        high=high,
        accept=(accept[0], accept[1]),
        met=one.verdict is Verdict.AGREES,
    )


def _write(found: list[Figure], file: Path) -> None:
    from datetime import UTC, datetime

    from afterglow.research.validation.table import page
    from afterglow.research.whole import put

    today = datetime.now(UTC).date().isoformat()
    text = page(found, measured_on=today, command=f"{COMMAND} --page {file.name}")
    put(text, file)
