"""What a case may ask for: every quantity, what it is made of, and chances of passing a level."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from afterglow.core.dosing import scene
from afterglow.core.dosing.scene import Scene
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology import metabolites as mb
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.sedation import LEVELS
from afterglow.core.pharmacology.sourced import sheet

CHANCE = "1"  # the unit of a probability
LEVEL = "ng/mL"


@dataclass(frozen=True, slots=True)
class Passed:
    """The quantity whose chance is asked for, and the level it is to lie above."""

    of: Asked
    above: float


@dataclass(frozen=True, slots=True)
class Asked:
    """One quantity over time. `made` gives it for a group of people, (T, N)."""

    name: str
    unit: str
    title: str
    grade: str  # of the weakest number behind it, where the default model tells it
    needs: tuple[str, ...]  # the levels it is made of
    made: Callable[[Scene], Floats]
    known_to: Callable[[], float] | None = None  # above it nothing was measured, nor is shown
    exploratory: bool = False
    falls: bool = False  # less is worse: its peak is its lowest
    passed: Passed | None = None  # of a chance: what lies above what

    @property
    def is_level(self) -> bool:
        return self.unit == LEVEL

    @property
    def is_chance(self) -> bool:
        return self.unit == CHANCE


def _level(name: str, title: str, grade: str, *needs: str) -> Asked:
    """A level, or one less another. Sums of exponentials may miss zero by a hair, and below it."""

    def made(seen: Scene) -> Floats:
        first, *less = (seen.levels[one] for one in needs)
        return np.maximum(first - less[0] if less else first, 0.0)

    return Asked(name, LEVEL, title, grade, needs, made)


def _highest_feeling() -> float:
    numbers = sheet("high")
    return 100 * numbers.value("vas_per_ng_per_ml") * numbers.value("vas_highest")


SITE, PRESSURE, VEIN_S = (lv.DISSOCIATION_SITE,), (lv.PRESSURE_SITE,), (lv.VENOUS_S,)
VEIN_R, ARTERY_R = (lv.VENOUS, lv.VENOUS_S), (lv.ARTERIAL, lv.ARTERIAL_S)
OUTPUT = (lv.PRESSURE_SITE, mb.ARTERIAL_S)

LEVELS_ASKED = (
    _level("venous_ng_per_ml", "Ketamine in venous blood", "D", lv.VENOUS),
    _level("arterial_ng_per_ml", "Ketamine in arterial blood", "D", lv.ARTERIAL),
    _level("venous_s_ng_per_ml", "S-ketamine in venous blood", "D", lv.VENOUS_S),
    _level("arterial_s_ng_per_ml", "S-ketamine in arterial blood", "B", lv.ARTERIAL_S),
    _level("venous_r_ng_per_ml", "R-ketamine in venous blood", "D", *VEIN_R),
    _level("arterial_r_ng_per_ml", "R-ketamine in arterial blood", "D", *ARTERY_R),
    _level("norketamine_venous_ng_per_ml", "Norketamine in venous blood", "D", mb.VENOUS),
    _level("norketamine_arterial_ng_per_ml", "Norketamine in arterial blood", "D", mb.ARTERIAL),
    _level(
        "hydroxynorketamine_arterial_ng_per_ml",
        "Hydroxynorketamine in arterial blood",
        "D",
        mb.HYDROXY,
    ),
    _level("effect_site_s_ng_per_ml", "S-ketamine at the effect site", "A", *SITE),
)
EFFECTS_ASKED = (
    Asked("cadss_23", "points", "Dissociation, CADSS-23", "own", SITE, scene.cadss),
    Asked("cadss_6", "points", "Dissociation, CADSS-6", "own", SITE, scene.cadss_6),
    Asked(
        "vas_high_percent",
        "%",
        "Feeling high, share of Bowdle's scale",
        "D",
        VEIN_S,
        scene.feeling_high,
        known_to=_highest_feeling,
    ),
    Asked(
        "systolic_rise_mmhg",
        "mmHg",
        "Rise of systolic pressure",
        "own",
        PRESSURE,
        scene.systolic_rise,
    ),
    Asked(
        "diastolic_rise_mmhg",
        "mmHg",
        "Rise of diastolic pressure",
        "own",
        PRESSURE,
        scene.diastolic_rise,
    ),
    Asked("map_rise_mmhg", "mmHg", "Rise of mean pressure", "own", PRESSURE, scene.map_rise),
    Asked("pulse_rise_per_min", "beats/min", "Rise of pulse", "own", PRESSURE, scene.pulse_rise),
    Asked(
        "cardiac_output_rise_percent",
        "%",
        "Rise of cardiac output",
        "own",
        OUTPUT,
        scene.output_rise,
    ),
    Asked("moaa_s", "points", "Alertness, MOAA/S", "own", VEIN_S, scene.alertness, falls=True),
    Asked(
        "nmda_block_interneuron_percent",
        "%",
        "NMDA block of interneurons",
        "own",
        VEIN_R,
        scene.block_interneuron,
        exploratory=True,
    ),
    Asked(
        "nmda_block_pyramidal_percent",
        "%",
        "NMDA block of pyramidal cells",
        "own",
        VEIN_R,
        scene.block_pyramidal,
        exploratory=True,
    ),
)
EVERY: Mapping[str, Asked] = {one.name: one for one in (*LEVELS_ASKED, *EFFECTS_ASKED)}
UNITS_IN_NAMES = ("_ng_per_ml", "_mmhg", "_per_min", "_percent")
ABOVE = re.compile(r"probability_(\w+)_above_(.*)")
ALERT = re.compile(r"probability_moaa_s_(at_most|below)_(.*)")


def read(name: str) -> Asked:
    """A quantity by its name. BadInput lists what is known."""
    if name in EVERY:
        return EVERY[name]
    if found := ALERT.fullmatch(name):
        return _sedated(name, found[1], found[2])
    if (found := ABOVE.fullmatch(name)) and (of := _stems().get(found[1])):
        return _passed(name, _rising(name, of), found[2])
    raise BadInput(
        f"output.quantities must name quantities, got {name!r}. Known: {', '.join(EVERY)}; "
        "probability_X_above_N with X one of these without its unit (probability_cadss_above_4, "
        "probability_systolic_rise_above_40); probability_moaa_s_below_5 and _at_most_3."
    )


def _stems() -> dict[str, Asked]:
    """What stands between `probability_` and `_above_`: the name without its unit."""
    found = {"cadss": EVERY["cadss_23"], **EVERY}
    for name, one in EVERY.items():
        for unit in UNITS_IN_NAMES:
            if name.endswith(unit):
                found[name.removesuffix(unit)] = one
    return found


def _rising(name: str, of: Asked) -> Asked:
    """A rating that is expected, such as MOAA/S, passes no whole number when a person does."""
    if of.falls:
        chances = f"probability_{of.name}_below_5, probability_{of.name}_at_most_3"
        raise BadInput(
            f"output.quantities: {name} is not told, for less {of.name} is worse. Known: {chances}."
        )
    return of


def _passed(name: str, of: Asked, edge: str) -> Asked:
    above = _edge(name, of, edge)

    def made(seen: Scene) -> Floats:
        return np.asarray(of.made(seen) > above, dtype=np.float64)

    title = f"{of.title} above {above:g} {of.unit}"
    passed = Passed(of, above)
    exploratory = of.exploratory
    return Asked(
        name, CHANCE, title, of.grade, of.needs, made, exploratory=exploratory, passed=passed
    )


def _edge(name: str, of: Asked, words: str) -> float:
    most = of.known_to() if of.known_to else 1e6
    try:
        above = float(words)
    except ValueError:
        above = np.nan
    if not -1e6 <= above <= most:
        raise BadInput(
            f"output.quantities: {name} must end in a number of {of.unit}, {most:g} or less."
        )
    return above


def _sedated(name: str, how: str, rating: str) -> Asked:
    low = int(how == "below")
    if not (rating.isdecimal() and low <= int(rating) < LEVELS - 1 + low):
        raise BadInput(
            f"output.quantities: {name} must end in a whole number, {low} to {LEVELS - 2 + low}."
        )
    level = int(rating) - low
    title = f"MOAA/S below {rating}" if low else f"MOAA/S {rating} or less"
    grade = "C" if level == LEVELS - 2 else "own"
    return Asked(name, CHANCE, title, grade, VEIN_S, lambda seen: scene.at_most(seen, level))
