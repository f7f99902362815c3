"""`afterglow simulate POP.toml --out FILE`: virtual patients through regimens, by session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

INTERRUPTED = 130  # as a shell counts Ctrl-C


def simulate(
    file: Annotated[Path, typer.Argument(help="A population, in TOML: docs/trial-format.md.")],
    out: Annotated[Path, typer.Option(help="Where to write: .parquet or .csv.")],
    workers: Annotated[
        int, typer.Option(help="Processes at once; 0 takes one for each core.", min=0)
    ] = 0,
    fresh: Annotated[bool, typer.Option(help="Throw away an interrupted run's parts.")] = False,
) -> None:
    """Simulate. The same command takes an interrupted run up again. Exit code 3 when refused."""
    import os

    from afterglow.cli.trial_file import read_simulation
    from afterglow.core.errors import BadInput
    from afterglow.research import run

    try:
        asked = read_simulation(file)
        with _bar() as done:
            refusal = run.simulate(
                asked, out, workers=workers or os.cpu_count() or 1, fresh=fresh, done=done
            )
    except BadInput as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    except KeyboardInterrupt as error:
        typer.echo(f"Stopped. The same command goes on from {out}.parts.", err=True)
        raise typer.Exit(INTERRUPTED) from error
    if refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(3)
    sessions = sum(len(one.session_days) for one in asked.regimens)
    typer.echo(f"{asked.patients * sessions} rows in {out}.")


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, so that standard output stays clean."""
    from rich.console import Console
    from rich.progress import Progress, TextColumn, TimeRemainingColumn

    columns = (
        *Progress.get_default_columns()[:3],
        TimeRemainingColumn(),
        TextColumn("{task.fields[parts]}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("Simulating", total=None, parts="")

        def done(finished: int, every: int) -> None:
            words = f"{finished} of {every} parts"
            bar.update(task, total=every, completed=finished, parts=words)

        yield done
