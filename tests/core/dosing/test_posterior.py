"""What is learnt from a session is true, moves the right way, and knows when it is not enough."""

import json

import numpy as np
import pytest

from afterglow.core.body import Baseline
from afterglow.core.dosing import importance
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.dosing.population import prior_for
from afterglow.core.dosing.posterior import (
    BelowLimit,
    Pressure,
    Pulse,
    Sampled,
    Scored,
    ScoredShort,
    Sedated,
    SessionObserved,
    update,
)
from afterglow.core.dosing.predict import everything
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.quantity import (
    Analyte,
    ArterialLevel,
    BaseMass,
    Bolus,
    Infusion,
    Route,
    VenousLevel,
)
from afterglow.core.refusal import Refusal
from tests.core.people import RESTING, SOMEONE, infusion, prior

TIMES = np.array([10.0, 20, 30, 40, 55, 70, 90, 120])


def seen_of(deviations, dice, number=1, *, noise=1.0):
    """One session of a person with these own parameters, with all the luck the model allows."""
    belief = prior()
    luck = dice.standard_normal(3) * noise
    occasion = Occasion(np.exp(0.2 * luck[:1]), 7 * luck[1:2], 5 * luck[2:])
    visit = Visit(number=number, baseline=RESTING)
    line = timeline([infusion()], TIMES)
    every = everything(belief.bodies(deviations[:, None]), line, visit, occasion)
    at = dict(zip(TIMES, line.asked, strict=True))
    observations = []
    for t in TIMES:
        cadss, systolic, pulse, venous = (
            float(every[key][at[t], 0])
            for key in ("cadss", "systolic_mmhg", "pulse_per_min", "venous_ng_per_ml")
        )
        jitter = dice.standard_normal(4) * noise
        observations += [
            Scored(at_min=t, cadss=float(np.clip(cadss + 5 * jitter[0], 0, 92))),
            Pressure(at_min=t, systolic_mmhg=systolic + 6 * jitter[1]),
            Pulse(at_min=t, per_min=pulse + 5 * jitter[2]),
        ]
        if t in {40, 90}:
            level = VenousLevel(venous * float(np.exp(0.236 * jitter[3])), Analyte.KETAMINE)
            observations.append(Sampled(at_min=t, level=level))
    return SessionObserved(
        number=number, doses=(infusion(),), baseline=RESTING, observations=tuple(observations)
    )


def learnt(*sessions, seed=1, belief=None):
    found = update(belief or prior(), sessions, seed=seed)
    assert isinstance(found, Belief), found
    return found


def shifted(**changes):
    names = prior().parameters
    return np.array([changes.get(name, 0.0) for name in names])


def test_a_sensitive_patient_is_recognised():
    dice = np.random.default_rng(4)
    sessions = [seen_of(shifted(dmax=0.6, systolic_slope=1.0), dice, n) for n in (1, 2, 3)]
    before, after = prior().typical(), learnt(*sessions).typical()
    assert after["dmax"] > 1.25 * before["dmax"]
    assert after["systolic_slope"] > 1.5 * before["systolic_slope"]


@pytest.mark.parametrize("rise", [30, 40])
def test_a_rise_far_beyond_the_usual_is_learnt_and_not_refused(rise):
    seen = tuple(Pressure(at_min=t, systolic_mmhg=RESTING.systolic_mmhg + rise) for t in (30, 40))
    session = SessionObserved(number=1, doses=(infusion(),), baseline=RESTING, observations=seen)
    assert learnt(session).typical()["systolic_slope"] > 2 * prior().typical()["systolic_slope"]


def test_exact_arterial_levels_give_back_the_clearance():
    person = shifted(cl=-0.35)
    line = timeline([infusion()], np.arange(5.0, 241, 10))
    visit = Visit(number=1, baseline=RESTING)
    every = everything(prior().bodies(person[:, None]), line, visit, Occasion.none(1))
    drawn = tuple(
        Sampled(at_min=float(t), level=ArterialLevel(float(c), Analyte.KETAMINE))
        for t, c in zip(line.at_min, every["arterial_ng_per_ml"][:, 0], strict=True)
        if t >= 5
    )
    session = SessionObserved(number=1, doses=(infusion(),), baseline=RESTING, observations=drawn)
    assert learnt(session).typical()["cl"] == pytest.approx(1.48 * np.exp(-0.35), rel=0.05)


def test_intervals_cover_the_truth_as_often_as_they_say():
    """People are drawn from the prior, seen once, and estimated: their true peak must fall within
    the 50 and 90 % intervals about that often (simulation-based calibration)."""
    dice, people = np.random.default_rng(11), prior().sample(60, 5)
    names = prior().parameters
    followed = [names.index(name) for name in ("dmax", "systolic_slope", "pulse_slope", "cl")]
    ranks = []
    for n, person in enumerate(people.T):
        draws = np.array(learnt(seen_of(person, dice), seed=n).draws)
        ranks.append(np.mean(draws[:, followed] < person[followed], axis=0))
    inside = {width: np.mean(np.abs(np.array(ranks) - 0.5) < width / 2) for width in (0.5, 0.9)}
    assert inside[0.5] == pytest.approx(0.5, abs=0.11)
    assert inside[0.9] == pytest.approx(0.9, abs=0.06)


def test_the_spread_narrows():
    after = np.array(learnt(seen_of(shifted(), np.random.default_rng(1))).draws).std(axis=0)
    before = np.sqrt(np.diag(prior().cov))
    at = prior().parameters.index("dmax")
    assert after[at] < 0.8 * before[at]


def test_the_order_of_learning_plays_no_part_and_replay_is_exact():
    dice = np.random.default_rng(2)
    first, second = (seen_of(shifted(dmax=0.3), dice, n) for n in (1, 2))
    at_once = learnt(first, second)
    assert learnt(second, belief=learnt(first)) == at_once
    assert learnt(first, second) == at_once


def test_a_corrected_session_replaces_the_first_account():
    dice = np.random.default_rng(2)
    wrong, right = seen_of(shifted(dmax=0.8), dice), seen_of(shifted(), dice)
    assert learnt(right, belief=learnt(wrong)) == learnt(right)


def test_a_learnt_belief_survives_storage():
    belief = learnt(seen_of(shifted(), np.random.default_rng(3)))
    stored = json.loads(json.dumps(belief.to_json()))
    assert Belief.from_json(stored) == belief
    assert belief.trust.trusted


def test_racemic_and_s_assays_are_not_taken_for_each_other():
    def told(analyte):
        sample = Sampled(at_min=40, level=VenousLevel(95, analyte))
        return learnt(
            SessionObserved(number=1, doses=(infusion(),), baseline=RESTING, observations=(sample,))
        ).typical()

    assert told(Analyte.KETAMINE)["cl"] > 1.03 * told(Analyte.ESKETAMINE)["cl"]


def test_a_whole_session_that_ran_high_says_less_than_scattered_readings():
    """Readings of one session share its luck: twenty of them are not twenty sessions."""

    def after(shift):
        seen = tuple(
            Pressure(at_min=float(t), systolic_mmhg=122 + 8 + shift) for t in range(1, 41, 2)
        )
        session = SessionObserved(
            number=1, doses=(infusion(),), baseline=RESTING, observations=seen
        )
        return learnt(session).typical()["systolic_slope"]

    assert after(15) < 2.5 * after(0)


def refused(session):
    found = update(prior(), [session], seed=1)
    assert isinstance(found, Refusal), found
    return found


def one_sample(at_min, ng_per_ml, analyte=Analyte.KETAMINE, **changes):
    sample = Sampled(at_min=at_min, level=VenousLevel(ng_per_ml, analyte))
    usual = {"doses": (infusion(starts_min=5),), "observations": (sample,)}
    return SessionObserved(**{"number": 1, "baseline": RESTING, **usual, **changes})


def test_a_sample_before_any_dose_is_refused():
    assert refused(one_sample(2, 50)).code == "sample-before-dose"


def test_venous_norketamine_is_refused():
    assert refused(one_sample(60, 50, Analyte.NORKETAMINE)).code == "level-not-modelled"


@pytest.mark.parametrize("model", ["otto_2021", "kamp_2020_meta"])
def test_norketamine_is_refused_by_a_model_that_does_not_follow_it(model):
    belief = prior_for(SOMEONE, model=model)
    sample = Sampled(at_min=60, level=ArterialLevel(50, Analyte.NORKETAMINE))
    found = update(belief, [one_sample(60, 50, observations=(sample,))], seed=1)
    assert isinstance(found, Refusal)
    assert found.code == "level-not-modelled"


def test_norketamine_is_refused_after_a_dose_of_which_some_is_swallowed():
    wafer = Bolus(amount=BaseMass(50), starts_min=0, route=Route.SUBLINGUAL)
    sample = Sampled(at_min=60, level=ArterialLevel(50, Analyte.NORKETAMINE))
    found = refused(one_sample(60, 50, doses=(wafer,), observations=(sample,)))
    assert found.code == "level-not-modelled"
    assert "swallowed" in found.because


def test_nothing_observed_is_refused():
    assert refused(one_sample(60, 50, observations=())).code == "nothing-observed"


def test_a_dose_by_another_route_is_refused():
    swallowed = Infusion(amount=infusion().amount, starts_min=0, lasts_min=1, route=Route.ORAL)
    assert refused(one_sample(60, 50, doses=(swallowed,))).code == "route-not-modelled"


def test_weights_with_a_heavy_tail_are_found_out():
    dice = np.random.default_rng(1)
    fine = importance.smoothed(dice.normal(0, 0.3, 4000))
    heavy = importance.smoothed(3 * dice.standard_exponential(4000))
    assert fine[1] < 0.5
    assert heavy[1] > 0.7
    assert importance.effective(fine[0]) > 3000
    assert importance.effective(heavy[0]) < 200


def test_equal_weights_keep_every_draw():
    weights, k = importance.smoothed(np.zeros(500))
    assert (importance.effective(weights), k) == (pytest.approx(500), 0)
    assert importance.resampled(weights, 500, 0.5).tolist() == list(range(500))


def test_a_baseline_is_that_of_its_own_session():
    rested = Baseline(systolic_mmhg=140, pulse_per_min=70)
    seen = tuple(Pressure(at_min=float(t), systolic_mmhg=148) for t in (20, 30, 40))

    def told(baseline):
        session = SessionObserved(
            number=1, doses=(infusion(),), baseline=baseline, observations=seen
        )
        return learnt(session).typical()["systolic_slope"]

    assert told(rested) < told(RESTING)


def told_by(*observations):
    """What a first session of 35 mg, with nothing else recorded, teaches."""
    return learnt(
        SessionObserved(number=1, doses=(infusion(),), baseline=RESTING, observations=observations)
    )


def below(at_min, ng_per_ml):
    return BelowLimit(at_min=at_min, limit=VenousLevel(ng_per_ml, Analyte.KETAMINE))


def test_nothing_quantified_late_speaks_for_a_quick_clearance():
    usual = prior().typical()["cl"]
    assert told_by(below(240, 8)).typical()["cl"] > 1.1 * usual
    assert told_by(below(240, 500)).typical()["cl"] == pytest.approx(usual, rel=1e-3)


def test_a_limit_says_less_than_a_level_of_the_same_height():
    at_limit = VenousLevel(12, Analyte.KETAMINE)
    known = told_by(Sampled(at_min=240, level=at_limit)).draws
    censored = told_by(BelowLimit(at_min=240, limit=at_limit)).draws
    cl = prior().parameters.index("cl")
    assert np.std([d[cl] for d in known]) < np.std([d[cl] for d in censored])


def test_arterial_norketamine_teaches_its_own_clearance():
    def clearance(ng_per_ml):
        level = ArterialLevel(ng_per_ml, Analyte.NORKETAMINE)
        sampled = (Sampled(at_min=t, level=level) for t in (90, 150))
        return told_by(*sampled).typical()["cl_nk"]

    assert clearance(35) > 1.1 * clearance(70)


def test_the_short_form_moves_the_same_way_as_the_long_one_but_less():
    times = (20, 30, 40, 60)
    short = told_by(*(ScoredShort(at_min=t, cadss_6=14) for t in times)).typical()["dmax"]
    long = told_by(*(Scored(at_min=t, cadss=14 / 0.261) for t in times)).typical()["dmax"]
    assert prior().typical()["dmax"] < short < long


def test_deep_sedation_speaks_for_a_high_level_and_alertness_for_little():
    def peak(moaa_s):
        typical = told_by(Sedated(at_min=40, moaa_s=moaa_s)).typical()
        return 1 / (typical["cl"] * typical["v1"])

    assert peak(1) > peak(3) > peak(5)


def test_an_observation_survives_storage_whatever_its_kind():
    session = SessionObserved(
        number=1,
        doses=(infusion(),),
        baseline=RESTING,
        observations=(
            below(120, 5),
            ScoredShort(at_min=40, cadss_6=9),
            Sedated(at_min=40, moaa_s=4),
        ),
    )
    assert SessionObserved.from_json(json.loads(json.dumps(session.to_json()))) == session


@pytest.mark.parametrize("rating", [-1, 6, 3.5])
def test_a_rating_that_does_not_exist_names_its_range(rating):
    with pytest.raises(BadInput, match="moaa_s must be"):
        Sedated(at_min=40, moaa_s=rating)


def test_a_limit_before_any_dose_is_refused():
    assert refused(one_sample(60, 50, observations=(below(2, 5),))).code == "sample-before-dose"


def test_half_the_session_below_the_limit_still_covers_the_truth():
    """People seen through a coarse assay: their own clearance lies within the 90 % interval."""
    dice, people = np.random.default_rng(3), prior().sample(40, 9)
    cl = prior().parameters.index("cl")
    visit, inside = Visit(number=1, baseline=RESTING), []
    line = timeline([infusion()], np.array([40.0, 90, 150, 240]))
    for person in people.T:
        every = everything(prior().bodies(person[:, None]), line, visit, Occasion.none(1))
        noise = np.exp(0.236 * dice.standard_normal(4))
        found = every["venous_ng_per_ml"][line.asked, 0] * noise
        seen = [
            Sampled(at_min=float(t), level=VenousLevel(float(c), Analyte.KETAMINE))
            if c >= 60
            else below(float(t), 60)
            for t, c in zip((40, 90, 150, 240), found, strict=True)
        ]
        draws = np.array(told_by(*seen).draws)[:, cl]
        inside.append(0.05 < np.mean(draws < person[cl]) < 0.95)
    assert np.mean(inside) == pytest.approx(0.9, abs=0.11)
