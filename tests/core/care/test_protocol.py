"""What may be given, when, and the arithmetic of drawing it up."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterglow.core.care.preparing import Preparation, check_nasal_dose, prepare
from afterglow.core.care.protocol import (
    calculated_mg,
    check_change,
    check_dose,
    intravenous,
    series,
)
from afterglow.core.care.schedule import Schedule
from afterglow.core.errors import BadInput
from afterglow.core.quantity import Drug, Route
from afterglow.core.refusal import Refusal

from .build import POLICY

REGIMEN = intravenous(POLICY)
MONDAY = date(2030, 1, 7)


def check(dose_mg=35.0, **other):
    entry = {
        "dose_mg": dose_mg,
        "lasts_min": 40.0,
        "weight_kg": 70.0,
        "drug": Drug.KETAMINE,
        "route": Route.INTRAVENOUS,
        "policy": POLICY,
        "calculated_mg": 35.0,
    }
    return check_dose(**{**entry, **other})


def code(refusal):
    return refusal.code if isinstance(refusal, Refusal) else None


def test_the_acute_course_is_half_a_mg_per_kg_over_forty_minutes_twice_a_week_six_times():
    assert (REGIMEN.mg_per_kg, REGIMEN.lasts_min) == (0.5, 40)
    assert (REGIMEN.sessions, REGIMEN.per_week) == (6, 2)
    assert calculated_mg(70, REGIMEN.mg_per_kg) == 35


def test_the_series_from_a_monday_is_mondays_and_thursdays():
    days = series(MONDAY, REGIMEN, policy=POLICY)
    assert [day.strftime("%a %d") for day in days] == [
        "Mon 07", "Thu 10", "Mon 14", "Thu 17", "Mon 21", "Thu 24",
    ]  # fmt: skip


def test_a_closed_day_moves_one_session_and_not_those_after_it():
    days = series(MONDAY, REGIMEN, policy=POLICY, closed={date(2030, 1, 10)})
    assert days[1] == date(2030, 1, 11)
    assert days[2] == date(2030, 1, 14)


@given(st.dates(date(2026, 1, 1), date(2032, 1, 1)), st.sets(st.integers(0, 6), min_size=1))
def test_every_day_is_open_in_order_and_never_two_days_running(first, weekdays):
    days = series(first, REGIMEN, policy=POLICY, open_weekdays=weekdays)
    assert len(days) == 6
    assert all(day.weekday() in weekdays and day >= first for day in days)
    assert all(later - earlier >= timedelta(days=2) for earlier, later in pairwise(days))


def test_a_clinic_that_is_never_open_says_so():
    with pytest.raises(BadInput, match="open_weekdays must name at least one day"):
        series(MONDAY, REGIMEN, policy=POLICY, open_weekdays=())


def test_the_calculated_dose_over_forty_minutes_may_be_given():
    assert check() is None


def test_above_one_mg_per_kg_a_second_prescriber_must_sign():
    over = {"dose_mg": 71.0, "calculated_mg": 71.0}
    refusal = check(**over)
    assert code(refusal) == "dose-above-ceiling"
    assert "1.01 mg/kg, above the ceiling of 1 mg/kg" in refusal.because
    assert check(**over, second_prescriber=True) is None
    assert check(dose_mg=70.0, calculated_mg=70.0) is None


def test_an_entry_over_one_and_a_half_times_the_calculated_dose_is_a_slip():
    assert check(52.5) is None
    refusal = check(52.6)
    assert code(refusal) == "dose-over-calculated"
    assert "decimal point" in refusal.remedy


def test_a_second_prescriber_does_not_lift_the_slip_checks():
    assert code(check(350.0, second_prescriber=True)) == "dose-over-calculated"
    assert code(check(weight_kg=700.0, second_prescriber=True)) == "weight-implausible"
    wrong = {"ordered_mg_per_ml": 10.0, "lot_mg_per_ml": 100.0}
    assert code(check(**wrong, second_prescriber=True)) == "concentration-mismatch"


@pytest.mark.parametrize("dose", [0.0, -5.0, float("nan"), float("inf")])
def test_an_amount_that_is_not_positive_is_refused(dose):
    assert code(check(dose)) == "dose-not-positive"


@pytest.mark.parametrize("weight", [0.0, 29.0, 251.0, float("nan")])
def test_a_weight_that_cannot_be_is_refused_before_anything_is_divided_by_it(weight):
    assert code(check(weight_kg=weight)) == "weight-implausible"


@pytest.mark.parametrize("lasts", [4.0, 39.0, 101.0])
def test_an_infusion_outside_forty_to_a_hundred_minutes_needs_a_second_prescriber(lasts):
    assert code(check(lasts_min=lasts)) == "infusion-outside-range"
    assert check(lasts_min=lasts, second_prescriber=True) is None


def test_an_infusion_of_no_minutes_is_refused_whoever_signs():
    assert code(check(lasts_min=0.0, second_prescriber=True)) == "infusion-outside-range"


def test_the_vial_scanned_must_be_of_the_strength_planned():
    assert check(ordered_mg_per_ml=50.0, lot_mg_per_ml=50.0) is None
    assert code(check(ordered_mg_per_ml=50.0, lot_mg_per_ml=100.0)) == "concentration-mismatch"


def test_esketamine_has_no_ceiling_here_for_it_is_about_twice_as_strong():
    assert code(check(drug=Drug.ESKETAMINE)) == "route-has-no-ceiling"


@given(st.floats(1, 300), st.floats(0, 200))
def test_more_drug_is_never_refused_less(dose, more):
    if check(dose, calculated_mg=None) is not None:
        assert check(dose + more, calculated_mg=None) is not None


def test_a_change_may_not_take_the_session_over_its_signed_plan():
    assert check_change(given_mg=20, wanted_mg=15, plan_mg=35) is None
    refusal = check_change(given_mg=20, wanted_mg=15.1, plan_mg=35)
    assert code(refusal) == "dose-over-plan"
    assert "35.1 mg, over the signed plan of 35 mg" in refusal.because


def draw(dose=35.0, strength=10.0, made_up_to=50.0):
    return prepare(
        dose,
        lasts_min=40,
        concentration_mg_per_ml=strength,
        made_up_to_ml=made_up_to,
        policy=POLICY,
    )


@given(st.floats(15, 125))
def test_made_up_to_fifty_ml_over_forty_minutes_the_pump_runs_at_75_at_any_weight(dose):
    assert draw(dose).pump_ml_per_h == pytest.approx(75)


def test_35_mg_of_10_mg_per_ml_is_3_5_ml_and_0_875_mg_a_minute():
    made = draw()
    assert isinstance(made, Preparation)
    assert (made.drawn_ml, made.rate_mg_per_min, made.must_dilute) == (3.5, 0.875, False)


def test_the_strong_vial_must_be_diluted():
    assert code(draw(strength=100.0, made_up_to=None)) == "must-dilute"
    assert draw(strength=100.0).must_dilute
    assert draw(strength=50.0, made_up_to=None).pump_ml_per_h == pytest.approx(1.05)


def test_a_dose_cannot_be_made_up_to_less_than_itself():
    assert code(draw(strength=10.0, made_up_to=3.0)) == "volume-too-small"


def nasal(dose, *, day_one=True, age=40, acute=False):
    return code(
        check_nasal_dose(
            dose_mg=dose, day_one=day_one, age_years=age, acute_suicidality=acute, policy=POLICY
        )
    )


def test_the_first_nasal_day_is_at_most_two_devices_unless_acutely_suicidal():
    assert nasal(56) is None
    assert nasal(84) == "nasal-first-dose-too-high"
    assert nasal(84, acute=True) is None
    assert nasal(84, day_one=False) is None


def test_from_sixty_five_the_first_nasal_day_is_one_device():
    assert nasal(56, age=65) == "nasal-first-dose-too-high"
    assert nasal(28, age=65) is None
    assert nasal(84, age=65, acute=True) == "nasal-first-dose-too-high"


def test_nasal_doses_are_whole_devices_up_to_three():
    assert nasal(30) == "nasal-not-whole-devices"
    assert nasal(112, day_one=False) == "nasal-dose-out-of-range"
    assert nasal(0) == "nasal-dose-out-of-range"


def test_no_step_runs_faster_than_the_ceiling_over_the_shortest_time_whoever_signs():
    # 70 kg: 1 mg/kg over 40 min is 1.75 mg/min.
    at_it = Schedule.of([(17.5, 10.0), (17.5, 30.0)])
    over = Schedule.of([(17.6, 10.0), (17.4, 30.0)])
    assert check(steps=at_it) is None
    assert code(check(steps=over)) == "step-too-fast"
    assert code(check(steps=over, second_prescriber=True)) == "step-too-fast"


def test_the_limit_on_a_step_says_nothing_of_one_rate():
    one = Schedule.of([(35.0, 10.0)])
    assert code(check(lasts_min=10.0, steps=one)) == "infusion-outside-range"
    assert check(lasts_min=10.0, steps=one, second_prescriber=True) is None
