"""From the effect site to what is seen: dissociation, blood pressure, pulse. Arrays are (T, N).

Sources and grades of every number stand in models/effects.
"""

from __future__ import annotations

import math

import numpy as np

from afterglow.core.pharmacology.compiled import compiled
from afterglow.core.pharmacology.modes import Floats


@compiled
def score(
    site: Floats, c50: Floats, gamma: float, top: Floats, resting: float, highest: float
) -> Floats:
    """A sigmoid score (T, N) of effect-site levels (T, N), above what it rests at, up to its end.

    `c50` and `top` (N,): the level of half the effect, and the greatest effect.
    """
    out, half = np.empty_like(site), 1.0 / c50
    for t in range(site.shape[0]):
        for n in range(site.shape[1]):
            ratio = max(site[t, n], 0.0) * half[n]
            powered = ratio * math.sqrt(ratio) if gamma == 1.5 else ratio**gamma
            out[t, n] = min(top[n] * (powered / (1.0 + powered)) + resting, highest)
    return out


def habituation(
    session_number: int, idle_days: float, floor: Floats, numbers: dict[str, float]
) -> Floats:
    """Multiplier on dissociation at this session (M2): 1 at the first, falling to `floor` (N,).

    After a pause it climbs back towards 1, by half every `idle_half_time_days`.
    """
    worn = np.exp(-numbers["habituation_rate"] * (session_number - 1))
    beyond = max(0.0, idle_days - numbers["idle_free_days"])
    kept = 0.5 ** (beyond / numbers["idle_half_time_days"])
    lost: Floats = (1 - floor) * (1 - worn) * kept
    return 1 - lost


@compiled
def rise(site: Floats, slope: float, cap: float, own: Floats) -> Floats:
    """A rise in step with the effect-site level (T, N) in ng/mL, levelling at a cap.

    `own` (N,) is each one's factor; the rise is in the unit of `slope` times ng/mL.
    """
    out = np.empty_like(site)
    for t in range(site.shape[0]):
        for n in range(site.shape[1]):
            out[t, n] = own[n] * min(slope * max(site[t, n], 0.0), cap)
    return out
