"""`afterglow demo`: a clinic to walk through, with a live monitor at one bed."""

from pathlib import Path
from typing import Annotated

import typer


def demo(
    port: Annotated[int, typer.Option(help="Port of the site; the next free one is taken.")] = 8000,
    monitor_port: Annotated[int, typer.Option(help="Port of the HL7 listener.")] = 2575,
    folder: Annotated[Path, typer.Option(help="Where the demonstration keeps its data.")] = Path(
        "var/demo"
    ),
    fresh: Annotated[bool, typer.Option(help="Throw the last demonstration away first.")] = False,
) -> None:
    """Start everything on this machine, and print the way in."""
    import shutil

    from afterglow.cli.compiling import told_while_compiling
    from afterglow.site.demo.processes import Stopped
    from afterglow.site.demo.start import demonstrate

    if fresh and folder.exists():
        shutil.rmtree(folder)
    try:
        with told_while_compiling():
            demonstrate(folder, port=port, monitor_port=monitor_port, say=typer.echo)
    except Stopped as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
