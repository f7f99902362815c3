"""A case answered: each quantity for the typical person and over a population."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from afterglow.core.body import Baseline
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.case import Case
from afterglow.core.dosing.outlook import Occasion, Visit, not_modelled
from afterglow.core.dosing.population import DEFAULT_MODEL, outside, prior_for
from afterglow.core.dosing.predict import everything
from afterglow.core.dosing.shown import SHOWN
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology import crowd
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.levels import areas
from afterglow.core.pharmacology.library import Model, load
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.quantity import Route
from afterglow.core.refusal import Refusal

ABOVE = "probability_cadss_above_"
UNITS = {"cadss_23": "points", "systolic_rise_mmhg": "mmHg", "pulse_rise_per_min": "beats/min"}
AFTER_MIN = 240.0  # peaks are looked for this long after the last dose
# Rises are relative to a resting value; the caps alone need one, and this is theirs.
RESTING = Baseline(systolic_mmhg=120, pulse_per_min=70)
VENOUS_NORKETAMINE = "norketamine_venous_ng_per_ml"
NASAL_MODEL, NORKETAMINE_MODEL = "perezruixo_2021", "otto_2021"


Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Found:
    """One quantity: the typical course (T,) and everyone's (T, N)."""

    typical: Floats
    people: Floats
    area: float | None = None  # of the typical course, 0 to infinity, ng*min/mL


def forecast(case: Case) -> dict[str, Any]:
    """{"model", "quantities", "refusal"} as plain JSON values."""
    model = _model_for(case)
    answer = _refused(case, model) or _found(case, model)
    if isinstance(answer, Refusal):
        return {"model": model.id, "quantities": {}, "refusal": asdict(answer)}
    grid, found = answer
    asked = np.searchsorted(grid, np.array(case.times_min))
    told = {key: _told(key, found[key], grid, asked, case) for key in case.quantities}
    return {"model": model.id, "quantities": told, "refusal": None}


def _model_for(case: Case) -> Model:
    """The default depends on the route: nose and mouth have a model of their own."""
    if case.model != "default":
        return load(case.model)
    by_nose_or_mouth = any(d.route in (Route.NASAL, Route.ORAL) for d in case.doses)
    return load(NASAL_MODEL if by_nose_or_mouth else DEFAULT_MODEL)


def _refused(case: Case, model: Model) -> Refusal | None:
    if refusal := outside(model, case.covariates):
        return refusal
    if model.id == DEFAULT_MODEL:
        belief = prior_for(case.covariates)
        return belief if isinstance(belief, Refusal) else not_modelled(belief, case.doses)
    for dose in case.doses:
        if dose.route not in model.routes or dose.drug not in model.drugs:
            return Refusal(
                code="route-not-modelled",
                because=f"{model.title} does not follow {dose.drug} by the {dose.route} route.",
                remedy=f"It follows {', '.join(model.drugs)}: {', '.join(model.routes)}.",
                source=model.id,
            )
    return None


def _grid(case: Case) -> Floats:
    last = max([case.times_min[-1], *(dose.ends_min + AFTER_MIN for dose in case.doses)])
    edges = [dose.ends_min for dose in case.doses]
    return np.unique(np.concatenate([np.arange(0, last + 1), case.times_min, edges]))


def _found(case: Case, model: Model) -> tuple[Floats, dict[str, Found]] | Refusal:
    grid = _grid(case)
    found = _by_core(case, grid) if model.id == DEFAULT_MODEL else _by_library(case, model, grid)
    if VENOUS_NORKETAMINE in case.quantities and model.id == DEFAULT_MODEL:
        other = load(NORKETAMINE_MODEL)
        if all(d.route is Route.INTRAVENOUS and d.drug in other.drugs for d in case.doses):
            found |= {VENOUS_NORKETAMINE: _by_library(case, other, grid)[VENOUS_NORKETAMINE]}
    for key in case.quantities:
        if key not in found and not (key.startswith(ABOVE) and "cadss_23" in found):
            return Refusal(
                code="quantity-not-modelled",
                because=f"{model.title} does not give {key} for this dose.",
                remedy=f"It gives {', '.join(sorted(found))}.",
                source=model.id,
            )
    for key in case.quantities:
        if key.startswith(ABOVE):
            found[key] = _chance(key, found["cadss_23"])
    return grid, found


def _by_core(case: Case, grid: Floats) -> dict[str, Found]:
    belief = prior_for(case.covariates)
    if not isinstance(belief, Belief):
        raise BadInput(str(belief))
    n, visit = case.patients, Visit(number=case.session_number, baseline=RESTING)
    line = timeline(case.doses, grid)
    luck = Occasion.drawn(n, case.seed)
    many = everything(belief.bodies(belief.sample(n, case.seed)), line, visit, luck)
    usual = np.zeros((len(belief.parameters), 1))
    one = everything(belief.bodies(usual), line, visit, Occasion.none(1))
    area = areas(belief.bodies(usual), case.doses)
    found = {
        key: Found(
            one[key][line.asked, 0],
            many[key][line.asked],
            float(area[SHOWN[key].level][0]) if SHOWN[key].level else None,
        )
        for key in many
    }
    found["cadss_23"] = found.pop("cadss")
    found["systolic_rise_mmhg"] = _less(found.pop("systolic_mmhg"), RESTING.systolic_mmhg)
    found["pulse_rise_per_min"] = _less(found.pop("pulse_per_min"), RESTING.pulse_per_min)
    return found


def _less(found: Found, resting: float) -> Found:
    return Found(found.typical - resting, found.people - resting)


def _by_library(case: Case, model: Model, grid: Floats) -> dict[str, Found]:
    """Levels at the model's own site. A pooled (mixed) set behaves as arterial and is shown so."""
    site = "venous" if model.site == "venous" else "arterial"
    typical = model.for_person(case.covariates)
    people = crowd.draw(model, typical, case.patients, case.seed)
    usual = {name: np.array([value]) for name, value in typical.items()}
    many = crowd.levels(model, people, case.doses, grid)
    one = crowd.levels(model, usual, case.doses, grid)
    keys = {"ketamine": f"{site}_ng_per_ml", "norketamine": f"norketamine_{site}_ng_per_ml"}
    area = crowd.areas(model, usual, case.doses)
    return {
        key: Found(one[name][:, 0], many[name], float(area[name][0]))
        for name, key in keys.items()
        if name in many
    }


def _chance(key: str, cadss: Found) -> Found:
    try:
        above = float(key.removeprefix(ABOVE))
    except ValueError as error:
        raise BadInput(f"output.quantities: {key} must end in a number.") from error
    return Found((cadss.typical > above).astype(float), (cadss.people > above).astype(float))


def _told(key: str, found: Found, grid: Floats, asked: Places, case: Case) -> dict[str, Any]:
    rows, peaks = found.people[asked], found.people.max(axis=0)
    unit = "1" if key.startswith(ABOVE) else UNITS.get(key, "ng/mL")
    told: dict[str, Any] = {
        "unit": unit,
        "typical": found.typical[asked].tolist(),
        "mean": rows.mean(axis=1).tolist(),
        "sd": rows.std(axis=1).tolist(),
    }
    if unit != "1":
        for percentile in case.percentiles:
            told[f"p{percentile:g}"] = np.percentile(rows, percentile, axis=1).tolist()
    told["peak"] = {
        "typical": float(found.typical.max()),
        "mean": float(peaks.mean()),
        "sd": float(peaks.std()),
    }
    told["time_of_peak_min"] = float(grid[int(found.typical.argmax())])
    if unit == "ng/mL":
        told["auc_0_inf"] = None if found.area is None else found.area / 60
        told["auc_unit"] = "ng*h/mL"
    return told
