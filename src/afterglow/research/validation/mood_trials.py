"""The trials behind the rows on mood, run with the engine's own virtual trial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import count

import numpy as np

from afterglow.core.dosing.trial import Contrast, TrialResult, run
from afterglow.core.dosing.trial_plan import Arm, Only, Trial
from afterglow.core.dosing.virtual_people import Population, Spread
from afterglow.core.dosing.virtual_sessions import drives, on_rungs, undergone
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.mood import (
    Expectancy,
    MoodCourse,
    MoodParams,
    Therapy,
    course_along,
)
from afterglow.core.pharmacology.mood_people import draw
from afterglow.core.pharmacology.scales import Scale
from afterglow.core.pharmacology.sitting import DEVICE_MG
from afterglow.core.quantity import BaseMass, Bolus, Dose, Drug, Infusion, Route
from afterglow.core.refusal import Refusal
from afterglow.research.validation.figure import Predicted

PEOPLE, DRAWS, SEED = 2000, 40, 3
SIX = (0.0, 2.0, 4.0, 7.0, 9.0, 11.0)
TWICE_A_WEEK = tuple(7.0 * week + day for week in range(4) for day in (0.0, 3.0))
USUAL, RESISTANT = (32.0, 5.0), (37.5, 5.5)  # MADRS before treatment; trials of the device
BETWEEN_DEVICES_MIN = 5.0
OF_TRIAL = "95 %, a trial of that size"
POPULATION = Population(
    age_years=Spread(mean=45, sd=12, low=18, high=75),
    weight_kg=Spread(mean=80, sd=15, low=45, high=140),
    female_share=0.6,
)


def arm(
    mg_per_kg: float,
    patients: int,
    *,
    days: tuple[float, ...] = (0.0,),
    belief: Expectancy = Expectancy.ACTIVE_COMPARATOR,
    new_antidepressant: bool = False,
    therapy: tuple[Therapy, ...] = (),
    drug: Drug = Drug.KETAMINE,
) -> Arm:
    """One arm; 0 mg/kg is the comparator. By a vein in 40 min."""
    dose = Infusion(amount=BaseMass(mg_per_kg), starts_min=0, lasts_min=40, drug=drug)
    return Arm(
        name=f"{mg_per_kg:g} mg/kg",
        patients=patients,
        doses=(dose,) if mg_per_kg else (),
        per_kg=True,
        session_days=days,
        expectancy=belief,
        new_antidepressant=new_antidepressant,
        therapy=therapy,
    )


def sprayed(
    mg: float,
    patients: int,
    *,
    days: tuple[float, ...] = TWICE_A_WEEK,
    new_antidepressant: bool = True,
    only: Only | None = None,
) -> Arm:
    """Esketamine by nasal device, one every five minutes; 0 mg is the placebo spray."""
    doses = tuple(
        Bolus(
            amount=BaseMass(DEVICE_MG),
            starts_min=BETWEEN_DEVICES_MIN * n,
            drug=Drug.ESKETAMINE,
            route=Route.NASAL,
        )
        for n in range(round(mg / DEVICE_MG))
    )
    own = given_as(doses, patients, days=days, new_antidepressant=new_antidepressant)
    return replace(own, name=f"{mg:g} mg", only=only)


def given_as(
    doses: tuple[Dose, ...],
    patients: int,
    *,
    days: tuple[float, ...] = (0.0,),
    belief: Expectancy = Expectancy.ACTIVE_COMPARATOR,
    new_antidepressant: bool = False,
    per_kg: bool = False,
) -> Arm:
    """An arm by any other way; no doses are the comparator."""
    return Arm(
        name="drug" if doses else "comparator",
        patients=patients,
        doses=doses,
        session_days=days,
        expectancy=belief,
        new_antidepressant=new_antidepressant,
        per_kg=per_kg,
    )


@cache
def trial(
    arms: tuple[Arm, ...],
    days: tuple[float, ...],
    baseline: tuple[float, float] = USUAL,
    *,
    people: Population = POPULATION,
    remission_at: float | None = None,
    draws: int = DRAWS,
) -> TrialResult:
    """MADRS; the arms are compared with the first."""
    named = tuple(replace(one, name=f"{k} {one.name}") for one, k in zip(arms, count()))
    plan = Trial(
        arms=named,
        scale=Scale.MADRS,
        baseline=baseline,
        days=days,
        remission_at=remission_at,
        against=named[0].name,
    )
    result = run(plan, people, seed=SEED, people=PEOPLE, draws=draws)
    if isinstance(result, Refusal):
        raise BadInput(str(result))
    return result


def rate(result: TrialResult, k: int, what: str, day: int) -> Predicted:
    """Response, remission or relapse of arm `k` on the `day`-th day asked for, in percent."""
    estimate = getattr(result.arms[k], what)
    value, low, high = (100 * getattr(estimate, edge)[day] for edge in ("value", "low", "high"))
    return Predicted(value=value, low=low, high=high, of=OF_TRIAL)


def change(result: TrialResult, k: int, day: int) -> Predicted:
    """Mean change of arm `k`, points."""
    one = result.arms[k].mean_change
    return Predicted(value=one.value[day], low=one.low[day], high=one.high[day], of=OF_TRIAL)


def spread_of_change(result: TrialResult, k: int, day: int) -> Predicted:
    """SD of the change of arm `k` between people, rating error included, points."""
    value = result.arms[k].sd_change[day]
    return Predicted(value=value, low=None, high=None, of="no interval")


def compared(result: TrialResult, what: str, day: int, *, k: int = 1) -> Predicted:
    """One figure of the contrast of arm `k` with the first."""
    contrast: Contrast = result.contrasts[k - 1]
    one = getattr(contrast, what)
    return Predicted(value=one.value[day], low=one.low[day], high=one.high[day], of=OF_TRIAL)


def difference(result: TrialResult, day: int, *, k: int = 1) -> Predicted:
    """Change of an arm less that of the first, points."""
    return compared(result, "mean_change", day, k=k)


def effect_size(result: TrialResult, day: int, *, k: int = 1) -> Predicted:
    """The difference from the first arm over the pooled SD of change; positive for benefit."""
    return compared(result, "effect_size", day, k=k)


def median_relapse_days(result: TrialResult, k: int, last_session: float) -> Predicted:
    """Days from the last session until half of responders have relapsed."""
    days = np.array(result.days) - last_session
    relapse = result.arms[k].relapse
    value, early, late = (
        float(np.interp(0.5, np.array(curve), days))
        for curve in (relapse.value, relapse.high, relapse.low)
    )
    return Predicted(value=value, low=early, high=late, of=OF_TRIAL)


def followed(
    one: Arm, t_days: Sequence[float] | Floats, people: int = PEOPLE
) -> tuple[MoodParams, MoodCourse]:
    """Every person's course under one arm, for what a trial's summary does not tell."""
    crowd = POPULATION.crowd(people, SEED)
    params = draw(
        people,
        SEED,
        expectancy=one.believed,
        new_antidepressant=one.new_antidepressant,
        dissociation_z=crowd.leaning,
    )
    given = drives(one, on_rungs(undergone(one, crowd, (), lambda *_: {}), None))
    return params, course_along(params, given, np.asarray(t_days), one.therapy)
