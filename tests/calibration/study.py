"""Simulate people, hide them, estimate them: do intervals hold the truth as often as they say?

Simulation-based calibration (Talts 2018): people are drawn from the prior itself, so the rank of a
true value among its posterior draws must be even. Besides single parameters, the rank of how well
the truth explains what was seen: it tells when something seen is left out, or counted twice
(Modrak 2023).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import Protocol
from zlib import crc32

import numpy as np

from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.likelihood import evidence, log_likelihood
from afterglow.core.dosing.population import DEFAULT_MODEL, prior_for
from afterglow.core.dosing.posterior import update
from afterglow.core.pharmacology.scales import Scale
from tests.calibration.hidden import COARSE, WAYS, Dice, Floats, Sitting, observed
from tests.calibration.moods import Mood
from tests.calibration.ranks import Ranked, rank
from tests.core.people import SOMEONE

FIT = "how well it explains"
PART = 20  # people at a time


class Kind(Protocol):
    """One way of observing people, and what is asked about them."""

    @property
    def asks(self) -> tuple[str, ...]: ...

    def ranks(self, dice: Dice, seed: int) -> Floats | None:
        """Where the truth of one person fell among the draws, (asks,); none when refused."""
        ...


@dataclass(frozen=True, slots=True)
class Body:
    """What is seen in each session, and the parameters it speaks of most."""

    follows: tuple[str, ...]
    sessions: tuple[tuple[str, ...], ...]  # ways of each
    model: str = DEFAULT_MODEL
    mg: float = 35.0

    @property
    def asks(self) -> tuple[str, ...]:
        return (*self.follows, FIT)

    def ranks(self, dice: Dice, seed: int) -> Floats | None:
        belief = prior_for(SOMEONE, model=self.model)
        assert isinstance(belief, Belief)
        person = belief.sample(1, int(dice.integers(2**32)))[:, 0]
        seen = [
            observed([WAYS[way] for way in ways], Sitting(belief, person, number, self.mg, dice))
            for number, ways in enumerate(self.sessions, start=1)
        ]
        learnt = update(belief, seen, seed=seed)
        if not isinstance(learnt, Belief) or learnt.draws is None:
            return None
        every = np.column_stack([person, np.array(learnt.draws).T])
        told = [evidence(one, self.model) for one in seen]
        places = [belief.parameters.index(name) for name in self.follows]
        asked = np.vstack([every[places], log_likelihood(told, belief.bodies(every))])
        return rank(asked[:, 0], asked[:, 1:], dice)


EFFECTS = ("CADSS", "systolic pressure", "pulse", "MOAA/S")
SHORT = ("CADSS-6", *EFFECTS[1:])
PERSON = ("dmax", "c50", "systolic_slope", "pulse_slope", "v1", "cl", "cl_nk")


def _once(way: str, *follows: str, model: str = DEFAULT_MODEL) -> Body:
    return Body(follows, ((way,),), model)


KINDS: Mapping[str, Kind] = {
    "CADSS": _once("CADSS", "dmax", "c50", "ke0"),
    "CADSS, three sessions": Body(("dmax", "habituation_floor", "c50"), (("CADSS",),) * 3),
    "CADSS after 10 mg": Body(("dmax", "c50", "ke0"), (("CADSS",),), mg=10.0),
    "CADSS-6": _once("CADSS-6", "dmax", "c50", "ke0"),
    "CADSS-6 after 10 mg": Body(("dmax", "c50", "ke0"), (("CADSS-6",),), mg=10.0),
    "systolic pressure": _once("systolic pressure", "systolic_slope"),
    "systolic pressure, three sessions": Body(("systolic_slope",), (("systolic pressure",),) * 3),
    "pulse": _once("pulse", "pulse_slope"),
    "MOAA/S": _once("MOAA/S", "v1", "cl", "q3"),
    "arterial ketamine": _once("arterial ketamine", "v1", "cl", "q3"),
    "arterial esketamine": _once("arterial esketamine", "v1", "cl", "q3"),
    "arterial norketamine": _once("arterial norketamine", "mtt_nk", "cl_nk"),
    "venous ketamine": _once("venous ketamine", "cl", "q3"),
    "venous esketamine": _once("venous esketamine", "cl", "q3"),
    "arterial ketamine, coarse assay": _once("arterial ketamine, coarse assay", "v1", "cl"),
    "arterial esketamine, coarse assay": _once("arterial esketamine, coarse assay", "v1", "cl"),
    "arterial norketamine, coarse assay": _once(
        "arterial norketamine, coarse assay", "mtt_nk", "cl_nk"
    ),
    "venous ketamine, coarse assay": _once("venous ketamine, coarse assay", "cl", "q3"),
    "venous esketamine, coarse assay": _once("venous esketamine, coarse assay", "cl", "q3"),
    "venous ketamine by Otto 2021": _once("venous ketamine", "v1", "cl", model="otto_2021"),
    "venous ketamine by Kamp 2020": _once("venous ketamine", "v1", "cl", model="kamp_2020_meta"),
    "all together": Body(PERSON, ((*EFFECTS, *(name for name in COARSE)),)),
    "all together over six sessions": Body(
        ("habituation_floor", *PERSON),
        (
            (*EFFECTS, "arterial ketamine"),
            (*SHORT, "venous ketamine, coarse assay"),
            (*EFFECTS, "arterial norketamine"),
            (*SHORT, "venous esketamine"),
            (*EFFECTS, "arterial esketamine, coarse assay"),
            (*SHORT, "venous ketamine"),
        ),
    ),
    **{f"mood on {scale.upper()}": Mood(scale) for scale in Scale},
}


def recover(kinds: Sequence[str], people: int, seed: int, cores: int = 1) -> list[Ranked]:
    """Hide and estimate so many people by each kind of observation. Same seed, same ranks."""
    parts = [(kind, first) for kind in kinds for first in range(0, people, PART)]
    follow = partial(_part, people=people, seed=seed)
    if cores == 1:
        found = list(map(follow, parts))
    else:
        with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
            found = list(pool.map(follow, parts))
    every: list[Ranked] = []
    for kind in kinds:
        rows = [
            row for (of, _), part in zip(parts, found, strict=True) if of == kind for row in part
        ]
        held = np.array([row for row in rows if row is not None])
        for n, name in enumerate(KINDS[kind].asks):
            every.append(Ranked(kind, name, held[:, n], len(rows) - len(held)))
    return every


def _part(part: tuple[str, int], *, people: int, seed: int) -> list[Floats | None]:
    """Some people one after the other. Each has dice of their own: nobody depends on how many."""
    kind, first = part
    last = min(first + PART, people)
    return [
        KINDS[kind].ranks(np.random.default_rng([seed, crc32(kind.encode()), n]), n)
        for n in range(first, last)
    ]


def cores() -> int:
    return len(os.sched_getaffinity(0))
