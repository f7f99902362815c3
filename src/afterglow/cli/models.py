"""`afterglow models`: the library of published models, and whether its files hold together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from afterglow.cli.output import TABLES, TEXTS, AsJson, Out, Told, can_write, in_words, tell

if TYPE_CHECKING:
    from afterglow.core.pharmacology.library import Model, Parameter
    from afterglow.core.pharmacology.sourced import Sheet

FORMS = (*TABLES, *TEXTS)  # a list of models makes no picture
KINDS = {"drug": "Drugs to levels", "effect": "Levels to effects", "outcome": "Days and weeks"}

models = typer.Typer(no_args_is_help=True, help="The library of published models.")


@models.command("list")
def list_models(as_json: AsJson = False, out: Out = None) -> None:
    """Every model, with what it follows."""
    with in_words():
        can_write(out, FORMS)
        rows = list(_every())
        told = Told(
            plain=rows, lines=lambda: _list(rows), rows=lambda: [_flat(one) for one in rows]
        )
        tell(told, as_json=as_json, out=out)


def _every() -> Iterator[dict[str, Any]]:
    from afterglow.core.pharmacology import library, sourced

    for one in library.drug_models():
        yield _about(library.load(one), "drug")
    for one in library.effect_models():
        yield _about(library.load_effect(one), "effect")
    for name in sourced.texts():
        yield _about_sheet(sourced.sheet(name.removesuffix(".toml")))


def _about(model: Model, kind: str) -> dict[str, Any]:
    people = model.fitted_to
    return {
        "id": model.id,
        "kind": kind,
        "title": model.title,
        "site": model.site,
        "drugs": list(model.drugs),
        "routes": list(model.routes),
        "fitted_to": _fitted(people) if people else "",
    }


def _fitted(people: Mapping[str, Any]) -> str:
    if isinstance(people["n"], str):
        return f"{people['people']}, number {people['n']}"
    return f"{people['n']} {people['people']}"


def _about_sheet(sheet: Sheet) -> dict[str, Any]:
    nothing: dict[str, Any] = {"site": "", "drugs": [], "routes": [], "fitted_to": ""}
    return {"id": sheet.id, "kind": "outcome", "title": sheet.title, **nothing}


def _flat(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "drugs": " ".join(one["drugs"]), "routes": " ".join(one["routes"])}


def _list(rows: list[dict[str, Any]]) -> Iterator[str]:
    for kind, words in KINDS.items():
        yield f"{words}"
        for one in rows:
            if one["kind"] == kind:
                yield f"  {one['id']:18} {one['title']}"
                if kind == "drug":
                    yield f"  {'':18} {_reach(one)}"
        yield ""
    yield "`afterglow models show ID` tells each number with its unit, grade and source."


def _reach(one: dict[str, Any]) -> str:
    return (
        f"{one['site']}; {', '.join(one['drugs'])}; {', '.join(one['routes'])}; "
        f"fitted to {one['fitted_to']}"
    )


@models.command()
def show(
    model_id: Annotated[str, typer.Argument(help="An id from `models list`.")],
    as_json: AsJson = False,
    out: Out = None,
) -> None:
    """Each number of a model with its unit, grade and source; its limits and caveats."""
    with in_words():
        can_write(out, FORMS)
        plain = _shown(model_id)
        told = Told(plain=plain, lines=lambda: _lines(plain), rows=lambda: plain["parameters"])
        tell(told, as_json=as_json, out=out)


def _shown(model_id: str) -> dict[str, Any]:
    from afterglow.core.errors import BadInput
    from afterglow.core.pharmacology import library, sourced

    if f"{model_id}.toml" in sourced.texts():
        return _of_sheet(sourced.sheet(model_id))
    if model_id in library.effect_models():
        return _of_model(library.load_effect(model_id), "effect")
    if model_id in library.drug_models():
        return _of_model(library.load(model_id), "drug")
    known = ", ".join(one["id"] for one in _every())
    raise BadInput(f"model_id must be one of {known}; got {model_id!r}.")


def _of_model(model: Model, kind: str) -> dict[str, Any]:
    return {
        **_about(model, kind),
        "parameters": [_number(one) for one in model.parameters.values()],
        "residual": [_number(one) for one in model.residual.values()],
        "covariances": dict(model.covariances),
        "flows": dict(model.flows),
        "examples": [check.about for check in model.checks],
        "sources": {key: source["citation"] for key, source in model.sources.items()},
        "limits": _limits(model),
        "caveats": list(model.caveats),
    }


def _limits(model: Model) -> str:
    if not model.limits:
        return ""
    (young, old), (light, heavy) = model.limits["age_years"], model.limits["weight_kg"]
    return f"{young:g} to {old:g} years, {light:g} to {heavy:g} kg. {model.limits['why']}"


def _number(one: Parameter) -> dict[str, Any]:
    return {
        "name": one.name,
        "value": one.printed,
        "unit": one.unit,
        "grade": one.grade,
        "unverified": one.unverified,
        "spread_sd": one.sd,
        "spread_by_day_sd": one.occasion_sd,
        "weight_power": one.weight_power,
        "source": one.source,
        "note": one.note,
    }


def _of_sheet(sheet: Sheet) -> dict[str, Any]:
    numbers = [
        {
            "name": name,
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "unit": one.unit,
            "grade": one.grade,
            "unverified": one.is_unverified,
            "source": one.source,
            "note": one.where,
        }
        for name, one in sheet.parameters.items()
    ]
    return {
        **_about_sheet(sheet),
        "parameters": numbers,
        "sources": dict(sheet.citations),
        "limits": "",
        "caveats": list(sheet.caveats),
    }


def _lines(plain: dict[str, Any]) -> Iterator[str]:
    yield plain["title"]
    if plain["kind"] == "drug":
        yield _reach(plain)
    yield f"\n{'number':26}{'value':>10}  {'unit':12}{'grade':6}{'spread':>10}  source; note"
    for one in plain["parameters"]:
        yield _row(one)
    if plain.get("residual"):
        yield "error of measuring"
        yield from map(_row, plain["residual"])
    for pair, value in plain.get("covariances", {}).items():
        yield f"covariance of {pair.replace(' ', ' and ')}: {value:g}"
    yield from _paragraph("Sources", (f"{k}: {v}" for k, v in plain["sources"].items()))
    yield from _paragraph("Worked examples it gives back", plain.get("examples", ()))
    yield from _paragraph("Refused outside", [plain["limits"]] if plain["limits"] else ())
    yield from _paragraph("Mind", plain["caveats"])


def _row(one: dict[str, Any]) -> str:
    doubt = "UNVERIFIED; " if one["unverified"] else ""
    note = f"; {one['note']}" if one["note"] else ""
    return (
        f"{one['name']:26}{one['value']:>10g}  {one['unit']:12}{'[' + one['grade'] + ']':6}"
        f"{_spread(one):>10}  {doubt}{one['source']}{note}"
    )


def _spread(one: dict[str, Any]) -> str:
    """Between people, and after a + between occasions; of a sheet, its plausible range."""
    if "low" in one:
        return "" if one["low"] == one["high"] else f"{one['low']:g}-{one['high']:g}"
    day = f"+{one['spread_by_day_sd']:.2f}" if one["spread_by_day_sd"] else ""
    return (f"{one['spread_sd']:.2f}" if one["spread_sd"] else "") + day


def _paragraph(heading: str, items: Iterable[str]) -> Iterator[str]:
    if told := [f"  - {item}" for item in items]:
        yield f"\n{heading}"
        yield from told


@models.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Model files. None: the whole library.")
    ] = None,
) -> None:
    """Refuse a file with a missing source, an inconsistent unit or a failing worked example."""
    from afterglow.cli.compiling import told_while_compiling
    from afterglow.core.pharmacology import structure

    with in_words():
        texts = [(file.name, _read(file)) for file in files] if files else structure.texts().items()
    with told_while_compiling():
        wrong = [name for name, text in texts if not _holds(name, text)]
    if wrong:
        raise typer.Exit(1)


def _holds(name: str, text: str) -> bool:
    from afterglow.core.errors import AfterglowError
    from afterglow.core.pharmacology import structure

    try:
        found = structure.faults(text, name)
    except AfterglowError as error:
        found = [str(error)]
    typer.echo("\n".join(found) if found else f"{name}: holds together.")
    return not found


def _read(file: Path) -> str:
    from afterglow.core.errors import BadInput

    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} is not text in UTF-8 (byte {error.start}).") from error
