"""What each model in use says of one dose, and how likely it is to be right about this patient."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from afterglow.clinic.planning.inputs import Inputs
from afterglow.clinic.planning.queries import FELT, bands_by
from afterglow.clinic.planning.risk import MEDIAN, WORST_IN_20, percent
from afterglow.core.dosing.agreement import LEAST_WEIGHT
from afterglow.core.dosing.bands import Bands
from afterglow.core.dosing.several import Weighed
from afterglow.core.pharmacology.library import load
from afterglow.core.quantity import Dose
from afterglow.core.refusal import Refusal

AFTER_MIN = 60  # the peaks are reached by then


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One model: its weight, and what it expects of the dose on the dial."""

    model: str
    name: str
    fitted_to: str
    weight: str
    share: float
    has_a_say: bool
    peak: str
    worst: str
    cadss_chance: str
    systolic_chance: str

    @property
    def cells(self) -> dict[str, str]:
        """What a turn of the dial changes."""
        told = {
            "peak": self.peak,
            "worst": self.worst,
            "cadss": self.cadss_chance,
            "systolic": self.systolic_chance,
        }
        return {f"{self.model}-{name}": words for name, words in told.items()}


def voices(inputs: Inputs, doses: Sequence[Dose], bands: Bands) -> tuple[Voice, ...]:
    """Every model on these doses, likeliest first. `bands` are those of the likeliest."""
    several = inputs.several
    return tuple(_each(inputs, several.each, doses, bands)) if several else ()


def _each(
    inputs: Inputs, weighed: Sequence[Weighed], doses: Sequence[Dose], bands: Bands
) -> Iterator[Voice]:
    yield _voice(weighed[0], bands)
    until_min = ceil(max(dose.ends_min for dose in doses)) + AFTER_MIN
    for other in weighed[1:]:
        found = bands_by(inputs, other.belief, doses, until_min=until_min, only=FELT)
        if not isinstance(found, Refusal):
            yield _voice(other, found)


def _voice(one: Weighed, bands: Bands) -> Voice:
    peak = bands.series["cadss"].peak
    name, _, fitted_to = load(one.belief.model).title.partition(": ")
    chances = {chance.quantity: percent(chance.probability) for chance in bands.chances}
    return Voice(
        model=one.belief.model,
        name=name,
        fitted_to=fitted_to,
        weight=percent(one.weight),
        share=one.weight,
        has_a_say=one.weight >= LEAST_WEIGHT,
        peak=f"{peak[MEDIAN]:.0f}",
        worst=f"{peak[WORST_IN_20]:.0f}",
        cadss_chance=chances["cadss"],
        systolic_chance=chances["systolic_mmhg"],
    )
