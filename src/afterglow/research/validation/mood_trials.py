"""The trials behind the rows on mood, run with the engine's own virtual trial."""

from __future__ import annotations

from functools import cache
from math import hypot, sqrt

import numpy as np

from afterglow.core.dosing.trial import ArmResult, TrialResult, run
from afterglow.core.dosing.trial_plan import Arm, Trial
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
from afterglow.core.quantity import BaseMass, Infusion
from afterglow.core.refusal import Refusal
from afterglow.research.validation.figure import Predicted

PEOPLE, DRAWS, SEED = 2000, 40, 3
SIX = (0.0, 2.0, 4.0, 7.0, 9.0, 11.0)
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
) -> Arm:
    """One arm; 0 mg/kg is the comparator. By a vein in 40 min."""
    dose = Infusion(amount=BaseMass(mg_per_kg), starts_min=0, lasts_min=40) if mg_per_kg else None
    return Arm(
        name=f"{mg_per_kg:g} mg/kg",
        patients=patients,
        doses=(dose,) if dose else (),
        per_kg=True,
        session_days=days,
        expectancy=belief,
        new_antidepressant=new_antidepressant,
        therapy=therapy,
    )


@cache
def trial(arms: tuple[Arm, ...], days: tuple[float, ...]) -> TrialResult:
    """MADRS from 32 (SD 5), as in most trials of ketamine by a vein."""
    named = tuple(_named(one, k) for k, one in enumerate(arms))
    plan = Trial(arms=named, scale=Scale.MADRS, baseline=(32.0, 5.0), days=days)
    result = run(plan, POPULATION, seed=SEED, people=PEOPLE, draws=DRAWS)
    if isinstance(result, Refusal):
        raise BadInput(str(result))
    return result


def _named(one: Arm, k: int) -> Arm:
    from dataclasses import replace  # noqa: PLC0415 - used here alone

    return replace(one, name=f"{k} {one.name}")


def rate(result: TrialResult, k: int, what: str, day: int) -> Predicted:
    """Response, remission or relapse of arm `k` on the `day`-th day asked for, in percent."""
    estimate = getattr(result.arms[k], what)
    value, low, high = (100 * getattr(estimate, edge)[day] for edge in ("value", "low", "high"))
    return Predicted(value=value, low=low, high=high, of=OF_TRIAL)


def difference(result: TrialResult, day: int) -> Predicted:
    """Change of the second arm less that of the first, points.

    The interval adds the arms' intervals as if apart, which is wider than the truth.
    """
    first, second = (one.mean_change for one in result.arms[:2])
    value = second.value[day] - first.value[day]
    half = hypot(*(0.5 * (one.high[day] - one.low[day]) for one in (first, second)))
    return Predicted(value=value, low=value - half, high=value + half, of=OF_TRIAL)


def effect_size(result: TrialResult, day: int) -> Predicted:
    """The difference between two arms over the pooled SD of change; positive for benefit."""
    points = difference(result, day)
    sd = _pooled_sd(result.arms[0], result.arms[1], day)
    low, high = sorted(-edge / sd for edge in (points.low or 0.0, points.high or 0.0))
    return Predicted(value=-points.value / sd, low=low, high=high, of=OF_TRIAL)


def _pooled_sd(first: ArmResult, second: ArmResult, day: int) -> float:
    return sqrt(0.5 * (first.sd_change[day] ** 2 + second.sd_change[day] ** 2))


def median_relapse_days(result: TrialResult, k: int, last_session: float) -> Predicted:
    """Days from the last session until half of responders have relapsed."""
    days = np.array(result.days) - last_session
    relapse = result.arms[k].relapse
    value, early, late = (
        float(np.interp(0.5, np.array(curve), days))
        for curve in (relapse.value, relapse.high, relapse.low)
    )
    return Predicted(value=value, low=early, high=late, of=OF_TRIAL)


def followed(one: Arm, t_days: Floats, people: int = PEOPLE) -> tuple[MoodParams, MoodCourse]:
    """Every person's course under one arm, for what a trial's summary does not tell."""
    crowd = POPULATION.crowd(people, SEED)
    params = draw(
        people,
        SEED,
        expectancy=one.expectancy,
        new_antidepressant=one.new_antidepressant,
        dissociation_z=crowd.leaning,
    )
    given = drives(one, on_rungs(undergone(one, crowd, (), lambda *_: {}), None))
    return params, course_along(params, given, t_days, one.therapy)
