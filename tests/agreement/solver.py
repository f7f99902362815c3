"""An independent answer: an explicit Runge-Kutta method of order 8, step by step, with no modes.

All people of a shape are one large system. It is integrated anew between any two instants at which
an input changes, so that no step ever crosses an edge. A step is accepted only when the worst of
all people is within the tolerance: the usual root mean square over a thousand of them hides one
whose fast compartment has outrun the step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import DOP853, solve_ivp

Floats = NDArray[np.float64]
RTOL, ATOL = 1e-12, 1e-14


class Worst(DOP853):
    """The same method, with the greatest error of any component in place of their mean."""

    def _estimate_error_norm(self, K: Floats, h: float, scale: Floats) -> float:
        fifth, third = (np.abs(np.dot(K.T, weights) / scale) for weights in (self.E5, self.E3))
        both = np.hypot(fifth, 0.1 * third)
        return float(np.abs(h) * np.max(fifth**2 / np.where(both > 0, both, 1.0)))


@dataclass(frozen=True, slots=True)
class Entry:
    """Drug entering one compartment: `amount` (N,) mg, at once when `lasts_min` is 0."""

    into: int
    amount: Floats
    starts_min: float
    lasts_min: float = 0.0

    @property
    def ends_min(self) -> float:
        return self.starts_min + self.lasts_min


def solve(matrices: Floats, entries: Sequence[Entry], t_min: Floats) -> Floats:
    """State of N people at each instant, (T, N, n), from their networks (N, n, n), 1/min."""
    people, n = matrices.shape[:2]
    edges = {e for one in entries for e in (one.starts_min, one.ends_min) if e <= t_min[-1]}
    state, now, seen = np.zeros((people, n)), 0.0, {}
    for stop in sorted({0.0, *t_min.tolist(), *edges}):
        if stop > now:
            state, now = (
                _moved(matrices, state, _rates(entries, now, stop, state), stop - now),
                stop,
            )
        for one in entries:
            if one.lasts_min == 0 and one.starts_min == stop:
                state[:, one.into] += one.amount
        seen[stop] = state.copy()
    return np.array([seen[t] for t in t_min.tolist()])


def _rates(entries: Sequence[Entry], begin: float, end: float, state: Floats) -> Floats:
    rates = np.zeros_like(state)
    for one in entries:
        if one.lasts_min > 0 and one.starts_min <= begin and end <= one.ends_min:
            rates[:, one.into] += one.amount / one.lasts_min
    return rates


def _moved(matrices: Floats, state: Floats, rates: Floats, minutes: float) -> Floats:
    def change(_: float, flat: Floats) -> Floats:
        held = flat.reshape(state.shape)
        return (np.matmul(matrices, held[:, :, None])[:, :, 0] + rates).ravel()

    found = solve_ivp(
        change,
        (0.0, minutes),
        state.ravel(),
        method=Worst,
        rtol=RTOL,
        atol=ATOL,
        t_eval=[minutes],
    )
    assert found.success, found.message
    return np.asarray(found.y[:, -1].reshape(state.shape))
