"""A virtual trial: arms of people treated over weeks, and what would be seen of their mood.

The people of all arms are the same people, so that arms differ by what is given and believed,
not by who was drawn. Intervals hold both the luck of an arm of this size and the plausible range
of every number of the mood sheet. Nothing here is evidence about a real treatment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterglow.core.body import within
from afterglow.core.dosing import outlook
from afterglow.core.dosing.belief import Belief
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.mood import (
    Expectancy,
    MoodParams,
    Pulses,
    Therapy,
    course,
    join,
    session_pulses,
)
from afterglow.core.pharmacology.mood_people import draw
from afterglow.core.pharmacology.outcomes import (
    chance_of_relapse,
    chance_of_remission,
    chance_of_response,
)
from afterglow.core.pharmacology.scales import Scale, from_madrs, points_per_madrs, to_madrs
from afterglow.core.pharmacology.sourced import sheet
from afterglow.core.quantity import Dose, Drug
from afterglow.core.refusal import Refusal

SESSION_MIN = 720.0  # drive later than 12 h after the start is left out
STEP_MIN = 2.0
MOST_PEOPLE = 20_000
PEOPLE_FOR_INTERVALS = 400  # arms are drawn from these, once for each setting of the sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """What one group gets: the doses of one session (none for placebo), and on which days."""

    name: str
    patients: int
    doses: tuple[Dose, ...]
    session_days: tuple[float, ...]
    expectancy: Expectancy
    new_antidepressant: bool = False
    therapy: tuple[Therapy, ...] = ()

    def __post_init__(self) -> None:
        within("patients", self.patients, 2, 100_000, "")
        if not self.session_days or list(self.session_days) != sorted(set(self.session_days)):
            raise BadInput(f"session_days of {self.name!r} must be ascending, one or more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The arms, the scale they are rated on, its baseline (mean, SD), and the days it is seen."""

    arms: tuple[Arm, ...]
    scale: Scale
    baseline: tuple[float, float]
    days: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.arms or len({arm.name for arm in self.arms}) < len(self.arms):
            raise BadInput("arms must be one or more, each with its own name.")
        if not self.days or list(self.days) != sorted(set(self.days)):
            raise BadInput("days must be ascending, one or more.")
        top = float(from_madrs(60.0, self.scale))
        within("baseline mean", self.baseline[0], 1.0, top, f"points on {self.scale}")
        within("baseline SD", self.baseline[1], 0.0, top / 2, f"points on {self.scale}")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialResult:
    days: tuple[float, ...]
    scale: Scale
    arms: tuple[ArmResult, ...]
    notes: tuple[str, ...]
    seed: int
    people: int


def run(
    trial: Trial, belief: Belief, *, seed: int, people: int = 2000, draws: int = 60
) -> TrialResult | Refusal:
    """Simulate every arm. `people` virtual patients an arm; `draws` settings of the mood sheet."""
    within("people", people, 100, MOST_PEOPLE, "")
    within("draws", draws, 20, 1000, "")
    for arm in trial.arms:
        if refusal := _refused(belief, arm):
            return refusal
    return TrialResult(
        days=trial.days,
        scale=trial.scale,
        arms=tuple(_arm(trial, arm, belief, seed, (people, draws)) for arm in trial.arms),
        notes=(*sheet("mood").caveats, *belief.assumptions),
        seed=seed,
        people=people,
    )


def _refused(belief: Belief, arm: Arm) -> Refusal | None:
    if any(dose.drug is Drug.ARKETAMINE for dose in arm.doses):
        return Refusal(
            code="mood-not-modelled",
            because="Mood is driven by S-ketamine in this model; arketamine has none.",
            remedy="Use racemic ketamine or esketamine; the one controlled arketamine trial was "
            "null.",
            source="Leal 2023; docs/science/mood.md",
        )
    return outlook.not_trusted(belief) or outlook.not_modelled(belief, arm.doses)


def _arm(trial: Trial, arm: Arm, belief: Belief, seed: int, size: tuple[int, int]) -> ArmResult:
    people, draws = size
    everybody = _sessions(arm, belief, people, seed)
    some = _sessions(arm, belief, min(people, PEOPLE_FOR_INTERVALS), seed)
    dice = np.random.default_rng([seed, 3])
    typical = _Seen.of(trial, arm, everybody, seed, None)
    samples = []
    for k in range(draws):
        numbers = sheet("mood").drawn(seed + 1 + k)
        samples.append(_Seen.of(trial, arm, some, seed, numbers).sampled(arm.patients, dice))
    mean_change, response, remission, relapse = (
        _estimate(value, np.array([sample[k] for sample in samples]))
        for k, value in enumerate(typical.means())
    )
    return ArmResult(
        name=arm.name,
        mean_change=mean_change,
        sd_change=_told(typical.sd_change()),
        response=response,
        remission=remission,
        relapse=relapse,
    )


def _sessions(arm: Arm, belief: Belief, people: int, seed: int) -> tuple[Floats, Pulses]:
    """Who dissociates more (standard normal values), and everybody's drive over all sessions."""
    deviations = belief.sample(people, seed)
    top = belief.parameters.index("dmax")
    spread = deviations[top].std()
    leaning = (deviations[top] - deviations[top].mean()) / (spread if spread > 0 else 1.0)
    days = np.array(arm.session_days)
    if not arm.doses:
        return leaning, Pulses(at_days=days, drive_h=np.zeros((people, days.size)))
    line = timeline(arm.doses, np.arange(0.0, SESSION_MIN + 1.0, STEP_MIN))
    site = lv.levels(belief.bodies(deviations), line, lv.DISSOCIATION_SITE)[lv.DISSOCIATION_SITE]
    once = session_pulses(0.0, line.at_min, site)
    every = [Pulses(at_days=day + once.at_days, drive_h=once.drive_h) for day in days]
    return leaning, join(every)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One setting of the mood sheet: expected change and chances of every person, (n, t)."""

    change: Floats
    error: Floats
    response: Floats
    remission: Floats
    relapse: Floats
    responded: Floats  # chance of response the day after the last session, (n,)

    @classmethod
    def of(
        cls,
        trial: Trial,
        arm: Arm,
        given: tuple[Floats, Pulses],
        seed: int,
        numbers: Mapping[str, float] | None,
    ) -> _Seen:
        leaning, pulses = given
        params = _people(trial, arm, leaning, seed, numbers)
        every, asked, ends = _grid(trial, arm)
        seen = course(params, pulses, every, arm.therapy)
        start = from_madrs(params.baseline_madrs, trial.scale)[:, None]
        error = points_per_madrs(seen.madrs, trial.scale) * params.residual_madrs[:, None]
        response = chance_of_response(params, seen, trial.scale)
        relapse = chance_of_relapse(
            seen, every[ends], oral_antidepressant=arm.new_antidepressant, numbers=numbers
        )
        return cls(
            (from_madrs(seen.madrs, trial.scale) - start)[:, asked],
            error[:, asked],
            response[:, asked],
            chance_of_remission(params, seen, trial.scale)[:, asked],
            relapse[:, asked],
            response[:, ends],
        )

    def means(self) -> tuple[Floats, Floats, Floats, Floats]:
        weight = self.responded[:, None]
        relapse = (weight * self.relapse).sum(axis=0) / max(float(weight.sum()), 1e-12)
        return (
            self.change.mean(axis=0),
            self.response.mean(axis=0),
            self.remission.mean(axis=0),
            relapse,
        )

    def sd_change(self) -> Floats:
        """Between people and rating error at both ends together."""
        return np.asarray(np.sqrt(self.change.var(axis=0) + 2.0 * (self.error**2).mean(axis=0)))

    def sampled(
        self, patients: int, dice: np.random.Generator
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """What one real arm of this size would show."""
        who = dice.integers(self.change.shape[0], size=patients)
        noise = self.error[who] * dice.standard_normal((patients, 1)) * np.sqrt(2.0)
        rated = dice.random((patients, 1))
        response, remission = rated < self.response[who], rated < self.remission[who]
        first = dice.random(patients) < self.responded[who]
        relapsed = (dice.random((patients, 1)) < self.relapse[who])[first]
        relapse = relapsed.mean(axis=0) if first.any() else np.full(relapsed.shape[1], np.nan)
        return (
            (self.change[who] + noise).mean(axis=0),
            response.mean(axis=0),
            remission.mean(axis=0),
            relapse,
        )


def _people(
    trial: Trial, arm: Arm, leaning: Floats, seed: int, numbers: Mapping[str, float] | None
) -> MoodParams:
    mean, sd = trial.baseline
    middle = float(to_madrs(mean, trial.scale))
    spread = sd / float(points_per_madrs(middle, trial.scale))
    given = dict(sheet("mood").typical() if numbers is None else numbers)
    if any(dose.drug is Drug.ESKETAMINE for dose in arm.doses):
        given["dissociation_correlation"] = given["dissociation_correlation_esketamine"]
    return draw(
        leaning.size,
        seed,
        baseline_madrs=(middle, spread),
        expectancy=arm.expectancy,
        new_antidepressant=arm.new_antidepressant,
        dissociation_z=leaning,
        numbers=given,
    )


def _grid(trial: Trial, arm: Arm) -> tuple[Floats, NDArray[np.intp], int]:
    """Days to compute: those asked for, and daily from the day after the last session (relapse).

    Returns the days, the places of those asked for, and the place of the day after.
    """
    ends = arm.session_days[-1] + 1.0
    daily = np.arange(ends, max(trial.days[-1], ends) + 1.0)
    every = np.unique(np.concatenate([daily, np.array(trial.days)]))
    return every, np.searchsorted(every, trial.days), int(np.searchsorted(every, ends))


def _estimate(value: Floats, samples: Floats) -> Estimate:
    low, high = np.nanpercentile(samples, [2.5, 97.5], axis=0)
    return Estimate(value=_told(value), low=_told(low), high=_told(high))


def _told(values: Sequence[float] | Floats) -> tuple[float, ...]:
    return tuple(float(v) for v in values)
