"""Intervals hold the truth about as often as they say, for every kind of observation."""

from __future__ import annotations

import numpy as np
import pytest

from tests.calibration.study import KINDS, LEVELS, WAYS, WIDTHS, Recovered, recover

PEOPLE = 24  # `make calibration` follows 200
SLACK = 4.0  # standard errors: wide, for so few people; the table is the proof


@pytest.mark.parametrize("kind", ["CADSS", "systolic pressure", "venous ketamine"])
def test_intervals_hold_the_truth_as_often_as_they_say(kind):
    found = recover(kind, PEOPLE, seed=3)
    assert found.refused <= PEOPLE // 6
    values = found.ranks.shape[0]
    for width in WIDTHS:
        luck = np.sqrt(width * (1 - width) / values)
        assert abs(found.inside(width) - width) < SLACK * luck


def test_every_kind_of_observation_is_studied():
    assert set(KINDS) == {*WAYS, "all together"}
    assert len(LEVELS) == 5


def test_a_study_would_notice_intervals_that_are_too_narrow():
    even = np.random.default_rng(1).uniform(size=(200, 1))
    narrow = Recovered("made up", np.clip(0.5 + 2 * (even - 0.5), 0, 1), 0)
    assert abs(Recovered("made up", even, 0).inside(0.8) - 0.8) < 0.1
    assert narrow.inside(0.8) < 0.5
