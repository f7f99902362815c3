"""`afterglow predict CASE.toml`: what doses would do, for the typical person and a population."""

from pathlib import Path
from typing import Annotated

import typer


def predict(
    case: Annotated[Path, typer.Argument(help="A case, in TOML.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Levels and effects over time. Exit code 2 when the case cannot be meant, 3 when refused."""
    import json

    from afterglow.cli.cases import read_toml
    from afterglow.core.dosing.case import read_case
    from afterglow.core.dosing.forecast import forecast
    from afterglow.core.errors import AfterglowError

    try:
        asked = read_case(read_toml(case))
        answer = forecast(asked)
    except AfterglowError as error:
        typer.echo(f"{case}: {error}", err=True)
        raise typer.Exit(2) from error
    if as_json:
        typer.echo(json.dumps(answer))
    else:
        _print(answer, asked.times_min)
    if answer["refusal"] and not as_json:
        raise typer.Exit(3)


def _print(answer: dict[str, object], times_min: tuple[float, ...]) -> None:
    refusal = answer["refusal"]
    if isinstance(refusal, dict):
        typer.echo(f"{refusal['because']} {refusal['remedy']} [{refusal['code']}]")
        return
    typer.echo(f"Model: {answer['model']}")
    quantities = answer["quantities"]
    if isinstance(quantities, dict):
        for name, told in quantities.items():
            _table(name, told, times_min)
    notes = answer["notes"]
    if isinstance(notes, list) and notes:
        typer.echo("\nWhat these numbers rest on:")
        for note in notes:
            typer.echo(f"- {note}")


def _table(name: str, told: dict[str, object], times_min: tuple[float, ...]) -> None:
    lists = {key: value for key, value in told.items() if isinstance(value, list)}
    typer.echo(f"\n{name} ({told['unit']})")
    typer.echo("".join(f"{heading:>12}" for heading in ("min", *lists)))
    for row, t in enumerate(times_min):
        cells = "".join(f"{values[row]:12.3f}" for values in lists.values())
        typer.echo(f"{t:12g}{cells}")
