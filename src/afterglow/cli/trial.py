"""`afterglow trial TRIAL.toml`: groups over weeks, and what would be seen of their mood."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from afterglow.cli.output import AsJson, Out, Told, can_write, in_words, no, tell

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from afterglow.cli.trial_file import Asked
    from afterglow.core.dosing.trial import ArmResult, TrialResult

SHOWN = ("mean_change", "response", "remission", "relapse")


def trial(
    file: Annotated[Path, typer.Argument(help="A trial, TOML or JSON: docs/trial-format.md.")],
    as_json: AsJson = False,
    out: Out = None,
    cluster: Annotated[
        str, typer.Option(help="A Dask scheduler to compute on, as tcp://host:8786.")
    ] = "",
) -> None:
    """Compare arms. Exit code 2 when the file cannot be meant, 3 when refused."""
    with in_words():
        from afterglow.cli.trial_file import read_trial

        can_write(out, reads=(file,))
        tell(told(read_trial(file), cluster=cluster), as_json=as_json, out=out)


def told(asked: Asked, *, cluster: str = "") -> Told:
    from afterglow.core.dosing.trial import run
    from afterglow.core.refusal import Refusal
    from afterglow.research.cluster import each_over

    result = run(
        asked.trial,
        asked.population,
        seed=asked.seed,
        people=asked.people,
        draws=asked.draws,
        each=each_over(cluster) if cluster else map,
    )
    if isinstance(result, Refusal):
        return no(result, plain={"model": asked.population.model, "arms": []})
    answer = _plain(result, asked)
    return Told(
        plain=answer,
        lines=lambda: _lines(answer),
        rows=lambda: list(_rows(answer)),
        draw=lambda: _picture(answer),
    )


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


def _lines(answer: dict[str, Any]) -> Iterator[str]:
    yield f"{answer['scale'].upper()}, {answer['people']} virtual people an arm; 95 % intervals\n"
    for arm in answer["arms"]:
        high = arm["peak_cadss_first"]
        mean_mg = arm["dose_mg"]["mean"]
        yield f"{arm['name']} ({arm['patients']} patients, {mean_mg:.3g} mg a session)"
        yield f"  peak CADSS in session 1: {high['p50']:.0f}, worst in 20: {high['p95']:.0f}"
        yield f"{'day':>6}{'change (SD)':>28}" + "".join(f"{name:>22}" for name in SHOWN[1:])
        for k, day in enumerate(answer["days"]):
            change = _interval(arm["mean_change"], k, "{:.1f}") + f" ({arm['sd_change'][k]:.1f})"
            rates = "".join(f"{_interval(arm[name], k, '{:.0%}'):>22}" for name in SHOWN[1:])
            yield f"{day:>6g}{change:>28}{rates}"
        yield ""
    for note in [*answer["assumed"], *answer["notes"]]:
        yield f"- {note}"


def _interval(estimate: dict[str, list[float | None]], k: int, form: str) -> str:
    figures = (estimate[key][k] for key in ("value", "low", "high"))
    value, low, high = ("?" if one is None else form.format(one) for one in figures)
    return f"{value} [{low}, {high}]"


def _rows(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One row for each arm and day."""
    for arm in answer["arms"]:
        for k, day in enumerate(answer["days"]):
            figures = {
                name if key == "value" else f"{name}_{key}": arm[name][key][k]
                for name in SHOWN
                for key in ("value", "low", "high")
            }
            who = {"arm": arm["name"], "patients": arm["patients"], "day": day}
            yield {**who, "sd_change": arm["sd_change"][k], **figures}


def _picture(answer: dict[str, Any]) -> Figure:
    from afterglow.research.figures import arms

    scale = answer["scale"].upper()
    titles = {"mean_change": f"Change of {scale}, points", "relapse": "Relapse, of responders"}
    panels = [
        arms.Panel(
            title=titles.get(name, name.capitalize()),
            courses=[_course(arm, name, answer["days"]) for arm in answer["arms"]],
            is_share=name != "mean_change",
            zero=name == "mean_change",
        )
        for name in SHOWN
    ]
    words = f"95 % intervals; {answer['people']} virtual people an arm, seed {answer['seed']}. "
    return arms.draw(panels, x_words="day", words=words + "Simulated: not evidence.")


def _course(arm: dict[str, Any], name: str, days: list[float]) -> Any:
    from math import nan

    from afterglow.research.figures.arms import Course

    told = {
        key: [nan if one is None else one for one in values] for key, values in arm[name].items()
    }
    return Course(name=arm["name"], at=days, **told)
