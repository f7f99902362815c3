"""What every session of a course does to everybody: its drive on mood, and what is told of it.

Sessions that are given alike have the same levels, and these are computed once. Levels of one
session are taken to be gone before the next [own].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from afterglow.core.dosing.outlook import Visit
from afterglow.core.dosing.trial_plan import Arm
from afterglow.core.dosing.virtual_given import Given
from afterglow.core.dosing.virtual_levels import levels_of
from afterglow.core.dosing.virtual_people import Crowd
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.mood import SessionDrive, drive_minutes, drive_rate

# What is told of one session, (n,) each, from its circumstances, minutes (t,) and levels (t, n).
Measure = Callable[[Visit, Floats, dict[str, Floats]], dict[str, Floats]]


@dataclass(frozen=True, slots=True)
class Undergone:
    """One session as everybody undergoes it."""

    drive: SessionDrive
    dose_mg: Floats  # (n,)
    told: Mapping[str, Floats]


def undergone(
    arm: Arm,
    crowd: Crowd,
    sites: Sequence[str],
    measure: Measure,
) -> list[tuple[Undergone, ...]]:
    """Every session of an arm, by each of its rungs. `sites` are the levels `measure` looks at."""
    alike: dict[tuple[tuple[Given, ...], int], list[int]] = {}
    for k, session in enumerate(arm.sessions):
        day = k if any(one.differs_by_day for one in session.rungs) else 0
        alike.setdefault((session.rungs, day), []).append(k)
    found: dict[int, tuple[Undergone, ...]] = {}
    wanted = tuple(dict.fromkeys((lv.DISSOCIATION_SITE, *sites)))
    for (rungs, day), places in alike.items():
        visits = [arm.visit(k + 1) for k in places]
        minutes = _minutes(rungs)
        by_rung = []
        for given in rungs:
            at_min, levels = levels_of(given, crowd, day, *wanted)
            drive = _drive(at_min, levels[lv.DISSOCIATION_SITE], minutes)
            mg = given.total_mg(crowd.weight_kg)
            told = [measure(visit, at_min, levels) for visit in visits]
            by_rung.append([Undergone(drive, mg, one) for one in told])
        found.update(zip(places, zip(*by_rung, strict=True), strict=True))
    return [found[k] for k in range(len(arm.sessions))]


def on_rungs(
    sessions: Sequence[tuple[Undergone, ...]], rungs: NDArray[np.int64] | None
) -> list[Undergone]:
    """Each session as everybody really had it: `rungs` (n, sessions), None where all had the first.

    A session with one rung is that rung, whatever the person's place on the ladder.
    """
    if rungs is None:
        return [session[0] for session in sessions]
    return [
        session[0] if len(session) == 1 else _picked(session, rungs[:, k])
        for k, session in enumerate(sessions)
    ]


def _picked(rungs: tuple[Undergone, ...], chosen: NDArray[np.int64]) -> Undergone:
    def pick(values: list[Floats]) -> Floats:
        """Of each person, what the rung they are on has: people are the last axis."""
        return np.stack(values)[chosen, ..., np.arange(chosen.size)].T

    return Undergone(
        replace(rungs[0].drive, drive=pick([one.drive.drive for one in rungs])),
        pick([one.dose_mg for one in rungs]),
        {name: pick([one.told[name] for one in rungs]) for name in rungs[0].told},
    )


def drives(arm: Arm, sessions: Sequence[Undergone]) -> list[SessionDrive]:
    """Everybody's drive over the course, or over its first sessions."""
    return [
        replace(one.drive, at_day=session.day)
        for session, one in zip(arm.sessions, sessions, strict=False)
    ]


def _minutes(rungs: tuple[Given, ...]) -> Floats:
    """Instants at which the drive of one session is held, the same for all its rungs."""
    every = drive_minutes([dose for one in rungs for dose in one.doses])
    return every[every <= max(one.lasts_days for one in rungs) * 1440.0]


def _drive(at_min: Floats, site: Floats, minutes: Floats) -> SessionDrive:
    """The drive of the effect site (t, n), read off straight lines between its instants."""
    rate = drive_rate(site)
    before = np.clip(np.searchsorted(at_min, minutes, side="right") - 1, 0, at_min.size - 2)
    part = np.clip((minutes - at_min[before]) / (at_min[before + 1] - at_min[before]), 0.0, 1.0)
    held = rate[before] + part[:, None] * (rate[before + 1] - rate[before])
    return SessionDrive(at_day=0.0, t_min=minutes, drive=held)
