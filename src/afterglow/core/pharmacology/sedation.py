"""M5: how sedated, on MOAA/S 5 (ready reply) to 0 (no response to pain), at a concentration.

    P(MOAA/S <= k) = expit(slope * (ln C - ln C50_k)),   C in racemic equivalents, ng/mL, venous

An ordinal logit through published anchors: see docs/science/sedation.md for how few they are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.sourced import sheet

Array = NDArray[np.float64]

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


def chance_of_each(racemic_equivalent_ng_per_ml: ArrayLike, *, with_placebo: bool = False) -> Array:
    """P(MOAA/S = 0), ... P(MOAA/S = 5) along a new last axis; they sum to 1."""
    c = np.asarray(racemic_equivalent_ng_per_ml, dtype=np.float64)
    below = [chance_at_or_below(level, c, with_placebo=with_placebo) for level in range(LEVELS - 1)]
    edges = [np.zeros_like(c), *below, np.ones_like(c)]
    return np.diff(np.stack(edges, axis=-1), axis=-1)


def slopes_of_each(venous_s_ng_per_ml: Array) -> tuple[Array, Array]:
    """P(MOAA/S = 0 ... 5) at venous S-ketamine (n,), ng/mL, and its slopes per ng/mL, (n, 6) each.

    The drowsiness rated without drug is counted.
    """
    numbers = sheet("sedation")
    s = np.maximum(np.asarray(venous_s_ng_per_ml, dtype=np.float64), 1e-12)
    slopes = []
    for level in range(LEVELS - 1):
        chance = chance_at_or_below(level, racemic_equivalent(s))
        steep = numbers.value("slope") * chance * (1.0 - chance) / s
        slopes.append(steep * (1.0 - numbers.value("placebo") * (level == LEVELS - 2)))
    edges = np.stack([np.zeros_like(s), *slopes, np.zeros_like(s)], axis=-1)
    return chance_of_each(racemic_equivalent(s), with_placebo=True), np.diff(edges, axis=-1)
