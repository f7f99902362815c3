"""What a session's drive is expected to take from the symptoms: of this patient, or of people.

Benefit depends on a dose only through its drive, so it is worked out at a few amounts of drive for
each person, and read off a smooth curve in between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np

from afterglow.core.dosing.mood_belief import MoodBelief, in_bodies
from afterglow.core.dosing.options import Candidates
from afterglow.core.dosing.outlook import Visit
from afterglow.core.pharmacology import mood
from afterglow.core.pharmacology.compiled import compiled
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.mood import MoodParams, SessionDrive, course_along
from afterglow.core.pharmacology.mood_people import DIRECTIONS, people_of, picked
from afterglow.core.pharmacology.normal import quantile
from afterglow.core.pharmacology.outcomes import drug_benefit

PEOPLE, SEED = 300, 1  # of the population whose mean is told; always the same ones
BODIES = 250  # whose drive is followed
NODES = 13
MOST_DRIVE_H = 16.0
# An hour of drive rises and falls over three: a day's plasticity hardly tells one from another.
DRIVEN_MIN = np.arange(0.0, 181.0, 15.0)
DRIVEN_PER_H = (1.0 - np.abs(DRIVEN_MIN / 90.0 - 1.0)) / 1.5
DAYS_LATER = 1.0


class Whose(StrEnum):
    """Whose benefit is told."""

    PATIENT = "patient"  # learnt from their own scores
    POPULATION = "population"


@dataclass(frozen=True, slots=True)
class Ahead:
    """Days of the sessions to come and days on which the score is looked at; 0 is the last session.

    Where nothing was given before, 0 is simply a day.
    """

    sessions: tuple[float, ...]
    looked_at: tuple[float, ...]

    def less(self, days: float) -> Ahead:
        """The same, told from so many days later; rounded, so that the same is the same."""
        return Ahead(
            tuple(round(day - days, 6) for day in self.sessions),
            tuple(round(day - days, 6) for day in self.looked_at),
        )


def ahead(candidates: Candidates, spacing_days: float | None, visit: Visit) -> Ahead:
    """One session and the day after it; or a series at a spacing, and every day of the time."""
    first = visit.spaced(spacing_days).idle_days
    if spacing_days is None:
        return Ahead((first,), (first + DAYS_LATER,))
    every = (first + spacing_days * k for k in range(candidates.sessions))
    looked_at = visit.idle_days + np.arange(1.0, candidates.over_days + 1.0)
    sessions = tuple(day for day in every if day < looked_at[-1])
    return Ahead(sessions, tuple(looked_at.tolist()))


@dataclass(frozen=True, slots=True)
class Gain:
    """What drive brings: cubics between amounts of drive, for everybody or for each of n bodies."""

    nodes_h: Floats  # (K,) ascending
    cubic: Floats  # (4, K - 1, P), P of 1 or n

    def of(self, drive_h: Floats) -> Floats:
        """Mean share of the starting score gone, (D,), at drives (D, n)."""
        return _read(np.minimum(drive_h, MOST_DRIVE_H), self.nodes_h, self.cubic)


def bodies(people: Mapping[str, Floats], known: MoodBelief | None) -> dict[str, Floats]:
    """Those whose drive is followed, (n,): the patient's as learnt with their mood, or these."""
    held = people if known is None else known.bodies_in_their_units()
    every = slice(None, None, _step(held["cl"].size))
    return {name: value[every] for name, value in held.items()}


def gain(known: MoodBelief | None, days: Ahead) -> Gain:
    """Of this patient, what the sessions to come take away beyond those already given; else the
    mean of a population, by drug alone, as if nothing had been given before.
    """
    from scipy.interpolate import PchipInterpolator  # noqa: PLC0415 - slow to load

    nodes = _nodes()
    if known is None:
        share = _population(days.less(days.sessions[0]))[:, None]
    else:
        left = _left(known, days, nodes)
        share = left[0] - left
    return Gain(nodes, np.ascontiguousarray(PchipInterpolator(nodes, share, axis=0).c))


def _step(n: int) -> int:
    return max(1, n // BODIES)


def _nodes() -> Floats:
    """Amounts of drive, h: closer together where a little more tells."""
    return np.asarray(MOST_DRIVE_H * np.linspace(0.0, 1.0, NODES) ** 2)


@lru_cache(maxsize=64)
def _population(days: Ahead) -> Floats:
    """Mean share gone at each node of drive, by drug alone, (K,)."""
    people, drive_h = _each_at_each(_everyone(), _nodes())
    found = course_along(people, _given(days.sessions, drive_h), np.array(days.looked_at))
    return np.asarray(drug_benefit(people, found).reshape(NODES, -1).mean(axis=1))


def _each_at_each(people: MoodParams, nodes: Floats) -> tuple[MoodParams, Floats]:
    """Everybody once for each amount of drive, and these amounts: (K * n,), the first for all."""
    every = np.tile(np.arange(people.people), nodes.size)
    return picked(people, every), np.repeat(nodes, people.people)


def _everyone() -> MoodParams:
    """People of the population, spread evenly in each direction: few stand for many."""
    evenly = quantile((np.arange(PEOPLE) + 0.5) / PEOPLE)
    places = np.random.default_rng(SEED).permuted(np.tile(evenly, (DIRECTIONS, 1)), axis=1)
    return people_of(places, expectancy=mood.Expectancy.NONE)


def _left(known: MoodBelief, days: Ahead, nodes: Floats) -> Floats:
    """Share of the starting score left at each drive, mean of the days looked at, (K, n)."""
    kept = np.arange(0, len(known.bodies), _step(len(known.bodies)))
    people, drive_h = _each_at_each(picked(known.people(), kept), nodes)
    so_far = in_bodies(known.drives(), np.tile(kept, nodes.size))
    last = max(one.day for one in known.seen.sessions)
    more = _given(last + np.array(days.sessions), drive_h)
    looked_at = last + np.array(days.looked_at)
    then = course_along(people, [*so_far, *more], looked_at, known.seen.therapy)
    left: Floats = then.madrs.mean(axis=1) / people.baseline_madrs
    return left.reshape(nodes.size, -1)


def _given(sessions: Sequence[float] | Floats, drive_h: Floats) -> list[SessionDrive]:
    """Sessions on these days that drive each person so much, (n,)."""
    drive = np.outer(DRIVEN_PER_H, drive_h)
    return [SessionDrive(at_day=float(day), t_min=DRIVEN_MIN, drive=drive) for day in sessions]


@compiled
def _read(drive_h: Floats, nodes_h: Floats, cubic: Floats) -> Floats:
    """Mean (D,) of each body's own curve, or of everybody's, at its drives (D, n)."""
    out = np.zeros(drive_h.shape[0])
    everybody = cubic.shape[2] == 1
    for d in range(drive_h.shape[0]):
        total = 0.0
        for n in range(drive_h.shape[1]):
            k = min(np.searchsorted(nodes_h, drive_h[d, n], side="right"), nodes_h.size - 1) - 1
            x, p = drive_h[d, n] - nodes_h[k], 0 if everybody else n
            total += ((cubic[0, k, p] * x + cubic[1, k, p]) * x + cubic[2, k, p]) * x
            total += cubic[3, k, p]
        out[d] = total / drive_h.shape[1]
    return out
