"""`afterglow validate`: what was published, beside what the engine says today."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from afterglow.research.validation.figure import Figure

COMMAND = "afterglow validate"


def validate(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    page: Annotated[
        Path | None, typer.Option(help="Also write the table as Markdown to this file.")
    ] = None,
) -> None:
    """Compare the model with every published row. A miss is shown as a miss; exit code 0."""
    import json

    from afterglow.research.validation.table import figures, in_order

    found = in_order(figures())
    if as_json:
        typer.echo(json.dumps([one.to_json() for one in found], indent=1))
    else:
        _print(found)
    if page is not None:
        _write(found, page)


def _print(found: list[Figure]) -> None:
    from afterglow.research.validation.table import cells, summary

    for one in found:
        row, what, published, predicted, error, verdict, rule, used, source, why = cells(one)
        typer.echo(f"{row:7} {what}")
        typer.echo(f"        published {published}; predicted {predicted}; error {error}")
        typer.echo(f"        {verdict} ({rule}); used to calibrate: {used}; {source}")
        if why:
            typer.echo(f"        {why}")
    typer.echo(f"\n{summary(found)}")


def _write(found: list[Figure], file: Path) -> None:
    from datetime import UTC, datetime

    from afterglow.research.validation.table import page

    today = datetime.now(UTC).date().isoformat()
    text = page(found, measured_on=today, command=f"{COMMAND} --page {file.name}")
    file.write_text(text, encoding="utf-8")
