"""`afterglow mechanism CASE.toml`: exploratory, from receptors to synapses; never for a dose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from afterglow.cli.belief_file import BeliefFile
from afterglow.cli.output import AsJson, Out, Told, no
from afterglow.cli.over_case import CaseFile, over_case

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from afterglow.core.dosing.case import Case


def mechanism(
    case: CaseFile, as_json: AsJson = False, out: Out = None, belief: BeliefFile = None
) -> None:
    """EXPLORATORY. Receptors, glutamate and synapses over time; never for choosing a dose."""
    over_case(case, told, belief=belief, as_json=as_json, out=out)


def told(case: Case) -> Told:
    from afterglow.core.dosing.explored import explore
    from afterglow.core.refusal import Refusal

    answer = explore(case)
    if answer["refusal"]:
        return no(Refusal(**answer["refusal"]), plain=answer)
    return Told(
        plain=answer,
        lines=lambda: _lines(answer),
        rows=lambda: list(_rows(answer)),
        draw=lambda: _picture(answer, case),
    )


def _lines(answer: dict[str, Any]) -> Iterator[str]:
    yield answer["notice"]
    yield f"Model {answer['model']}; typical, and 5th to 95th percentile with occupancy in doubt."
    for step in answer["steps"].values():
        yield f"\n{step['what']}"
        yield "".join(f"{heading:>12}" for heading in ("min", "typical", "5th", "95th"))
        for row, t in enumerate(answer["t_min"]):
            figures = (step[key][row] for key in ("typical", "p5", "p95"))
            yield f"{t:12g}" + "".join(f"{figure:12.4f}" for figure in figures)
    yield "\nInverted U: concentrations that are held"
    yield "".join(f"{heading:>12}" for heading in ("ng/mL", "glutamate", "AMPA"))
    for one in answer["inverted_u"]:
        yield f"{one['racemic_ng_per_ml']:12g}{one['glutamate']:12.2f}{one['ampa']:12.2f}"
    peak = answer["peak_racemic_ng_per_ml"]
    yield f"\nReceptors at the typical peak, {peak:.0f} ng/mL of racemate"
    yield f"{'':32}{'K umol/L':>10}{'held':>9}{'from':>9}{'to':>9}  grade; note"
    for one in answer["receptors"]:
        yield _receptor(one)
    yield ""
    for note in answer["notes"]:
        yield f"- {note}"


def _receptor(one: dict[str, Any]) -> str:
    at_most = "<" if one["is_ceiling"] else ""
    held = f"{at_most}{one['share']:.1%}"
    doubt = " unverified" if one["grade"] in ("C", "own") else ""
    return (
        f"{one['target']:32}{one['k_um']:>10g}{held:>9}{one['low']:>9.1%}{one['high']:>9.1%}"
        f"  [{one['grade']}]{doubt}; {one['note']}"
    )


def _rows(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Steps over time, then receptors, then the inverted U; all marked exploratory."""
    for name, step in answer["steps"].items():
        for row, t in enumerate(answer["t_min"]):
            figures = {key: step[key][row] for key in ("typical", "p5", "p50", "p95")}
            yield _row("step", name, t, None, figures, "own")
    for one in answer["receptors"]:
        figures = {"typical": one["share"], "p5": one["low"], "p50": None, "p95": one["high"]}
        peak = answer["peak_racemic_ng_per_ml"]
        yield _row("receptor", one["target"], None, peak, figures, one["grade"])
    for one in answer["inverted_u"]:
        for name in ("glutamate", "ampa"):
            figures = {"typical": one[name], "p5": None, "p50": None, "p95": None}
            yield _row("held", name, None, one["racemic_ng_per_ml"], figures, "own")


def _row(
    kind: str,
    name: str,
    at_min: float | None,
    level: float | None,
    figures: dict[str, Any],
    grade: str,
) -> dict[str, Any]:
    where = {"at_min": at_min, "racemic_ng_per_ml": level}
    return {"kind": kind, "name": name, **where, **figures, "grade": grade, "exploratory": True}


def _picture(answer: dict[str, Any], case: Case) -> Figure:
    from afterglow.research.figures import bands

    def panel(name: str, step: dict[str, Any]) -> bands.Panel:
        rest = 1.0 if name == "glutamate" else 0.0
        return bands.Panel(
            title="glutamate, rise above 1 at rest" if rest else step["what"],
            unit="",
            t_min=case.times_min,
            typical=[value - rest for value in step["typical"]],
            percentiles={float(p): [value - rest for value in step[f"p{p}"]] for p in (5, 50, 95)},
        )

    panels = [panel(name, step) for name, step in answer["steps"].items()]
    given = [(dose.starts_min, dose.ends_min) for dose in case.doses]
    return bands.draw(panels, doses=given, words=answer["notice"])
