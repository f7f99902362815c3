"""What every session of a course does to everybody: its drive on mood, and what is told of it.

Sessions that are given alike have the same levels, and these are computed once. Levels of one
session are taken to be gone before the next [own].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

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
) -> list[Undergone]:
    """Every session of an arm. `sites` are the levels that `measure` looks at.

    `closely` follows the drive of each session through its first hours too.
    """
    alike: dict[tuple[Given, int], list[int]] = {}
    for k, session in enumerate(arm.sessions):
        day = k if session.given.differs_by_day else 0
        alike.setdefault((session.given, day), []).append(k)
    found: dict[int, Undergone] = {}
    wanted = tuple(dict.fromkeys((lv.DISSOCIATION_SITE, *sites)))
    for (given, day), places in alike.items():
        at_min, levels = levels_of(given, crowd, day, *wanted)
        drive = _drive(given, at_min, levels[lv.DISSOCIATION_SITE], nodes_of, closely=closely)
        mg = given.total_mg(crowd.weight_kg)
        for k in places:
            found[k] = Undergone(drive, mg, measure(arm.visit(k + 1), at_min, levels))
    return [found[k] for k in range(len(arm.sessions))]


def drives(arm: Arm, sessions: Sequence[Undergone]) -> Pulses:
    """Everybody's drive over the whole course."""
    return join(
        [
            Pulses(at_days=session.day + one.drive.at_days, drive_h=one.drive.drive_h)
            for session, one in zip(arm.sessions, sessions, strict=True)
        ]
    )


def typical_nodes(population: Population) -> NodesOf:
    """When the typical person's drive falls: the same for all blocks of a population."""
    someone = population.typical()

    def nodes_of(given: Given) -> Nodes:
        at_min, levels = levels_of(given, someone, 0, lv.DISSOCIATION_SITE)
        return session_nodes(at_min, levels[lv.DISSOCIATION_SITE])

    return nodes_of


def _drive(
    given: Given, at_min: Floats, site: Floats, nodes_of: NodesOf | None, *, closely: bool
) -> Pulses:
    if not given.doses:
        return Pulses(at_days=np.zeros(1), drive_h=np.zeros((site.shape[1], 1)))
    if closely or given.is_long:
        starts = [dose.starts_min for dose in given.doses]
        return spread_pulses(0.0, at_min, site, spread_instants(starts, at_min[-1]))
    nodes = nodes_of(given) if nodes_of else None
    return session_pulses(0.0, at_min, site, nodes_min=nodes)
