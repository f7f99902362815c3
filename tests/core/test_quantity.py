"""Amounts say what they are, and refuse what cannot be meant."""

import math

import pytest

from afterglow.core.body import Baseline, Covariates, Sex
from afterglow.core.errors import BadInput, BadQuantity
from afterglow.core.quantity import (
    Analyte,
    ArterialLevel,
    BaseMass,
    Bolus,
    Drug,
    Infusion,
    SaltMass,
    VenousLevel,
)


def test_salt_is_not_base():
    assert SaltMass(115.33).to_base().mg == pytest.approx(100, rel=1e-3)
    with pytest.raises(BadQuantity, match="SaltMass"):
        Infusion(amount=SaltMass(35), starts_min=0, lasts_min=40)


def test_base_cannot_be_added_to_salt():
    with pytest.raises(TypeError):
        BaseMass(1) + SaltMass(1)


def test_an_arterial_level_never_equals_a_venous_one():
    assert ArterialLevel(100, Analyte.KETAMINE) != VenousLevel(100, Analyte.KETAMINE)


@pytest.mark.parametrize("mg", [-1, math.nan, math.inf])
def test_an_amount_that_cannot_be_meant_is_stopped(mg):
    with pytest.raises(BadQuantity, match="0 mg or more"):
        BaseMass(mg)


def test_a_push_is_not_an_infusion_of_no_minutes():
    with pytest.raises(BadQuantity, match="use Bolus"):
        Infusion(amount=BaseMass(1), starts_min=0, lasts_min=0)
    with pytest.raises(BadQuantity, match="starts_min"):
        Bolus(amount=BaseMass(1), starts_min=-1)


def test_a_pump_rate_is_an_amount_over_time():
    given = Infusion.at_rate(0.875, from_min=10, to_min=30)
    assert (given.amount.mg, given.ends_min) == (17.5, 30)
    assert given.rate_mg_per_min == pytest.approx(0.875)


def test_half_of_the_racemate_is_s_ketamine():
    assert [drug.s_fraction for drug in Drug] == [0.5, 1.0, 0.0]


def test_a_weight_in_grams_is_told_the_accepted_range():
    with pytest.raises(BadInput, match=r"weight_kg must be 20 to 350 kg, got 7e\+?0?3|got 7000"):
        Covariates(age_years=40, weight_kg=7000, sex=Sex.MALE)


@pytest.mark.parametrize(
    ("field", "value"), [("age_years", 400), ("height_cm", 1.7), ("weight_kg", math.nan)]
)
def test_a_slip_names_its_field(field, value):
    usual = {"age_years": 40, "weight_kg": 70, "sex": Sex.MALE, "height_cm": 170}
    with pytest.raises(BadInput, match=field):
        Covariates(**{**usual, field: value})


def test_a_resting_pressure_of_nothing_is_stopped():
    with pytest.raises(BadInput, match="systolic_mmhg must be 60 to 260 mmHg"):
        Baseline(systolic_mmhg=0, pulse_per_min=70)


def test_bmi_needs_a_height():
    tall = Covariates(age_years=40, weight_kg=80, sex=Sex.MALE, height_cm=200)
    assert tall.bmi == pytest.approx(20)
    assert Covariates(age_years=40, weight_kg=80, sex=Sex.MALE).bmi is None
