"""A plan in steps is counted by the amount that is in: the total and each rate stay as signed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterglow.core.care.schedule import Schedule
from afterglow.core.errors import BadInput

DOWN = Schedule.of([(18.0, 12.0), (12.0, 12.0), (6.0, 12.0)])  # 1.5, 1 and 0.5 mg/min
UP = Schedule.of([(6.0, 12.0), (12.0, 12.0), (18.0, 12.0)])
EITHER = st.sampled_from([DOWN, UP])


def told(runs):
    return [(run.rate_mg_per_min, pytest.approx(run.lasts_min)) for run in runs]


def test_a_step_names_its_minute_its_rate_and_how_much_is_in_by_its_end():
    second = DOWN.steps[1]
    assert (second.number, second.starts_min, second.rate_mg_per_min, second.by_then_mg) == (
        2,
        12.0,
        1.0,
        30.0,
    )


def test_the_amount_that_is_in_says_which_step_it_is():
    assert [DOWN.at(mg).number for mg in (0, 17.9, 18.0, 29.9, 30.0, 36.0)] == [1, 1, 2, 2, 3, 3]


def test_the_next_change_is_due_when_the_amount_of_the_step_is_in():
    change = DOWN.next_change(12.0, 1.5, following=1)
    assert (change.step.number, change.in_min) == (2, pytest.approx(4.0))
    assert not change.may_be_confirmed
    assert DOWN.next_change(17.0, 1.5, following=1).may_be_confirmed


def test_a_late_change_says_how_late_and_skips_a_step_that_has_gone_in_meanwhile():
    change = DOWN.next_change(21.0, 1.5, following=1)
    assert (change.step.number, change.in_min) == (2, pytest.approx(-2.0))
    assert DOWN.next_change(31.5, 1.5, following=1).step.number == 3


def test_the_last_step_asks_for_no_change():
    assert DOWN.next_change(31.0, 0.5, following=3) is None


def test_a_rate_set_by_hand_asks_for_a_change_only_where_the_plan_is_slower():
    change = DOWN.next_change(10.0, 1.2, following=None)
    assert (change.step.number, change.in_min) == (2, pytest.approx(8 / 1.2))
    assert DOWN.next_change(20.0, 0.8, following=None).step.number == 3
    assert UP.next_change(3.0, 0.4, following=None) is None


def test_the_rest_after_a_late_change_is_only_what_is_left():
    assert told(DOWN.to_come(21.0, following=1)) == [(1.0, 9.0), (0.5, 12.0)]


def test_a_step_confirmed_early_takes_the_rest_of_the_one_before_with_it():
    assert told(DOWN.to_come(17.0, following=2)) == [(1.0, 13.0), (0.5, 12.0)]


def test_half_the_rate_is_held_where_no_step_is_slower():
    assert told(DOWN.to_come(15.0, at_most=0.75)) == [(0.75, 4.0), (0.75, 16.0), (0.5, 12.0)]


def test_a_constant_rate_is_one_step():
    one = Schedule.of([(35.0, 40.0)])
    assert not one.is_stepped
    assert told(one.to_come(17.5)) == [(0.875, 20.0)]
    assert one.next_change(17.5, 0.875, following=1) is None


@pytest.mark.parametrize("part", [(0.0, 10.0), (5.0, 0.0), (float("nan"), 10.0)])
def test_an_empty_step_is_no_step(part):
    with pytest.raises(BadInput, match="of a step must be above 0"):
        Schedule.of([part])


def test_a_plan_without_steps_gives_nothing():
    with pytest.raises(BadInput, match="at least one step"):
        Schedule.of([])


@given(EITHER, st.floats(0, 36), st.sampled_from([None, 1, 2, 3]), st.floats(0.05, 2))
def test_what_is_left_and_what_is_in_make_the_signed_amount_and_no_rate_is_above_the_plans(
    schedule, given_mg, following, at_most
):
    runs = list(schedule.to_come(given_mg, following=following, at_most=at_most))
    left = sum(run.rate_mg_per_min * run.lasts_min for run in runs)
    assert given_mg + left == pytest.approx(36.0, abs=1e-5)
    assert all(run.rate_mg_per_min <= schedule.highest_mg_per_min for run in runs)
    assert all(run.rate_mg_per_min <= at_most for run in runs)
