"""What a dose does to the mood model and to a person over its hours, for many doses at once."""

from __future__ import annotations

import math

import numpy as np

from afterglow.core.pharmacology.compiled import compiled
from afterglow.core.pharmacology.modes import Floats

# Minutes at which both are summed up: half a day [own], closer together while much happens. After
# an infusion of 480 min 4 h are left, and what lies beyond is not counted.
FELT_MIN = np.concatenate([np.arange(0.0, 180.0, 4.0), np.arange(180.0, 721.0, 18.0)])


def weights(at_min: Floats) -> Floats:
    """What each instant counts in the trapezium rule, min, (T,)."""
    steps = np.diff(at_min)
    return np.asarray(0.5 * (np.append(steps, 0.0) + np.append(0.0, steps)))


@compiled
def drives(site: Floats, hours: Floats, doses_mg: Floats, c50: float, hill: float) -> Floats:
    """Hours of drive (D, n) of doses (D,), from the effect site per mg (T, n), ng/mL.

    `hours` (T,) are the weights of a sum over time.
    """
    out = np.zeros((doses_mg.size, site.shape[1]))
    for d in range(doses_mg.size):
        scale = doses_mg[d] / c50
        for t in range(site.shape[0]):
            for n in range(site.shape[1]):
                ratio = max(scale * site[t, n], 0.0)
                powered = ratio * ratio if hill == 2.0 else ratio**hill
                out[d, n] += hours[t] * powered / (1.0 + powered)
    return out


@compiled
def burdens(
    site: Floats,
    minutes: Floats,
    doses_mg: Floats,
    c50: Floats,
    most: Floats,
    gamma: float,
    above: float,
) -> Floats:
    """Mean dissociation above a score, points x min, of each dose (D,); `c50`, `most` are (n,)."""
    out, borne = np.empty(doses_mg.size), np.empty(site.shape[1])
    half = 1.0 / c50
    for d in range(doses_mg.size):
        borne[:] = 0.0
        for t in range(site.shape[0]):
            for n in range(site.shape[1]):
                ratio = doses_mg[d] * max(site[t, n], 0.0) * half[n]
                powered = ratio * math.sqrt(ratio) if gamma == 1.5 else ratio**gamma
                borne[n] += minutes[t] * max(most[n] * powered / (1.0 + powered) - above, 0.0)
        out[d] = borne.mean()
    return out
