"""numbalsoda: LSODA called from compiled code, one person after the other, on all cores."""

from __future__ import annotations

import numba
import numpy as np
from numbalsoda import lsoda, lsoda_sig

from bench.peers.question import AMOUNT_MG, LASTS_MIN, T_MIN, Bodies, Floats, matrices

NAME = "numbalsoda, LSODA on all cores"
DURING, AFTER = T_MIN[: LASTS_MIN + 1], T_MIN[LASTS_MIN:]


@numba.cfunc(lsoda_sig)  # type: ignore[untyped-decorator]
def _flow(t: float, amounts: Floats, change: Floats, told: Floats) -> None:
    """told: the matrix, row by row, then mg/min entering."""
    for i in range(3):
        change[i] = told[3 * i] * amounts[0]
        change[i] += told[3 * i + 1] * amounts[1] + told[3 * i + 2] * amounts[2]
    change[0] += told[9]


FLOW = _flow.address


@numba.njit(parallel=True)  # type: ignore[untyped-decorator]
def _all(matrix: Floats, during: Floats, after: Floats, rate: float) -> Floats:
    levels = np.zeros((matrix.shape[0], during.size + after.size - 1))
    for n in numba.prange(matrix.shape[0]):
        told = np.empty(10)
        told[:9] = matrix[n].ravel()
        told[9] = rate
        first, _ = lsoda(FLOW, np.zeros(3), during, told, 1e-7, 1e-8)
        told[9] = 0.0
        second, _ = lsoda(FLOW, first[-1].copy(), after, told, 1e-7, 1e-8)
        levels[n, : during.size] = first[:, 0]
        levels[n, during.size :] = second[1:, 0]
    return levels


def solve(bodies: Bodies, people: int) -> Floats:
    amounts = _all(matrices(bodies, people), DURING, AFTER, AMOUNT_MG / LASTS_MIN)
    return np.asarray(amounts / bodies["v1"][:people, None])
