"""Levels over time for many people at once: exact modes, stepped along a shared time grid.

The inner loop is compiled. It knows nothing of drugs: it moves modes, and adds them up.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from afterglow.core.pharmacology.compiled import compiled
from afterglow.core.pharmacology.doses import Timeline
from afterglow.core.pharmacology.modes import Floats, Shape
from afterglow.core.pharmacology.threads import shared_out

Ints = NDArray[np.int64]
BLOCK = 512  # people at a time: enough to work on, few enough to stay in the cache


@dataclass(slots=True)
class Bank:
    """Modes of N people and how outputs are made of them. Outputs that share modes share work."""

    outputs: tuple[str, ...]
    rates: list[Floats] = field(default_factory=list)  # each (N,)
    stream: list[int] = field(default_factory=list)
    terms: list[tuple[int, int, Floats]] = field(default_factory=list)

    def open(self, stream: int, parent: Shape) -> list[int]:
        """Add the modes of what enters by a stream; returns their places."""
        return [self._mode(stream, rate) for rate in parent.rates]

    def add(self, stream: int, places: list[int], shape: Shape, *outputs: str) -> None:
        """Add a shape that begins with the modes at `places` to one or more outputs."""
        own = [self._mode(stream, rate) for rate in shape.rates[len(places) :]]
        for output in outputs:
            at = self.outputs.index(output)
            pairs = zip([*places, *own], shape.coefficients, strict=True)
            self.terms += [(at, place, coefficient) for place, coefficient in pairs]

    def _mode(self, stream: int, rate: Floats) -> int:
        self.rates.append(rate)
        self.stream.append(stream)
        return len(self.rates) - 1

    def run(self, line: Timeline) -> Floats:
        """Every output at every instant of the grid, (outputs, T, N)."""
        rates = np.stack(self.rates)
        people = rates.shape[1]
        decay = np.exp(-line.steps_min[:, None, None] * rates)
        terms = sorted(self.terms, key=lambda term: term[0])
        out = np.empty((len(self.outputs), line.at_min.size, people))
        told = (
            (decay, (1 - decay) / rates, line.step_of),
            (line.rates, line.jumps, np.array(self.stream)),
            np.array([[at, place] for at, place, _ in terms]),
            np.stack([coefficient for _, _, coefficient in terms]),
        )
        shared_out(people, BLOCK, lambda first, last: _step(*told, out, first, last))
        return out


@compiled
def _step(
    moving: tuple[Floats, Floats, Ints],
    entering: tuple[Floats, Floats, Ints],
    terms: Ints,
    coefficients: Floats,
    out: Floats,
    begin: int,
    end: int,
) -> None:
    decay, gain, step_of = moving
    rates, jumps, stream = entering
    modes = decay.shape[1]
    state = np.zeros((modes, BLOCK))
    for first in range(begin, end, BLOCK):
        last = min(first + BLOCK, end)
        state[:] = 0.0
        for t in range(out.shape[1]):
            for m in range(modes):
                own = state[m]
                if t > 0:
                    u, rate = step_of[t - 1], rates[stream[m], t - 1]
                    _move(own, decay[u, m, first:last], gain[u, m, first:last], rate)
                jump = jumps[stream[m], t]
                if jump != 0.0:
                    own += jump
            out[:, t, first:last] = 0.0
            for k in range(terms.shape[0]):
                _add(
                    out[terms[k, 0], t, first:last], coefficients[k, first:last], state[terms[k, 1]]
                )


@compiled
def _move(state: Floats, decay: Floats, gain: Floats, rate: float) -> None:
    if rate == 0.0:
        for n in range(decay.size):
            state[n] = state[n] * decay[n]
    else:
        for n in range(decay.size):
            state[n] = state[n] * decay[n] + rate * gain[n]


@compiled
def _add(total: Floats, coefficient: Floats, state: Floats) -> None:
    for n in range(total.size):
        total[n] += coefficient[n] * state[n]
