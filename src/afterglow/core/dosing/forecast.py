"""A case answered: each quantity for the typical person and over a population."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.case import Case
from afterglow.core.dosing.courses import Found, by_core, by_library, by_link
from afterglow.core.dosing.population import DEFAULT_MODEL, liver_words, outside, prior_for
from afterglow.core.dosing.predict import route_notes
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology import liver
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.library import Model, load
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.routes import follows
from afterglow.core.quantity import Dose, Drug, Route
from afterglow.core.refusal import Refusal

ABOVE = "probability_cadss_above_"
UNITS = {"cadss_23": "points", "systolic_rise_mmhg": "mmHg", "pulse_rise_per_min": "beats/min"}
AFTER_MIN = 240.0  # peaks are looked for this long after the last dose
VENOUS = "venous_ng_per_ml"
VENOUS_NORKETAMINE = "norketamine_venous_ng_per_ml"
NASAL_MODEL, NORKETAMINE_MODEL = "perezruixo_2021", "otto_2021"


LINKED = (
    "Dissociation, pressure and arterial levels come from the venous course by the venous link "
    "turned round: a link fitted to 8 medians of another study [D]."
)
RESEARCH_ONLY = (
    "Arketamine is for research only. R-ketamine had no part in dissociation (Olofsen 2022 [A]); "
    "that it leaves pressure alone rests on cardiac output (Kamp 2021 [A])."
)

Places = NDArray[np.intp]


def forecast(case: Case) -> dict[str, Any]:
    """{"model", "quantities", "notes", "refusal"} as plain JSON values."""
    model = _model_for(case)
    answer = _refused(case, model) or _found(case, model)
    if isinstance(answer, Refusal):
        return {"model": model.id, "quantities": {}, "notes": [], "refusal": asdict(answer)}
    grid, found = answer
    asked = np.searchsorted(grid, np.array(case.times_min))
    told = {key: _told(key, found[key], grid, asked, case) for key in case.quantities}
    notes = _notes(case, model, {found[key].model for key in case.quantities})
    return {"model": model.id, "quantities": told, "notes": notes, "refusal": None}


def _model_for(case: Case) -> Model:
    """The default depends on the route: esketamine by nose or mouth has a model of its own."""
    if case.belief is not None:
        return load(case.belief.model)
    if case.model != "default":
        return load(case.model)
    own = load(NASAL_MODEL)
    by_nose_or_mouth = all(d.route in (Route.NASAL, Route.ORAL) for d in case.doses)
    followed = all(d.drug in own.drugs for d in case.doses)
    return own if by_nose_or_mouth and followed else load(DEFAULT_MODEL)


def _refused(case: Case, model: Model) -> Refusal | None:
    if refusal := outside(model, case.covariates, unverified=bool(model.liver) or _is_core(model)):
        return refusal
    for dose in case.doses:
        if not _follows(model, dose):
            return Refusal(
                code="route-not-modelled",
                because=f"{model.title} does not follow {dose.drug} by the {dose.route} route.",
                remedy=_remedy(model),
                source=model.id,
            )
    return None


def _remedy(model: Model) -> str:
    if _is_core(model):
        return "Ask for nasal esketamine by itself: its own model follows it, alone or swallowed."
    return f"It follows {', '.join(model.drugs)}: {', '.join(model.routes)}."


def _follows(model: Model, dose: Dose) -> bool:
    if _is_core(model):
        return follows(dose)
    return dose.route in model.routes and dose.drug in model.drugs


def _is_core(model: Model) -> bool:
    return model.id == DEFAULT_MODEL


def _notes(case: Case, model: Model, used: set[str]) -> list[str]:
    """What a reader of these numbers must know: the models' limits and what was assumed."""
    said: list[str] = list(model.caveats)
    belief = prior_for(case.covariates, unverified=True)
    if DEFAULT_MODEL in used and isinstance(belief, Belief):
        said += belief.assumptions
        said += route_notes(timeline(case.doses, np.array([0.0]))) if _is_core(model) else (LINKED,)
    else:
        said += liver_words(case.covariates)
    if case.doses[0].drug is Drug.ARKETAMINE:
        said.append(RESEARCH_ONLY)
    return list(dict.fromkeys(said))


def _grid(case: Case) -> Floats:
    last = max([case.times_min[-1], *(dose.ends_min + AFTER_MIN for dose in case.doses)])
    edges = [dose.ends_min for dose in case.doses]
    return np.unique(np.concatenate([np.arange(0, last + 1), case.times_min, edges]))


def _found(case: Case, model: Model) -> tuple[Floats, dict[str, Found]] | Refusal:
    grid = _grid(case)
    found = by_core(case, grid) if _is_core(model) else by_library(case, model, grid)
    if isinstance(found, Refusal):
        return found
    if VENOUS_NORKETAMINE in case.quantities and _is_core(model) and _norketamine_by_vein(case):
        other = by_library(case, load(NORKETAMINE_MODEL), grid)
        found |= {VENOUS_NORKETAMINE: other[VENOUS_NORKETAMINE]}
    if case.model == "default" and not _is_core(model) and not _all_in(found, case.quantities):
        linked = by_link(case, found[VENOUS], grid)
        if isinstance(linked, Refusal):
            return linked
        found = linked | found
    for key in case.quantities:
        if not _all_in(found, (key,)):
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


def _all_in(found: dict[str, Found], quantities: Sequence[str]) -> bool:
    return all(
        key in found or (key.startswith(ABOVE) and "cadss_23" in found) for key in quantities
    )


def _norketamine_by_vein(case: Case) -> bool:
    other = load(NORKETAMINE_MODEL)
    usual_liver = liver.change(case.covariates).is_none
    into_vein = all(d.route is Route.INTRAVENOUS and d.drug in other.drugs for d in case.doses)
    return usual_liver and into_vein


def _chance(key: str, cadss: Found) -> Found:
    try:
        above = float(key.removeprefix(ABOVE))
    except ValueError as error:
        raise BadInput(f"output.quantities: {key} must end in a number.") from error
    return Found(
        cadss.model,
        (cadss.typical > above).astype(float),
        (cadss.people > above).astype(float),
    )


def _told(key: str, found: Found, grid: Floats, asked: Places, case: Case) -> dict[str, Any]:
    rows, peaks = found.people[asked], found.people.max(axis=0)
    unit = "1" if key.startswith(ABOVE) else UNITS.get(key, "ng/mL")
    told: dict[str, Any] = {
        "unit": unit,
        "model": found.model,
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
