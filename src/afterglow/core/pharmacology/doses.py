"""Doses on a time grid: for each stream of drug, its rate over each step and its jumps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology import routes
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.routes import Way
from afterglow.core.quantity import Bolus, Dose, Infusion

LONGEST_MIN = 10_080.0  # a week: infusions of 96 h were given, and nasal courses are weekly
MOST_POINTS = 5000
S, R = 0, 1  # the streams of each way in


@dataclass(frozen=True, slots=True)
class Timeline:
    """Every instant that matters, ascending: those asked for and those at which a dose changes."""

    at_min: Floats  # (T,)
    asked: NDArray[np.intp]  # index into at_min of each instant asked for
    steps_min: Floats  # the different step lengths, (U,)
    step_of: NDArray[np.int64]  # which of them each step is, (T - 1,)
    ways: tuple[Way, ...]  # in use: S and R of the first, then of the next
    rates: Floats  # mg/min of each stream over each step, (2 * ways, T - 1)
    jumps: Floats  # mg of each stream at each instant, (2 * ways, T)


def checked_times(t_min: Sequence[float]) -> Floats:
    """Times as an array, or a sentence saying what is wrong with them."""
    times = np.asarray(t_min, dtype=np.float64)
    if not 1 <= times.size <= MOST_POINTS:
        raise BadInput(f"t_min must hold 1 to {MOST_POINTS} times, got {times.size}.")
    if not np.all((times >= 0) & (times <= LONGEST_MIN)):
        raise BadInput(f"t_min must be 0 to {LONGEST_MIN:g} min, finite.")
    if np.any(np.diff(times) <= 0):
        raise BadInput("t_min must be in ascending order, without repeats.")
    return times


def timeline(doses: Sequence[Dose], t_min: Floats) -> Timeline:
    """The grid for these doses at `t_min` (T,), minutes.

    A dose after the last time asked for plays no part.
    """
    return timeline_of(routes.entering(doses), t_min)


def timeline_of(entering: Sequence[tuple[Way, Dose]], t_min: Floats) -> Timeline:
    """The same, each dose with the way by which it enters; `t_min` (T,), minutes."""
    used = routes.named(way for way, _ in entering)
    return laid_out([(used.index(way), dose) for way, dose in entering], used, t_min)


def laid_out(
    entering: Sequence[tuple[int, Dose]], ways: tuple[Way, ...], t_min: Floats, *, paths: int = 0
) -> Timeline:
    """The grid for doses that enter by numbered paths: as many as there are ways, or `paths`.

    `t_min` (T,), minutes.
    """
    last, streams = t_min[-1], 2 * (paths or len(ways))
    edges = [e for _, d in entering for e in (d.starts_min, d.ends_min) if e <= last]
    at = np.unique(np.concatenate([t_min, np.array(edges, dtype=np.float64)]))
    steps, step_of = _steps(at)
    rates, jumps = np.zeros((streams, at.size - 1)), np.zeros((streams, at.size))
    for path, dose in entering:
        pair = slice(2 * path, 2 * path + 2)
        _give(dose, at, rates[pair], jumps[pair])
    return Timeline(at, np.searchsorted(at, t_min), steps, step_of, ways, rates, jumps)


def _steps(at: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Step lengths, told apart to a millionth of a second so that equal steps share their work."""
    rounded = np.round(np.diff(at), 8)
    steps, step_of = np.unique(rounded, return_inverse=True)
    return steps, step_of.astype(np.int64)


def _give(dose: Dose, at: Floats, rates: Floats, jumps: Floats) -> None:
    shares = np.array([dose.drug.s_fraction, 1 - dose.drug.s_fraction])
    match dose:
        case Bolus() if dose.starts_min <= at[-1]:
            jumps[:, np.searchsorted(at, dose.starts_min)] += dose.amount.mg * shares
        case Infusion():
            running = (at[:-1] >= dose.starts_min) & (at[1:] <= dose.ends_min)
            rates[:, running] += (dose.rate_mg_per_min * shares)[:, None]
