"""`afterglow models`: the library of published models, and whether its files hold together."""

from pathlib import Path
from typing import Annotated

import typer

models = typer.Typer(no_args_is_help=True, help="The library of published models.")


@models.command("list")
def list_models() -> None:
    """Every model, with what it follows."""
    from afterglow.core.pharmacology import library

    for model_id in library.drug_models():
        model = library.load(model_id)
        typer.echo(f"{model.id:20} {model.site:9} {', '.join(model.routes)}")
        typer.echo(f"{'':20} {model.title}")


@models.command()
def show(model_id: Annotated[str, typer.Argument(help="An id from `models list`.")]) -> None:
    """Each number of a model with its unit, grade and source; its limits and caveats."""
    from afterglow.core.errors import BadLibrary
    from afterglow.core.pharmacology import library

    try:
        model = library.load(model_id)
    except BadLibrary as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo(f"{model.title}\nLevels at: {model.site}. Drugs: {', '.join(model.drugs)}.")
    for one in model.parameters.values():
        spread = f"  spread {one.sd:.3f}" if one.sd else ""
        doubt = "  UNVERIFIED" if one.unverified else ""
        typer.echo(f"  {one.name:18} {one.printed:>10g} {one.unit:8} [{one.grade}]{spread}{doubt}")
    for key, source in model.sources.items():
        typer.echo(f"  {key}: {source['citation']}")
    typer.echo(f"Limits: {model.limits['why']}")
    for caveat in model.caveats:
        typer.echo(f"Mind: {caveat}")


@models.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Model files. None: the whole library.")
    ] = None,
) -> None:
    """Refuse a file with a missing source, an inconsistent unit or a failing worked example."""
    from afterglow.core.errors import AfterglowError
    from afterglow.core.pharmacology import library, structure

    wrong = 0
    texts = {file.name: file.read_text(encoding="utf-8") for file in files or ()}
    for name, text in (texts or library.texts()).items():
        try:
            found = structure.failing(library.parse(text, name))
        except AfterglowError as error:
            found = [str(error)]
        wrong += len(found)
        typer.echo("\n".join(found) if found else f"{name}: holds together.")
    if wrong:
        raise typer.Exit(1)
