"""What is decided in a trial by ratings as they come, error and all: doses, and who goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterglow.core.dosing.trial_plan import Arm, Only, Qualifying, Trial
from afterglow.core.dosing.virtual_sessions import Undergone, drives, on_rungs
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.mood import MoodParams, course_along
from afterglow.core.pharmacology.scales import Scale, from_madrs, points_per_madrs

START, ON_DAY = 16, 17  # streams of dice: ratings before treatment, and on later days


@dataclass(frozen=True, slots=True)
class Rater:
    """Ratings on one scale. The same seed gives the same errors, whatever the arm."""

    scale: Scale
    seed: tuple[int, ...]

    def start(self, params: MoodParams) -> Floats:
        """Rated baselines, (n,)."""
        return self._rated(params, params.baseline_madrs, START, 0)

    def on(self, day: float, params: MoodParams, madrs: Floats) -> Floats:
        """Ratings on one day, (n,)."""
        return self._rated(params, madrs, ON_DAY, round(day * 1440.0))

    def _rated(self, params: MoodParams, madrs: Floats, stream: int, when: int) -> Floats:
        luck = np.random.default_rng([*self.seed, stream, when]).standard_normal(madrs.size)
        error = points_per_madrs(madrs, self.scale) * params.residual_madrs
        return np.asarray(from_madrs(madrs, self.scale) + error * luck)


def climbed(
    arm: Arm, params: MoodParams, sessions: Sequence[tuple[Undergone, ...]], rater: Rater
) -> NDArray[np.int64] | None:
    """Which rung of a flexible dose each person is on at each session, (n, sessions)."""
    flexible = arm.flexible
    if flexible is None:
        return None
    start, top = rater.start(params), len(flexible.rungs) - 1
    rungs = np.zeros((params.people, len(sessions)), dtype=np.int64)
    for k in range(1, len(sessions)):
        rungs[:, k] = rungs[:, k - 1]
        if k + 1 in flexible.at_sessions:
            day = arm.sessions[k].day
            so_far = drives(arm, on_rungs(sessions[:k], rungs))
            madrs = course_along(params, so_far, np.array([day]), arm.therapy).madrs[:, 0]
            unhelped = rater.on(day, params, madrs) > (1.0 - flexible.fall) * start
            rungs[:, k] = np.minimum(rungs[:, k] + unhelped, top)
    return rungs


def qualify(
    only: Only, trial: Trial, params: MoodParams, madrs: Floats, rater: Rater
) -> NDArray[np.bool_]:
    """Who goes on, (n,); `madrs` (n, days) are the expected scores on the days of `only`."""
    start = rater.start(params)
    times = np.zeros(params.people, dtype=np.int64)
    for day, expected in zip(only.at_days, madrs.T, strict=True):
        rated = rater.on(day, params, expected)
        times += _is_so(only.who, trial, rated, start)
    return np.asarray(times >= only.at_least)


def _is_so(who: Qualifying, trial: Trial, rated: Floats, start: Floats) -> NDArray[np.bool_]:
    if who is Qualifying.REMITTERS:
        return np.asarray(rated <= trial.remission_cut + 0.5)  # ratings are whole points
    responded = rated <= (1.0 - trial.response_fall) * start
    return np.asarray(responded if who is Qualifying.RESPONDERS else ~responded)
