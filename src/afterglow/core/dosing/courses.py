"""The course of every quantity of a case: by the arterial core, or by one library model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from afterglow.core.body import Baseline
from afterglow.core.dosing import outlook
from afterglow.core.dosing.case import Case
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.dosing.population import prior_for
from afterglow.core.dosing.predict import everything
from afterglow.core.dosing.shown import SHOWN
from afterglow.core.pharmacology import crowd, liver, routes
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.levels import areas
from afterglow.core.pharmacology.library import Model
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.refusal import Refusal

# Rises are relative to a resting value; the caps alone need one, and this is theirs.
RESTING = Baseline(systolic_mmhg=120, pulse_per_min=70)
APART = 1_000_003  # between the seeds of two streams


@dataclass(frozen=True, slots=True)
class Found:
    """One quantity: the typical course (T,) and everyone's (T, N)."""

    model: str
    typical: Floats
    people: Floats
    area: float | None = None  # of the typical course, 0 to infinity, ng*min/mL


def by_core(case: Case, grid: Floats) -> dict[str, Found] | Refusal:
    """Levels, dissociation and pressure from arterial blood, by any route."""
    belief = case.belief or prior_for(case.covariates, unverified=True)
    if isinstance(belief, Refusal):
        return belief
    if refusal := outlook.not_trusted(belief):
        return refusal
    n, visit = case.patients, Visit(number=case.session_number, baseline=RESTING)
    line = timeline(case.doses, grid)
    usual = _by_device(case, belief.bodies(np.array(belief.mean)[:, None]))
    people = _by_device(case, belief.bodies(belief.sample(n, case.seed)))
    if not routes.WHOLE.issuperset(line.ways):
        people = routes.scattered(people, case.seed)
    many = everything(people, line, visit, Occasion.drawn(n, case.seed))
    one = everything(usual, line, visit, Occasion.none(1))
    area = areas(usual, case.doses)
    found = {
        key: Found(
            belief.model,
            one[key][line.asked, 0],
            many[key][line.asked],
            float(area[SHOWN[key].level][0]) if SHOWN[key].level else None,
        )
        for key in many
    }
    return _as_rises(found)


def by_link(case: Case, venous: Found, grid: Floats) -> dict[str, Found] | Refusal:
    """Arterial levels and effects of esketamine from what its venous model says.

    The venous link, turned round: its slow part follows venous blood itself, at k / f. So the
    arterial course agrees with the venous one, whichever model that came from.
    """
    belief = prior_for(case.covariates, unverified=True)
    if isinstance(belief, Refusal):
        return belief
    usual = belief.bodies(np.zeros((len(belief.parameters), 1)))
    # Another stream than the venous model's own people: sensitivity is no part of clearance.
    people = belief.bodies(belief.sample(case.patients, case.seed + APART))
    one = _linked(case, venous.typical[:, None], grid, usual, Occasion.none(1))
    luck = Occasion.drawn(case.patients, case.seed)
    many = _linked(case, venous.people, grid, people, luck)
    found = {key: Found(belief.model, one[key][:, 0], many[key]) for key in many}
    for key in ("arterial_ng_per_ml", "arterial_s_ng_per_ml"):
        found[key] = replace(found[key], area=venous.area)
    return _as_rises(found)


def _linked(
    case: Case, venous: Floats, grid: Floats, people: Mapping[str, Floats], luck: Occasion
) -> dict[str, Floats]:
    direct, visit = people["venous_direct"], Visit(number=case.session_number, baseline=RESTING)
    slow = following(venous, grid, people["venous_per_min"] / direct)
    arterial = np.maximum((venous - (1 - direct) * slow) / direct, 0.0)
    felt = following(arterial, grid, people["ke0"])
    pressing = following(arterial, grid, people["pressure_per_min"])
    return {
        "arterial_ng_per_ml": arterial,
        "arterial_s_ng_per_ml": arterial,
        "cadss": outlook.cadss(felt, people, visit, luck),
        "systolic_mmhg": outlook.systolic(pressing, people, visit, luck),
        "pulse_per_min": outlook.pulse(pressing, people, visit, luck),
    }


def following(curve: Floats, t_min: Floats, per_min: Floats) -> Floats:
    """What follows a curve (T, N) at one rate (N,), exactly where the curve is straight lines."""
    out = np.zeros_like(curve)
    for t, step in enumerate(np.diff(t_min), start=1):
        faded = np.exp(-per_min * step)
        gained = (1 - faded) / (per_min * step)
        straight = curve[t] * (1 - gained) + curve[t - 1] * (gained - faded)
        out[t] = out[t - 1] * faded + straight
    return out


def _as_rises(found: dict[str, Found]) -> dict[str, Found]:
    found["cadss_23"] = found.pop("cadss")
    found["systolic_rise_mmhg"] = _less(found.pop("systolic_mmhg"), RESTING.systolic_mmhg)
    found["pulse_rise_per_min"] = _less(found.pop("pulse_per_min"), RESTING.pulse_per_min)
    return found


def by_library(case: Case, model: Model, grid: Floats) -> dict[str, Found]:
    """Levels at the model's own site. A pooled (mixed) set behaves as arterial and is shown so."""
    site = "venous" if model.site == "venous" else "arterial"
    typical = liver.on_library(model, model.for_person(case.covariates), case.covariates)
    people = crowd.draw(model, typical, case.patients, case.seed)
    usual = {name: np.array([value]) for name, value in typical.items()}
    many = crowd.levels(model, people, case.doses, grid)
    one = crowd.levels(model, usual, case.doses, grid)
    keys = {"ketamine": f"{site}_ng_per_ml", "norketamine": f"norketamine_{site}_ng_per_ml"}
    area = crowd.areas(model, usual, case.doses)
    return {
        key: Found(model.id, one[name][:, 0], many[name], float(area[name][0]))
        for name, key in keys.items()
        if name in many
    }


def _by_device(case: Case, people: dict[str, Floats]) -> dict[str, Floats]:
    share = case.nasal_bioavailability
    return people if share is None else people | {"f_nose": np.full(people["cl"].size, share)}


def _less(found: Found, resting: float) -> Found:
    return Found(found.model, found.typical - resting, found.people - resting)
