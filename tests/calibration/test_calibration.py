"""Intervals hold the truth as often as they say, for every kind of observation."""

from __future__ import annotations

import numpy as np
import pytest

from afterglow.core.pharmacology.scales import Scale
from tests.calibration.hidden import WAYS
from tests.calibration.ranks import Ranked, rank
from tests.calibration.study import KINDS, Body, recover

PEOPLE = 24  # `make calibration` follows 1,000
EVEN = np.random.default_rng(1).random(400)


@pytest.mark.parametrize(
    "kind", ["CADSS", "systolic pressure", "venous ketamine, coarse assay", "mood on MADRS"]
)
def test_intervals_hold_the_truth_as_often_as_they_say(kind):
    found = recover([kind], PEOPLE, seed=3)
    for one in found:
        assert one.refused <= PEOPLE // 6
        assert one.kept(100), (one.kind, one.name, one.ranks)


def test_every_kind_of_observation_is_studied():
    seen = {
        way
        for kind in KINDS.values()
        if isinstance(kind, Body)
        for session in kind.sessions
        for way in session
    }
    assert seen == set(WAYS)
    assert {f"mood on {scale.upper()}" for scale in Scale} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_studied(kind):
    """A kind that only the long study follows would else break unseen."""
    for one in recover([kind], 1, seed=3):
        assert one.ranks.size + one.refused == 1


def test_who_is_followed_beside_others_plays_no_part():
    few, more = (recover(["pulse"], people, seed=5)[0].ranks for people in (3, 25))
    assert few.tolist() == more[:3].tolist()


def made_up(ranks):
    return Ranked("made up", "a number", ranks, 0)


def test_even_ranks_are_kept():
    assert made_up(EVEN).kept(60)


@pytest.mark.parametrize(
    "ranks",
    [
        np.clip(0.5 + 1.4 * (EVEN - 0.5), 0, 0.999),
        0.5 + 0.7 * (EVEN - 0.5),
        EVEN**1.4,
        np.where(EVEN < 0.05, 0.001, EVEN),
    ],
    ids=["too narrow", "too wide", "to one side", "one end left out"],
)
def test_a_study_would_notice_intervals_that_are_wrong(ranks):
    assert not made_up(ranks).kept(60)


def test_a_truth_that_is_one_of_the_draws_has_an_even_rank_too():
    dice = np.random.default_rng(2)
    ranks = np.array([rank(np.zeros(1), np.zeros((1, 50)), dice)[0] for _ in range(500)])
    assert made_up(ranks).kept(1)
