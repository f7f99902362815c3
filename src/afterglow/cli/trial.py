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
    from afterglow.core.dosing.trial import ArmResult, Contrast, TrialResult

SHOWN = ("mean_change", "response", "remission", "relapse")
COMPARED = ("mean_change", "effect_size", "response", "remission", "relapse_hazard_ratio")
EDGES = ("value", "low", "high")


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
        from afterglow.cli.compiling import told_while_compiling
        from afterglow.cli.trial_file import read_trial

        can_write(out, reads=(file,))
        asked = read_trial(file)
        with told_while_compiling():
            tell(told(asked, cluster=cluster), as_json=as_json, out=out)


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
        return no(result, plain={"model": asked.population.model, "arms": [], "contrasts": []})
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
        "response_fall": asked.trial.response_fall,
        "remission_at": asked.trial.remission_cut,
        "days": list(result.days),
        "people": result.people,
        "seed": result.seed,
        "arms": [
            {"patients": plan.patients, **_arm(arm)}
            for plan, arm in zip(asked.trial.arms, result.arms, strict=True)
        ],
        "contrasts": [_contrast(one) for one in result.contrasts],
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
        raw[field] = _told_of(raw[field])
    return {**raw, "sd_change": list(raw["sd_change"]), "mean_mg": list(raw["mean_mg"])}


def _contrast(one: Contrast) -> dict[str, Any]:
    from dataclasses import asdict

    return {key: _told_of(v) if key in COMPARED else v for key, v in asdict(one).items()}


def _told_of(estimate: dict[str, tuple[float, ...]]) -> dict[str, list[float | None]]:
    return {key: [_or_none(v) for v in values] for key, values in estimate.items()}


def _or_none(value: float) -> float | None:
    """JSON has no NaN; it stands for an interval nobody can tell."""
    return value if value == value else None  # noqa: PLR0124 - NaN alone differs from itself


def _lines(answer: dict[str, Any]) -> Iterator[str]:
    yield f"{answer['scale'].upper()}, {answer['people']} virtual people an arm; 95 % intervals\n"
    for arm in answer["arms"]:
        high = arm["peak_cadss_first"]
        mean_mg = arm["dose_mg"]["mean"]
        yield f"{arm['name']} ({arm['patients']} patients, {mean_mg:.3g} mg a session)"
        if arm["qualified"] < 1:
            yield f"  of the {arm['qualified']:.0%} who qualified"
        yield f"  peak CADSS in session 1: {high['p50']:.0f}, worst in 20: {high['p95']:.0f}"
        yield f"{'day':>6}{'change (SD)':>28}" + "".join(f"{name:>22}" for name in SHOWN[1:])
        for k, day in enumerate(answer["days"]):
            change = _interval(arm["mean_change"], k, "{:.1f}") + f" ({arm['sd_change'][k]:.1f})"
            rates = "".join(f"{_interval(arm[name], k, '{:.0%}'):>22}" for name in SHOWN[1:])
            yield f"{day:>6g}{change:>28}{rates}"
        yield ""
    yield from _contrast_lines(answer)
    for note in [*answer["assumed"], *answer["notes"]]:
        yield f"- {note}"


def _contrast_lines(answer: dict[str, Any]) -> Iterator[str]:
    for one in answer["contrasts"]:
        yield f"{one['arm']} less {one['against']}"
        yield f"{'day':>6}{'points':>22}{'effect size':>22}{'response':>24}{'remission':>24}"
        for k, day in enumerate(answer["days"]):
            points = _interval(one["mean_change"], k, "{:+.1f}")
            rates = "".join(f"{_interval(one[name], k, '{:+.0%}'):>24}" for name in COMPARED[2:4])
            size = _interval(one["effect_size"], k, "{:.2f}")
            yield f"{day:>6g}{points:>22}{size:>22}{rates}"
        yield ""


def _interval(estimate: dict[str, list[float | None]], k: int, form: str) -> str:
    figures = (estimate[key][k] for key in EDGES)
    value, low, high = ("?" if one is None else form.format(one) for one in figures)
    return f"{value} [{low}, {high}]"


def _rows(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One row for each arm and day, with what it differs by from the comparator."""
    less = {one["arm"]: one for one in answer["contrasts"]}
    for arm in answer["arms"]:
        for k, day in enumerate(answer["days"]):
            figures = {_column(name, key): arm[name][key][k] for name in SHOWN for key in EDGES}
            compared = {
                _column(f"{name}_difference" if name in SHOWN else name, key): less[arm["name"]][
                    name
                ][key][k]
                if arm["name"] in less
                else None
                for name in COMPARED
                for key in EDGES
            }
            who = {"arm": arm["name"], "patients": arm["patients"], "day": day}
            yield {**who, "sd_change": arm["sd_change"][k], **figures, **compared}


def _column(name: str, edge: str) -> str:
    return name if edge == "value" else f"{name}_{edge}"


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
