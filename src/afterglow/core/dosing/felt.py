"""The high of given doses for this patient: the engine's curves, read by the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from afterglow.core.body import Baseline, within
from afterglow.core.dosing import outlook
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.doses import checked_times, timeline
from afterglow.core.pharmacology.high import HighReport, report
from afterglow.core.pharmacology.sedation import racemic_equivalent
from afterglow.core.quantity import Dose
from afterglow.core.refusal import Refusal

MINUTES_LOOKED_AT = 480.0


def high_of(
    belief: Belief,
    doses: Sequence[Dose],
    *,
    session_number: int,
    baseline: Baseline,
    seed: int,
    draws: int = 1000,
    idle_days: float = 0.0,
) -> HighReport | Refusal:
    """How high, for how long, and when it is gone, minute by minute over 8 hours.

    Dissociation is what the drug adds: the score before the dose is left out. Concentrations are
    twice venous S-ketamine, so racemic and esketamine doses share one set of bands.
    """
    within("draws", draws, 100, 20_000, "")
    if refusal := outlook.not_trusted(belief) or outlook.not_modelled(belief, doses):
        return refusal
    times = checked_times(np.arange(0.0, MINUTES_LOOKED_AT + 1.0).tolist())
    line = timeline(doses, times)
    people = belief.bodies(belief.sample(draws, seed))
    found = lv.levels(people, line, lv.VENOUS_S, lv.DISSOCIATION_SITE)
    visit = Visit(number=session_number, baseline=replace(baseline, cadss=0.0), idle_days=idle_days)
    cadss = outlook.cadss(found[lv.DISSOCIATION_SITE], people, visit, Occasion.drawn(draws, seed))
    return report(line.at_min, cadss, racemic_equivalent(found[lv.VENOUS_S]))
