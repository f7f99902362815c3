"""`afterglow predict CASE.toml`: what doses would do, for the typical person and a population."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from afterglow.cli.belief_file import BeliefFile
from afterglow.cli.output import AsJson, Out, Told, no
from afterglow.cli.over_case import CaseFile, over_case

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from afterglow.core.dosing.case import Case


def predict(
    case: CaseFile, as_json: AsJson = False, out: Out = None, belief: BeliefFile = None
) -> None:
    """Levels and effects over time. Exit code 2 when the case cannot be meant, 3 when refused."""
    over_case(case, told, belief=belief, as_json=as_json, out=out)


def told(case: Case) -> Told:
    from afterglow.core.dosing.forecast import forecast
    from afterglow.core.refusal import Refusal

    answer = forecast(case)
    if answer["refusal"]:
        return no(Refusal(**answer["refusal"]), indent=None, plain=answer)
    return Told(
        plain=answer,
        lines=lambda: _lines(answer, case),
        rows=lambda: list(_rows(answer, case)),
        draw=lambda: _picture(answer, case),
        indent=None,
    )


def _over_time(quantity: dict[str, Any]) -> dict[str, list[float | None]]:
    return {key: value for key, value in quantity.items() if isinstance(value, list)}


def _area(quantity: dict[str, Any]) -> str:
    """Whole area, and that to a time, of the typical person."""
    told = []
    if (whole := quantity.get("auc_0_inf")) is not None:
        told.append(f"{whole:.1f} in all")
    if part := quantity.get("auc_0_t"):
        told.append(f"{part['typical']:.1f} to {part['to_min']:g} min")
    return f"{'area':>12}  {', '.join(told)} ({quantity['auc_unit']}, typical)" if told else ""


def _figure(value: float | None) -> str:
    return f"{'-':>12}" if value is None else f"{value:12.3f}"


def _lines(answer: dict[str, Any], case: Case) -> Iterator[str]:
    yield f"Model: {answer['model']}"
    for name, quantity in answer["quantities"].items():
        lists = _over_time(quantity)
        mark = "; exploratory, not for choosing a dose" if quantity["exploratory"] else ""
        yield f"\n{name} ({quantity['unit']}; by {quantity['model']}; [{quantity['grade']}]{mark})"
        yield "".join(f"{heading:>12}" for heading in ("min", *lists))
        for row, t in enumerate(case.times_min):
            yield f"{t:12g}" + "".join(_figure(values[row]) for values in lists.values())
        peak = "".join(_figure(quantity["peak"].get(key)) for key in lists)
        yield f"{'peak':>12}{peak}  typical at {quantity['time_of_peak_min']:g} min"
        if area := _area(quantity):
            yield area
    if answer["notes"]:
        yield "\nWhat these numbers rest on:"
    for note in answer["notes"]:
        yield f"- {note}"


def _rows(answer: dict[str, Any], case: Case) -> Iterator[dict[str, Any]]:
    """One row for each quantity and time; percentiles of a probability stay empty."""
    columns = dict.fromkeys(key for one in answer["quantities"].values() for key in _over_time(one))
    for name, quantity in answer["quantities"].items():
        lists = _over_time(quantity)
        for row, t in enumerate(case.times_min):
            figures = {key: lists[key][row] if key in lists else None for key in columns}
            what = {"quantity": name, "unit": quantity["unit"], "model": quantity["model"]}
            yield {**what, "at_min": t, **figures}


def _picture(answer: dict[str, Any], case: Case) -> Figure:
    from afterglow.core.dosing import asked
    from afterglow.research.figures import bands

    def curve(values: list[float | None]) -> list[float]:
        return [math.nan if one is None else one for one in values]

    panels = [
        bands.Panel(
            title=asked.read(name).title,
            unit="chance" if quantity["unit"] == "1" else quantity["unit"],
            t_min=case.times_min,
            typical=curve(quantity["mean"] if quantity["unit"] == "1" else quantity["typical"]),
            percentiles={
                float(key[1:]): curve(values)
                for key, values in _over_time(quantity).items()
                if key[0] == "p" and key[1:].replace(".", "", 1).isdigit()
            },
        )
        for name, quantity in answer["quantities"].items()
    ]
    given = [(dose.starts_min, dose.ends_min) for dose in case.doses]
    words = f"Model {answer['model']}, {case.patients} people, seed {case.seed}. Bar: dose given."
    return bands.draw(panels, doses=given, words=words)
