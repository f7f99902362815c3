"""Everything that could be given is weighed the same way: benefit against high, and every limit."""

from dataclasses import replace
from itertools import pairwise

import pytest

from afterglow.core.dosing.options import AtOnce, Profile
from afterglow.core.errors import BadInput
from afterglow.core.refusal import Refusal
from tests.core.dosing.asking import GRID, LIMITS, ask, proposed


def of(found, profile, dose_mg=35.0, minutes=40.0):
    return next(
        one
        for one in found.options
        if (one.profile, one.dose_mg, one.minutes) == (profile, dose_mg, minutes)
    )


def test_a_profile_more_changes_nothing_of_the_others():
    constant = proposed(candidates=replace(GRID, profiles=(Profile.CONSTANT,)))
    assert set(constant.options) < set(proposed().options)


def test_a_late_rush_is_felt_more_than_a_step_down_of_the_same_dose():
    found = proposed()
    ramp, down = of(found, Profile.RAMP), of(found, Profile.STEP_DOWN)
    assert ramp.cadss_median > 1.1 * down.cadss_median
    assert ramp.benefit == pytest.approx(down.benefit, rel=0.1)


def test_the_infusions_add_up_to_the_dose_and_the_time():
    found = proposed()
    for one in found.options:
        given = one.doses(found.drug)
        assert sum(part.amount.mg for part in given) == pytest.approx(one.dose_mg)
        assert given[-1].ends_min == pytest.approx(one.minutes)


def test_more_dose_brings_more_but_ever_less_for_each_mg():
    low, middle, high = (
        of(proposed(), Profile.CONSTANT, dose_mg).benefit for dose_mg in (21.0, 35.0, 49.0)
    )
    assert low < middle < high
    assert high - middle < middle - low


def test_along_the_frontier_more_benefit_costs_more_dissociation():
    found = proposed()
    assert len(found.frontier) > 1
    for calmer, stronger in pairwise(found.frontier):
        assert calmer.cadss_p95 <= stronger.cadss_p95
        assert calmer.benefit < stronger.benefit


def test_nothing_allowed_lies_beyond_the_frontier():
    found = proposed()
    for one in found.options:
        better = [
            on
            for on in found.frontier
            if on.cadss_p95 <= one.cadss_p95 and on.benefit >= one.benefit
        ]
        assert better or not one.allowed


def test_the_proposal_stands_on_the_frontier_between_its_neighbours():
    found = proposed(candidates=replace(GRID, doses_mg=(21.0, 35.0, 49.0, 51.0)))
    at = found.frontier.index(found.chosen)
    assert found.calmer == found.frontier[at - 1]
    assert found.stronger in (None, *found.frontier[at + 1 :])


def test_no_option_within_the_limits_is_a_refusal():
    found = ask(limits=replace(LIMITS, cadss=1, cadss_chance=0))
    assert isinstance(found, Refusal)
    assert found.code == "no-safe-dose"


def test_no_profile_to_try_names_those_there_are():
    with pytest.raises(BadInput, match="constant, ramp, step-down"):
        replace(GRID, profiles=())


def test_a_vein_is_no_route_for_a_dose_at_once():
    with pytest.raises(BadInput, match="intramuscular"):
        AtOnce(route="intravenous", doses_mg=(35.0,))
