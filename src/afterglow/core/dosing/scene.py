"""A group of people in one session: their bodies, their levels, their luck, and what follows.

All levels and effects are (T, N); what a person brings along is (N,).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from afterglow.core.dosing import outlook
from afterglow.core.dosing.bodies import effect_numbers
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.pharmacology import effects, mechanism, sedation
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology import metabolites as mb
from afterglow.core.pharmacology.library import load_effect
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.sourced import sheet


@dataclass(frozen=True, slots=True)
class Luck:
    """One session's chance, and what a person brings that no session teaches; each (N,)."""

    occasion: Occasion
    short_form: Floats  # factor on CADSS-6
    output: Floats  # factor on the rise of cardiac output
    reach: Floats  # of the brain's receptors: the five-fold uncertainty (exploratory)

    @classmethod
    def none(cls, n: int) -> Luck:
        return cls(Occasion.none(n), np.ones(n), np.ones(n), np.ones(n))

    @classmethod
    def drawn(cls, n: int, seed: int) -> Luck:
        dice = np.random.default_rng([seed, 4]).standard_normal((2, n))
        own = load_effect("cardiac_output").parameters["output_slope"].sd
        return cls(
            Occasion.drawn(n, seed),
            np.exp(effect_numbers()["cadss6_occasion"] * dice[0]),
            np.exp(own * dice[1]),
            mechanism.draw_reach(n, seed),
        )

    def part(self, some: slice) -> Luck:
        """The same of some of these people."""
        day = self.occasion
        drifts = day.cadss_factor[some], day.systolic_drift[some], day.pulse_drift[some]
        rest = self.short_form[some], self.output[some], self.reach[some]
        return Luck(Occasion(*drifts), *rest)


@dataclass(frozen=True, slots=True)
class Scene:
    """`levels` by name, ng/mL; `visit` holds what was so before the dose."""

    people: Mapping[str, Floats]
    levels: Mapping[str, Floats]
    visit: Visit
    luck: Luck

    def raised(self, factor: float) -> Scene:
        """The same with every level so many times as high."""
        return replace(self, levels={name: factor * one for name, one in self.levels.items()})


def cadss(scene: Scene) -> Floats:
    site = scene.levels[lv.DISSOCIATION_SITE]
    return outlook.cadss(site, scene.people, scene.visit, scene.luck.occasion)


def cadss_6(scene: Scene) -> Floats:
    """The six-item form, 0 to 24: its share of the whole, with a wide luck of its own [own]."""
    share = effect_numbers()["cadss6_share"] * scene.luck.short_form
    return np.asarray(np.minimum(share * cadss(scene), outlook.CADSS_6_HIGHEST))


def systolic_rise(scene: Scene) -> Floats:
    site, visit = scene.levels[lv.PRESSURE_SITE], scene.visit
    risen = outlook.systolic(site, scene.people, visit, scene.luck.occasion)
    return np.asarray(risen - visit.baseline.systolic_mmhg)


def diastolic_rise(scene: Scene) -> Floats:
    return np.asarray(effect_numbers()["diastolic_share"] * systolic_rise(scene))


def map_rise(scene: Scene) -> Floats:
    """Mean pressure: diastolic and a third of the way to systolic."""
    return np.asarray(map_share() * systolic_rise(scene))


def map_share() -> float:
    """Rise of mean pressure over that of systolic."""
    return (1 + 2 * effect_numbers()["diastolic_share"]) / 3


def pulse_rise(scene: Scene) -> Floats:
    site, visit = scene.levels[lv.PRESSURE_SITE], scene.visit
    faster = outlook.pulse(site, scene.people, visit, scene.luck.occasion)
    return np.asarray(faster - visit.baseline.pulse_per_min)


def output_rise(scene: Scene) -> Floats:
    """Cardiac output, % above rest: S-ketamine at the effect site raises, S-norketamine lowers."""
    numbers = load_effect("cardiac_output")
    slope, own = numbers.value("output_slope"), scene.luck.output
    site = np.ascontiguousarray(scene.levels[lv.PRESSURE_SITE])
    risen = effects.rise(site, slope, numbers.value("output_cap"), own)
    opposed = slope * numbers.value("norketamine_share") * own * scene.levels[mb.ARTERIAL_S]
    return np.asarray(risen - opposed)


def feeling_high(scene: Scene) -> Floats:
    """Bowdle's scale, % of full. A straight line: what lies beyond 200 ng/mL must not be shown."""
    slope = sheet("high").value("vas_per_ng_per_ml")
    told = sedation.racemic_equivalent(scene.levels[lv.VENOUS_S])
    return np.maximum(100 * slope * told, 0.0)


def at_most(scene: Scene, level: int) -> Floats:
    """Each one's chance of MOAA/S `level` or less, by the drug alone."""
    told = sedation.racemic_equivalent(scene.levels[lv.VENOUS_S])
    return sedation.chance_at_or_below(level, told)


def alertness(scene: Scene) -> Floats:
    """MOAA/S to be expected, 5 to 0."""
    below = sum(at_most(scene, level) for level in range(sedation.LEVELS - 1))
    return np.asarray(sedation.LEVELS - 1 - below)


def block_interneuron(scene: Scene) -> Floats:
    return 100 * _block(scene)[0]


def block_pyramidal(scene: Scene) -> Floats:
    return 100 * _block(scene)[1]


def _block(scene: Scene) -> tuple[Floats, Floats]:
    s = scene.levels[lv.VENOUS_S]
    racemic = mechanism.racemic_equivalent(s, scene.levels[lv.VENOUS] - s)
    return mechanism.block(racemic, scene.luck.reach)
