"""The prior knows how people differ, and for whom it may not speak."""

import json
import re

import numpy as np
import pytest

from afterglow.core.body import Covariates, Sex
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.population import covariance, prior_for
from afterglow.core.refusal import Refusal
from tests.core.people import SOMEONE, prior


def person(**changes):
    usual = {"age_years": 40, "weight_kg": 70, "sex": Sex.MALE, "hypertension": False}
    return Covariates(**{**usual, **changes})


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"age_years": 12}, "age_years is 12; .* 18 to 80 years"),
        ({"age_years": 91}, "age_years is 91"),
        ({"weight_kg": 180}, "weight_kg is 180; .* 40 to 150 kg"),
    ],
)
def test_a_patient_unlike_anyone_it_was_fitted_to_is_refused(changes, says):
    refusal = prior_for(person(**changes))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "outside-model"
    assert re.search(says, refusal.because)


def test_the_published_spread_is_kept():
    belief = prior()
    spread = dict(zip(belief.parameters, np.diag(covariance(belief.model)), strict=True))
    assert spread["v1"] == pytest.approx(0.057)
    assert spread["cl"] == pytest.approx(0.029)
    drawn = belief.sample(20_000, seed=1)
    assert np.allclose(np.cov(drawn), covariance(belief.model), atol=0.012)


def test_the_typical_person_has_the_published_values():
    typical = prior().typical()
    assert typical["cl"] == pytest.approx(1.48)
    assert typical["c50"] == pytest.approx(121)
    assert typical["habituation_floor"] == pytest.approx(0.45)


def test_the_same_seed_draws_the_same_people():
    assert np.array_equal(prior().sample(50, 7), prior().sample(50, 7))
    assert not np.array_equal(prior().sample(50, 7), prior().sample(50, 8))


def test_pressure_rises_more_from_fifty_or_with_hypertension():
    usual = prior().typical()["systolic_slope"]
    for changes in ({"age_years": 50}, {"hypertension": True}):
        belief = prior(person(**changes))
        assert belief.typical()["systolic_slope"] == pytest.approx(1.5 * usual)
        assert any("1.5 times" in said for said in belief.assumptions)


def test_hypertension_not_asked_is_said():
    assert any("not recorded" in said for said in prior(person(hypertension=None)).assumptions)


def test_size_stops_counting_above_a_bmi_of_35():
    heavy = prior(person(weight_kg=140, height_cm=170))
    counted = prior(person(weight_kg=35 * 1.7**2))
    assert heavy.typical()["cl"] == pytest.approx(counted.typical()["cl"])
    assert any("BMI is above 35" in said for said in heavy.assumptions)


def test_a_belief_survives_storage():
    belief = prior(SOMEONE)
    assert Belief.from_json(json.loads(json.dumps(belief.to_json()))) == belief
