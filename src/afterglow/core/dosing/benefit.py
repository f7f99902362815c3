"""What a session's drive is expected to take from the symptoms: of this patient, or of people.

Benefit depends on a dose only through its drive, so it is worked out at a few amounts of drive for
each person, and read off a smooth curve in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np

from afterglow.core.dosing.mood_belief import MoodBelief
from afterglow.core.dosing.options import Candidates
from afterglow.core.dosing.outlook import Visit
from afterglow.core.pharmacology import mood
from afterglow.core.pharmacology.compiled import compiled
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.mood import MoodParams, Pulses
from afterglow.core.pharmacology.mood_people import DIRECTIONS, people_of, thinned
from afterglow.core.pharmacology.normal import quantile
from afterglow.core.pharmacology.outcomes import drug_benefit

PEOPLE, SEED = 300, 1  # of the population whose mean is told; always the same ones
BODIES = 250  # whose drive is followed
NODES = 13
MOST_DRIVE_H = 16.0
DRIVEN_AT_DAY = 1.5 / 24  # of a session: a day's plasticity hardly tells an hour from another
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
    """Mean share gone at each node of drive, (K,)."""
    people = _everyone()
    return np.array([float(_gone(people, drive, days).mean()) for drive in _nodes()])


def _everyone() -> MoodParams:
    """People of the population, spread evenly in each direction: few stand for many."""
    evenly = quantile((np.arange(PEOPLE) + 0.5) / PEOPLE)
    places = np.random.default_rng(SEED).permuted(np.tile(evenly, (DIRECTIONS, 1)), axis=1)
    return people_of(places, expectancy=mood.Expectancy.NONE)


def _gone(people: MoodParams, drive_h: float, days: Ahead) -> Floats:
    """Share of the starting score that the drug has taken, (n, days looked at)."""
    given = _pulses(np.array(days.sessions), drive_h)
    return drug_benefit(people, mood.course(people, given, np.array(days.looked_at)))


def _left(known: MoodBelief, days: Ahead, nodes: Floats) -> Floats:
    """Share of the starting score left at each drive, mean of the days looked at, (K, n)."""
    each = slice(None, None, _step(len(known.bodies)))
    people, so_far = thinned(known.people(), each), known.pulses()
    so_far = Pulses(at_days=so_far.at_days, drive_h=so_far.drive_h[each])
    last = max(one.day for one in known.seen.sessions)
    to_come, looked_at = last + np.array(days.sessions), last + np.array(days.looked_at)
    left = []
    for drive_h in nodes:
        more = _pulses(to_come, np.full(people.people, drive_h))
        then = mood.course(people, mood.join([so_far, more]), looked_at, known.seen.therapy)
        left.append(then.madrs.mean(axis=1) / people.baseline_madrs)
    return np.array(left)


def _pulses(sessions: Floats, drive_h: float | Floats) -> Pulses:
    at = sessions + DRIVEN_AT_DAY
    return Pulses(at_days=at, drive_h=np.multiply.outer(drive_h, np.ones(at.size)))


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
