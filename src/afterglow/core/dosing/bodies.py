"""From deviations to bodies: the values of every parameter for people of this size and age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from afterglow.core.body import Covariates
from afterglow.core.pharmacology import liver
from afterglow.core.pharmacology.library import Model, Parameter, load, load_effect
from afterglow.core.pharmacology.metabolites import HYDROXY_ALONE
from afterglow.core.pharmacology.modes import Floats

EFFECTS = ("venous_link", "dissociation", "haemodynamics", "absorption")
HEAVY_BMI = 35.0  # [own] above it, size stops counting: no study of dosing weight was found

# Their spread moves nothing that is shown or observed.
NOT_FOLLOWED = frozenset(HYDROXY_ALONE)


@cache
def effect_numbers() -> dict[str, float]:
    """Every number of the effect files, by name."""
    return {
        name: p.value for effect in EFFECTS for name, p in load_effect(effect).parameters.items()
    }


def nose_and_mouth() -> dict[str, float]:
    """How drug is taken up through nose, tongue and gut: forecast with, never learnt."""
    return {name: p.value for name, p in load_effect("nose_and_mouth").parameters.items()}


@cache
def spread_parameters(model_id: str) -> dict[str, Parameter]:
    """The parameters that differ between patients, in a fixed order."""
    models: list[Model] = [load(model_id), *(load_effect(effect) for effect in EFFECTS)]
    every = {name: p for model in models for name, p in model.parameters.items()}
    return {name: p for name, p in every.items() if p.sd > 0 and name not in NOT_FOLLOWED}


def counted_weight_kg(covariates: Covariates) -> float:
    """Total weight, or the weight at a BMI of 35 for those above it (when height is known)."""
    if covariates.height_cm is None or (covariates.bmi or 0) <= HEAVY_BMI:
        return covariates.weight_kg
    return float(HEAVY_BMI * (covariates.height_cm / 100) ** 2)


def rises_more(covariates: Covariates) -> bool:
    """Whether pressure rises more than typical in this patient, by age or known hypertension."""
    return covariates.age_years >= effect_numbers()["older_from_years"] or bool(
        covariates.hypertension
    )


@cache
def typical_values(model_id: str, covariates: Covariates) -> dict[str, float]:
    """Every parameter of the typical person with these covariates. L, L/min, min, ng/mL, mmHg."""
    effects = effect_numbers()
    values = {**load(model_id).for_weight(counted_weight_kg(covariates)), **effects}
    values |= nose_and_mouth()
    values.setdefault("r_over_s_cl", 1.0)  # a model of both enantiomers pooled
    for name in ("direct", "per_min"):
        values[f"venous_{name}"] = effects.get(f"{model_id}_{name}", values[f"venous_{name}"])
    if load(model_id).site == "venous":
        values["fitted_in_vein"] = 1.0
    values = liver.on_core(values, covariates)
    if rises_more(covariates):
        values["systolic_slope"] *= effects["older_or_hypertensive"]
    values["pressure_per_min"] = float(np.log(2) / effects["pressure_half_time"])
    return values


def bodies(
    model_id: str, covariates: Covariates, names: Sequence[str], deviations: Floats
) -> dict[str, Floats]:
    """Every parameter of N people, (N,) each, from deviations (P, N) in the order of `names`."""
    values = typical_values(model_id, covariates)
    spread = spread_parameters(model_id)
    people = {name: np.full(deviations.shape[1], value) for name, value in values.items()}
    for name, off in zip(names, deviations, strict=True):
        people[name] = _moved(values[name], off, logit=spread[name].logit)
    if "cl" in names:
        own_first_pass(people, values, deviations[list(names).index("cl")])
    return people


def own_first_pass(
    people: dict[str, Floats], values: Mapping[str, float] | Mapping[str, Floats], off: Floats
) -> None:
    """Who clears more, passes less: the deviation of clearance, carried over to first pass.

    d ln CL = (1 - E) d ln CLint, and 1 - E is the share that passes.
    """
    for name in ("passes_liver", "r_passes_liver"):
        people[name] = _moved(values[name], -off / values[name], logit=True)


def _moved(value: float | Floats, deviation: Floats, *, logit: bool) -> Floats:
    if not logit:
        return np.asarray(value * np.exp(deviation))
    return np.asarray(1 / (1 + (1 - value) / value * np.exp(-deviation)))
