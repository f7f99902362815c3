"""The same for mood: people of the mood model, seen by depression scores over a course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from afterglow.core.dosing.mood_belief import MoodBelief, drives_of, leaning, learn_mood, person_at
from afterglow.core.dosing.mood_seen import CourseSeen, MoodScored, TreatedOn
from afterglow.core.pharmacology.mood import MoodParams, SessionDrive, course_along
from afterglow.core.pharmacology.mood_people import DIRECTIONS
from afterglow.core.pharmacology.scales import Scale, from_madrs, link, points_per_madrs
from tests.calibration.hidden import Dice, Floats
from tests.calibration.ranks import rank
from tests.core.people import infusion, prior

SESSIONS = tuple(TreatedOn(day=day, doses=(infusion(),)) for day in (0.0, 3))
RATED_ON = (1.0, 3, 4, 7)
AHEAD = 10.0  # a week after the last session
BEFORE_MADRS = 32.0


@dataclass(frozen=True, slots=True)
class Mood:
    """One depression scale, rated by the day."""

    scale: Scale

    @property
    def asks(self) -> tuple[str, ...]:
        return ("MADRS a week on", "sensitivity", "expectancy", "baseline")

    def ranks(self, dice: Dice, seed: int) -> Floats | None:
        belief, seen = prior(), self._unrated()
        own = belief.sample(1, int(dice.integers(2**32)))
        hidden = person_at(seen, dice.standard_normal((DIRECTIONS, 1)), leaning(belief, own))
        given = drives_of(belief, own, SESSIONS)
        learnt = learn_mood(belief, self._rated(seen, hidden, given, dice), seed=seed)
        if not isinstance(learnt, MoodBelief):
            return None
        truth, draws = _asked(hidden, given), _asked(learnt.people(), learnt.drives())
        return rank(truth[:, 0], draws, dice)

    def _unrated(self) -> CourseSeen:
        before = float(np.round(from_madrs(BEFORE_MADRS, self.scale)))
        first = MoodScored(at_day=-1.0, scale=self.scale, score=before)
        return CourseSeen(sessions=SESSIONS, scores=(first,))

    def _rated(
        self, seen: CourseSeen, hidden: MoodParams, given: Sequence[SessionDrive], dice: Dice
    ) -> CourseSeen:
        days = np.array(RATED_ON)
        expected = course_along(hidden, given, days).madrs[0]
        error = points_per_madrs(expected, self.scale) * hidden.residual_madrs[0]
        found = from_madrs(expected, self.scale) + error * dice.standard_normal(days.size)
        whole = np.round(np.clip(found, 0, link(self.scale).top)).tolist()
        rated = [
            MoodScored(at_day=day, scale=self.scale, score=score)
            for day, score in zip(RATED_ON, whole, strict=True)
        ]
        return replace(seen, scores=(*seen.scores, *rated))


def _asked(people: MoodParams, given: Sequence[SessionDrive]) -> Floats:
    """(asks, N)."""
    ahead = course_along(people, given, np.array([AHEAD])).madrs[:, 0]
    return np.stack([ahead, people.sensitivity, people.expectancy, people.baseline_madrs])
