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

import numpy as np

from afterglow.core.body import within
from afterglow.core.dosing import outlook
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.dosing.population import DEFAULT_MODEL
from afterglow.core.dosing.trial_notes import route_words
from afterglow.core.dosing.trial_plan import Arm, Trial
from afterglow.core.dosing.trial_seen import Seen
from afterglow.core.dosing.virtual_people import Crowd, Population, like
from afterglow.core.dosing.virtual_sessions import drives, undergone
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.scales import Scale
from afterglow.core.pharmacology.sourced import sheet
from afterglow.core.refusal import Refusal

__all__ = ["Arm", "ArmResult", "Estimate", "Trial", "TrialResult", "run"]

MOST_PEOPLE = 20_000
PEOPLE_FOR_INTERVALS = 400  # arms are drawn from these, once for each setting of the sheet
EARLY_DAYS = 0.75  # before it, two pulses a session are too few
SHORTEST_GAP_DAYS = 1.0  # levels of one session must be gone before the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One value at each day of the trial, with its 95 % interval."""

    value: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmResult:
    """What is seen of one arm. Rates are shares of 1; change is negative when people are better."""

    name: str
    mean_change: Estimate
    sd_change: tuple[float, ...]
    response: Estimate
    remission: Estimate
    relapse: Estimate  # of those who responded after the last session; 0 before it
    peak_cadss_first: tuple[float, float, float]  # drug-caused, 5th, 50th, 95th percentile
    peak_cadss_last: tuple[float, float, float]  # the same in the last session
    dose_mg: tuple[float, float, float]  # a session, lowest, mean and highest of the people


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialResult:
    days: tuple[float, ...]
    scale: Scale
    arms: tuple[ArmResult, ...]
    notes: tuple[str, ...]
    seed: int
    people: int
    model: str = DEFAULT_MODEL


# Something done for each of several arms: `map`, or machines that share them out.
Each = Callable[[Callable[[Arm], ArmResult], Sequence[Arm]], Iterable[ArmResult]]


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
    result_of = partial(_arm, trial, who, people, seed, draws)
    return TrialResult(
        days=trial.days,
        scale=trial.scale,
        arms=tuple(each(result_of, trial.arms)),
        notes=(*sheet("mood").caveats, *who.assumptions, *_route_words(trial)),
        seed=seed,
        people=people,
        model=who.model,
    )


def _route_words(trial: Trial) -> tuple[str, ...]:
    return route_words(session.given for arm in trial.arms for session in arm.sessions)


def _refused_people(who: Belief | Population) -> Refusal | None:
    return who.refusal() if isinstance(who, Population) else outlook.not_trusted(who)


def refused(model_id: str, arm: Arm) -> Refusal | None:
    """Why an arm cannot be followed by this model, if so."""
    for one in {session.given for session in arm.sessions}:
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
        gap, least = after.day - before.day, max(SHORTEST_GAP_DAYS, before.given.lasts_days)
        if before.given.doses and after.given.doses and gap < least:
            return Refusal(
                code="sessions-too-close",
                because=f"Two sessions of {arm.name!r} are {gap:g} days apart.",
                remedy=f"Leave {least:.3g} day or more, or write them as one session.",
                source="levels of one session are taken to be gone before the next [own]",
            )
    return None


def _crowd(who: Belief | Population, n: int, seed: int) -> Crowd:
    return who.crowd(n, seed) if isinstance(who, Population) else like(who, n, seed)


def _arm(
    trial: Trial, who: Belief | Population, people: int, seed: int, draws: int, arm: Arm
) -> ArmResult:
    crowds = _crowd(who, people, seed), _crowd(who, min(people, PEOPLE_FOR_INTERVALS), seed)
    everybody, some = (
        undergone(arm, crowd, (), partial(_told_of, crowd, seed)) for crowd in crowds
    )
    given = crowds[0].leaning, drives(arm, everybody)
    again = crowds[1].leaning, drives(arm, some)
    dice = np.random.default_rng([seed, 3])
    typical = Seen.of(trial, arm, given, seed, None)
    samples = []
    for k in range(draws):
        numbers = sheet("mood").drawn(seed + 1 + k)
        samples.append(Seen.of(trial, arm, again, seed, numbers).sampled(arm.patients, dice))
    mean_change, response, remission, relapse = (
        _estimate(value, np.array([sample[k] for sample in samples]))
        for k, value in enumerate(typical.means())
    )
    mg = everybody[0].dose_mg
    return ArmResult(
        name=arm.name,
        mean_change=mean_change,
        sd_change=_told(typical.sd_change()),
        response=response,
        remission=remission,
        relapse=relapse,
        peak_cadss_first=_spread(everybody[0].told["peak_cadss"]),
        peak_cadss_last=_spread(everybody[-1].told["peak_cadss"]),
        dose_mg=(float(mg.min()), float(mg.mean()), float(mg.max())),
    )


def _looks_early(trial: Trial, arm: Arm) -> bool:
    """Whether anybody is rated within half a day of a session."""
    since = np.array(trial.days)[:, None] - np.array([one.day for one in arm.sessions])
    return bool(np.any((since > 0) & (since < EARLY_DAYS)))


def _told_of(
    crowd: Crowd, seed: int, visit: Visit, at_min: Floats, levels: dict[str, Floats]
) -> dict[str, Floats]:
    """Dissociation grows with the effect site, so its peak is that of the site."""
    peak = levels[lv.DISSOCIATION_SITE].max(axis=0)[None, :]
    occasion = Occasion.drawn(crowd.size, seed + visit.number)
    return {"peak_cadss": outlook.cadss(peak, crowd.bodies, visit, occasion)[0]}


def _spread(values: Floats) -> tuple[float, float, float]:
    low, middle, high = np.percentile(values, [5, 50, 95])
    return float(low), float(middle), float(high)


def _estimate(value: Floats, samples: Floats) -> Estimate:
    if np.isnan(samples).all():  # nobody responded in any simulated arm: nothing can relapse
        return Estimate(value=_told(value), low=_told(samples[0]), high=_told(samples[0]))
    low, high = np.nanpercentile(samples, [2.5, 97.5], axis=0)
    return Estimate(value=_told(value), low=_told(low), high=_told(high))


def _told(values: Sequence[float] | Floats) -> tuple[float, ...]:
    return tuple(float(v) for v in values)
