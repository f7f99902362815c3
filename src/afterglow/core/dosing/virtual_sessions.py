"""What every session of a course does to everybody: its drive on mood, and what is told of it.

Sessions that are given alike have the same levels, and these are computed once. Levels of one
session are taken to be gone before the next [own].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterglow.core.dosing.outlook import Visit
from afterglow.core.dosing.trial_plan import Arm
from afterglow.core.dosing.virtual_given import Given
from afterglow.core.dosing.virtual_levels import levels_of
from afterglow.core.dosing.virtual_people import Crowd, Population
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.mood import (
    Nodes,
    Pulses,
    join,
    session_nodes,
    session_pulses,
    spread_instants,
    spread_pulses,
)

# What is told of one session, (n,) each, from its circumstances, minutes (t,) and levels (t, n).
Measure = Callable[[Visit, Floats, dict[str, Floats]], dict[str, Floats]]
NodesOf = Callable[[Given], Nodes]


@dataclass(frozen=True, slots=True)
class Undergone:
    """One session as everybody undergoes it."""

    drive: Pulses  # days from its start
    dose_mg: Floats  # (n,)
    told: Mapping[str, Floats]


def undergone(
    arm: Arm,
    crowd: Crowd,
    sites: Sequence[str],
    measure: Measure,
    *,
    nodes_of: NodesOf | None = None,
    closely: bool = False,
) -> list[tuple[Undergone, ...]]:
    """Every session of an arm, by each of its rungs. `sites` are the levels `measure` looks at.

    `closely` follows the drive of each session through its first hours too.
    """
    alike: dict[tuple[tuple[Given, ...], int], list[int]] = {}
    for k, session in enumerate(arm.sessions):
        day = k if any(one.differs_by_day for one in session.rungs) else 0
        alike.setdefault((session.rungs, day), []).append(k)
    found: dict[int, tuple[Undergone, ...]] = {}
    wanted = tuple(dict.fromkeys((lv.DISSOCIATION_SITE, *sites)))
    for (rungs, day), places in alike.items():
        visits = [arm.visit(k + 1) for k in places]
        pulsing = _pulsing(rungs, nodes_of, closely=closely)
        by_rung = []
        for given in rungs:
            at_min, levels = levels_of(given, crowd, day, *wanted)
            drive = pulsing(at_min, levels[lv.DISSOCIATION_SITE])
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
        return np.stack(values)[chosen, np.arange(chosen.size)]

    return Undergone(
        Pulses(
            at_days=rungs[0].drive.at_days,
            drive_h=pick([one.drive.drive_h for one in rungs]),
        ),
        pick([one.dose_mg for one in rungs]),
        {name: pick([one.told[name] for one in rungs]) for name in rungs[0].told},
    )


def drives(arm: Arm, sessions: Sequence[Undergone]) -> Pulses:
    """Everybody's drive over the course, or over its first sessions."""
    return join(
        [
            Pulses(at_days=session.day + one.drive.at_days, drive_h=one.drive.drive_h)
            for session, one in zip(arm.sessions, sessions, strict=False)
        ]
    )


def typical_nodes(population: Population) -> NodesOf:
    """When the typical person's drive falls: the same for all blocks of a population."""
    someone = population.typical()

    def nodes_of(given: Given) -> Nodes:
        at_min, levels = levels_of(given, someone, 0, lv.DISSOCIATION_SITE)
        return session_nodes(at_min, levels[lv.DISSOCIATION_SITE])

    return nodes_of


def _pulsing(
    rungs: tuple[Given, ...], nodes_of: NodesOf | None, *, closely: bool
) -> Callable[[Floats, Floats], Pulses]:
    """How the drive of one session is held, at instants that all its rungs share."""
    if not rungs[0].doses:
        return lambda _, site: Pulses(at_days=np.zeros(1), drive_h=np.zeros((site.shape[1], 1)))
    if closely or any(one.is_long for one in rungs):
        starts = [dose.starts_min for one in rungs for dose in one.doses]
        last = max(one.lasts_days for one in rungs) * 1440.0
        instants = spread_instants(starts, last)
        return lambda at_min, site: spread_pulses(0.0, at_min, site, instants)
    nodes: list[Nodes] = [nodes_of(rungs[0])] if nodes_of else []

    def two(at_min: Floats, site: Floats) -> Pulses:
        if not nodes:
            nodes.append(session_nodes(at_min, site))
        return session_pulses(0.0, at_min, site, nodes_min=nodes[0])

    return two
