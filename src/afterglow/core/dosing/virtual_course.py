"""One block of virtual people through every session of one regimen: peaks, minutes and mood.

Each block has its own seeds, so its numbers do not depend on which other blocks are computed,
where, or in what order. Levels of one session are taken to be gone before the next [own].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from afterglow.core.dosing import outlook
from afterglow.core.dosing.bodies import effect_numbers
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.dosing.trial_plan import AT_REST, Arm
from afterglow.core.dosing.trial_rated import Rater, climbed
from afterglow.core.dosing.virtual_levels import SITES, seed_of
from afterglow.core.dosing.virtual_people import Crowd, Population
from afterglow.core.dosing.virtual_sessions import drives, on_rungs, undergone
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.compiled import compiled
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.mood import MoodParams, SessionDrive, course_along
from afterglow.core.pharmacology.mood_people import draw
from afterglow.core.pharmacology.scales import Scale
from afterglow.core.pharmacology.sourced import sheet
from afterglow.core.quantity import Drug

BLOCK = 1024  # people: enough to work on, few enough to be nothing in memory
ABOVE_POINTS = 4.0  # the customary cut of trials
PEOPLE, LUCK, MOOD = 11, 12, 13  # streams of dice that must not meet

Column = NDArray[np.generic]


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """Whom to simulate under which regimens. Baseline is MADRS, mean and SD."""

    population: Population
    regimens: tuple[Arm, ...]
    baseline: tuple[float, float]
    patients: int
    seed: int

    @property
    def blocks(self) -> int:
        return -(-self.patients // BLOCK)


def block_of(simulation: Simulation, regimen: int, block: int) -> dict[str, Column]:
    """The rows of one block under one regimen, patient by patient: columns of (people x sessions).

    Columns, units and meaning: docs/trial-format.md.
    """
    arm = simulation.regimens[regimen]
    first = block * BLOCK
    people = min(BLOCK, simulation.patients - first)
    # Always a whole block: what a person is must not depend on how many were asked for.
    crowd = simulation.population.crowd(BLOCK, (simulation.seed, block, PEOPLE))
    ladder = undergone(
        arm,
        crowd,
        SITES,
        partial(_felt, crowd, (simulation.seed, block)),
    )
    params = _params(simulation, arm, crowd, block)
    rater = Rater(Scale.MADRS, (simulation.seed, block))
    sessions = on_rungs(ladder, climbed(arm, params, ladder, rater))
    every = {
        **_who(crowd, arm, first),
        "dose_mg": _by_session([one.dose_mg for one in sessions]),
        **{name: _by_session([one.told[name] for one in sessions]) for name in sessions[0].told},
        **_mood(arm, params, drives(arm, sessions)),
    }
    return {name: np.ascontiguousarray(values[:people]).ravel() for name, values in every.items()}


def _by_session(columns: list[Floats]) -> Floats:
    return np.stack(columns, axis=1)


def _who(crowd: Crowd, arm: Arm, first: int) -> dict[str, Column]:
    sessions = len(arm.sessions)
    once = {
        "patient": np.arange(first, first + crowd.size, dtype=np.int64),
        "age_years": crowd.age_years,
        "weight_kg": crowd.weight_kg,
        "female": crowd.female,
    }
    shape = (crowd.size, sessions)
    return {
        **{name: np.broadcast_to(values[:, None], shape) for name, values in once.items()},
        "session": np.broadcast_to(np.arange(1, sessions + 1, dtype=np.int16), shape),
        "day": np.broadcast_to(np.array([one.day for one in arm.sessions]), shape),
    }


def _felt(
    crowd: Crowd, seeds: tuple[int, int], visit: Visit, at_min: Floats, levels: dict[str, Floats]
) -> dict[str, Floats]:
    """Levels and effects of one session. Effects grow with their site, so peaks go together."""
    luck = Occasion.drawn(crowd.size, seed_of(*seeds, visit.number - 1, LUCK))
    peaks = {site: levels[site].max(axis=0) for site in SITES}
    site, pressure = peaks[lv.DISSOCIATION_SITE][None, :], peaks[lv.PRESSURE_SITE][None, :]
    cadss = outlook.cadss(site, crowd.bodies, visit, luck)[0]
    risen = outlook.systolic(pressure, crowd.bodies, visit, luck)[0]
    faster = outlook.pulse(pressure, crowd.bodies, visit, luck)[0]
    return {
        "peak_arterial_ng_per_ml": peaks[lv.ARTERIAL],
        "peak_venous_ng_per_ml": peaks[lv.VENOUS],
        "peak_cadss": cadss,
        "minutes_cadss_above_4": _minutes_above(at_min, levels[lv.DISSOCIATION_SITE], cadss, crowd),
        "peak_systolic_rise_mmhg": risen - AT_REST.systolic_mmhg,
        "peak_pulse_rise_per_min": faster - AT_REST.pulse_per_min,
    }


def _minutes_above(at_min: Floats, curve: Floats, peak_cadss: Floats, crowd: Crowd) -> Floats:
    """Minutes at more than 4 points, from the level of the site at which this person has them."""
    gamma = float(effect_numbers()["gamma"])
    site, c50 = curve.max(axis=0), crowd.bodies["c50"]
    powered = (site / c50) ** gamma
    with np.errstate(divide="ignore", invalid="ignore"):
        share = ABOVE_POINTS / (peak_cadss * (1 + powered) / powered)  # of this session's maximum
        threshold = c50 * (share / (1 - share)) ** (1 / gamma)
    threshold = np.where((share > 0) & (share < 1), threshold, np.inf)
    return _time_above(at_min, curve, threshold)


@compiled
def _time_above(at_min: Floats, curve: Floats, threshold: Floats) -> Floats:
    """Time a curve (t, n) lies above each one's threshold (n,), by straight lines; (n,)."""
    total = np.zeros(threshold.size)
    for t in range(1, at_min.size):
        step = at_min[t] - at_min[t - 1]
        for n in range(threshold.size):
            low = min(curve[t - 1, n], curve[t, n])
            high = max(curve[t - 1, n], curve[t, n])
            if low >= threshold[n]:
                total[n] += step
            elif high > threshold[n]:
                total[n] += step * (high - threshold[n]) / (high - low)
    return total


def _mood(arm: Arm, params: MoodParams, given: Sequence[SessionDrive]) -> dict[str, Column]:
    """Expected MADRS at each session and the day after; rating error is not included."""
    days = np.array([one.day for one in arm.sessions])
    every = np.unique(np.concatenate([days, days + 1.0]))
    madrs = course_along(params, given, every, arm.therapy).madrs
    return {
        "responder": np.broadcast_to(
            (params.sensitivity > 0.5)[:, None], (params.people, days.size)
        ),
        "madrs_before": madrs[:, np.searchsorted(every, days)],
        "madrs_next_day": madrs[:, np.searchsorted(every, days + 1.0)],
    }


def _params(simulation: Simulation, arm: Arm, crowd: Crowd, block: int) -> MoodParams:
    numbers = dict(sheet("mood").typical())
    if Drug.ESKETAMINE in arm.drugs:
        numbers["dissociation_correlation"] = numbers["dissociation_correlation_esketamine"]
    return draw(
        crowd.size,
        seed_of(simulation.seed, block, MOOD),
        baseline_madrs=simulation.baseline,
        expectancy=arm.believed,
        new_antidepressant=arm.new_antidepressant,
        dissociation_z=crowd.leaning,
        numbers=numbers,
    )
