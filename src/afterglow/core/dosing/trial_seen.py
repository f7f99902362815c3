"""What would be seen of one arm under one setting of the mood sheet: everybody's chances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterglow.core.dosing.trial_plan import Arm, Qualifying, Trial
from afterglow.core.dosing.trial_rated import Rater, climbed, qualify
from afterglow.core.dosing.virtual_sessions import Undergone, drives, on_rungs
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.mood import MoodCourse, MoodParams, course_along
from afterglow.core.pharmacology.mood_people import draw
from afterglow.core.pharmacology.outcomes import (
    chance_of_relapse,
    chance_of_remission,
    chance_of_response,
)
from afterglow.core.pharmacology.scales import from_madrs, points_per_madrs, to_madrs
from afterglow.core.pharmacology.sourced import sheet
from afterglow.core.quantity import Drug


@dataclass(frozen=True, slots=True)
class Figures:
    """What one group shows at each day of the trial, (t,) each."""

    change: Floats
    sd_change: Floats
    response: Floats
    remission: Floats
    relapse: Floats


@dataclass(frozen=True, slots=True)
class Seen:
    """One setting of the mood sheet: expected change and chances of every person, (n, t)."""

    change: Floats
    error: Floats  # SD of the rating error of a change
    response: Floats
    remission: Floats
    relapse: Floats
    responded: Floats  # chance that relapse is counted for this person at all, (n,)
    kept: NDArray[np.bool_]  # of all people, who qualified
    sessions: list[Undergone]  # as everybody really had them

    @classmethod
    def of(
        cls,
        trial: Trial,
        arm: Arm,
        leaning: Floats,
        sessions: Sequence[tuple[Undergone, ...]],
        seed: int,
        numbers: Mapping[str, float] | None,
    ) -> Seen:
        params, rater = _people(trial, arm, leaning, seed, numbers), Rater(trial.scale, (seed,))
        had = on_rungs(sessions, climbed(arm, params, sessions, rater))
        every, ends = _grid(trial, arm)
        seen = course_along(params, drives(arm, had), every, arm.therapy)
        kept = _kept(trial, arm, params, seen, rater)
        told = _told(trial, arm, params, seen, rater)
        relapse = chance_of_relapse(
            seen, every[ends], oral_antidepressant=arm.new_antidepressant, numbers=numbers
        )
        asked = np.searchsorted(every, trial.days)
        change, error, response, remission, relapse = (
            one[kept][:, asked] for one in (*told, relapse)
        )
        responded = told[2][kept, ends]
        if arm.only and arm.only.who is not Qualifying.NONRESPONDERS:
            responded = np.ones_like(responded)
        return cls(change, error, response, remission, relapse, responded, kept, had)

    def means(self) -> Figures:
        weight = self.responded[:, None]
        return Figures(
            change=self.change.mean(axis=0),
            # Between people, and rating error.
            sd_change=np.sqrt(self.change.var(axis=0) + (self.error**2).mean(axis=0)),
            response=self.response.mean(axis=0),
            remission=self.remission.mean(axis=0),
            relapse=(weight * self.relapse).sum(axis=0) / max(float(weight.sum()), 1e-12),
        )

    def sampled(self, patients: int, dice: np.random.Generator) -> Figures:
        """What one real arm of this size would show; NaN where nobody qualifies."""
        if not self.kept.any():
            nothing = np.full(self.change.shape[1], np.nan)
            return Figures(nothing, nothing, nothing, nothing, nothing)
        who = dice.integers(self.change.shape[0], size=patients)
        change = self.change[who] + self.error[who] * dice.standard_normal((patients, 1))
        rated = dice.random((patients, 1))
        response, remission = rated < self.response[who], rated < self.remission[who]
        first = dice.random(patients) < self.responded[who]
        relapsed = (dice.random((patients, 1)) < self.relapse[who])[first]
        return Figures(
            change=change.mean(axis=0),
            sd_change=change.std(axis=0, ddof=1),
            response=response.mean(axis=0),
            remission=remission.mean(axis=0),
            relapse=relapsed.mean(axis=0) if first.any() else np.full(relapsed.shape[1], np.nan),
        )


def _kept(
    trial: Trial, arm: Arm, params: MoodParams, seen: MoodCourse, rater: Rater
) -> NDArray[np.bool_]:
    if arm.only is None:
        return np.ones(params.people, dtype=np.bool_)
    places = np.searchsorted(seen.t_days, arm.only.at_days)
    return qualify(arm.only, trial, params, seen.madrs[:, places], rater)


def _told(
    trial: Trial, arm: Arm, params: MoodParams, seen: MoodCourse, rater: Rater
) -> tuple[Floats, Floats, Floats, Floats]:
    """Change, its rating error, chances of response and of remission; (n, t) each.

    Where ratings decided something, the rated start is known and its error is spent.
    """
    decided = arm.flexible is not None or arm.only is not None
    start = rater.start(params) if decided else from_madrs(params.baseline_madrs, trial.scale)
    now = points_per_madrs(seen.madrs, trial.scale) * params.residual_madrs[:, None]
    return (
        from_madrs(seen.madrs, trial.scale) - start[:, None],
        now if decided else np.sqrt(2.0) * now,
        chance_of_response(
            params,
            seen,
            trial.scale,
            trial.response_fall,
            rated_start=start if decided else None,
        ),
        chance_of_remission(params, seen, trial.scale, trial.remission_at),
    )


def _people(
    trial: Trial, arm: Arm, leaning: Floats, seed: int, numbers: Mapping[str, float] | None
) -> MoodParams:
    mean, sd = trial.baseline
    middle = float(to_madrs(mean, trial.scale))
    spread = sd / float(points_per_madrs(middle, trial.scale))
    given = dict(sheet("mood").typical() if numbers is None else numbers)
    if Drug.ESKETAMINE in arm.drugs:
        given["dissociation_correlation"] = given["dissociation_correlation_esketamine"]
    return draw(
        leaning.size,
        seed,
        baseline_madrs=(middle, spread),
        expectancy=arm.believed,
        new_antidepressant=arm.new_antidepressant,
        dissociation_z=leaning,
        numbers=given,
    )


def _grid(trial: Trial, arm: Arm) -> tuple[Floats, int]:
    """Days to compute, and the place of that from which relapse is counted.

    Those asked for, those on which somebody qualifies, and daily from the day after the last
    session (or from the day of qualifying) on.
    """
    ends = arm.only.at_days[-1] if arm.only else arm.ends_day + 1.0
    qualifying = arm.only.at_days if arm.only else ()
    daily = np.arange(ends, max(trial.days[-1], ends) + 1.0)
    every = np.unique(np.concatenate([daily, np.array(trial.days), np.array(qualifying)]))
    return every, int(np.searchsorted(every, ends))
