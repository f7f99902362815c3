"""PD-X17: when dissociation peaks and ends by each route, and how many rate it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from afterglow.core.dosing import outlook
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.dosing.trial_plan import AT_REST
from afterglow.core.dosing.virtual_given import Given
from afterglow.core.dosing.virtual_levels import levels_of
from afterglow.core.dosing.virtual_people import Crowd
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.library import load_effect
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.quantity import BaseMass, Bolus, Infusion, Route
from afterglow.research.validation.cuff_rows import VEIN, spray
from afterglow.research.validation.figure import Figure, Predicted, Published, Used, around, found
from afterglow.research.validation.mood_trials import POPULATION, SEED

PEOPLE = 2000
GONE_POINTS = 4.0
PLACEBO_MEAN = 3.5  # of Goldway's placebo session, part of the published totals
CLOCK = "Times of rating are few in print, and one effect site serves all routes."


def high_rows() -> Iterator[Figure]:
    yield from _clock()
    yield from _shares()


def _clock() -> Iterator[Figure]:
    skin = Given(
        doses=(Bolus(amount=BaseMass(0.5), starts_min=0, route=Route.SUBCUTANEOUS),), per_kg=True
    )
    usual = POPULATION.typical()
    for what, given, source, grade, peak, gone in (
        ("0.5 mg/kg in 40 min", VEIN, "aan het Rot 2010", "B", (30.0, 50.0), 120.0),
        ("0.5 mg/kg under the skin", skin, "Glue 2017", "B", (20.0, 30.0), 60.0),
        ("esketamine spray of 84 mg", spray(84), "trials of the device", "A", (30.0, 45.0), 90.0),
    ):
        at_min, score = _cadss(given, usual)
        low, high = peak
        typical = score[:, 0]
        published = Published(
            row="PD-X17",
            what=f"{what}: dissociation is greatest at (typical)",
            value=(low + high) / 2,
            unit="min",
            accept=peak,
            rule=f"{low:g} to {high:g} min",
            used=Used.LOOKED_AT,
            source=source,
            grade=grade,
            if_missed=CLOCK,
        )
        yield found(published, _told(float(at_min[typical.argmax()])))
        published = Published(
            row="PD-X17",
            what=f"{what}: drug-caused CADSS at {gone:g} min, gone in print (typical)",
            value=0.0,
            unit="points",
            accept=(0.0, GONE_POINTS),
            rule=f"{GONE_POINTS:g} points or less",
            used=Used.LOOKED_AT,
            source=source,
            grade=grade,
            if_missed="The exponent of the effect (1.5) stands between a recovery as published and "
            "a rise as straight as Bowdle's; patients rate lower than volunteers, too.",
        )
        yield found(published, _told(float(typical[np.searchsorted(at_min, gone)])))


def _shares() -> Iterator[Figure]:
    """0.4 mg/kg in 10 min, then 0.4 mg/kg an hour, rated with the scatter of placebo ratings."""
    push = Infusion(amount=BaseMass(0.4), starts_min=0, lasts_min=10)
    keep = Infusion.at_rate(0.4 / 60, from_min=10, to_min=60)
    crowd = POPULATION.crowd(PEOPLE, SEED)
    at_min, score = _cadss(Given(doses=(push, keep), per_kg=True), crowd)
    error = load_effect("dissociation").value("cadss_residual")
    noise = error * np.random.default_rng(SEED).standard_normal(score.shape)
    rated = np.maximum(score + PLACEBO_MEAN + noise, 0.0)
    for minute, above, value in ((20, 4, 100.0), (20, 20, 52.0), (20, 40, 9.0), (90, 4, 67.0)):
        when = "at 20 min" if minute == 20 else "30 min after the end (60 min assumed)"
        published = Published(
            row="PD-X17",
            what=f"0.4 mg/kg in 10 min, then 0.4 mg/kg/h: share above {above} {when}",
            value=value,
            unit="%",
            accept=around(value, 10.0),
            rule="within 10 points",
            used=Used.LOOKED_AT,
            source="Goldway 2025",
            grade="D",
            if_missed="The length of the infusion was not confirmed; ratings after it differ more "
            "from person to person in print.",
        )
        share = float(100 * np.mean(rated[np.searchsorted(at_min, minute)] > above))
        yield found(published, Predicted(value=share, low=None, high=None, of="no interval"))


def _cadss(given: Given, crowd: Crowd) -> tuple[Floats, Floats]:
    """Drug-caused CADSS-23 over the minutes of a first session, (t,) and (t, n)."""
    at_min, levels = levels_of(given, crowd, 0, lv.DISSOCIATION_SITE)
    visit = Visit(number=1, baseline=AT_REST)
    luck = Occasion.none(crowd.size) if crowd.seed is None else Occasion.drawn(crowd.size, SEED)
    return at_min, outlook.cadss(levels[lv.DISSOCIATION_SITE], crowd.bodies, visit, luck)


def _told(value: float) -> Predicted:
    return Predicted(value=value, low=None, high=None, of="typical person")
