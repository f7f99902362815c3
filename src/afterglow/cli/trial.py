"""`afterglow trial TRIAL.toml`: groups over weeks, and what would be seen of their mood."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from afterglow.cli.trial_file import Asked
    from afterglow.core.dosing.trial import ArmResult, TrialResult

SHOWN = ("mean_change", "response", "remission", "relapse")


def trial(
    file: Annotated[Path, typer.Argument(help="A trial, in TOML: docs/trial-format.md.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Compare arms. Exit code 2 when the file cannot be meant, 3 when refused."""
    import json

    from afterglow.cli.trial_file import read_trial
    from afterglow.core.errors import BadInput

    try:
        answer = told(read_trial(file))
    except BadInput as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    if as_json:
        typer.echo(json.dumps(answer, indent=1))
    elif answer["refusal"]:
        refusal = answer["refusal"]
        typer.echo(f"{refusal['because']} {refusal['remedy']} [{refusal['code']}]", err=True)
        raise typer.Exit(3)
    else:
        _print(answer)


def told(asked: Asked) -> dict[str, Any]:
    """The trial as plain JSON values; "refusal" is null or says why there is no result."""
    from dataclasses import asdict

    from afterglow.core.dosing.trial import run
    from afterglow.core.refusal import Refusal

    result = run(
        asked.trial, asked.population, seed=asked.seed, people=asked.people, draws=asked.draws
    )
    if isinstance(result, Refusal):
        return {"model": asked.population.model, "arms": [], "refusal": asdict(result)}
    return _plain(result, asked)


def _plain(result: TrialResult, asked: Asked) -> dict[str, Any]:
    mean, sd = asked.trial.baseline
    return {
        "model": result.model,
        "scale": result.scale.value,
        "baseline": {"mean": mean, "sd": sd},
        "days": list(result.days),
        "people": result.people,
        "seed": result.seed,
        "arms": [
            {"patients": plan.patients, **_arm(arm)}
            for plan, arm in zip(asked.trial.arms, result.arms, strict=True)
        ],
        "assumed": list(asked.assumed),
        "notes": list(result.notes),
        "refusal": None,
    }


def _arm(arm: ArmResult) -> dict[str, Any]:
    from dataclasses import asdict

    raw = asdict(arm)
    for field in ("peak_cadss_first", "peak_cadss_last"):
        raw[field] = dict(zip(("p5", "p50", "p95"), raw[field], strict=True))
    raw["dose_mg"] = dict(zip(("lowest", "mean", "highest"), raw["dose_mg"], strict=True))
    for field in SHOWN:
        raw[field] = {key: [_or_none(v) for v in vs] for key, vs in raw[field].items()}
    return {**raw, "sd_change": list(raw["sd_change"])}


def _or_none(value: float) -> float | None:
    """JSON has no NaN; it stands for an interval nobody can tell."""
    return value if value == value else None  # noqa: PLR0124 - NaN alone differs from itself


def _print(answer: dict[str, Any]) -> None:
    say = typer.echo
    say(f"{answer['scale'].upper()}, {answer['people']} virtual people an arm; 95 % intervals\n")
    for arm in answer["arms"]:
        high = arm["peak_cadss_first"]
        say(
            f"{arm['name']} ({arm['patients']} patients, {arm['dose_mg']['mean']:.3g} mg a session)"
        )
        say(f"  peak CADSS in session 1: {high['p50']:.0f}, worst in 20: {high['p95']:.0f}")
        say(f"{'day':>6}{'change (SD)':>28}" + "".join(f"{name:>22}" for name in SHOWN[1:]))
        for k, day in enumerate(answer["days"]):
            change = _interval(arm["mean_change"], k, "{:.1f}") + f" ({arm['sd_change'][k]:.1f})"
            rates = "".join(f"{_interval(arm[name], k, '{:.0%}'):>22}" for name in SHOWN[1:])
            say(f"{day:>6g}{change:>28}{rates}")
        say("")
    for note in [*answer["assumed"], *answer["notes"]]:
        say(f"- {note}")


def _interval(estimate: dict[str, list[float | None]], k: int, form: str) -> str:
    figures = (estimate[key][k] for key in ("value", "low", "high"))
    value, low, high = ("?" if one is None else form.format(one) for one in figures)
    return f"{value} [{low}, {high}]"
