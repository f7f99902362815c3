"""A hidden person, and how each kind of observation sees one.

Luck of a session and noise are drawn as forecasts draw them. Scores are whole numbers within their
scale, and what an assay cannot quantify is told as that: as real ones are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.bodies import effect_numbers
from afterglow.core.dosing.likelihood import LEVEL_OF
from afterglow.core.dosing.observed import (
    BelowLimit,
    Observation,
    Pressure,
    Pulse,
    Sampled,
    Scored,
    ScoredShort,
    Sedated,
    SessionObserved,
)
from afterglow.core.dosing.outlook import Occasion, Visit, cadss, pulse, systolic
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology import sedation
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.library import load
from afterglow.core.quantity import Analyte, ArterialLevel, Site, VenousLevel
from tests.core.people import RESTING, infusion

Floats = NDArray[np.float64]
Dice = np.random.Generator

TIMES = np.array([10.0, 20, 30, 40, 55, 70, 90, 120])
SAMPLES = np.array([10.0, 40, 70, 120])
DAYS_BETWEEN = 4.0
LEVELS = {f"{site} {analyte}": (site, analyte) for site, analyte in LEVEL_OF}
# ng/mL; about half the samples lie below. An assay that adds noise always has a limit.
COARSE = {
    "arterial ketamine": 100.0,
    "arterial esketamine": 50.0,
    "arterial norketamine": 50.0,
    "venous ketamine": 80.0,
    "venous esketamine": 40.0,
}
FINE = {"arterial norketamine": 10.0}


@dataclass(frozen=True, slots=True)
class Sitting:
    """One session of a hidden person: the doses are given, and luck is drawn."""

    belief: Belief
    person: Floats  # deviations, (P,)
    number: int
    mg: float  # over 40 min
    dice: Dice

    @property
    def visit(self) -> Visit:
        return Visit(number=self.number, baseline=RESTING, idle_days=self.idle_days)

    @property
    def idle_days(self) -> float:
        return DAYS_BETWEEN if self.number > 1 else 0.0

    def levels(self, output: str, times: Floats) -> tuple[Floats, Mapping[str, Floats]]:
        """A level (T, 1), and the body it is of."""
        body = self.belief.bodies(self.person[:, None])
        line = timeline([infusion(self.mg)], times)
        return lv.levels(body, line, output)[output][line.asked], body

    def luck(self) -> Occasion:
        numbers, luck = effect_numbers(), self.dice.standard_normal((3, 1))
        return Occasion(
            np.exp(numbers["cadss_occasion"] * luck[0]),
            numbers["systolic_occasion"] * luck[1],
            numbers["pulse_occasion"] * luck[2],
        )

    def noise(self, name: str) -> Floats:
        residual = effect_numbers()[f"{name}_residual"]
        return np.asarray(residual * self.dice.standard_normal(TIMES.size))


Way = Callable[[Sitting], list[Observation]]


def observed(ways: list[Way], sitting: Sitting) -> SessionObserved:
    """All that these ways see of one session."""
    return SessionObserved(
        number=sitting.number,
        doses=(infusion(sitting.mg),),
        baseline=RESTING,
        observations=tuple(one for way in ways for one in way(sitting)),
        idle_days=sitting.idle_days,
    )


def _scores(sitting: Sitting) -> list[Observation]:
    site, body = sitting.levels(lv.DISSOCIATION_SITE, TIMES)
    mean = cadss(site, body, sitting.visit, sitting.luck())[:, 0]
    rated = np.round(np.clip(mean + sitting.noise("cadss"), 0, 92)).tolist()
    return [Scored(at_min=t, cadss=c) for t, c in zip(TIMES.tolist(), rated, strict=True)]


def _short_scores(sitting: Sitting) -> list[Observation]:
    numbers = effect_numbers()
    site, body = sitting.levels(lv.DISSOCIATION_SITE, TIMES)
    luck = Occasion.none(1)
    luck.cadss_factor[:] = np.exp(numbers["cadss6_occasion"] * sitting.dice.standard_normal())
    mean = numbers["cadss6_share"] * cadss(site, body, sitting.visit, luck)[:, 0]
    rated = np.round(np.clip(mean + sitting.noise("cadss6"), 0, 24)).tolist()
    return [ScoredShort(at_min=t, cadss_6=c) for t, c in zip(TIMES.tolist(), rated, strict=True)]


def _pressures(sitting: Sitting) -> list[Observation]:
    site, body = sitting.levels(lv.PRESSURE_SITE, TIMES)
    read = systolic(site, body, sitting.visit, sitting.luck())[:, 0] + sitting.noise("systolic")
    pairs = zip(TIMES.tolist(), read.tolist(), strict=True)
    return [Pressure(at_min=t, systolic_mmhg=p) for t, p in pairs]


def _pulses(sitting: Sitting) -> list[Observation]:
    site, body = sitting.levels(lv.PRESSURE_SITE, TIMES)
    read = pulse(site, body, sitting.visit, sitting.luck())[:, 0] + sitting.noise("pulse")
    pairs = zip(TIMES.tolist(), read.tolist(), strict=True)
    return [Pulse(at_min=t, per_min=p) for t, p in pairs]


def _ratings(sitting: Sitting) -> list[Observation]:
    venous_s, _ = sitting.levels(lv.VENOUS_S, TIMES)
    racemic = sedation.racemic_equivalent(venous_s[:, 0])
    chances = [sedation.chance_of(level, racemic) for level in range(sedation.LEVELS)]
    marks = np.cumsum(chances, axis=0)
    rated = (sitting.dice.random(TIMES.size) > marks[:-1]).sum(axis=0).tolist()
    return [Sedated(at_min=t, moaa_s=r) for t, r in zip(TIMES.tolist(), rated, strict=True)]


def _sampled(site: Site, analyte: Analyte, limit: float) -> Way:
    kind = ArterialLevel if site is Site.ARTERIAL else VenousLevel

    def seen(sitting: Sitting) -> list[Observation]:
        held, _ = sitting.levels(LEVEL_OF[site, analyte], SAMPLES)
        found = _assayed(held[:, 0], sitting, site, analyte).tolist()
        return [
            Sampled(at_min=t, level=kind(c, analyte))
            if c > limit
            else BelowLimit(at_min=t, limit=kind(limit, analyte))
            for t, c in zip(SAMPLES.tolist(), found, strict=True)
        ]

    return seen


def _assayed(held: Floats, sitting: Sitting, site: Site, analyte: Analyte) -> Floats:
    """What an assay finds: off by a share, and for norketamine by an amount as well."""
    residual, off = (
        load(sitting.belief.model).residual,
        sitting.dice.standard_normal((2, held.size)),
    )
    if site is Site.ARTERIAL and analyte is Analyte.NORKETAMINE:
        share, added = residual["norketamine"].value, residual["norketamine_added"].value
        return np.asarray(held * (1 + share * off[0]) + added * off[1])
    venous = effect_numbers()["venous_residual"]
    sd = residual["ketamine"].value if site is Site.ARTERIAL and residual else venous
    return np.asarray(held * np.exp(sd * off[0]))


WAYS: Mapping[str, Way] = {
    "CADSS": _scores,
    "CADSS-6": _short_scores,
    "systolic pressure": _pressures,
    "pulse": _pulses,
    "MOAA/S": _ratings,
    **{name: _sampled(*of, FINE.get(name, 0.0)) for name, of in LEVELS.items()},
    **{f"{name}, coarse assay": _sampled(*of, COARSE[name]) for name, of in LEVELS.items()},
}
