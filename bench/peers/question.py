"""W1: what is asked of everyone, in L, min and mg."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bodies = Mapping[str, Floats]
AMOUNT_MG, LASTS_MIN, LAST_MIN = 35.0, 40, 240
T_MIN = np.arange(LAST_MIN + 1.0)
TYPICAL = {"v1": 11.6, "cl": 1.48, "q2": 2.43, "v2": 39.0, "q3": 1.21, "v3": 174.0}
SPREAD = 0.25


def population(people: int, seed: int = 1) -> dict[str, Floats]:
    """Log-normal around the typical person, every parameter on its own."""
    dice = np.random.default_rng(seed)
    return {n: v * np.exp(SPREAD * dice.standard_normal(people)) for n, v in TYPICAL.items()}


def matrices(bodies: Bodies, people: int) -> Floats:
    """dA/dt = M A, (people, 3, 3), amounts in mg."""
    own = {name: values[:people] for name, values in bodies.items()}
    k10, k12, k13 = own["cl"] / own["v1"], own["q2"] / own["v1"], own["q3"] / own["v1"]
    k21, k31 = own["q2"] / own["v2"], own["q3"] / own["v3"]
    none = np.zeros(people)
    rows = [[-k10 - k12 - k13, k21, k31], [k12, -k21, none], [k13, none, -k31]]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=1)
