"""Levels over time for many people at once: exact modes, stepped along a shared time grid.

The inner loop is compiled. It knows nothing of drugs: it moves modes, and adds them up.
"""

from __future__ import annotations

from collections.abc import Sequence
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
        return self.ready([line]).run(line)

    def ready(self, lines: Sequence[Timeline]) -> Ready:
        """Made ready to be run along any of these grids: what a step does is worked out once."""
        rates, steps_min = np.stack(self.rates), _all_steps(lines)
        decay = np.exp(-steps_min[:, None, None] * rates)
        terms = sorted(self.terms, key=lambda term: term[0])
        return Ready(
            outputs=len(self.outputs),
            steps_min=steps_min,
            decay=decay,
            gain=(1 - decay) / rates,
            stream=np.array(self.stream),
            terms=np.array([[at, place] for at, place, _ in terms]),
            coefficients=np.stack([coefficient for _, _, coefficient in terms]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A bank's modes of N people, with what every step of some grids does to them."""

    outputs: int
    steps_min: Floats  # (U,)
    decay: Floats  # over each step, (U, modes, N)
    gain: Floats  # of each mg/min over each step
    stream: Ints  # of each mode
    terms: Ints  # (terms, 2): output, mode
    coefficients: Floats  # (terms, N)

    def run(self, line: Timeline) -> Floats:
        """Every output at every instant of one of the grids, (outputs, T, N)."""
        step_of = np.searchsorted(self.steps_min, line.steps_min)[line.step_of]
        people = self.coefficients.shape[1]
        out = np.empty((self.outputs, line.at_min.size, people))
        told = (
            (self.decay, self.gain, step_of),
            (line.rates, line.jumps, self.stream),
            self.terms,
            self.coefficients,
        )
        shared_out(people, BLOCK, lambda first, last: _step(*told, out, first, last))
        return out


def _all_steps(lines: Sequence[Timeline]) -> Floats:
    """The step lengths of these grids, each once, ascending."""
    return np.unique(np.concatenate([line.steps_min for line in lines]))


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
