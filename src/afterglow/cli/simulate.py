"""`afterglow simulate POP.toml --out FILE`: virtual patients through regimens, by session."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from afterglow.cli.output import AsJson, Told, can_write, in_words, no, tell

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from afterglow.core.dosing.virtual_course import Simulation


def simulate(
    file: Annotated[Path, typer.Argument(help="A population: docs/trial-format.md.")],
    out: Annotated[Path, typer.Option(help="Where to write: .parquet or .csv.")],
    summary: Annotated[
        Path | None,
        typer.Option(help="Also sum up by session: .csv, .json, .parquet, .png or .svg."),
    ] = None,
    as_json: AsJson = False,
    workers: Annotated[
        int, typer.Option(help="Processes at once; 0 takes one for each core.", min=0)
    ] = 0,
    cluster: Annotated[
        str, typer.Option(help="A Dask scheduler to compute on instead, as tcp://host:8786.")
    ] = "",
    fresh: Annotated[bool, typer.Option(help="Throw away an interrupted run's parts.")] = False,
) -> None:
    """Simulate. The same command takes an interrupted run up again. Exit code 3 when refused."""
    import os

    from afterglow.research.folder import beside

    with in_words(f"Stopped. The same command goes on from {beside(out)}."):
        from afterglow.cli.compiling import told_while_compiling
        from afterglow.cli.trial_file import read_simulation
        from afterglow.research import run

        can_write(out, run.SUFFIXES, reads=(file,))
        can_write(summary, reads=(file, out), option="summary")
        asked = read_simulation(file)
        with told_while_compiling(), _bar() as done:
            refusal = run.simulate(
                asked,
                out,
                workers=workers or os.cpu_count() or 1,
                cluster=cluster,
                fresh=fresh,
                done=done,
            )
    with in_words():
        if refusal:
            tell(no(refusal, plain={"summary": [], "notes": []}), as_json=as_json)
            return
        sessions = sum(len(one.sessions) for one in asked.regimens)
        typer.echo(f"{asked.patients * sessions} rows in {out}.", err=as_json)
        if summary or as_json:
            tell(told(out, notes_of(asked)), as_json=as_json, out=summary)


def notes_of(asked: Simulation) -> list[str]:
    """What these numbers rest on: the people, the routes and the mood model."""
    from afterglow.core.dosing.trial_notes import felt_words, route_words
    from afterglow.core.pharmacology.sourced import sheet

    routes = route_words(given for arm in asked.regimens for given in arm.every_given)
    felt = felt_words(asked.regimens)
    return [*sheet("mood").caveats, *asked.population.assumptions, *felt, *routes]


def told(people: Path, notes: Sequence[str] = ()) -> Told:
    """The population summed up, from the file that was written."""
    from afterglow.research.summary import summary

    found = summary(people)
    rows = found.to_dicts()

    def draw() -> Figure:
        from afterglow.research.figures import people as picture

        return picture.draw(found)

    return Told(
        plain={"summary": rows, "notes": list(notes), "refusal": None},
        lines=lambda: _lines(rows),
        rows=lambda: rows,
        draw=draw,
    )


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield f"{'':50}{'median':>10}{'5th':>10}{'95th':>10}"
    for one in rows:
        where = f"{one['regimen']}, session {one['session']}: {one['quantity']}"
        yield f"{where:50}" + "".join(f"{one[key]:>10.3g}" for key in ("p50", "p5", "p95"))


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """Progress on standard error: a bar on a terminal; elsewhere only that a run is taken up."""
    from rich.console import Console
    from rich.progress import Progress, TextColumn, TimeRemainingColumn

    columns = (
        *Progress.get_default_columns()[:3],
        TimeRemainingColumn(),
        TextColumn("{task.fields[parts]}"),
    )
    silent = not sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), disable=silent) as bar:
        task = bar.add_task("Simulating", total=None, parts="")

        def done(finished: int, every: int) -> None:
            if finished and bar.tasks[task].total is None:
                bar.console.print(f"Going on: {finished} of {every} parts were done before.")
            words = f"{finished} of {every} parts"
            bar.update(task, total=every, completed=finished, parts=words)

        yield done
