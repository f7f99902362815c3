"""One answer in every form: a table, JSON, or a file whose suffix chooses the form."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from os import W_OK, access
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from afterglow.core.errors import BadInput
from afterglow.core.refusal import Refusal

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CANNOT_BE_MEANT, REFUSED, STOPPED = 2, 3, 130  # exit codes; the last as a shell counts Ctrl-C
LONGEST = 800  # characters of a complaint
TEXTS, TABLES, PICTURES = (".json",), (".csv", ".parquet"), (".png", ".svg")
EVERY = (*TABLES, *TEXTS, *PICTURES)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Out = Annotated[
    Path | None,
    typer.Option(help="Also write to this file: .csv, .json, .parquet, .png or .svg."),
]
OutRows = Annotated[  # of what makes no picture
    Path | None, typer.Option("--out", help="Also write to this file: .csv, .json or .parquet.")
]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a command found. Forms are made only when asked for."""

    plain: Any  # what --json prints
    lines: Callable[[], Iterable[str]]
    rows: Callable[[], Sequence[Row]]  # one row a line of a CSV or Parquet file
    draw: Callable[[], Figure] | None = None
    refusal: Refusal | None = None
    file: Any = None  # what a .json file holds, where that is not `plain`
    indent: int | None = 1


@contextmanager
def in_words(stopped: str = "Stopped. No file is left half written.") -> Iterator[None]:
    """What cannot be meant, cannot be written, or was stopped is one sentence and an exit code."""
    try:
        yield
    except BadInput as error:
        typer.echo(_short(str(error)), err=True)
        raise typer.Exit(CANNOT_BE_MEANT) from error
    except BrokenPipeError:  # the reader had enough, as `head` has
        raise
    except OSError as error:
        where, why = error.filename or "standard output", error.strerror or str(error)
        typer.echo(f"{where}: {why}.", err=True)
        if error.filename is None:
            _leave_standard_output()
        raise typer.Exit(CANNOT_BE_MEANT) from error
    except KeyboardInterrupt as error:
        typer.echo(stopped, err=True)
        raise typer.Exit(STOPPED) from error


def _leave_standard_output() -> None:
    """What is still held back for it would fail once more at the end, with an exit code of its own.

    The interpreter's own advice for a pipe that broke.
    """
    with suppress(OSError, ValueError):  # a test's standard output has no number
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _short(words: str) -> str:
    """A sentence repeats what stood in a file, which may be a million numbers."""
    return words if len(words) <= LONGEST else f"{words[:LONGEST]} ..."


def can_write(
    out: Path | None,
    suffixes: Sequence[str] = EVERY,
    *,
    reads: Sequence[Path] = (),
    option: str = "out",
) -> None:
    """Stop before anything is computed, when the answer could not be written as asked."""
    if out is None:
        return
    if out.suffix not in suffixes:
        raise BadInput(f"{option} must end in {', '.join(suffixes)}; got {out.name!r}.")
    if not out.parent.is_dir():
        raise BadInput(f"{option} must lie in a folder that exists; {out.parent} does not.")
    if out.is_dir():
        raise BadInput(f"{option} must be a file; {out} is a folder.")
    if not access(out.parent, W_OK):
        raise BadInput(
            f"{option} must lie in a folder that can be written to; {out.parent} cannot."
        )
    if realpath(out) in [realpath(file) for file in reads]:
        raise BadInput(f"{option} must be another file than what is read or written; {out} is not.")


def tell(told: Told, *, as_json: bool, out: Path | None = None) -> None:
    """Print the answer and write it where asked.

    A refusal is an answer to a program, and exit code 3 to a person; no file is made of it.
    """
    if told.refusal is None:
        write(told, out)
    elif not as_json:
        refuse(told.refusal)
    if as_json:
        typer.echo(to_json(told.plain, told.indent))
        return
    for line in told.lines():
        typer.echo(line)


def refuse(refusal: Refusal) -> None:
    typer.echo(str(refusal), err=True)
    raise typer.Exit(REFUSED)


def no(refusal: Refusal, *, plain: Row, indent: int | None = 1) -> Told:
    """A refusal as the answer; `plain` is what else the JSON of this command always holds."""
    whole = {**plain, "refusal": asdict(refusal)}
    return Told(plain=whole, lines=tuple, rows=tuple, refusal=refusal, indent=indent)


def to_json(plain: Any, indent: int | None = 1) -> str:
    import json

    return json.dumps(plain, indent=indent)


def write(told: Told, out: Path | None) -> None:
    """The file of an answer; nothing of it depends on when or where it was made."""
    if out is None:
        return
    from afterglow.research.whole import put

    if out.suffix in PICTURES and told.draw is not None:
        from afterglow.research.figures.files import save

        save(told.draw(), out)
    elif out.suffix == ".json":
        put(to_json(told.plain if told.file is None else told.file, told.indent) + "\n", out)
    else:
        write_rows(told.rows(), out)
    typer.echo(f"Written to {out}.", err=True)


def write_rows(rows: Sequence[Row], out: Path) -> None:
    from io import BytesIO

    import polars as pl

    from afterglow.research.whole import put

    frame, content = pl.DataFrame(list(rows), infer_schema_length=None), BytesIO()
    if out.suffix == ".csv":
        frame.write_csv(content)
    else:
        frame.write_parquet(content)
    put(content.getvalue(), out)
