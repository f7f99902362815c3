"""The high of a dose through the engine: order, clock, refusals."""

import pytest

from afterglow.core.body import Baseline, Covariates, Sex
from afterglow.core.dosing.felt import high_of
from afterglow.core.dosing.population import prior_for
from afterglow.core.quantity import BaseMass, Drug, Infusion, Route
from afterglow.core.refusal import Refusal

BELIEF = prior_for(Covariates(age_years=45, weight_kg=70, sex=Sex.FEMALE))
RESTING = Baseline(systolic_mmhg=120, pulse_per_min=70, cadss=6)


def infusion(mg, minutes=40, drug=Drug.KETAMINE, route=Route.INTRAVENOUS):
    amount = BaseMass(mg)
    return Infusion(amount=amount, starts_min=0, lasts_min=minutes, drug=drug, route=route)


def high(*doses, number=1):
    return high_of(BELIEF, doses, session_number=number, baseline=RESTING, seed=1, draws=200)


def test_half_a_milligram_per_kilo_is_therapeutic_and_gone_by_two_hours():
    seen = high(infusion(35))
    assert seen.band_at_peak == "therapeutic"
    assert 80 <= seen.gone_at_min.value <= 120  # published: 80 to 110 min, 120 at the latest
    assert seen.gone_at_min.high > seen.gone_at_min.value


def test_slower_is_less_high_for_the_same_dose():
    fast, slow = high(infusion(35)), high(infusion(35, 100))
    assert slow.peak_dissociation.value < 0.75 * fast.peak_dissociation.value
    assert slow.conversing.value > fast.conversing.value


def test_a_later_session_is_less_high_at_the_same_concentration():
    first, sixth = high(infusion(35)), high(infusion(35), number=6)
    assert sixth.peak_dissociation.value < first.peak_dissociation.value
    assert sixth.band.value == first.band.value


def test_esketamine_is_banded_at_half_the_concentration():
    racemic, pure = high(infusion(35)), high(infusion(17.5, drug=Drug.ESKETAMINE))
    assert pure.band.value == pytest.approx(racemic.band.value)
    assert pure.peak_dissociation.value == pytest.approx(racemic.peak_dissociation.value)


def test_no_dose_is_no_high_whatever_the_score_before():
    seen = high(infusion(0.001))
    assert seen.peak_dissociation.value < 0.1
    assert seen.gone_at_min.value == 0


def test_a_route_the_model_does_not_follow_is_refused():
    refusal = high(infusion(35, route=Route.ORAL))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "route-not-modelled"
