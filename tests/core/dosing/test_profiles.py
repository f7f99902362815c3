"""The course of the rate is a choice too: the same limits hold, and benefit is set against high."""

import json
from itertools import pairwise

import pytest

from afterglow.core.dosing.options import Candidates, Limits
from afterglow.core.dosing.profiles import CourseProposal, Profile, propose_course
from afterglow.core.dosing.propose import propose
from afterglow.core.errors import BadInput
from afterglow.core.refusal import Refusal
from tests.core.people import RESTING, prior

LIMITS = Limits(
    cadss=30, cadss_chance=0.1, systolic_mmhg=170, systolic_chance=0.1, ceiling_mg_per_kg=0.8
)
GRID = Candidates(doses_mg=(21.0, 35.0, 49.0), minutes=(40.0, 60.0))
USUAL = {"limits": LIMITS, "candidates": GRID, "session_number": 1, "baseline": RESTING, "seed": 1}


def ask(profiles=tuple(Profile), **changes):
    asked = {**USUAL, "draws": 300, **changes}
    return propose_course(prior(), profiles=profiles, **asked)


def proposed(**changes):
    found = ask(**changes)
    assert isinstance(found, CourseProposal), found
    return found


def of(found, profile, dose_mg=35.0, minutes=40.0):
    return next(
        one
        for one in found.courses
        if (one.profile, one.option.dose_mg, one.option.minutes) == (profile, dose_mg, minutes)
    )


def test_a_constant_rate_costs_what_the_plain_proposal_says():
    plain = propose(prior(), **USUAL, draws=300)
    shaped = proposed(profiles=[Profile.CONSTANT])
    assert [one.option for one in shaped.courses] == list(plain.options)


def test_a_late_rush_is_felt_more_than_a_step_down_of_the_same_dose():
    found = proposed()
    ramp, down = of(found, Profile.RAMP), of(found, Profile.STEP_DOWN)
    assert ramp.option.cadss_median > 1.1 * down.option.cadss_median
    assert ramp.mood_benefit == pytest.approx(down.mood_benefit, rel=0.1)


def test_the_infusions_add_up_to_the_dose_and_the_time():
    for one in proposed().courses:
        given = one.infusions
        assert sum(part.amount.mg for part in given) == pytest.approx(one.option.dose_mg)
        assert given[-1].ends_min == pytest.approx(one.option.minutes)


def test_what_is_chosen_keeps_the_limits_and_nothing_allowed_brings_clearly_more():
    found = proposed()
    allowed = [one for one in found.courses if one.option.allowed]
    assert found.chosen.option.allowed
    assert found.chosen.mood_benefit >= max(one.mood_benefit for one in allowed) - 0.005


def test_more_dose_brings_more_but_ever_less_for_each_mg():
    low, middle, high = (
        of(proposed(), Profile.CONSTANT, dose_mg).mood_benefit for dose_mg in (21.0, 35.0, 49.0)
    )
    assert low < middle < high
    assert high - middle < middle - low


def test_along_the_frontier_more_benefit_costs_more_dissociation():
    frontier = proposed().frontier
    assert len(frontier) > 1
    for calmer, stronger in pairwise(frontier):
        assert calmer.option.cadss_median <= stronger.option.cadss_median
        assert calmer.mood_benefit < stronger.mood_benefit


def test_a_proposal_survives_storage_and_replay():
    found = proposed()
    assert CourseProposal.from_json(json.loads(json.dumps(found.to_json()))) == found
    assert proposed() == found


def test_no_course_within_the_limits_is_a_refusal():
    strict = Limits(
        cadss=1, cadss_chance=0, systolic_mmhg=170, systolic_chance=0.1, ceiling_mg_per_kg=0.8
    )
    found = ask(limits=strict)
    assert isinstance(found, Refusal)
    assert found.code == "no-safe-dose"


def test_a_dose_above_the_hard_cap_cannot_be_argued_with():
    found = ask(candidates=Candidates(doses_mg=(80.0,), minutes=(40.0,)))
    assert isinstance(found, Refusal)
    assert found.code == "above-hard-cap"


def test_no_profile_to_try_names_those_there_are():
    with pytest.raises(BadInput, match="constant, ramp, step-down"):
        ask(profiles=())
