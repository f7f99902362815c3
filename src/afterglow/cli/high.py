"""`afterglow high CASE.toml`: how high these doses are, for how long, and when it is gone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from afterglow.core.dosing.case import Case
    from afterglow.core.pharmacology.high import Finding, HighReport
    from afterglow.core.refusal import Refusal

MOST_PEOPLE = 20_000


def high(
    case: Annotated[Path, typer.Argument(help="A case, in TOML, as for predict.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """The high of a dose. Exit code 2 when the case cannot be meant, 3 when refused."""
    import json

    from afterglow.cli.cases import read_toml
    from afterglow.cli.toml_file import placed
    from afterglow.core.dosing.case import read_case
    from afterglow.core.errors import BadInput

    try:
        asked = read_case(read_toml(case))
        answer = told(asked)
    except BadInput as error:
        typer.echo(placed(error, case), err=True)
        raise typer.Exit(2) from error
    if as_json:
        typer.echo(json.dumps(answer, indent=1))
    elif answer["refusal"]:
        refusal = answer["refusal"]
        typer.echo(f"{refusal['because']} {refusal['remedy']} [{refusal['code']}]", err=True)
        raise typer.Exit(3)
    else:
        _print(answer)


def told(case: Case) -> dict[str, Any]:
    """The report on a case as plain JSON values; "refusal" is null or says why there is none."""
    from dataclasses import asdict

    from afterglow.core.refusal import Refusal

    report = _report(case)
    if isinstance(report, Refusal):
        return {"model": case.model, "refusal": asdict(report), "findings": [], "bands": []}
    people = min(case.patients, MOST_PEOPLE)
    return {
        "model": _model(case),
        "session_number": case.session_number,
        "people": people,
        "seed": case.seed,
        "refusal": None,
        "findings": [_finding(one) for one in report.findings()],
        "bands": _bands(report),
        "band_at_peak": str(report.band_at_peak),
        "conversing": {"t_min": list(report.t_min), "chance": list(report.conversing_at)},
        "notes": list(report.notes),
    }


def _model(case: Case) -> str:
    from afterglow.core.dosing.population import DEFAULT_MODEL

    return DEFAULT_MODEL if case.model == "default" else case.model


def _report(case: Case) -> HighReport | Refusal:
    from afterglow.core.body import Baseline
    from afterglow.core.dosing.felt import high_of
    from afterglow.core.dosing.population import DEFAULT_MODEL, prior_for
    from afterglow.core.refusal import Refusal

    if _model(case) != DEFAULT_MODEL:
        return Refusal(
            code="effect-not-modelled",
            because=f"Dissociation is driven by arterial blood; {case.model} does not follow it.",
            remedy=f'Write model = "default" ({DEFAULT_MODEL}).',
            source="docs/science/high.md",
        )
    belief = prior_for(case.covariates)
    if isinstance(belief, Refusal):
        return belief
    # Pressure and pulse play no part in the high; the report leaves the score before the dose out.
    resting = Baseline(systolic_mmhg=120, pulse_per_min=70)
    return high_of(
        belief,
        case.doses,
        session_number=case.session_number,
        baseline=resting,
        seed=case.seed,
        draws=min(case.patients, MOST_PEOPLE),
    )


def _finding(one: Finding) -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(one), "unverified": one.is_unverified}


def _bands(report: HighReport) -> list[dict[str, Any]]:
    """Every band with its edges, each edge's source, who peaks there and for how long."""
    from afterglow.core.pharmacology.bands import BANDS, edges

    upper = edges()
    return [
        {
            "band": str(band),
            "from_ng_per_ml": upper[k - 1].value if k else 0.0,
            "below_ng_per_ml": upper[k].value if k < len(upper) else None,
            "chance_of_peak": report.band_chances[band],
            "minutes": report.minutes_in_band[band],
            "source": edge.source,
            "grade": edge.grade,
            "anchor": edge.where,
        }
        for k, (band, edge) in enumerate(zip(BANDS, (*upper, upper[-1]), strict=True))
    ]


def _print(answer: dict[str, Any]) -> None:
    say = typer.echo
    say(
        f"Model {answer['model']}, session {answer['session_number']}, {answer['people']} people.\n"
    )
    say(f"{'':24}{'typical':>10}{'5th':>10}{'worst in 20':>13}  unit; grade; source")
    for one in answer["findings"]:
        figures = f"{_figure(one['value']):>10}{_figure(one['low']):>10}{_figure(one['high']):>13}"
        say(f"{one['name']:24}{figures}  {one['unit']}; {_grade(one)}; {one['source']}")
        say(f"{'':24}{one['words']}")
    say(f"\n{'band at peak':24}{'from ng/mL':>10}{'chance':>10}{'minutes':>13}  grade; anchored on")
    for one in answer["bands"]:
        mark = " <" if one["band"] == answer["band_at_peak"] else ""
        chance = f"{one['chance_of_peak']:.0%}"
        say(
            f"{one['band'] + mark:24}{one['from_ng_per_ml']:>10g}{chance:>10}"
            f"{one['minutes']:>13.0f}  {_grade(one)}; {one['anchor']}"
        )
    say(f"Source of the bands: {answer['bands'][0]['source']}.\n")
    for note in answer["notes"]:
        say(f"- {note}")


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"


def _grade(one: dict[str, Any]) -> str:
    return f"[{one['grade']}]" + (" unverified" if one.get("unverified") else "")
