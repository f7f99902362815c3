"""Virtual people: who they are, what they are given; a seed is enough to have them back."""

from dataclasses import replace

import numpy as np
import pytest

from afterglow.core.body import Covariates, Sex
from afterglow.core.dosing.population import prior_for
from afterglow.core.dosing.virtual_people import Given, Population, Spread, like
from afterglow.core.errors import BadInput
from afterglow.core.quantity import BaseMass, Infusion

PEOPLE = Population(
    age_years=Spread(mean=45, sd=12, low=18, high=75),
    weight_kg=Spread(mean=80, sd=16, low=45, high=140),
    female_share=0.6,
    hypertension_share=0.2,
)
HALF = (Infusion(amount=BaseMass(0.5), starts_min=0, lasts_min=40),)


def test_ages_and_weights_are_spread_as_asked_and_cut_off():
    crowd = PEOPLE.crowd(20_000, seed=1)
    assert crowd.weight_kg.mean() == pytest.approx(80.6, abs=0.5)  # the lower cut lifts it a bit
    assert 14 < crowd.weight_kg.std() < 16
    assert crowd.weight_kg.min() >= 45
    assert crowd.age_years.max() <= 75
    assert crowd.female.mean() == pytest.approx(0.6, abs=0.02)


def test_people_of_one_age_and_weight_have_the_bodies_the_prior_has():
    one = replace(
        PEOPLE,
        age_years=Spread(mean=45, sd=0, low=18, high=75),
        weight_kg=Spread(mean=90, sd=0, low=45, high=140),
        hypertension_share=0.0,
    )
    prior = prior_for(Covariates(age_years=45, weight_kg=90, sex=Sex.FEMALE))
    drawn, known = one.crowd(20_000, seed=1), like(prior, 20_000, seed=2)
    assert drawn.bodies.keys() == known.bodies.keys()
    for name, values in known.bodies.items():
        middle, spread = np.median(values), np.std(np.log(values))
        assert np.median(drawn.bodies[name]) == pytest.approx(middle, rel=0.03), name
        assert np.std(np.log(drawn.bodies[name])) == pytest.approx(spread, abs=0.02), name


def test_the_heavy_clear_more_and_the_old_rise_more():
    crowd = PEOPLE.crowd(20_000, seed=3)
    heavy, old = crowd.weight_kg > 95, crowd.age_years >= 50
    assert crowd.bodies["cl"][heavy].mean() > 1.2 * crowd.bodies["cl"][~heavy].mean()
    rise = crowd.bodies["systolic_slope"]
    assert np.median(rise[old]) > 1.2 * np.median(rise[~old])


def test_the_same_seed_gives_the_same_people():
    first, again = PEOPLE.crowd(50, seed=(1, 2)), PEOPLE.crowd(50, seed=(1, 2))
    assert np.array_equal(first.weight_kg, again.weight_kg)
    assert np.array_equal(first.bodies["cl"], again.bodies["cl"])
    assert not np.array_equal(first.weight_kg, PEOPLE.crowd(50, seed=(1, 3)).weight_kg)


def test_a_dose_per_kilo_follows_weight_up_to_its_ceiling():
    weight = np.array([50.0, 100.0, 140.0])
    given = Given(doses=HALF, per_kg=True, most_mg=60.0)
    assert given.total_mg(weight).tolist() == [25.0, 50.0, 60.0]
    assert Given(doses=HALF).total_mg(weight).tolist() == [0.5, 0.5, 0.5]


def test_people_beyond_the_models_limits_are_refused():
    refusal = replace(PEOPLE, age_years=Spread(mean=70, sd=5, low=60, high=95)).refusal()
    assert refusal is not None
    assert refusal.code == "outside-model"
    assert PEOPLE.refusal() is None


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda: Spread(mean=10, sd=1, low=18, high=80), "mean must be 18 to 80, got 10"),
        (lambda: Spread(mean=45, sd=-1, low=18, high=80), "sd must be 0 to 62"),
        (lambda: replace(PEOPLE, female_share=1.5), "female_share must be 0 to 1"),
        (lambda: PEOPLE.crowd(0, seed=1), "people must be 1 to 100000"),
        (lambda: Given(doses=HALF, most_mg=0.0), "most_mg must be 1 to 2000 mg"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(spoil, words):
    with pytest.raises(BadInput, match=words):
        spoil()
