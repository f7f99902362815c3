"""Virtual trials: order between arms, honest intervals, the same answer for the same seed."""

from dataclasses import replace

import numpy as np
import pytest

from afterglow.core.body import Covariates, Sex
from afterglow.core.dosing.population import prior_for
from afterglow.core.dosing.trial import Arm, Trial, run
from afterglow.core.dosing.virtual_people import Population, Spread
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.mood import Expectancy, Therapy
from afterglow.core.pharmacology.scales import Scale
from afterglow.core.quantity import BaseMass, Bolus, Drug, Infusion, Route
from afterglow.core.refusal import Refusal

BELIEF = prior_for(Covariates(age_years=45, weight_kg=70, sex=Sex.FEMALE))
SIX = (0.0, 2.0, 4.0, 7.0, 9.0, 11.0)


def arm(name, mg, days=(0.0,), drug=Drug.KETAMINE, **more):
    dose = Infusion(amount=BaseMass(mg), starts_min=0, lasts_min=40, drug=drug) if mg else None
    return Arm(
        name=name,
        patients=40,
        doses=(dose,) if dose else (),
        session_days=days,
        expectancy=Expectancy.ACTIVE_COMPARATOR,
        **more,
    )


TRIAL = Trial(
    arms=(arm("placebo", 0), arm("0.2", 14), arm("0.5", 35), arm("six", 35, SIX)),
    scale=Scale.MADRS,
    baseline=(32.0, 5.0),
    days=(1.0, 3.0, 7.0, 12.0, 30.0),
)


@pytest.fixture(scope="module")
def result():
    return run(TRIAL, BELIEF, seed=1, people=400, draws=30)


@pytest.mark.parametrize(
    ("route", "drug", "felt"),
    [
        (Route.INTRAVENOUS, Drug.KETAMINE, True),
        (Route.SUBCUTANEOUS, Drug.ESKETAMINE, True),
        (Route.INTRAMUSCULAR, Drug.KETAMINE, True),
        (Route.NASAL, Drug.KETAMINE, True),
        (Route.NASAL, Drug.ESKETAMINE, False),
        (Route.ORAL, Drug.KETAMINE, False),
    ],
)
def test_who_feels_the_drug_believes_in_it_whatever_the_design_let_them_expect(route, drug, felt):
    dose = Bolus(amount=BaseMass(28), starts_min=0, drug=drug, route=route)
    for expected in (Expectancy.INERT, Expectancy.ACTIVE_COMPARATOR):
        given = replace(arm("drug", 0), doses=(dose,), expectancy=expected)
        assert given.believed is (Expectancy.STRONG_BELIEF if felt else expected)
        assert replace(given, doses=()).believed is expected
    assert replace(given, expectancy=Expectancy.NONE).believed is Expectancy.NONE


def test_an_answer_says_which_arms_are_taken_to_believe_more_than_expected(result):
    (said,) = [note for note in result.notes if "Who feels the drug knows it" in note]
    assert "'0.2', '0.5', 'six'" in said
    assert "placebo" not in said


def test_arms_come_out_in_the_order_of_dose_as_in_pd_v11(result):
    on_day_3 = [one.response.value[1] for one in result.arms[:3]]
    assert on_day_3 == sorted(on_day_3)
    assert on_day_3[2] - on_day_3[0] > 0.1


def test_six_sessions_hold_more_people_than_one(result):
    one, six = result.arms[2], result.arms[3]
    assert six.response.value[3] > one.response.value[3] + 0.2


def test_rates_are_rates_and_lie_inside_their_intervals(result):
    for one in result.arms:
        for rate in (one.response, one.remission, one.relapse):
            assert np.all((np.array(rate.low) >= 0) & (np.array(rate.high) <= 1))
            assert np.all(np.array(rate.low) <= np.array(rate.value))
            assert np.all(np.array(rate.value) <= np.array(rate.high))
        assert np.all(np.array(one.sd_change) > 0)


def test_relapse_is_counted_after_the_last_session_and_grows(result):
    six = result.arms[3].relapse.value
    assert six[:4] == (0.0, 0.0, 0.0, 0.0)
    assert six[4] > 0.2


def test_the_interval_holds_more_than_the_luck_of_a_small_arm(result):
    rate = result.arms[2].response
    by_luck = 2 * 1.96 * np.sqrt(rate.value[0] * (1 - rate.value[0]) / 40)
    assert rate.high[0] - rate.low[0] > by_luck


def test_the_same_seed_gives_the_same_trial():
    small = replace(TRIAL, arms=TRIAL.arms[2:3], days=(1.0, 7.0))
    again = [run(small, BELIEF, seed=5, people=100, draws=20) for _ in range(2)]
    assert again[0] == again[1]
    assert run(small, BELIEF, seed=6, people=100, draws=20) != again[0]


def test_therapy_keeps_more_of_the_benefit_at_a_month():
    care = Therapy(from_day=1.0, to_day=40.0, slowing=0.5)
    trial = replace(TRIAL, arms=(arm("alone", 35), arm("with therapy", 35, therapy=(care,))))
    alone, helped = run(trial, BELIEF, seed=1, people=200, draws=20).arms
    assert helped.mean_change.value[-1] < alone.mean_change.value[-1] - 0.5
    assert helped.mean_change.value[0] == pytest.approx(alone.mean_change.value[0], abs=0.2)


def test_another_scale_tells_the_same_story_in_its_own_points():
    trial = replace(TRIAL, scale=Scale.PHQ9, baseline=(19.0, 3.0), arms=TRIAL.arms[::2])
    placebo, drug = run(trial, BELIEF, seed=1, people=200, draws=20).arms
    assert -19 < drug.mean_change.value[0] < placebo.mean_change.value[0] < 0
    assert drug.response.value[0] > placebo.response.value[0]


def test_arketamine_is_refused_because_the_model_has_no_effect_for_it():
    trial = replace(TRIAL, arms=(arm("R", 35, drug=Drug.ARKETAMINE),))
    refusal = run(trial, BELIEF, seed=1, people=100, draws=20)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "mood-not-modelled"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda: replace(TRIAL, days=(3.0, 1.0)), "days must be ascending"),
        (lambda: replace(TRIAL, arms=TRIAL.arms[:1] * 2), "own name"),
        (lambda: replace(TRIAL, baseline=(80.0, 5.0)), "baseline mean must be 1 to 60"),
        (lambda: replace(TRIAL.arms[0], session_days=()), "session_days"),
        (lambda: replace(TRIAL.arms[0], patients=1), "patients must be 2"),
        (lambda: run(TRIAL, BELIEF, seed=1, people=5), "people must be 100"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(spoil, words):
    with pytest.raises(BadInput, match=words):
        spoil()


def test_in_a_population_weight_sets_the_dose_but_not_who_is_drawn():
    people = Population(
        age_years=Spread(mean=45, sd=12, low=18, high=75),
        weight_kg=Spread(mean=80, sd=16, low=45, high=140),
        female_share=0.5,
    )
    per_kg = replace(arm("per kg", 0.5), per_kg=True)
    trial = replace(TRIAL, arms=(arm("fixed", 40), per_kg))
    fixed, by_weight = run(trial, people, seed=1, people=400, draws=20).arms
    assert fixed.dose_mg == (40.0, 40.0, 40.0)
    assert by_weight.dose_mg[0] < 30
    assert by_weight.dose_mg[2] > 55
    # A fixed dose is more per kilo to the light, so dissociation spreads wider.
    assert fixed.peak_cadss_first[2] > by_weight.peak_cadss_first[2]


def test_dissociation_wears_off_over_sessions_while_the_benefit_stays(result):
    six = result.arms[3]
    assert six.peak_cadss_last[1] < 0.7 * six.peak_cadss_first[1]
    assert six.response.value[3] > six.response.value[0]


def test_two_sessions_in_one_day_are_refused():
    refusal = run(replace(TRIAL, arms=(arm("twice", 35, (0.0, 0.5)),)), BELIEF, seed=1, people=100)
    assert refusal.code == "sessions-too-close"
