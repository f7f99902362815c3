"""W2: six sessions in three weeks, by the minute while they last, by the hour for 28 days.

Three compartments, an effect site, sigmoid dissociation with habituation, and the mood model. Here
stand the question and what both sides read off plasticity; each side finds the courses its own way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from afterglow.core.dosing import outlook
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.pharmacology.mood import MoodParams
from afterglow.core.pharmacology.mood_people import draw
from afterglow.core.pharmacology.sourced import sheet
from bench.engine import BASELINE, _someone
from bench.peers.question import Bodies, Floats

DAYS = (0, 3, 7, 10, 14, 17)
LAST_DAY = 28
HOURS = np.arange(24.0 * LAST_DAY) / 24  # in days
S_MG = 17.5  # of 35 mg racemic


@dataclass(frozen=True, slots=True)
class People:
    """Bodies (N,) and mood models (N) of the same people."""

    bodies: Bodies
    mood: MoodParams

    @classmethod
    def drawn(cls, count: int) -> People:
        belief = _someone()
        return cls(belief.bodies(belief.sample(count, 1)), draw(count, seed=1))


@dataclass(frozen=True, slots=True)
class Weeks:
    """What is asked of everyone."""

    cadss: Sequence[Floats]  # of each session, (minutes, N)
    madrs: Floats  # (N, hours)

    def apart(self, other: Weeks) -> tuple[float, float]:
        """The largest differences: of dissociation by its peak, of MADRS by the baseline."""
        cadss = max(
            float(np.max(np.abs(theirs - ours) / ours.max(axis=0)))
            for ours, theirs in zip(self.cadss, other.cadss, strict=True)
        )
        return cadss, float(np.max(np.abs(other.madrs - self.madrs) / self.madrs[:, :1]))


def told(bodies: Bodies, mood: MoodParams) -> Floats:
    """Every person's numbers for a solver, (N, 14): per min, and ng/mL."""
    sheet_of = sheet("mood")
    d_a, d_p, k_l, d_l = mood.rates().T / 1440
    one = np.ones(d_a.size)
    rows = [
        bodies["cl"] / bodies["v1"],
        bodies["q2"] / bodies["v1"],
        bodies["q3"] / bodies["v1"],
        bodies["q2"] / bodies["v2"],
        bodies["q3"] / bodies["v3"],
        1000 / bodies["v1"],
        bodies["ke0"] * one,
        mood.potential_per_hour / 60,
        sheet_of.value("drive_c50") ** 2 * one,
        d_a,
        d_p,
        k_l,
        d_l,
    ]
    return np.stack(rows, axis=1)


def felt(sites: Sequence[Floats], bodies: Bodies) -> list[Floats]:
    """Dissociation of each session, (minutes, N), from the effect site in it."""
    none = Occasion.none(bodies["cl"].size)
    return [
        outlook.cadss(site, bodies, Visit(number=number, baseline=BASELINE), none)
        for number, site in enumerate(sites, start=1)
    ]


def scored(mood: MoodParams, rapid: Floats, consolidated: Floats) -> Floats:
    """MADRS (N, hours) from plasticity."""
    share = mood.rapid_share[:, None]
    relief = mood.sensitivity[:, None] * (share * rapid + (1 - share) * consolidated)
    left = 1 - mood.expectancy[:, None] * _hope(mood)
    return np.asarray(mood.baseline_madrs[:, None] * left * (1 - relief))


def _hope(mood: MoodParams) -> Floats:
    """Share of what each may hope that is hoped, (N, hours): up with every session, then down."""
    rise, life = mood.expectancy_half_rise_d[:, None], mood.expectancy_half_life_d[:, None]
    found, held = np.zeros((mood.people, HOURS.size)), np.zeros((mood.people, 1))
    for day, until in pairwise([*DAYS, LAST_DAY]):
        since = np.append(HOURS[(day <= HOURS) & (until > HOURS)], until) - day
        hope = (1 - (1 - held) * np.exp2(-since / rise)) * np.exp2(-since / life)
        found[:, 24 * day : 24 * until], held = hope[:, :-1], hope[:, -1:]
    return found
