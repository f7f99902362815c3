"""The question at the chair: if I pause or slow now, when will dissociation be under so much?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from afterglow.core.body import Baseline, within
from afterglow.core.dosing import outlook
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.doses import LONGEST_MIN, timeline
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.quantity import BaseMass, Dose, Infusion
from afterglow.core.refusal import Refusal

# A tenth of a second. Instants of a clock are rounded one by one, so that what is left of a dose
# that has just ended can come out a hair above nothing: that is rounding, not a dose.
SHORTEST_MIN = 1 / 600
AFTER_MIN = 180.0  # looked at after the last drug has gone in
MOST_STEPS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is done to every infusion that is running, or yet to begin, at `at_min`.

    At a `rate_share` of 0 nothing more is given; at 0.5 the rest goes in at half the rate, so it
    takes twice as long. 1 leaves all as it is.
    """

    at_min: float
    rate_share: float = 0.0

    def __post_init__(self) -> None:
        within("at_min", self.at_min, 0, LONGEST_MIN, "min from the start of the session")
        within("rate_share", self.rate_share, 0, 1, "of the rate")
        if 0 < self.rate_share < 0.05:
            raise BadInput("rate_share must be 0, or 0.05 to 1 of the rate.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """How long from the change until the score is below a value and stays there, min.

    0 when it is so already; None when not within 3 hours after the last drug has gone in.
    """

    cadss_below: float
    median_min: float | None
    p95_min: float | None  # 19 in 20 such patients are there by then
    below_already: float  # share of draws, 0 to 1
    doses: tuple[Dose, ...]  # as they would be given


def when_below(
    belief: Belief,
    doses_so_far: Sequence[Dose],
    change: Change,
    cadss_below: float,
    *,
    session_number: int,
    baseline: Baseline,
    seed: int,
    draws: int = 1000,
    idle_days: float = 0.0,
) -> Wait | Refusal:
    """The wait for CADSS-23 under `cadss_below` points, if the infusion is changed so.

    `doses_so_far` are those given and the running one as it was planned. Deterministic in its
    arguments. The score includes the baseline: under it, nobody ever is.
    """
    within("cadss_below", cadss_below, 0, 92, "points")
    within("draws", draws, 100, 20_000, "")
    visit = Visit(number=session_number, baseline=baseline, idle_days=idle_days)
    changed = tuple(part for dose in doses_so_far for part in after(dose, change))
    if refusal := outlook.not_trusted(belief) or outlook.not_modelled(belief, changed):
        return refusal
    times = _times(changed, change)
    line = timeline(changed, times)
    people = belief.bodies(belief.sample(draws, seed))
    site = lv.levels(people, line, lv.DISSOCIATION_SITE)[lv.DISSOCIATION_SITE][line.asked]
    score = outlook.cadss(site, people, visit, Occasion.drawn(draws, seed))
    waits = _waits(score, times - change.at_min, cadss_below)
    median, p95 = np.percentile(waits, (50, 95), method="higher")
    return Wait(
        cadss_below=cadss_below,
        median_min=_told(median),
        p95_min=_told(p95),
        below_already=round(float(np.mean(waits == 0)), 4),
        doses=changed,
    )


def after(dose: Dose, change: Change) -> list[Dose]:
    """A dose as it would be given. What was given before the change stays as it was."""
    if dose.ends_min - change.at_min < SHORTEST_MIN:
        return [dose]
    if not isinstance(dose, Infusion):
        return [dose] if change.rate_share else []  # a push yet to come
    given_min = change.at_min - dose.starts_min
    if given_min < SHORTEST_MIN:
        given_min = 0.0
    left_mg = dose.amount.mg - given_min * dose.rate_mg_per_min
    parts: list[Dose] = []
    if given_min > 0:
        given = BaseMass(dose.amount.mg - left_mg)
        parts.append(replace(dose, amount=given, lasts_min=given_min))
    if change.rate_share > 0:
        starts = max(change.at_min, dose.starts_min)
        lasts = left_mg / (dose.rate_mg_per_min * change.rate_share)
        parts.append(replace(dose, amount=BaseMass(left_mg), starts_min=starts, lasts_min=lasts))
    return parts


def _times(doses: Sequence[Dose], change: Change) -> Floats:
    last = max([change.at_min, *(dose.ends_min for dose in doses)]) + AFTER_MIN
    span = min(last, LONGEST_MIN) - change.at_min
    step = max(1.0, np.ceil(span / MOST_STEPS))
    return change.at_min + np.arange(0.0, span + 1e-9, step)


def _waits(score: Floats, since_min: Floats, below: float) -> Floats:
    """When each draw (T, N) was last at or above a value, by straight line; inf if to the end."""
    over = score >= below
    last = over.shape[0] - 1 - np.argmax(over[::-1], axis=0)
    ever, who = over.any(axis=0), np.arange(score.shape[1])
    following = np.minimum(last + 1, score.shape[0] - 1)
    high, low = score[last, who], score[following, who]
    part = np.divide(high - below, high - low, out=np.zeros_like(high), where=high > low)
    crossed = since_min[last] + part * (since_min[following] - since_min[last])
    crossed[last == score.shape[0] - 1] = np.inf
    return np.asarray(np.where(ever, crossed, 0.0))


def _told(wait: float) -> float | None:
    return round(float(wait), 1) if np.isfinite(wait) else None
