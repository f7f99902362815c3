"""How much over weeks and a life, and what is flagged."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterglow.core.care.exposure import Given, exposure
from afterglow.core.errors import BadInput
from afterglow.core.quantity import Drug, Route

from .build import NINE, POLICY


def on(*days, mg_per_kg=0.5, route=Route.INTRAVENOUS):
    """A dose on each of these days; day 0 is the first of January 2030."""
    return [
        Given(at=NINE + timedelta(days=day), amount_mg=70 * mg_per_kg, mg_per_kg=mg_per_kg,
              drug=Drug.KETAMINE, route=route)
        for day in days
    ]  # fmt: skip


def count(doses, day=400):
    return exposure(doses, at=NINE + timedelta(days=day), policy=POLICY)


def codes(doses, day=400):
    return [flag.code for flag in count(doses, day).flags]


def test_the_counters_of_a_life_a_year_and_a_week():
    found = count(on(0, 100, 396, 399))
    assert (found.lifetime_mg, found.lifetime_sessions) == (140, 4)
    assert (found.year_mg, found.year_sessions) == (105, 3)
    assert (found.week_mg_per_kg, found.week_sessions) == (1.0, 2)


def test_two_doses_of_one_day_are_one_session():
    assert count(on(0, 0)).lifetime_sessions == 1


def test_a_dose_still_to_come_is_not_counted():
    assert count(on(0, 5), day=3).lifetime_sessions == 1


def test_three_a_week_are_fine_for_four_weeks_and_flagged_beyond():
    induction = on(0, 2, 4, 7, 9, 11, 14, 16, 18, 21, 23, 25)
    assert codes(induction) == []
    assert codes(induction + on(28, 30, 32)) == ["too-frequent"]
    assert codes(induction + on(28, 31, 35, 38)) == []


def test_a_new_course_after_a_long_pause_has_its_own_first_weeks():
    assert codes(on(0, 3, 7, 200, 202, 204)) == []


def test_two_days_running_are_flagged_as_daily_use():
    assert codes(on(0, 1)) == ["daily-use"]
    assert codes(on(0, 2)) == []


def test_more_than_five_mg_per_kg_in_a_week_is_flagged_outside_the_gut_only():
    assert codes(on(0, 3, 6, mg_per_kg=1.7)) == ["too-much-per-week"]
    assert codes(on(0, 3, 7, mg_per_kg=1.7)) == []
    assert codes(on(0, 3, 6, mg_per_kg=1.7, route=Route.ORAL)) == []


def test_a_flag_says_what_was_found_and_the_limit():
    (flag,) = count(on(0, 3, 6, mg_per_kg=2.0)).flags
    assert (flag.found, flag.limit) == ("6 mg/kg in 7 days", "5 mg/kg")


def test_an_amount_that_cannot_be_is_refused():
    with pytest.raises(BadInput, match="amount_mg must be 0 to 10000 mg, got -70"):
        on(0, mg_per_kg=-1)


days = st.lists(st.integers(0, 90), max_size=10)


@given(days, days)
def test_more_doses_never_take_a_flag_away_within_one_course(some, more):
    assert set(codes(on(*some))) - {"too-frequent"} <= set(codes(on(*some, *more)))


@given(days)
def test_the_order_of_entry_does_not_matter(some):
    assert count(on(*some)) == count(on(*reversed(some)))
