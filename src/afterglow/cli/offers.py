"""What could be given next, in rows: the proposal, its neighbours and the whole trade-off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from afterglow.core.dosing.benefit import Whose
from afterglow.core.dosing.limits import INTO
from afterglow.core.dosing.options import Option, Profile
from afterglow.core.dosing.proposal import Proposal

if TYPE_CHECKING:
    from afterglow.research.figures.tradeoff import Choice

BENEFIT_IS = {
    Whose.POPULATION: "share of the starting score gone by drug, mean over people; mood model",
    Whose.PATIENT: "share of the starting score that more sessions take away in this patient",
}
Row = dict[str, Any]


def told(found: Proposal) -> dict[str, Any]:
    """The proposal, what lies beside it and the whole trade-off, as rows."""
    whose = found.benefit_of or Whose.POPULATION
    return {
        "benefit_of": str(whose),
        "benefit_is": f"{BENEFIT_IS[whose]}, {_when(found)}, provisional.",
        "chosen": row(found.chosen),
        "calmer": row(found.calmer) if found.calmer else None,
        "stronger": row(found.stronger) if found.stronger else None,
        "neighbours": [row(one) for one in found.neighbours],
        "frontier": [row(one) for one in found.frontier],
        "options": [row(one) for one in found.options],
        "chosen_by_model": [
            {"model": one.model, "weight": one.weight, **row(one.option)} for one in found.models
        ],
    }


def _when(found: Proposal) -> str:
    if not found.candidates.spacings_days:
        return "a day later"
    return f"mean over {found.candidates.over_days:g} days"


def row(one: Option) -> Row:
    """One thing that could be given. `why_not` names every limit it breaks."""
    told = asdict(one)
    told["why_not"] = " ".join(told.pop("broken"))
    return {"name": str(one), "shape": str(told.pop("profile")), **told}


def flagged(plain: Mapping[str, Any]) -> list[Row]:
    """Every option with where it stands: proposed, beside it, on the curve."""
    return [
        {
            **one,
            "chosen": one == plain["chosen"],
            "calmer": one == plain["calmer"],
            "stronger": one == plain["stronger"],
            "neighbour": one in plain["neighbours"],
            "frontier": one in plain["frontier"],
        }
        for one in plain["options"]
    ]


def choice(one: Mapping[str, Any]) -> Choice:
    """A row as a mark of the picture; what differs only in dose is one curve."""
    from afterglow.research.figures.tradeoff import Choice

    return Choice(
        row=_curve(one),
        name=one["name"],
        high=one["cadss_p95"],
        benefit=one["benefit"],
        allowed=one["allowed"],
    )


def _curve(one: Mapping[str, Any]) -> str:
    said = f"{one['minutes']:g} min" if one["minutes"] else INTO[one["route"]]
    if one["shape"] != Profile.CONSTANT:
        said += f" {one['shape']}"
    return said if one["spacing_days"] is None else f"{said}, {one['spacing_days']:g} d"


def table(plain: Mapping[str, Any]) -> Iterator[str]:
    """The whole trade-off for people, calmest first."""
    sedation = plain["limits"]["moaa_s"] is not None
    wide = max(len(one["name"]) for one in plain["options"])
    yield (
        f"  {'':{wide}}{'benefit':>9}{'CADSS':>8}{'95th':>7}{'P(high)':>9}{'systolic 95th':>15}"
        f"{'P(pressure)':>13}{'P(sedation)' if sedation else '':>13}"
    ).rstrip()
    for one in sorted(plain["options"], key=lambda one: (one["cadss_p95"], one["benefit"])):
        sedated = f"{one['sedation_chance']:.1%}" if sedation else ""
        yield (
            f"{_mark(one, plain)} {one['name']:{wide}}{one['benefit']:>9.3f}"
            f"{one['cadss_median']:>8.1f}{one['cadss_p95']:>7.1f}{one['cadss_chance']:>9.1%}"
            f"{one['systolic_p95']:>15.0f}{one['systolic_chance']:>13.1%}{sedated:>13}"
        ).rstrip()


def _mark(one: Row, plain: Mapping[str, Any]) -> str:
    if one == plain["chosen"]:
        return "*"
    if one == plain["calmer"]:
        return "<"
    if one == plain["stronger"]:
        return ">"
    if one in plain["frontier"]:
        return "o"
    if one in plain["neighbours"]:
        return "+"
    return " " if one["allowed"] else "x"
