"""What doses would do to many possible versions of one patient, before it is summed up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from afterglow.core.body import Baseline, within
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.bodies import effect_numbers
from afterglow.core.pharmacology import effects
from afterglow.core.pharmacology.library import load
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.routes import FOLLOWED
from afterglow.core.quantity import Dose, Drug
from afterglow.core.refusal import Refusal

CADSS_6_HIGHEST = 24.0  # six items, 0 to 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The circumstances of one session."""

    number: int
    baseline: Baseline
    idle_days: float = 0.0  # since the session before

    def __post_init__(self) -> None:
        within("session_number", self.number, 1, 1000, "")
        within("idle_days", self.idle_days, 0, 36500, "days")

    def spaced(self, days: float | None) -> Visit:
        """The same session so long after the one before, but not before its own first day."""
        if days is None or self.number == 1:
            return self
        return replace(self, idle_days=max(days, self.idle_days))


@dataclass(frozen=True, slots=True)
class Occasion:
    """What differs between sessions of one patient, for each draw (N,)."""

    cadss_factor: Floats
    systolic_drift: Floats
    pulse_drift: Floats

    @classmethod
    def none(cls, n: int) -> Occasion:
        return cls(np.ones(n), np.zeros(n), np.zeros(n))

    @classmethod
    def drawn(cls, n: int, seed: int) -> Occasion:
        """One session's luck. The stream differs from that of the patients themselves."""
        numbers, luck = effect_numbers(), np.random.default_rng([seed, 1]).standard_normal((3, n))
        return cls(
            np.exp(numbers["cadss_occasion"] * luck[0]),
            numbers["systolic_occasion"] * luck[1],
            numbers["pulse_occasion"] * luck[2],
        )


def cadss(site: Floats, people: Mapping[str, Floats], visit: Visit, occasion: Occasion) -> Floats:
    """Expected score (T, N) from the S-ketamine effect site (T, N)."""
    numbers = effect_numbers()
    worn = effects.habituation(visit.number, visit.idle_days, people["habituation_floor"], numbers)
    top = people["dmax"] * worn * occasion.cadss_factor
    resting, highest = visit.baseline.cadss, numbers["cadss_highest"]
    return effects.score(site, people["c50"], numbers["gamma"], top, resting, highest)


def systolic(
    site: Floats, people: Mapping[str, Floats], visit: Visit, occasion: Occasion
) -> Floats:
    """Expected systolic pressure (T, N), mmHg, from the pressure effect site."""
    resting = visit.baseline.systolic_mmhg
    return _risen(site, people["systolic_slope"], ("systolic", resting), occasion.systolic_drift)


def pulse(site: Floats, people: Mapping[str, Floats], visit: Visit, occasion: Occasion) -> Floats:
    """Expected pulse (T, N), beats/min."""
    resting = visit.baseline.pulse_per_min
    return _risen(site, people["pulse_slope"], ("pulse", resting), occasion.pulse_drift)


def _risen(site: Floats, slope: Floats, what: tuple[str, float], drift: Floats) -> Floats:
    """The typical rise is capped at a share of the resting value; people scale it."""
    name, resting = what
    numbers = effect_numbers()
    typical = numbers[f"{name}_slope"]
    risen = effects.rise(site, typical, numbers[f"{name}_cap"] * resting, slope / typical)
    risen += drift + resting
    return np.asarray(risen)


def not_modelled(belief: Belief, doses: Sequence[Dose]) -> Refusal | None:
    """Why this model cannot follow these doses, if it cannot."""
    model = load(belief.model)
    for dose in doses:
        if dose.route not in FOLLOWED or dose.drug not in model.drugs:
            return Refusal(
                code="route-not-modelled",
                because=f"{model.title} does not follow {dose.drug} by the {dose.route} route.",
                remedy=f"It follows {', '.join(model.drugs)}: {', '.join(FOLLOWED)}.",
                source=model.id,
            )
    return None


def no_mood(doses: Sequence[Dose]) -> Refusal | None:
    """Why these doses have no benefit to be told, if so."""
    if all(dose.drug is not Drug.ARKETAMINE for dose in doses):
        return None
    return Refusal(
        code="mood-not-modelled",
        because="Mood is driven by S-ketamine in this model; arketamine has none.",
        remedy="Use racemic ketamine or esketamine; the one controlled arketamine trial was null.",
        source="Leal 2023; docs/science/mood.md",
    )


def not_trusted(belief: Belief) -> Refusal | None:
    """Why nothing may be inferred from this belief, if so."""
    trust = belief.trust
    if trust is None or trust.trusted:
        return None
    if trust.misfit is not None and trust.settled:
        return Refusal(
            code="observations-not-explained",
            because=f"Nobody the model knows would show all that was observed: "
            f"{trust.misfit.words}.",
            remedy="Check that value, its time, the doses and what was measured before them. Leave "
            "out of a course file what is right and not the drug's; plan from "
            "the protocol meanwhile.",
            source="Box 1980; bounds [own]: docs/science/levels.md",
        )
    return Refusal(
        code="belief-not-trusted",
        because=f"What was observed does not settle this patient: {trust.words}.",
        remedy="Check the recorded doses, times and values; plan from the protocol meanwhile.",
        source="Pareto-smoothed importance sampling, Vehtari 2024",
    )
