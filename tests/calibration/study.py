"""Simulate people, hide them, estimate them: do intervals hold the truth as often as they say?

Simulation-based calibration (Talts 2018): people are drawn from the prior itself, so the rank of a
true value among its posterior draws must be even. Luck of a session and noise are drawn as the
engine believes them to be; scores are cut at the ends of their scale, as real ones are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.bodies import effect_numbers
from afterglow.core.dosing.likelihood import LEVEL_OF
from afterglow.core.dosing.observed import (
    Observation,
    Pressure,
    Pulse,
    Sampled,
    Scored,
    SessionObserved,
)
from afterglow.core.dosing.outlook import Occasion, Visit, cadss, pulse, systolic
from afterglow.core.dosing.posterior import update
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.library import load
from afterglow.core.quantity import Analyte, ArterialLevel, Site, VenousLevel
from tests.core.people import RESTING, infusion, prior

Floats = NDArray[np.float64]
WIDTHS = (0.5, 0.8, 0.95)
TIMES = np.array([10.0, 20, 30, 40, 55, 70, 90, 120])
SAMPLES = np.array([10.0, 40, 70, 120])
VISIT = Visit(number=1, baseline=RESTING)

# Each kind of observation, and the parameters it speaks of most.
KINDS: Mapping[str, tuple[str, ...]] = {
    "CADSS": ("dmax", "c50", "ke0"),
    "systolic pressure": ("systolic_slope",),
    "pulse": ("pulse_slope",),
    "arterial ketamine": ("v1", "cl", "q3"),
    "arterial esketamine": ("v1", "cl", "q3"),
    "arterial norketamine": ("mtt_nk", "cl_nk"),
    "venous ketamine": ("cl", "q3"),
    "venous esketamine": ("cl", "q3"),
    "all together": ("dmax", "systolic_slope", "pulse_slope", "cl", "cl_nk"),
}
LEVELS = {f"{site} {analyte}": (site, analyte) for site, analyte in LEVEL_OF}


@dataclass(frozen=True, slots=True)
class Recovered:
    """Where each true value fell among its draws, (people, parameters), 0 to 1."""

    kind: str
    ranks: Floats
    refused: int

    def inside(self, width: float) -> float:
        """Share of true values within the middle `width` of their draws."""
        return float(np.mean(np.abs(self.ranks - 0.5) < width / 2))

    def luck(self, width: float) -> float:
        """Monte-Carlo standard error of that share, from the people alone: they are independent."""
        held = np.abs(self.ranks - 0.5) < width / 2
        return float(np.std(held.mean(axis=1)) / np.sqrt(held.shape[0]))


def recover(kind: str, people: int, seed: int) -> Recovered:
    """Hide and estimate so many people by one kind of observation."""
    belief, dice = prior(), np.random.default_rng([seed, sum(map(ord, kind))])
    followed = [belief.parameters.index(name) for name in KINDS[kind]]
    hidden, ranks = belief.sample(people, seed), []
    for n in range(people):
        person = hidden[:, n]
        learnt = update(belief, [_seen(kind, belief, person, dice)], seed=n)
        if isinstance(learnt, Belief) and learnt.draws is not None:
            draws = np.array(learnt.draws)[:, followed]
            ranks.append(np.mean(draws < person[followed], axis=0))
    return Recovered(kind, np.array(ranks), people - len(ranks))


def _seen(kind: str, belief: Belief, person: Floats, dice: np.random.Generator) -> SessionObserved:
    ways = WAYS.values() if kind == "all together" else [WAYS[kind]]
    seen = tuple(one for way in ways for one in way(belief, person, dice))
    return SessionObserved(number=1, doses=(infusion(),), baseline=RESTING, observations=seen)


def _expected(
    belief: Belief, person: Floats, output: str, times: Floats
) -> tuple[Floats, dict[str, Floats]]:
    body = belief.bodies(person[:, None])
    line = timeline([infusion()], times)
    return lv.levels(body, line, output)[output][line.asked], body


def _scores(belief: Belief, person: Floats, dice: np.random.Generator) -> list[Observation]:
    site, body = _expected(belief, person, lv.DISSOCIATION_SITE, TIMES)
    mean = cadss(site, body, VISIT, _occasion(dice))[:, 0]
    noisy = np.clip(mean + _noise("cadss", dice), 0, 92)
    return [Scored(at_min=t, cadss=c) for t, c in zip(TIMES.tolist(), noisy.tolist(), strict=True)]


def _pressures(belief: Belief, person: Floats, dice: np.random.Generator) -> list[Observation]:
    site, body = _expected(belief, person, lv.PRESSURE_SITE, TIMES)
    noisy = systolic(site, body, VISIT, _occasion(dice))[:, 0] + _noise("systolic", dice)
    pairs = zip(TIMES.tolist(), noisy.tolist(), strict=True)
    return [Pressure(at_min=t, systolic_mmhg=p) for t, p in pairs]


def _pulses(belief: Belief, person: Floats, dice: np.random.Generator) -> list[Observation]:
    site, body = _expected(belief, person, lv.PRESSURE_SITE, TIMES)
    noisy = pulse(site, body, VISIT, _occasion(dice))[:, 0] + _noise("pulse", dice)
    pairs = zip(TIMES.tolist(), noisy.tolist(), strict=True)
    return [Pulse(at_min=t, per_min=p) for t, p in pairs]


def _sampled(site: Site, analyte: Analyte) -> Way:
    def seen(belief: Belief, person: Floats, dice: np.random.Generator) -> list[Observation]:
        level, _ = _expected(belief, person, LEVEL_OF[site, analyte], SAMPLES)
        arterial = load(belief.model).residual["ketamine"].value
        sd = arterial if site is Site.ARTERIAL else effect_numbers()["venous_residual"]
        noisy = level[:, 0] * np.exp(sd * dice.standard_normal(SAMPLES.size))
        kind = ArterialLevel if site is Site.ARTERIAL else VenousLevel
        pairs = zip(SAMPLES.tolist(), noisy.tolist(), strict=True)
        return [Sampled(at_min=t, level=kind(c, analyte)) for t, c in pairs]

    return seen


def _occasion(dice: np.random.Generator) -> Occasion:
    numbers, luck = effect_numbers(), dice.standard_normal((3, 1))
    return Occasion(
        np.exp(numbers["cadss_occasion"] * luck[0]),
        numbers["systolic_occasion"] * luck[1],
        numbers["pulse_occasion"] * luck[2],
    )


def _noise(name: str, dice: np.random.Generator) -> Floats:
    return np.asarray(effect_numbers()[f"{name}_residual"] * dice.standard_normal(TIMES.size))


Way = Callable[[Belief, Floats, np.random.Generator], list[Observation]]
WAYS: Mapping[str, Way] = {
    "CADSS": _scores,
    "systolic pressure": _pressures,
    "pulse": _pulses,
    **{name: _sampled(site, analyte) for name, (site, analyte) in LEVELS.items()},
}
