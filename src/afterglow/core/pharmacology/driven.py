"""M8 along the drive itself: right within the day of a session, quick for very many people.

As `plasticity.py`, but a session is not gathered into two pulses: the trigger follows the curve of
the drive, so scores of the first hours are right and an infusion may last for days.

    A' = u - d_a A                 u: potential entering, a straight line between two marks
    P' = d_a A (1 - P) - d_p P
    L' = k_l P (1 - L) - d_l L

1 - P and 1 - L leave at rates whose integral over a step is known: of the trigger exactly, for what
entered and did not stay has acted; of P from its values and slopes at both ends (Hermite). So
a step costs two exponentials of small numbers: the fourth power of a quarter's Padé approximant of
order 2, within 2e-7 up to 0.5 and never outside 0 to 1. Against an ODE solver: test_driven.py.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.compiled import compiled
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.threads import shared_out

Ints = NDArray[np.int64]
BLOCK = 64  # people at a time: enough to work on side by side, few enough to stay in the cache
DAY_MIN = 1440.0
# Minutes after the last drive of a session, while the trigger dies away: from, to, apart.
AFTER_MIN = ((10.0, 240.0, 10.0), (240.0, 720.0, 15.0), (720.0, 2881.0, 60.0))
LONGEST_DAYS = 0.5
SAME_DAYS = 1e-9  # two marks nearer than this are one
# Places in a block's scratch: what people are, what is true of a step, and where they stand.
D_A, D_P, K_L, D_L, U0, U1, KEPT, W0, W1, A, P, L, PLACES = range(13)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """One session: potential entering per day at minutes since it began, a straight line between.

    Shapes: t_min (g,) from 0, ascending; per_day (g, n), time first as levels are. After the last
    minute nothing enters: follow the effect site until it has faded.
    """

    at_day: float
    t_min: Floats
    per_day: Floats

    def __post_init__(self) -> None:
        if self.t_min[0] != 0 or np.any(np.diff(self.t_min) <= 0):
            raise BadInput("t_min must begin at 0 and ascend.")
        if self.per_day.shape[0] != self.t_min.size:
            raise BadInput(f"per_day must have {self.t_min.size} rows, one for each of t_min.")

    @property
    def days(self) -> Floats:
        """The days of its minutes."""
        return self.at_day + self.t_min / DAY_MIN


@dataclass(frozen=True, slots=True)
class Slowing:
    """From one day to another both fading rates are multiplied."""

    from_day: float
    to_day: float
    factor: float


def follow(
    drives: Sequence[Drive], rates: Floats, t_days: Floats, slowing: Sequence[Slowing] = ()
) -> tuple[Floats, Floats]:
    """P and L of everybody at every time, (t, n) each.

    Shapes: rates (n, 4) = d_a, d_p, k_l, d_l per day; t_days (t,) ascending, on the clock of
    `at_day`. Sessions must not overlap, nor must spans of slowing. Error: below 1e-4 at everyday
    rates and 3e-4 at the ends of the mood sheet, with a minute of `drive_minutes` a step.
    """
    drives = sorted(drives, key=lambda one: one.at_day)
    if any(one.days[-1] > other.at_day for one, other in pairwise(drives)):
        raise BadInput("drives: a session begins before the one before it has ended.")
    marks = _marks(drives, t_days, slowing)
    steps = np.column_stack([np.diff(marks), _factors(marks, slowing)])
    kinds, kind_of = np.unique(np.round(steps, 12), axis=0, return_inverse=True)
    out = np.zeros((2, t_days.size, rates.shape[0]))
    told = (
        np.vstack([np.zeros((1, rates.shape[0])), *(one.per_day for one in drives)]),
        _rows(drives, marks),
        kinds,
        kind_of.astype(np.int64).ravel(),
        np.searchsorted(marks, t_days - SAME_DAYS).astype(np.int64),
        np.ascontiguousarray(rates.T),
    )
    shared_out(rates.shape[0], BLOCK, lambda first, last: _follow(*told, out, first, last))
    return out[0], out[1]


def _marks(drives: Sequence[Drive], t_days: Floats, slowing: Sequence[Slowing]) -> Floats:
    """Every instant at which a step ends, for all people alike."""
    first, last = min([t_days[0], *(one.at_day for one in drives)]), t_days[-1]
    after = np.concatenate([np.arange(*span) for span in AFTER_MIN]) / DAY_MIN
    every = [t_days, np.arange(first, last, LONGEST_DAYS), np.array([first, last])]
    every += [np.array([one.from_day, one.to_day]) for one in slowing]
    for one in drives:
        every += [one.days, one.days[-1] + after]
    found: Floats = np.sort(np.concatenate(every))
    found = found[(found >= first) & (found <= last)]
    return np.asarray(found[np.append(True, np.diff(found) > SAME_DAYS)])


def _factors(marks: Floats, slowing: Sequence[Slowing]) -> Floats:
    """The factor on fading in each step."""
    middle = (marks[1:] + marks[:-1]) / 2
    factor = np.ones(middle.size)
    for one in slowing:
        factor[(middle > one.from_day) & (middle < one.to_day)] = one.factor
    return factor


def _rows(drives: Sequence[Drive], marks: Floats) -> tuple[Ints, Floats]:
    """For both ends of each step, the row of drive before it, and how far towards the next.

    (k, 2) each. A mark inside a session that no minute of its own stands on lies between two rows.
    """
    ends = np.column_stack([marks[:-1], marks[1:]])
    middle = ends.mean(axis=1)
    row, part = np.zeros(ends.shape, np.int64), np.zeros(ends.shape)
    first = 1
    for one in drives:
        inside = (middle > one.days[0]) & (middle < one.days[-1])
        at = np.clip(np.searchsorted(one.days, ends[inside] + SAME_DAYS) - 1, 0, one.t_min.size - 2)
        row[inside] = first + at
        gaps = one.days[at + 1] - one.days[at]
        part[inside] = np.clip((ends[inside] - one.days[at]) / gaps, 0.0, 1.0)
        first += one.t_min.size
    return row, part


@compiled
def _follow(
    drive: Floats,
    row_of: tuple[Ints, Floats],
    kinds: Floats,
    kind_of: Ints,
    seen: Ints,
    rates: Floats,
    out: Floats,
    begin: int,
    end: int,
) -> None:
    rows, parts = row_of
    x = np.ones(PLACES * BLOCK)
    same = np.empty((3, kinds.shape[0], BLOCK))
    for first in range(begin, end, BLOCK):
        people = min(BLOCK, end - first)
        for k in range(4):
            x[k * BLOCK : k * BLOCK + people] = rates[k, first : first + people]
        _entering(x, kinds, same)
        x[A * BLOCK :] = 0.0
        at = 0
        while at < seen.size and seen[at] == 0:
            at += 1
        for k in range(kind_of.size):
            kind = kind_of[k]
            if rows[k, 0] > 0:
                _between(drive, rows[k, 0], parts[k, 0], first, people, x, U0)
                _between(drive, rows[k, 1], parts[k, 1], first, people, x, U1)
            else:
                x[U0 * BLOCK : KEPT * BLOCK] = 0.0
            for w in range(3):
                x[(KEPT + w) * BLOCK : (KEPT + w + 1) * BLOCK] = same[w, kind]
            _step(x, kinds[kind, 0], kinds[kind, 1])
            while at < seen.size and seen[at] == k + 1:
                out[0, at, first : first + people] = x[P * BLOCK : P * BLOCK + people]
                out[1, at, first : first + people] = x[L * BLOCK : L * BLOCK + people]
                at += 1


@compiled
def _between(
    drive: Floats, row: int, part: float, first: int, people: int, x: Floats, place: int
) -> None:
    """Drive of a block at one end of a step."""
    before, after = drive[row, first : first + people], drive[row + 1, first : first + people]
    own = x[place * BLOCK : place * BLOCK + people]
    for n in range(people):
        own[n] = before[n] + part * (after[n] - before[n])


@compiled
def _entering(x: Floats, kinds: Floats, same: Floats) -> None:
    """What is left of the trigger after each kind of step, and the weights of what enters."""
    for kind in range(kinds.shape[0]):
        days = kinds[kind, 0]
        for n in range(BLOCK):
            z = x[D_A * BLOCK + n] * days
            gone = -math.expm1(-z)
            late = (1.0 - gone / z) * days / z
            same[0, kind, n] = 1.0 - gone
            same[1, kind, n] = gone * days / z - late
            same[2, kind, n] = late


@compiled
def _step(x: Floats, days: float, factor: float) -> None:
    """One step of a block. All stands in one array, so that the compiler sees who is whose."""
    for n in range(BLOCK):
        d_a, d_p = x[D_A * BLOCK + n], x[D_P * BLOCK + n] * factor
        k_l, d_l = x[K_L * BLOCK + n], x[D_L * BLOCK + n] * factor
        u0, u1 = x[U0 * BLOCK + n], x[U1 * BLOCK + n]
        a0, p0, l0 = x[A * BLOCK + n], x[P * BLOCK + n], x[L * BLOCK + n]
        a1 = a0 * x[KEPT * BLOCK + n] + u0 * x[W0 * BLOCK + n] + u1 * x[W1 * BLOCK + n]

        acted = 0.5 * days * (u0 + u1) - (a1 - a0)  # the integral of d_a A
        kept, mean = _left(max(acted, 0.0) + d_p * days)
        p1 = 1 - (1 - p0) * kept - d_p * days * mean

        rise0, rise1 = d_a * a0 * (1 - p0) - d_p * p0, d_a * a1 * (1 - p1) - d_p * p1
        built = k_l * days * (0.5 * (p0 + p1) + days * (rise0 - rise1) / 12)
        kept, mean = _left(max(built, 0.0) + d_l * days)
        x[A * BLOCK + n], x[P * BLOCK + n] = a1, p1
        x[L * BLOCK + n] = 1 - (1 - l0) * kept - d_l * days * mean


@compiled
def _left(z: float) -> tuple[float, float]:
    """exp(-z) for z of 0 or more, and its mean from 0 to z; never outside 0 to 1."""
    w = z / 4
    per = 1 / (1 + w * (0.5 + w / 12))
    quarter = (1 - w * (0.5 - w / 12)) * per
    return quarter**4, 0.25 * per * (1 + quarter) * (1 + quarter * quarter)
