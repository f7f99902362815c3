"""From a library file to a compartment network, for one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology import library, sourced, units
from afterglow.core.pharmacology.compartments import Floats, Flow, Input, Network
from afterglow.core.pharmacology.library import Check, Model
from afterglow.core.pharmacology.sitting import ONLY, Parts, parts_of
from afterglow.core.quantity import BaseMass, Bolus, Dose, Drug, Infusion, Route

NG_PER_ML = 1000.0  # per mg/L


def network(model: Model, values: Mapping[str, float]) -> Network:
    """The drug's own network (one enantiomer) with these parameter values."""
    flows = [_flow(path, formula, values, model.id) for path, formula in model.flows.items()]
    return Network.of([one.name for one in model.compartments], flows)


def _flow(path: str, formula: str, values: Mapping[str, float], where: str) -> Flow:
    source, _, to = (part.strip() for part in path.partition(">"))
    return Flow(source, to or None, units.evaluate(formula, values, where))


@dataclass(frozen=True, slots=True)
class Half:
    """One enantiomer's share of a dose, with the parameters it meets."""

    fraction: float
    values: Mapping[str, float]


def halves(model: Model, drug: Drug, values: Mapping[str, float]) -> list[Half]:
    """S and R as the model sees them: the same body, but R is cleared more slowly.

    A model of the racemate (no `r_over_s_cl`) takes the whole dose as one.
    """
    if "r_over_s_cl" not in values:
        return [Half(1.0, values)]
    slower = {**values, "cl": values["cl"] * values["r_over_s_cl"]}
    parts = [Half(drug.s_fraction, values), Half(1 - drug.s_fraction, slower)]
    return [part for part in parts if part.fraction > 0]


def typical(
    model: Model, *, weight_kg: float, doses: Sequence[Dose], t_min: Sequence[float]
) -> dict[str, Floats]:
    """Concentrations of the typical person by analyte, ng/mL at the model's own sampling site."""
    values = model.for_weight(weight_kg)
    total: dict[str, Floats] = {}
    for drug in sorted({dose.drug for dose in doses}):
        given = [dose for dose in doses if dose.drug is drug]
        for half in halves(model, drug, values):
            for analyte, level in _levels(model, half, given, t_min).items():
                total[analyte] = total.get(analyte, np.zeros(len(t_min))) + level
    return total


def _levels(
    model: Model, half: Half, doses: Sequence[Dose], t_min: Sequence[float]
) -> dict[str, Floats]:
    parts = parts_of(doses)
    inputs = [
        entry for n, dose in enumerate(doses) for entry in entries(model, dose, half, parts.get(n))
    ]
    amounts = network(model, half.values).amounts(inputs, t_min)
    return {
        one.analyte: amounts[:, index] / units.evaluate(one.per, half.values, model.id) * NG_PER_ML
        for index, one in enumerate(model.compartments)
        if one.analyte
    }


def entries(model: Model, dose: Dose, half: Half, parts: Parts | None = None) -> list[Input]:
    """How one dose enters the network: straight into the first compartment from a vein."""
    amount = dose.amount.mg * half.fraction
    lasts_min = dose.lasts_min if isinstance(dose, Infusion) else 0.0
    if dose.route is Route.INTRAVENOUS:
        return [Input(model.compartments[0].name, amount, dose.starts_min, lasts_min)]
    ways = [way for way in model.absorption if way.route == dose.route]
    if not ways:
        raise BadInput(f"route must be one of {', '.join(model.routes)}; got {dose.route}.")
    parts = parts or parts_of([dose]).get(0, ONLY)  # by itself, a dose is its own sitting
    values = {**half.values, "first_device": parts.first, "further_devices": parts.further}
    return [
        Input(
            way.into,
            amount * units.evaluate(way.share, values, model.id),
            dose.starts_min,
            lasts_min
            if releases(dose) or not way.over_min
            else units.evaluate(way.over_min, values, model.id),
        )
        for way in ways
    ]


def releases(dose: Dose) -> bool:
    """Whether the minutes of a dose are those over which its form releases its drug."""
    return isinstance(dose, Infusion) and dose.route in (Route.ORAL, Route.SUBLINGUAL)


def recompute(model: Model, check: Check) -> dict[str, Floats]:
    """What this file gives for its own worked example."""
    amount, drug, route = BaseMass(check.amount_mg), Drug(check.drug), Route(check.route)
    dose: Dose = Bolus(amount=amount, starts_min=0, drug=drug, route=route)
    if check.lasts_min:
        dose = Infusion(
            amount=amount, starts_min=0, lasts_min=check.lasts_min, drug=drug, route=route
        )
    return typical(model, weight_kg=check.weight_kg, doses=[dose], t_min=check.t_min)


def failing(model: Model) -> list[str]:
    """Worked examples of a model that do not come out, in words. Empty when all do."""
    if model.compartments and not model.checks:
        return [f"{model.id}: a drug model needs at least one worked example in [[checks]]."]
    found = []
    for check in model.checks:
        got = recompute(model, check)
        for analyte, expected in check.expected.items():
            off = np.abs(got[analyte] - np.array(expected))
            if not np.all(off <= check.within):
                told = ", ".join(f"{value:.4g}" for value in got[analyte])
                wanted = ", ".join(f"{value:.4g}" for value in expected)
                found.append(f"{model.id}, {check.about}: {analyte} is {told}, not {wanted}.")
    return found


def texts() -> dict[str, str]:
    """Every file of the library: drug models, effects and the sheets of outcomes, by name."""
    return {**library.texts(), **sourced.texts()}


def faults(text: str, name: str) -> list[str]:
    """What is wrong with one file of the library, in words. BadLibrary where it cannot be read."""
    if name in sourced.texts():
        sourced.parse(text, name)
        return []
    return failing(library.parse(text, name))


def misses(model_id: str) -> list[str]:
    """The same for a model of the library, by id."""
    return failing(library.load(model_id))
