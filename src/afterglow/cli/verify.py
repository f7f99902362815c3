"""`afterglow verify`: prove that no fact was edited, deleted or reordered."""

import json
from pathlib import Path
from typing import Annotated

import typer


def verify(
    heads: Annotated[
        Path | None, typer.Option(help="Compare with heads kept earlier by --keep.")
    ] = None,
    keep: Annotated[
        Path | None, typer.Option(help="Write today's heads here, to be kept elsewhere.")
    ] = None,
) -> None:
    """Recompute every chain. Ends with 0 when the record is whole, 1 when it is not."""
    from afterglow.cli.setup import clinic

    clinic()
    from afterglow.clinic.record import verify as record

    found = list(record.flaws())
    if heads is not None:
        kept = json.loads(heads.read_text(encoding="utf-8"))
        found += list(record.shortened_since(kept))
    for flaw in found:
        typer.echo(f"FLAW  {flaw}")
    entries, books = record.size()
    typer.echo(f"{entries} facts in {books} books read; {len(found)} flaws.")
    if keep is not None:
        keep.write_text(json.dumps(record.heads(), indent=1), encoding="utf-8")
        typer.echo(f"Heads written to {keep}. Keep them where this machine cannot reach.")
    if found:
        raise typer.Exit(1)
