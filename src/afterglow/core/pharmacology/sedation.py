"""M5: how sedated, on MOAA/S 5 (ready reply) to 0 (no response to pain), at a concentration.

    P(MOAA/S <= k) = expit(slope * (ln C - ln C50_k)),   C in racemic equivalents, ng/mL, venous

An ordinal logit through published anchors: see docs/science/sedation.md for how few they are.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.compiled import compiled
from afterglow.core.pharmacology.sourced import sheet

Array = NDArray[np.float64]
Places = NDArray[np.intp]

LEVELS = 6  # MOAA/S 0, 1, 2, 3, 4, 5


def racemic_equivalent(s_ng_per_ml: ArrayLike) -> Array:
    """S-ketamine to the racemic concentration of the same effect (ng/mL); any shape."""
    return sheet("sedation").value("racemic_per_s") * np.asarray(s_ng_per_ml, dtype=np.float64)


def chance_at_or_below(
    level: int, racemic_equivalent_ng_per_ml: ArrayLike, *, with_placebo: bool = False
) -> Array:
    """P(MOAA/S <= level) for level 0 to 4; any shape in, the same shape out.

    `with_placebo` adds the share rated drowsy (level 4) without any drug.
    """
    if level not in range(LEVELS - 1):
        raise BadInput(f"level must be 0 to 4, got {level}.")
    numbers = sheet("sedation")
    c = np.maximum(np.asarray(racemic_equivalent_ng_per_ml, dtype=np.float64), 0.0)
    power = (c / numbers.value(f"c50_{level}")) ** numbers.value("slope")
    chance = power / (1.0 + power)
    if with_placebo and level == LEVELS - 2:
        placebo = numbers.value("placebo")
        chance = placebo + (1.0 - placebo) * chance
    return np.asarray(chance)


def chance_of(level: int, racemic_equivalent_ng_per_ml: Array) -> Array:
    """P(MOAA/S = level) for level 0 to 5, drowsiness without drug counted; any shape."""
    c = racemic_equivalent_ng_per_ml
    least = chance_at_or_below(level - 1, c, with_placebo=True) if level > 0 else 0.0
    most = chance_at_or_below(level, c, with_placebo=True) if level < LEVELS - 1 else 1.0
    return np.asarray(most - least)


def chance_with_slope(levels: Array, venous_s_ng_per_ml: Array) -> tuple[Array, Array]:
    """P(MOAA/S = level) of each level (n,) at venous S-ketamine (n,), ng/mL, and its slope, (n,).

    The drowsiness rated without drug is counted.
    """
    numbers = sheet("sedation").value("racemic_per_s"), *_of_the_scale()
    return _chances(levels.astype(np.intp), venous_s_ng_per_ml, *numbers)


@compiled
def _chances(
    levels: Places, venous_s: Array, racemic_per_s: float, c50: Array, slope: float, placebo: Array
) -> tuple[Array, Array]:
    """Of each level, the chance at or below it less that below it; and the same of the slopes."""
    chance, steep = np.zeros(levels.size), np.zeros(levels.size)
    for n in range(levels.size):
        s = max(venous_s[n], 1e-12)
        for edge, sign in ((levels[n], 1.0), (levels[n] - 1, -1.0)):
            if edge == LEVELS - 1:
                chance[n] += sign
            elif edge >= 0:
                power = (racemic_per_s * s / c50[edge]) ** slope
                below, drugged = power / (1 + power), 1 - placebo[edge]
                chance[n] += sign * (placebo[edge] + drugged * below)
                steep[n] += sign * slope * below * (1 - below) / s * drugged
    return chance, steep


@cache
def _of_the_scale() -> tuple[Array, float, Array]:
    """Half-way levels (5,) of MOAA/S at or below 0 ... 4, the slope, and who is so without drug."""
    numbers = sheet("sedation")
    c50 = np.array([numbers.value(f"c50_{level}") for level in range(LEVELS - 1)])
    placebo = np.zeros(LEVELS - 1)
    placebo[-1] = numbers.value("placebo")
    return c50, numbers.value("slope"), placebo
