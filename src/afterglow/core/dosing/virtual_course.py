"""One block of virtual people through every session of one regimen: peaks, minutes and mood.

Each block has its own seeds, so its numbers do not depend on which other blocks are computed,
where, or in what order. Levels of one session are taken to be gone before the next [own].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterglow.core.body import Covariates, Sex
from afterglow.core.dosing import outlook
from afterglow.core.dosing.bodies import bodies, effect_numbers
from afterglow.core.dosing.outlook import Occasion
from afterglow.core.dosing.trial import pulses, session_grid
from afterglow.core.dosing.trial_plan import AT_REST, Arm
from afterglow.core.dosing.virtual_people import Crowd, Population
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.compiled import compiled
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.mood import MoodParams, Pulses, course
from afterglow.core.pharmacology.mood_people import draw
from afterglow.core.pharmacology.sourced import sheet
from afterglow.core.quantity import Drug

BLOCK = 1024  # people: enough to work on, few enough to be nothing in memory
ABOVE_POINTS = 4.0  # the customary cut of trials
SITES = (lv.ARTERIAL, lv.VENOUS, lv.DISSOCIATION_SITE, lv.PRESSURE_SITE)
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


@dataclass(frozen=True, slots=True)
class _Exposure:
    """One session's levels, the same in every session: curves (t, n) over minutes (t,)."""

    at_min: Floats
    site: Floats
    peaks: dict[str, Floats]  # of each of SITES, (n,)


def block_of(simulation: Simulation, regimen: int, block: int) -> dict[str, Column]:
    """The rows of one block under one regimen, patient by patient: columns of (people x sessions).

    Columns, units and meaning: docs/trial-format.md.
    """
    arm = simulation.regimens[regimen]
    first = block * BLOCK
    people = min(BLOCK, simulation.patients - first)
    # Always a whole block: what a person is must not depend on how many were asked for.
    crowd = simulation.population.crowd(BLOCK, (simulation.seed, block, PEOPLE))
    exposure = _exposure(arm, crowd)
    every = {
        **_who(crowd, arm, first),
        **_felt(arm, crowd, exposure, (simulation.seed, block)),
        **_mood(simulation, arm, crowd, exposure, block),
    }
    return {name: np.ascontiguousarray(values[:people]).ravel() for name, values in every.items()}


def _who(crowd: Crowd, arm: Arm, first: int) -> dict[str, Column]:
    sessions = len(arm.session_days)
    once = {
        "patient": np.arange(first, first + crowd.size, dtype=np.int64),
        "age_years": crowd.age_years,
        "weight_kg": crowd.weight_kg,
        "female": crowd.female,
        "dose_mg": arm.given.total_mg(crowd.weight_kg),
    }
    shape = (crowd.size, sessions)
    return {
        **{name: np.broadcast_to(values[:, None], shape) for name, values in once.items()},
        "session": np.broadcast_to(np.arange(1, sessions + 1, dtype=np.int16), shape),
        "day": np.broadcast_to(np.array(arm.session_days, dtype=np.float64), shape),
    }


def _exposure(arm: Arm, crowd: Crowd) -> _Exposure:
    line = timeline(arm.doses, session_grid())
    if not arm.doses:
        nothing = np.zeros(crowd.size)
        return _Exposure(
            line.at_min, np.zeros((line.at_min.size, crowd.size)), dict.fromkeys(SITES, nothing)
        )
    factor = arm.given.factor(crowd.weight_kg)
    found = lv.levels(crowd.bodies, line, *SITES)
    peaks = {site: found[site].max(axis=0) * factor for site in SITES}
    return _Exposure(line.at_min, found[lv.DISSOCIATION_SITE] * factor, peaks)


def _felt(arm: Arm, crowd: Crowd, exposure: _Exposure, seeds: tuple[int, int]) -> dict[str, Column]:
    """Levels and effects of every session. Effects grow with their site, so peaks go together."""
    shape = (crowd.size, len(arm.session_days))
    cadss, minutes, systolic, pulse = (np.empty(shape) for _ in range(4))
    site, pressure = exposure.peaks[lv.DISSOCIATION_SITE], exposure.peaks[lv.PRESSURE_SITE]
    for k in range(shape[1]):
        visit = arm.visit(k + 1)
        luck = Occasion.drawn(crowd.size, _seed(*seeds, k, LUCK))
        cadss[:, k] = outlook.cadss(site[None, :], crowd.bodies, visit, luck)[0]
        minutes[:, k] = _minutes_above(exposure, cadss[:, k], crowd)
        risen = outlook.systolic(pressure[None, :], crowd.bodies, visit, luck)[0]
        systolic[:, k] = risen - AT_REST.systolic_mmhg
        faster = outlook.pulse(pressure[None, :], crowd.bodies, visit, luck)[0]
        pulse[:, k] = faster - AT_REST.pulse_per_min
    return {
        "peak_arterial_ng_per_ml": np.broadcast_to(exposure.peaks[lv.ARTERIAL][:, None], shape),
        "peak_venous_ng_per_ml": np.broadcast_to(exposure.peaks[lv.VENOUS][:, None], shape),
        "peak_cadss": cadss,
        "minutes_cadss_above_4": minutes,
        "peak_systolic_rise_mmhg": systolic,
        "peak_pulse_rise_per_min": pulse,
    }


def _minutes_above(exposure: _Exposure, peak_cadss: Floats, crowd: Crowd) -> Floats:
    """Minutes at more than 4 points, from the level of the site at which this person has them."""
    gamma = float(effect_numbers()["gamma"])
    site, c50 = exposure.peaks[lv.DISSOCIATION_SITE], crowd.bodies["c50"]
    powered = (site / c50) ** gamma
    with np.errstate(divide="ignore", invalid="ignore"):
        share = ABOVE_POINTS / (peak_cadss * (1 + powered) / powered)  # of this session's maximum
        threshold = c50 * (share / (1 - share)) ** (1 / gamma)
    threshold = np.where((share > 0) & (share < 1), threshold, np.inf)
    return _time_above(exposure.at_min, exposure.site, threshold)


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


def _mood(
    simulation: Simulation, arm: Arm, crowd: Crowd, exposure: _Exposure, block: int
) -> dict[str, Column]:
    """Expected MADRS at each session and the day after; rating error is not included."""
    params = _params(simulation, arm, crowd, block)
    given = pulses(arm, (exposure.at_min, exposure.site), _nodes_min(simulation.population, arm))
    days = np.array(arm.session_days)
    every = np.unique(np.concatenate([days, days + 1.0]))
    madrs = course(params, given, every, arm.therapy).madrs
    return {
        "responder": np.broadcast_to((params.sensitivity > 0.5)[:, None], (crowd.size, days.size)),
        "madrs_before": madrs[:, np.searchsorted(every, days)],
        "madrs_next_day": madrs[:, np.searchsorted(every, days + 1.0)],
    }


def _params(simulation: Simulation, arm: Arm, crowd: Crowd, block: int) -> MoodParams:
    numbers = dict(sheet("mood").typical())
    if any(dose.drug is Drug.ESKETAMINE for dose in arm.doses):
        numbers["dissociation_correlation"] = numbers["dissociation_correlation_esketamine"]
    return draw(
        crowd.size,
        _seed(simulation.seed, block, MOOD),
        baseline_madrs=simulation.baseline,
        expectancy=arm.expectancy,
        new_antidepressant=arm.new_antidepressant,
        dissociation_z=crowd.leaning,
        numbers=numbers,
    )


def _nodes_min(population: Population, arm: Arm) -> tuple[float, float] | None:
    """When the typical person's drive falls: one pair for all, so that blocks agree."""
    if not arm.doses:
        return None
    age, weight = population.age_years.mean, population.weight_kg.mean
    person = bodies(
        population.model,
        Covariates(age_years=age, weight_kg=weight, sex=Sex.OTHER),
        (),
        np.zeros((0, 1)),
    )
    line = timeline(arm.doses, session_grid())
    site = lv.levels(person, line, lv.DISSOCIATION_SITE)[lv.DISSOCIATION_SITE]
    once: Pulses = pulses(arm, (line.at_min, site * arm.given.factor(np.array([weight]))))
    early, late = (once.at_days[:2] - arm.session_days[0]) * 1440.0
    return float(early), float(late)


def _seed(*parts: int) -> int:
    """One number from several, as different as if each had been drawn."""
    return int(np.random.SeedSequence(parts).generate_state(1, np.uint64)[0])
