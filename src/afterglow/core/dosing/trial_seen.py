"""What would be seen of one arm under one setting of the mood sheet: everybody's chances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterglow.core.dosing.trial_plan import Arm, Trial
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.mood import MoodParams, Pulses, course
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
class Seen:
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
    ) -> Seen:
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
    if Drug.ESKETAMINE in arm.drugs:
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
    ends = arm.sessions[-1].day + 1.0
    daily = np.arange(ends, max(trial.days[-1], ends) + 1.0)
    every = np.unique(np.concatenate([daily, np.array(trial.days)]))
    return every, np.searchsorted(every, trial.days), int(np.searchsorted(every, ends))
