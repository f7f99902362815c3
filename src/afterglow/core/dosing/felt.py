"""The high of given doses, for this patient or a case: the engine's curves, read by the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from afterglow.core.body import Baseline, within
from afterglow.core.dosing import asked, device, muscle, outlook
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.case import Case
from afterglow.core.dosing.forecast import (
    CLOSE_MIN,
    followers_of,
    grid_of,
    is_core,
    model_for,
    parts_of_people,
    refused,
)
from afterglow.core.dosing.label import by_device
from afterglow.core.dosing.notes import notes_on
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.doses import checked_times, timeline
from afterglow.core.pharmacology.high import HighReport, report
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.sedation import racemic_equivalent
from afterglow.core.quantity import Dose, Drug
from afterglow.core.refusal import Refusal

MINUTES_LOOKED_AT = 480.0
MOST_PEOPLE = 20_000
MOST_HELD = 6_000_000  # instants times people, of each of two curves
FELT = ("cadss_23", "venous_s_ng_per_ml")


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
    twice venous S-ketamine, so racemic and esketamine doses share one set of bands. By muscle and
    skin levels are raised as in a plan (`muscle.safety_factor`); by nasal device they are the
    population's (`device`).
    """
    within("draws", draws, 100, 20_000, "")
    if refusal := outlook.not_trusted(belief) or _not_followed(belief, doses):
        return refusal
    people = belief.bodies(belief.sample(draws, seed))
    at_min, found = _levels(belief, people, doses, seed)
    visit = Visit(number=session_number, baseline=replace(baseline, cadss=0.0), idle_days=idle_days)
    factor = muscle.factor_of(belief.model, doses)
    site, s = factor * found[lv.DISSOCIATION_SITE], factor * found[lv.VENOUS_S]
    cadss = outlook.cadss(site, people, visit, Occasion.drawn(draws, seed))
    return _noting(
        report(at_min, cadss, racemic_equivalent(s)),
        (*muscle.notes_of(belief.model, doses), *(device.NOTES if by_device(doses) else ())),
    )


def _not_followed(belief: Belief, doses: Sequence[Dose]) -> Refusal | None:
    if by_device(doses):
        return device.refused(belief.covariates, Drug.ESKETAMINE)
    return outlook.not_modelled(belief, doses)


def _levels(
    belief: Belief, people: Mapping[str, Floats], doses: Sequence[Dose], seed: int
) -> tuple[Floats, Mapping[str, Floats]]:
    """Minutes (t,), venous S-ketamine and the effect site of dissociation, ng/mL (t, N)."""
    times = checked_times(np.arange(0.0, MINUTES_LOOKED_AT + 1.0).tolist())
    if by_device(doses):
        return device.Sprayed.of(belief.covariates, people, seed).levels(doses, times)
    line = timeline(doses, times)
    return line.at_min, lv.levels(people, line, lv.VENOUS_S, lv.DISSOCIATION_SITE)


def high_of_case(case: Case) -> HighReport | Refusal:
    """The same for a case, by every way in, until 8 hours after the last dose.

    `case.patients` people, as long as they can be held at once (`people_of`).
    """
    model = model_for(case)
    ends = max(dose.ends_min for dose in case.doses)
    grid = grid_of(replace(case, times_min=(ends + CLOSE_MIN,), auc_to_min=None))
    case = replace(case, patients=people_of(case, grid.size))
    wanted = [asked.read(name) for name in FELT]
    followers = refused(case, model) or followers_of(case, model, grid, wanted)
    if isinstance(followers, Refusal):
        return followers
    first, needs = followers[0], {level for one in wanted for level in one.needs}
    if not needs <= set(first.gives):
        return Refusal(
            code="effect-not-modelled",
            because=f"Dissociation is driven by arterial blood; {model.id} does not follow it.",
            remedy='Write model = "default".',
            source="docs/science/high.md",
        )
    factor = muscle.factor_of(model.id, case.doses) if is_core(model) else 1.0
    scenes = [
        first.scene(needs, part).raised(factor)
        for part in parts_of_people(case.patients, grid.size)
    ]
    cadss, s = (np.hstack([one.made(scene) for scene in scenes]) for one in wanted)
    seen = report(grid, cadss, racemic_equivalent(s))
    raised = muscle.notes_of(model.id, case.doses) if is_core(model) else ()
    return _noting(seen, (*notes_on(case, model, wanted), *raised))


def _noting(seen: HighReport, said: Sequence[str]) -> HighReport:
    return replace(seen, notes=tuple(dict.fromkeys([*seen.notes, *said])))


def people_of(case: Case, instants: int) -> int:
    """How many people a report is made of: a long session is held for fewer."""
    return min(case.patients, MOST_PEOPLE, MOST_HELD // instants)
