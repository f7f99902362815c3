"""SciPy's batched matrix exponential: one exponential a person, then steps of one minute."""

from __future__ import annotations

import numpy as np
from scipy.linalg import expm

from bench.peers.question import AMOUNT_MG, LAST_MIN, LASTS_MIN, Bodies, Floats, matrices

NAME = "SciPy, batched expm"


def solve(bodies: Bodies, people: int) -> Floats:
    matrix = matrices(bodies, people)
    step = expm(matrix)
    moved = step - np.eye(3)
    entering = np.linalg.solve(matrix, moved[:, :, :1]) * (AMOUNT_MG / LASTS_MIN)
    state, levels = np.zeros((people, 3, 1)), np.zeros((people, LAST_MIN + 1))
    for minute in range(LAST_MIN):
        state = step @ state
        if minute < LASTS_MIN:
            state += entering
        levels[:, minute + 1] = state[:, 0, 0]
    return np.asarray(levels / bodies["v1"][:people, None])
