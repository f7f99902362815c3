"""The part of a model's page that is read off its file: numbers, people, limits, caveats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from afterglow.core.pharmacology import library
from afterglow.core.pharmacology.library import Model

BEGIN, END = "<!-- from the file: begin -->", "<!-- from the file: end -->"


def of_model(model: Model) -> str:
    """Everything a drug model's or an effect's file says, as Markdown."""
    said = [
        *_people(model),
        *_table(model.parameters.values()),
        *(_flows(model) if model.flows else ()),
        "Sources: "
        + "; ".join(f"*{key}*: {one['citation']}" for key, one in model.sources.items())
        + ".",
        "",
        *(f"- {caveat}" for caveat in model.caveats),
    ]
    return "\n".join(said)


def _people(model: Model) -> Iterator[str]:
    if not model.compartments:
        return
    fitted, limits = model.fitted_to, model.limits
    yield (
        f"Fitted to {fitted['n']} {fitted['people']}; age {fitted['age_years_mean']} years, weight "
        f"{fitted['weight_kg_mean']} kg. Refused outside "
        f"{limits['age_years'][0]} to {limits['age_years'][1]} years and "
        f"{limits['weight_kg'][0]} to {limits['weight_kg'][1]} kg: {limits['why']}"
    )
    yield ""
    yield f"Site: {model.site}. Drugs: {', '.join(model.drugs)}. Routes: {', '.join(model.routes)}."
    yield ""


def _table(numbers: Iterable[library.Parameter]) -> Iterator[str]:
    yield "| number | value | unit | spread | weight | grade | source | note |"
    yield "|-|-:|-|-:|-:|-|-|-|"
    for one in numbers:
        spread = f"{one.sd:.3g}{' logit' if one.logit else ''}" if one.sd else ""
        if one.occasion_sd:
            spread = f"{spread}; {one.occasion_sd:.3g} by day".removeprefix("; ")
        power = f"{one.weight_power:g}" if one.weight_power else ""
        note = one.note.replace("|", "/")
        yield (
            f"| `{one.name}` | {one.printed:g} | {one.unit} | {spread} | {power} | {one.grade} "
            f"| {one.source} | {note} |"
        )
    yield ""
    yield "*Spread*: SD between people on the log (or logit). *Weight*: power of weight over the"
    yield "reference. Grades: A primary source, B transcribed, C unverified, D derived, own."
    yield ""


def _flows(model: Model) -> Iterator[str]:
    yield "```"
    for path, formula in model.flows.items():
        source, _, to = (end.strip() for end in path.partition(">"))
        yield f"{source} -> {to or 'out'}:  {formula} per min"
    for way in model.absorption:
        over = f" over {way.over_min}" if way.over_min else ""
        yield f"{way.route} dose -> {way.into}:  {way.share} of it{over}"
    for one in model.compartments:
        if one.analyte:
            yield f"{one.analyte} = {one.name} / ({one.per})"
    for pair, value in model.covariances.items():
        yield f"cov({pair.replace(' ', ', ')}) = {value:g}"
    yield "```"
    yield ""


def filled(page: str, block: str) -> str:
    """The page with the part between the two marks replaced."""
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{block}\n\n{END}{tail}"


def blocks() -> Mapping[str, str]:
    """What belongs on which page of docs/science, by its path."""
    drugs = {f"models/{one}.md": of_model(library.load(one)) for one in library.drug_models()}
    effects = {
        f"{page}.md": of_model(library.load_effect(one))
        for page, one in (
            ("dissociation", "dissociation"),
            ("pressure", "haemodynamics"),
            ("liver", "liver"),
        )
    }
    return {**drugs, **effects}
