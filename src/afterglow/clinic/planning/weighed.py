"""What each model in use says of one dose, and how likely it is to be right about this patient."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from afterglow.clinic.planning.inputs import Inputs
from afterglow.clinic.planning.queries import FELT, bands_by
from afterglow.clinic.planning.risk import MEDIAN, WORST_IN_20, percent
from afterglow.clinic.planning.shaped import Shaped
from afterglow.core.dosing.agreement import LEAST_WEIGHT
from afterglow.core.dosing.bands import Bands
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.options import Option
from afterglow.core.dosing.outlook import Visit
from afterglow.core.dosing.several import Weighed
from afterglow.core.dosing.tradeoff import Weighing
from afterglow.core.pharmacology.library import load
from afterglow.core.quantity import Drug
from afterglow.core.refusal import Refusal

AFTER_MIN = 60  # the peaks are reached by then
LEAST_MG, LEAST_MIN = 0.5, 2.0  # of what a proposal may be chosen from


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
    sedation_chance: str

    @property
    def cells(self) -> dict[str, str]:
        """What a turn of the dial changes."""
        told = {
            "peak": self.peak,
            "worst": self.worst,
            "cadss": self.cadss_chance,
            "systolic": self.systolic_chance,
            "sedation": self.sedation_chance,
        }
        return {f"{self.model}-{name}": words for name, words in told.items()}


def option_of(inputs: Inputs, belief: Belief, dose: Shaped) -> Option | None:
    """One dose weighed as a proposal is, against every limit. None: shorter or less than those."""
    if dose.dose_mg < LEAST_MG or dose.minutes < LEAST_MIN:
        return None
    facts = inputs.facts
    weighing = Weighing.of(
        belief,
        Visit(number=facts.session_number, baseline=facts.baseline, idle_days=inputs.idle_days),
        Drug.KETAMINE,
        facts.limits,
        inputs.before,
        draws=inputs.draws,
        seed=facts.seed,
    )
    return weighing.options(dose.candidates)[0]


def voices(inputs: Inputs, dose: Shaped, bands: Bands, option: Option | None) -> tuple[Voice, ...]:
    """Every model on a dose, likeliest first. `bands` and `option` are those of the likeliest."""
    several = inputs.several
    return tuple(_each(inputs, several.each, dose, bands, option)) if several else ()


def _each(
    inputs: Inputs,
    weighed: Sequence[Weighed],
    dose: Shaped,
    bands: Bands,
    option: Option | None,
) -> Iterator[Voice]:
    yield _voice(weighed[0], bands, option)
    until_min = ceil(dose.minutes) + AFTER_MIN
    for other in weighed[1:]:
        found = bands_by(inputs, other.belief, dose.doses, until_min=until_min, only=FELT)
        if not isinstance(found, Refusal):
            yield _voice(other, found, option_of(inputs, other.belief, dose))


def _voice(one: Weighed, bands: Bands, option: Option | None) -> Voice:
    peak = bands.series["cadss"].peak
    name, _, fitted_to = load(one.belief.model).title.partition(": ")
    sedation = option.sedation_chance if option else None
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
        sedation_chance="" if sedation is None else percent(sedation),
    )
