"""Any linear compartment network, solved exactly.

Two ways to the same answer: modes (an eigen-decomposition, exact at any time in one step) and,
where compartments share a rate and modes do not exist, the matrix exponential step by step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from afterglow.core.errors import BadInput

Floats = NDArray[np.float64]

# Past this condition number of the eigenvectors, levels far below the peak lose their sixth digit.
WORST_CONDITION = 1e5


@dataclass(frozen=True, slots=True)
class Flow:
    """Drug leaving one compartment for another, or for good when `to` is None."""

    source: str
    to: str | None
    per_min: float


@dataclass(frozen=True, slots=True)
class Follower:
    """A quantity that follows a weighted sum of amounts and takes no drug: dy/dt = k (w x - y).

    Effect sites and the slow part of venous blood are followers.
    """

    name: str
    watches: Mapping[str, float]  # compartment -> weight, in [quantity] per mg
    per_min: float


@dataclass(frozen=True, slots=True)
class Input:
    """Drug entering one compartment: at once when `lasts_min` is 0, else at a constant rate."""

    into: str
    amount: float
    starts_min: float = 0.0
    lasts_min: float = 0.0


@dataclass(frozen=True)
class Network:
    """Named compartments and the matrix that moves them: dx/dt = matrix @ x + input, per min."""

    names: tuple[str, ...]
    matrix: Floats = field(repr=False)  # (n, n), 1/min

    @classmethod
    def of(
        cls, compartments: Sequence[str], flows: Iterable[Flow], followers: Iterable[Follower] = ()
    ) -> Network:
        """Assemble from flows (which conserve drug) and followers (which take none)."""
        followers = tuple(followers)
        names = (*compartments, *(one.name for one in followers))
        if len(set(names)) != len(names):
            raise BadInput(f"Compartment names must differ, got {', '.join(names)}.")
        at = {name: index for index, name in enumerate(names)}
        matrix = np.zeros((len(names), len(names)))
        for flow in flows:
            _rate(flow.per_min, f"flow from {flow.source}")
            matrix[at[flow.source], at[flow.source]] -= flow.per_min
            if flow.to is not None:
                matrix[at[flow.to], at[flow.source]] += flow.per_min
        for one in followers:
            _rate(one.per_min, one.name)
            matrix[at[one.name], at[one.name]] -= one.per_min
            for watched, weight in one.watches.items():
                matrix[at[one.name], at[watched]] += one.per_min * weight
        return cls(names, matrix)

    def amounts(self, inputs: Sequence[Input], t_min: Sequence[float]) -> Floats:
        """State at each instant, shape (len(t_min), n). A bolus counts from its own instant on."""
        times = np.asarray(t_min, dtype=np.float64)
        if times.size and (not np.all(np.isfinite(times)) or np.any(np.diff(times) < 0)):
            raise BadInput("t_min must be finite numbers in ascending order.")
        modes = self._modes()
        if modes is None:
            return _by_exponential(self.matrix, self._placed(inputs), times)
        return _by_modes(*modes, self._placed(inputs), times)

    def _placed(self, inputs: Sequence[Input]) -> list[tuple[int, Input]]:
        return [(self.names.index(one.into), one) for one in inputs]

    def _modes(self) -> tuple[NDArray[np.complex128], NDArray[np.complex128]] | None:
        rates, vectors = np.linalg.eig(self.matrix.astype(np.complex128))
        if not np.linalg.cond(vectors) < WORST_CONDITION:
            return None
        return rates, vectors


def _rate(per_min: float, what: str) -> None:
    if not (np.isfinite(per_min) and per_min >= 0):
        raise BadInput(f"The rate of the {what} must be 0 per min or more, got {per_min}.")


def _by_modes(
    rates: NDArray[np.complex128],
    vectors: NDArray[np.complex128],
    inputs: list[tuple[int, Input]],
    times: Floats,
) -> Floats:
    state = np.zeros((times.size, rates.size), dtype=np.complex128)
    inverse = np.linalg.inv(vectors)
    for into, one in inputs:
        since = times[:, None] - one.starts_min
        state += one.amount * inverse[:, into] * _response(rates, since, one.lasts_min)
    return np.real(state @ vectors.T).astype(np.float64)


def _response(
    rates: NDArray[np.complex128], since: Floats, lasts_min: float
) -> NDArray[np.complex128]:
    """What one unit of drug has made of each mode, `since` min after its start. (times, modes)"""
    begun = since >= 0
    since = np.maximum(since, 0.0)
    if lasts_min == 0:
        return np.where(begun, np.exp(rates * since), 0.0)
    running = np.minimum(since, lasts_min)
    still = np.abs(rates) * lasts_min < 1e-12  # a mode that does not move just collects
    safe = np.where(still, 1.0, rates)
    gained = np.where(still, running, np.expm1(rates * running) / safe)
    return np.asarray(gained * np.exp(rates * (since - running)) / lasts_min, np.complex128)


def _by_exponential(matrix: Floats, inputs: list[tuple[int, Input]], times: Floats) -> Floats:
    n = matrix.shape[0]
    edges = {one.starts_min for _, one in inputs}
    edges |= {one.starts_min + one.lasts_min for _, one in inputs}
    stops = np.unique(np.concatenate([times, np.array(sorted(edges), dtype=np.float64)]))
    state, seen, now = np.zeros(n), {}, -np.inf
    steps: dict[float, Floats] = {}
    for stop in stops:
        if np.isfinite(now):
            state = _advance(matrix, state, _rates(inputs, now, stop, n), stop - now, steps)
        for into, one in inputs:
            if one.lasts_min == 0 and one.starts_min == stop:
                state[into] += one.amount
        seen[float(stop)], now = state.copy(), stop
    return np.array([seen[float(t)] for t in times]).reshape(times.size, n)


def _rates(inputs: list[tuple[int, Input]], begin: float, end: float, n: int) -> Floats:
    rates = np.zeros(n)
    for into, one in inputs:
        if one.lasts_min > 0 and one.starts_min <= begin and end <= one.starts_min + one.lasts_min:
            rates[into] += one.amount / one.lasts_min
    return rates


def _advance(
    matrix: Floats, state: Floats, rates: Floats, minutes: float, steps: dict[float, Floats]
) -> Floats:
    """One exact step: the exponential of the network with its input as one more column."""
    n = state.size
    if minutes not in steps:
        wide = np.zeros((2 * n, 2 * n))
        wide[:n, :n], wide[:n, n:] = matrix * minutes, np.eye(n) * minutes
        from scipy.linalg import expm  # noqa: PLC0415 - slow to load, and seldom needed

        steps[minutes] = np.asarray(expm(wide))
    step = steps[minutes]
    moved: Floats = step[:n, :n] @ state + step[:n, n:] @ rates
    return moved
