"""A proposal over the course of the rate too, with the benefit the mood model expects.

Beside `propose`, which a clinic signs from: here the same limits are kept, more is tried, and the
whole trade-off of benefit against high is listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from afterglow.core.body import Baseline, within
from afterglow.core.dosing import codec
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.options import Candidates, Limits, Option
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.dosing.propose import cannot_propose, none_safe
from afterglow.core.dosing.tradeoff import Weighing, infusions
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology import mood, mood_people
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.outcomes import drug_benefit
from afterglow.core.pharmacology.sourced import sheet
from afterglow.core.quantity import BaseMass, Drug, Infusion
from afterglow.core.refusal import Refusal

AS_GOOD = 0.005  # [own] share of the starting score that no scale could tell
FELT_MIN = 480.0  # drive is summed up to here
STEP_MIN = 4.0
DAYS_LATER = 1.0
NOTE = (
    "Benefit is the mood model's mean over people, a day after a first session, drug alone: "
    "provisional, calibrated by hand to group results, and no statement on this patient's mood."
)


class Profile(StrEnum):
    """How the rate goes over the time of an infusion, in three equal steps [own]."""

    CONSTANT = "constant"
    RAMP = "ramp"
    STEP_DOWN = "step-down"

    @property
    def parts(self) -> tuple[float, ...]:
        """The share of the dose in each step."""
        return {
            Profile.CONSTANT: (1.0,),
            Profile.RAMP: (1 / 6, 2 / 6, 3 / 6),
            Profile.STEP_DOWN: (3 / 6, 2 / 6, 1 / 6),
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One dose, over so many minutes, given so; what it costs (`option`) and may bring."""

    profile: Profile
    option: Option
    mood_benefit: float  # share of the starting score gone a day later, 0 to 1
    infusions: tuple[Infusion, ...]  # as a pump would be set


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseProposal:
    """A suggestion to look at, never signed as it stands, with the whole trade-off."""

    chosen: Course
    frontier: tuple[Course, ...]  # allowed, and no other brings as much for less dissociation
    courses: tuple[Course, ...]
    notes: tuple[str, ...]
    model: str
    draws: int
    seed: int

    def to_json(self) -> dict[str, Any]:
        """A dict of plain JSON values."""
        raw: dict[str, Any] = codec.plain(self)
        return raw

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> CourseProposal:
        return codec.read(cls, raw)


def propose_course(
    belief: Belief,
    *,
    limits: Limits,
    candidates: Candidates,
    profiles: Sequence[Profile],
    session_number: int,
    baseline: Baseline,
    seed: int,
    drug: Drug = Drug.KETAMINE,
    draws: int = 1000,
    idle_days: float = 0.0,
) -> CourseProposal | Refusal:
    """The course of most benefit that keeps every limit; of equals the least dissociation.

    Same arguments, limits and refusals as `propose`, and the profiles to try.
    """
    within("draws", draws, 100, 20_000, "")
    if not profiles:
        raise BadInput(f"profiles must hold at least one of {', '.join(Profile)}.")
    if refusal := cannot_propose(belief, candidates, limits, drug):
        return refusal
    weighing = Weighing(
        belief=belief,
        people=belief.bodies(belief.sample(draws, seed)),
        occasion=Occasion.drawn(draws, seed),
        visit=Visit(number=session_number, baseline=baseline, idle_days=idle_days),
        drug=drug,
        limits=limits,
    )
    people = mood_people.draw(draws, seed, expectancy=mood.Expectancy.NONE)
    courses = [
        one
        for profile in dict.fromkeys(profiles)
        for one in _courses(weighing, candidates, profile, people)
    ]
    allowed = [one for one in courses if one.option.allowed]
    if not allowed:
        return none_safe([one.option for one in courses])
    return CourseProposal(
        chosen=_best(allowed),
        frontier=_frontier(allowed),
        courses=tuple(courses),
        notes=(NOTE, *sheet("mood").caveats, *belief.assumptions),
        model=belief.model,
        draws=draws,
        seed=seed,
    )


def _courses(
    weighing: Weighing, candidates: Candidates, profile: Profile, people: mood.MoodParams
) -> list[Course]:
    per_mg = {minutes: _site_per_mg(weighing, minutes, profile) for minutes in candidates.minutes}
    return [
        Course(
            profile=profile,
            option=one,
            mood_benefit=round(_benefit(one.dose_mg * per_mg[one.minutes], people), 4),
            infusions=infusions(BaseMass(one.dose_mg), one.minutes, profile.parts, weighing.drug),
        )
        for one in weighing.options(candidates, profile.parts)
    ]


def _site_per_mg(weighing: Weighing, minutes: float, profile: Profile) -> Floats:
    """S-ketamine at the effect site per mg so given, (T, N)."""
    given = infusions(BaseMass(1), minutes, profile.parts, weighing.drug)
    line = timeline(given, _times())
    return lv.levels(weighing.people, line, lv.DISSOCIATION_SITE)[lv.DISSOCIATION_SITE][line.asked]


def _times() -> Floats:
    return np.arange(0.0, FELT_MIN + 1, STEP_MIN)


def _benefit(site: Floats, people: mood.MoodParams) -> float:
    pulses = mood.session_pulses(0.0, _times(), site)
    course = mood.course(people, pulses, np.array([DAYS_LATER]))
    return float(np.mean(drug_benefit(people, course)))


def _best(allowed: Sequence[Course]) -> Course:
    most = max(one.mood_benefit for one in allowed)
    near = [one for one in allowed if one.mood_benefit >= most - AS_GOOD]
    return min(near, key=lambda one: (one.option.cadss_chance, one.option.minutes, one.profile))


def _frontier(allowed: Sequence[Course]) -> tuple[Course, ...]:
    """Courses than which none brings more at a lower median peak, calmest first."""
    kept: list[Course] = []
    for one in sorted(allowed, key=lambda one: (one.option.cadss_median, -one.mood_benefit)):
        if not kept or one.mood_benefit > kept[-1].mood_benefit:
            kept.append(one)
    return tuple(kept)
