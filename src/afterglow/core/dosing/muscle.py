"""How far the curve for muscle and skin lies under what was observed; safety rests on that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

from afterglow.core.body import Covariates, Sex
from afterglow.core.dosing.bodies import bodies
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.quantity import BaseMass, Bolus, Dose, Route

# Hirlinger and Dick 1984 (PMID 6476334) [A]: median 474 ng/mL, venous, 15 min after 1 mg/kg of
# racemic ketamine into muscle; 147 at 30 min after 0.5 mg/kg, where the curve is nearer. The
# larger ratio is taken for every dose and both routes [own].
OBSERVED_NG_PER_ML, AT_MIN, MG_PER_KG = 474.0, 15.0, 1.0
SOMEONE = Covariates(age_years=40, weight_kg=70, sex=Sex.OTHER)
UNDER_OBSERVED = (Route.INTRAMUSCULAR, Route.SUBCUTANEOUS)


@cache
def observed_over_curve(model: str) -> float:
    """The observed level over that of the typical person of a model; never below 1."""
    typical = bodies(model, SOMEONE, (), np.empty((0, 1)))
    dose = Bolus(
        amount=BaseMass(MG_PER_KG * SOMEONE.weight_kg), starts_min=0, route=Route.INTRAMUSCULAR
    )
    level = lv.levels(typical, timeline([dose], np.array([AT_MIN])), lv.VENOUS)[lv.VENOUS][-1, 0]
    return max(1.0, OBSERVED_NG_PER_ML / float(level))


def safety_factor(model: str, route: Route) -> float:
    """What levels are multiplied by before they are held against a limit."""
    return observed_over_curve(model) if route in UNDER_OBSERVED else 1.0


def factor_of(model: str, doses: Sequence[Dose]) -> float:
    """The largest factor of doses that are given together."""
    return max(safety_factor(model, dose.route) for dose in doses)


def notes_of(model: str, doses: Sequence[Dose]) -> tuple[str, ...]:
    """What was counted higher, for each route once."""
    return tuple(note(model, route) for route in _lying_under(doses))


def as_it_is(model: str, doses: Sequence[Dose]) -> tuple[str, ...]:
    """What must be known of a curve that was not raised, for each route once."""
    return tuple(
        f"Chances and percentiles of effects by the {route} route rest on a curve that lies "
        f"{observed_over_curve(model):.1f} times under observed peaks; a plan counts them higher."
        for route in _lying_under(doses)
    )


def _lying_under(doses: Sequence[Dose]) -> Iterable[Route]:
    return dict.fromkeys(dose.route for dose in doses if dose.route in UNDER_OBSERVED)


def note(model: str, route: Route) -> str:
    return (
        f"Doses by the {route} route: observed peaks lie above this model's curve, so levels are "
        f"counted {observed_over_curve(model):.1f} times as high for dissociation, pressure and "
        "sedation (Hirlinger 1984 [A]), and as they are for benefit [own]."
    )
