"""Virtual people: who they are, what they are given; a seed is enough to have them back."""

from dataclasses import replace

import numpy as np
import pytest

from afterglow.core.body import Ancestry, Covariates, Hepatic, Sex
from afterglow.core.dosing.population import prior_for
from afterglow.core.dosing.virtual_given import Given, session_grid
from afterglow.core.dosing.virtual_people import Population, Spread, like
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology import liver
from afterglow.core.pharmacology.library import load
from afterglow.core.quantity import BaseMass, Bolus, Drug, Infusion, Route

PEOPLE = Population(
    age_years=Spread(mean=45, sd=12, low=18, high=75),
    weight_kg=Spread(mean=80, sd=16, low=45, high=140),
    female_share=0.6,
    hypertension_share=0.2,
)
HALF = (Infusion(amount=BaseMass(0.5), starts_min=0, lasts_min=40),)
SPRAY = Bolus(amount=BaseMass(28), starts_min=0, drug=Drug.ESKETAMINE, route=Route.NASAL)


def test_ages_and_weights_are_spread_as_asked_and_cut_off():
    crowd = PEOPLE.crowd(20_000, seed=1)
    assert crowd.weight_kg.mean() == pytest.approx(80.6, abs=0.5)  # the lower cut lifts it a bit
    assert 14 < crowd.weight_kg.std() < 16
    assert crowd.weight_kg.min() >= 45
    assert crowd.age_years.max() <= 75
    assert crowd.female.mean() == pytest.approx(0.6, abs=0.02)


@pytest.mark.parametrize(
    ("age", "more"),
    [
        (45, {}),
        (72, {}),
        (45, {"ancestry": Ancestry.JAPANESE}),
        (72, {"medicines": ("clarithromycin",)}),
        (45, {"hepatic": Hepatic.CHILD_PUGH_B}),
    ],
)
def test_people_of_one_age_and_weight_have_the_bodies_the_prior_has(age, more):
    one = replace(
        PEOPLE,
        age_years=Spread(mean=age, sd=0, low=18, high=75),
        weight_kg=Spread(mean=90, sd=0, low=45, high=140),
        hypertension_share=0.0,
        **more,
    )
    who = Covariates(age_years=age, weight_kg=90, sex=Sex.FEMALE, **more)
    prior = prior_for(who, unverified=True)
    drawn, known = one.crowd(20_000, seed=1), like(prior, 20_000, seed=2)
    assert drawn.bodies.keys() == known.bodies.keys()
    for name, values in known.bodies.items():
        middle, spread = np.median(values), np.std(np.log(values))
        assert np.median(drawn.bodies[name]) == pytest.approx(middle, rel=0.03), name
        assert np.std(np.log(drawn.bodies[name])) == pytest.approx(spread, abs=0.02), name


@pytest.mark.parametrize("age", [45, 72])
def test_a_device_meets_the_age_ancestry_and_medicines_of_each(age):
    more = {"ancestry": Ancestry.JAPANESE, "medicines": ("rifampicin",)}
    people = replace(PEOPLE, age_years=Spread(mean=age, sd=0, low=18, high=75), **more)
    typical = people.typical().by_spray()
    model = load("perezruixo_2021")
    who = Covariates(age_years=age, weight_kg=80, sex=Sex.OTHER, **more)
    for name, value in liver.on_library(model, model.for_person(who), who).items():
        assert typical[name] == pytest.approx(value), name
    drawn = people.crowd(5000, seed=1).by_spray()
    assert np.median(drawn["q_liver"]) == pytest.approx(typical["q_liver"][0], rel=0.03)
    assert np.array_equal(drawn["v1"], people.crowd(5000, seed=1).by_spray()["v1"])


def test_clonidine_damps_pressure_and_other_medicines_are_said_to_change_nothing():
    calmed = replace(PEOPLE, medicines=("clonidine", "aspirin"))
    slopes = [one.crowd(50, seed=1).bodies["systolic_slope"] for one in (PEOPLE, calmed)]
    assert np.all(slopes[1] < slopes[0])
    said = " ".join(calmed.assumptions)
    assert "clonidine: the rise of pressure is halved [own]" in said
    assert "aspirin: nothing is known of it here" in said


def test_what_two_medicines_do_together_is_refused_for_a_population_too():
    both = replace(PEOPLE, medicines=("clarithromycin", "rifampicin"))
    assert both.refusal().code == "interaction-not-modelled"
    assert replace(PEOPLE, hepatic=Hepatic.CHILD_PUGH_C).refusal().code == "hepatic-not-modelled"


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


def test_a_session_is_followed_for_half_a_day_or_until_it_is_over():
    assert session_grid(HALF)[-1] == 720
    long = session_grid((Infusion(amount=BaseMass(500), starts_min=0, lasts_min=5760),))
    assert long[-1] == 6240
    assert np.diff(long).max() == 10
    assert np.all(np.diff(long)[long[:-1] < 350] == 2)


def test_a_person_beyond_sixty_clears_more_slowly():
    old = replace(PEOPLE, age_years=Spread(mean=75, sd=0, low=18, high=75)).typical()
    assert old.bodies["cl"][0] < 0.9 * PEOPLE.typical().bodies["cl"][0]


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
        (lambda: Given(doses=HALF, most_mg=0.0), "most_mg must be 1 to 100000 mg"),
        (lambda: Given(doses=HALF, bioavailability=0.3), "bioavailability is for racemic nasal"),
        (lambda: Given(doses=(SPRAY,), per_kg=True), "dose_mg of a nasal device is 28 mg each"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(spoil, words):
    with pytest.raises(BadInput, match=words):
        spoil()
