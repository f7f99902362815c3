"""The bands: what these doses are expected to do to this patient, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from afterglow.core.body import Baseline, within
from afterglow.core.dosing import muscle, outlook
from afterglow.core.dosing.bands import Bands, Chance, Clears, Series
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.dosing.shown import SHOWN, over_draws, summed_up
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology import routes
from afterglow.core.pharmacology.doses import Timeline, checked_times, timeline
from afterglow.core.pharmacology.library import load_effect
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.routes import Way
from afterglow.core.quantity import Dose
from afterglow.core.refusal import Refusal

LEAST_DRAWS, MOST_DRAWS = 100, 20_000
# What is felt or measured, the level it follows, and how.
FELT = {
    "cadss": (lv.DISSOCIATION_SITE, outlook.cadss),
    "systolic_mmhg": (lv.PRESSURE_SITE, outlook.systolic),
    "pulse_per_min": (lv.PRESSURE_SITE, outlook.pulse),
}
RISES = {"systolic_mmhg": "systolic_rise_mmhg"}


def predict_bands(
    belief: Belief,
    doses: Sequence[Dose],
    *,
    t_min: Sequence[float],
    session_number: int,
    baseline: Baseline,
    seed: int,
    draws: int = 1000,
    idle_days: float = 0.0,
    cadss_above: Sequence[float] = (4, 20, 40),
    systolic_above: Sequence[float] = (160, 180),
    only: Sequence[str] = tuple(SHOWN),
) -> Bands | Refusal:
    """Percentiles 5, 25, 50, 75, 95 at each time in `t_min` (min from the start of the session).

    `only` names the series wanted; fewer are sooner done.

    Levels in ng/mL (racemic total unless the key says S), CADSS-23 0 to 92, mmHg, beats/min.
    Deterministic in its arguments. `baseline` must have been measured, not assumed.
    """
    times = checked_times(t_min)
    within("draws", draws, LEAST_DRAWS, MOST_DRAWS, "")
    visit = Visit(number=session_number, baseline=baseline, idle_days=idle_days)
    if refusal := outlook.not_trusted(belief) or outlook.not_modelled(belief, doses):
        return refusal
    line = timeline(doses, times)
    people = belief.bodies(belief.sample(draws, seed))
    every = everything(people, line, visit, Occasion.drawn(draws, seed), only=only)
    found = {key: over_draws(draws_of, line.asked) for key, draws_of in every.items()}
    if "systolic_mmhg" in found:
        found["systolic_rise_mmhg"] = found["systolic_mmhg"] - baseline.systolic_mmhg
    series = {key: summed_up(key, found[key]) for key in SHOWN if key in found and key in only}
    return Bands(
        model=belief.model,
        t_min=tuple(times.tolist()),
        series=series,
        chances=(
            *_chances("cadss", every, cadss_above),
            *_chances("systolic_mmhg", every, systolic_above),
        ),
        clears=_all_clears(series.get("cadss"), times, cadss_above),
        notes=(*belief.assumptions, *route_notes(line), *muscle.as_it_is(belief.model, doses)),
        session_number=session_number,
        draws=draws,
        seed=seed,
    )


def everything(
    people: Mapping[str, Floats],
    line: Timeline,
    visit: Visit,
    occasion: Occasion,
    *,
    only: Sequence[str] = tuple(SHOWN),
) -> dict[str, Floats]:
    """Each quantity that is wanted, at every instant of the timeline for every draw, (T, N)."""
    banked = {key: one.level for key, one in SHOWN.items() if one.level and key in only}
    # What is swallowed makes most norketamine, and not every model has norketamine.
    if "mtt_nk" not in people or not routes.WHOLE.issuperset(line.ways):
        banked.pop("norketamine_arterial_ng_per_ml", None)
    felt = {key: effect for key, effect in FELT.items() if {key, RISES.get(key)} & set(only)}
    sites = dict.fromkeys(site for site, _ in felt.values())
    found = lv.levels(people, line, *banked.values(), *sites)
    return {
        **{key: found[level] for key, level in banked.items()},
        **{key: told(found[site], people, visit, occasion) for key, (site, told) in felt.items()},
    }


def route_notes(line: Timeline) -> tuple[str, ...]:
    said: tuple[str, ...] = ()
    if {Way.MUSCLE, Way.SKIN}.intersection(line.ways):
        said += load_effect("absorption").caveats
    if not routes.WHOLE.issuperset(line.ways):
        said += load_effect("nose_and_mouth").caveats
    return said


def _chances(quantity: str, every: Mapping[str, Floats], above: Sequence[float]) -> list[Chance]:
    if quantity not in every:
        return []
    peaks = every[quantity].max(axis=0)
    return [
        Chance(quantity=quantity, above=float(x), probability=float(np.mean(peaks > x)))
        for x in above
    ]


def _all_clears(series: Series | None, times: Floats, below: Sequence[float]) -> tuple[Clears, ...]:
    return () if series is None else tuple(_clears(series, times, one) for one in below)


def _clears(series: Series, times: Floats, below: float) -> Clears:
    return Clears(
        cadss_below=float(below),
        median_min=_below_for_good(np.array(series.p50), times, below),
        p95_min=_below_for_good(np.array(series.p95), times, below),
    )


def _below_for_good(curve: Floats, times: Floats, below: float) -> float | None:
    """When a curve was last at or above a value, between two times by straight line."""
    over = np.flatnonzero(curve >= below)
    if over.size == 0:
        return 0.0
    last = int(over[-1])
    if last == curve.size - 1:
        return None
    part = (curve[last] - below) / (curve[last] - curve[last + 1])
    return round(float(times[last] + part * (times[last + 1] - times[last])), 2)
