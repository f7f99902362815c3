"""`afterglow models`: the library of published models, and whether its files hold together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from afterglow.cli.output import TABLES, TEXTS, AsJson, OutRows, Told, can_write, in_words, tell

if TYPE_CHECKING:
    from afterglow.core.pharmacology.library import Model

FORMS = (*TABLES, *TEXTS)  # a list of models makes no picture

models = typer.Typer(no_args_is_help=True, help="The library of published models.")


@models.command("list")
def list_models(as_json: AsJson = False, out: OutRows = None) -> None:
    """Every model, with what it follows."""
    from afterglow.core.pharmacology import library

    with in_words():
        can_write(out, FORMS)
        rows = [_about(library.load(model_id)) for model_id in library.drug_models()]
        told = Told(
            plain=rows, lines=lambda: _list(rows), rows=lambda: [_flat(one) for one in rows]
        )
        tell(told, as_json=as_json, out=out)


def _about(model: Model) -> dict[str, Any]:
    return {
        "id": model.id,
        "title": model.title,
        "site": model.site,
        "drugs": list(model.drugs),
        "routes": list(model.routes),
    }


def _flat(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "drugs": " ".join(one["drugs"]), "routes": " ".join(one["routes"])}


def _list(rows: list[dict[str, Any]]) -> Iterator[str]:
    for one in rows:
        yield f"{one['id']:20} {one['site']:9} {', '.join(one['routes'])}"
        yield f"{'':20} {one['title']}"


@models.command()
def show(
    model_id: Annotated[str, typer.Argument(help="An id from `models list`.")],
    as_json: AsJson = False,
    out: OutRows = None,
) -> None:
    """Each number of a model with its unit, grade and source; its limits and caveats."""
    from afterglow.core.pharmacology import library

    with in_words():
        can_write(out, FORMS)
        model = library.load(model_id)
        numbers = list(_numbers(model))
        plain = {
            **_about(model),
            "parameters": numbers,
            "sources": {key: source["citation"] for key, source in model.sources.items()},
            "limits": str(model.limits["why"]),
            "caveats": list(model.caveats),
        }
        told = Told(plain=plain, lines=lambda: _shown(model), rows=lambda: numbers)
        tell(told, as_json=as_json, out=out)


def _numbers(model: Model) -> Iterator[dict[str, Any]]:
    for one in model.parameters.values():
        yield {
            "name": one.name,
            "value": one.printed,
            "unit": one.unit,
            "grade": one.grade,
            "unverified": one.unverified,
            "spread_sd": one.sd,
            "source": one.source,
            "note": one.note,
        }


def _shown(model: Model) -> Iterator[str]:
    yield f"{model.title}\nLevels at: {model.site}. Drugs: {', '.join(model.drugs)}."
    for one in model.parameters.values():
        spread = f"  spread {one.sd:.3f}" if one.sd else ""
        doubt = "  UNVERIFIED" if one.unverified else ""
        yield f"  {one.name:18} {one.printed:>10g} {one.unit:8} [{one.grade}]{spread}{doubt}"
    for key, source in model.sources.items():
        yield f"  {key}: {source['citation']}"
    yield f"Limits: {model.limits['why']}"
    for caveat in model.caveats:
        yield f"Mind: {caveat}"


@models.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Model files. None: the whole library.")
    ] = None,
) -> None:
    """Refuse a file with a missing source, an inconsistent unit or a failing worked example."""
    from afterglow.core.errors import AfterglowError
    from afterglow.core.pharmacology import structure

    with in_words():
        texts = {file.name: file.read_text(encoding="utf-8") for file in files or ()}
    wrong = 0
    for name, text in (texts or structure.texts()).items():
        try:
            found = structure.faults(text, name)
        except AfterglowError as error:
            found = [str(error)]
        wrong += len(found)
        typer.echo("\n".join(found) if found else f"{name}: holds together.")
    if wrong:
        raise typer.Exit(1)
