"""A virtual trial: arms of people treated over weeks, and what would be seen of their mood.

The people of all arms are the same people, so that arms differ by what is given and believed,
not by who was drawn. Intervals hold both the luck of an arm of this size and the plausible range
of every number of the mood sheet. Nothing here is evidence about a real treatment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from afterglow.core.body import within
from afterglow.core.dosing import outlook
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.population import DEFAULT_MODEL
from afterglow.core.dosing.trial_arm import ArmResult, Made, arm_made
from afterglow.core.dosing.trial_contrasts import Contrast, Estimate, contrast
from afterglow.core.dosing.trial_notes import felt_words, route_words
from afterglow.core.dosing.trial_plan import Arm, Trial
from afterglow.core.dosing.virtual_people import Population
from afterglow.core.pharmacology.scales import Scale
from afterglow.core.pharmacology.sourced import sheet
from afterglow.core.refusal import Refusal

__all__ = ["Arm", "ArmResult", "Contrast", "Estimate", "Trial", "TrialResult", "run"]

MOST_PEOPLE = 20_000
SHORTEST_GAP_DAYS = 1.0  # levels of one session must be gone before the next


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialResult:
    days: tuple[float, ...]
    scale: Scale
    arms: tuple[ArmResult, ...]
    contrasts: tuple[Contrast, ...]  # of every arm with its comparator
    notes: tuple[str, ...]
    seed: int
    people: int
    model: str = DEFAULT_MODEL


# Something done for each of several arms: `map`, or machines that share them out.
Each = Callable[[Callable[[int], Made | Refusal], Sequence[int]], Iterable[Made | Refusal]]


def run(
    trial: Trial,
    who: Belief | Population,
    *,
    seed: int,
    people: int = 2000,
    draws: int = 60,
    each: Each = map,
) -> TrialResult | Refusal:
    """Simulate every arm. `people` virtual patients an arm; `draws` settings of the mood sheet.

    `who` is one patient as believed, or a population in which age and weight differ. `each` says
    where arms are computed; their numbers do not depend on it.
    """
    within("people", people, 100, MOST_PEOPLE, "")
    within("draws", draws, 20, 1000, "")
    if refusal := _refused_people(who):
        return refusal
    for arm in trial.arms:
        if refusal := refused(who.model, arm):
            return refusal
    made: list[Made] = []
    for one in each(partial(arm_made, trial, who, people, seed, draws), range(len(trial.arms))):
        if isinstance(one, Refusal):
            return one
        made.append(one)
    told = [one.told for one in made]
    return TrialResult(
        days=trial.days,
        scale=trial.scale,
        arms=tuple(one.result for one in made),
        contrasts=tuple(contrast(told[k], told[against]) for k, against in trial.comparisons),
        notes=(*sheet("mood").caveats, *who.assumptions, *_words(trial)),
        seed=seed,
        people=people,
        model=who.model,
    )


def _words(trial: Trial) -> tuple[str, ...]:
    routes = route_words(given for arm in trial.arms for given in arm.every_given)
    return (*felt_words(trial.arms), *routes)


def _refused_people(who: Belief | Population) -> Refusal | None:
    return who.refusal() if isinstance(who, Population) else outlook.not_trusted(who)


def refused(model_id: str, arm: Arm) -> Refusal | None:
    """Why an arm cannot be followed by this model, if so."""
    for one in arm.every_given:
        if refusal := one.refusal():
            return refusal
    if model_id != DEFAULT_MODEL:
        return Refusal(
            code="effect-not-modelled",
            because=f"Effects follow arterial blood; {model_id} does not follow it.",
            remedy=f"Use {DEFAULT_MODEL}.",
            source="docs/science/mood.md",
        )
    return _gap_refused(arm)


def _gap_refused(arm: Arm) -> Refusal | None:
    for before, after in pairwise(arm.sessions):
        lasts = max(one.lasts_days for one in before.rungs)
        gap, least = after.day - before.day, max(SHORTEST_GAP_DAYS, lasts)
        if before.given.doses and after.given.doses and gap < least:
            return Refusal(
                code="sessions-too-close",
                because=f"Two sessions of {arm.name!r} are {gap:g} days apart.",
                remedy=f"Leave {least:.3g} day or more, or write them as one session.",
                source="levels of one session are taken to be gone before the next [own]",
            )
    return None
