"""Regimens as trials write them: steps, doses that climb, and parts for those who qualify."""

from dataclasses import replace

import numpy as np
import pytest

from afterglow.core.body import Covariates, Sex
from afterglow.core.dosing.population import prior_for
from afterglow.core.dosing.trial import run
from afterglow.core.dosing.trial_plan import Arm, Flexible, Only, Qualifying, Step, Trial
from afterglow.core.dosing.trial_rated import Rater, climbed, qualify
from afterglow.core.dosing.virtual_given import Given
from afterglow.core.dosing.virtual_people import Population, Spread
from afterglow.core.dosing.virtual_sessions import drives, on_rungs, undergone
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.mood import Expectancy, course_along
from afterglow.core.pharmacology.mood_people import draw
from afterglow.core.pharmacology.scales import Scale, from_madrs
from afterglow.core.quantity import BaseMass, Bolus, Drug, Infusion, Route

BELIEF = prior_for(Covariates(age_years=45, weight_kg=70, sex=Sex.FEMALE))
PEOPLE = Population(
    age_years=Spread(mean=45, sd=12, low=18, high=75),
    weight_kg=Spread(mean=80, sd=16, low=45, high=140),
    female_share=0.5,
)
TWICE_A_WEEK = (0.0, 3.0, 7.0, 10.0, 14.0, 17.0, 21.0, 24.0)
SMALL = {"seed": 1, "people": 400, "draws": 20}


def vein(mg, minutes=40.0, at=0.0):
    if not minutes:
        return Bolus(amount=BaseMass(mg), starts_min=at)
    return Infusion(amount=BaseMass(mg), starts_min=at, lasts_min=minutes)


def spray(mg):
    return Bolus(amount=BaseMass(mg), starts_min=0, drug=Drug.ESKETAMINE, route=Route.NASAL)


def given(*doses, **more):
    return Given(doses=doses, **more)


def arm(name, days=TWICE_A_WEEK, doses=(), **more):
    told = {"patients": 60, "expectancy": Expectancy.ACTIVE_COMPARATOR}
    return Arm(name=name, session_days=days, doses=doses, **told | more)


def trial(*arms, days=(1.0, 14.0, 28.0), **more):
    return Trial(arms=arms, scale=Scale.MADRS, baseline=(32.0, 5.0), days=days, **more)


CLIMBING = Flexible(
    rungs=tuple(given(vein(mg, 0)) for mg in (10.0, 35.0, 60.0)), at_sessions=(3, 5, 7)
)


def test_steps_are_the_sessions_of_one_course_in_the_order_of_their_days():
    stepped = arm(
        "stepped",
        days=(),
        steps=(
            Step(session_days=(0.0,), given=given(spray(56))),
            Step(session_days=(7.0, 14.0, 28.0), given=given(spray(84))),
            Step(session_days=(3.0,), given=given(spray(84))),
        ),
    )
    assert [one.day for one in stepped.sessions] == [0.0, 3.0, 7.0, 14.0, 28.0]
    result = run(trial(stepped, days=(1.0, 30.0)), PEOPLE, **SMALL).arms[0]
    assert result.mean_mg == (56.0, 84.0, 84.0, 84.0, 84.0)
    assert result.dose_mg[0] == 56.0
    assert result.dose_mg[2] == 84.0


def test_the_same_dose_written_as_steps_gives_the_same_figures():
    plain = arm("a", doses=(vein(35),))
    in_steps = arm(
        "a",
        days=(),
        steps=tuple(Step(session_days=(day,), given=given(vein(35))) for day in TWICE_A_WEEK),
    )
    assert run(trial(plain), BELIEF, **SMALL).arms == run(trial(in_steps), BELIEF, **SMALL).arms


def test_only_sessions_with_drug_wear_dissociation_off():
    crossed = arm(
        "crossed",
        days=(),
        steps=(
            Step(session_days=(0.0, 7.0), given=Given(doses=())),
            Step(session_days=(14.0, 21.0), given=given(vein(35))),
        ),
    )
    visits = [crossed.visit(n) for n in (1, 2, 3, 4)]
    assert [one.number for one in visits] == [1, 1, 1, 2]
    assert [one.idle_days for one in visits] == [0.0, 0.0, 0.0, 7.0]


def test_a_push_and_an_infusion_in_one_session_add_up():
    both = arm("both", doses=(vein(10, 0), vein(25, 40, at=5.0)), days=(0.0,))
    single = arm("single", doses=(vein(25, 40, at=5.0),), days=(0.0,))
    first, second = run(trial(both, single, days=(1.0,)), BELIEF, **SMALL).arms
    assert first.dose_mg == (35.0, 35.0, 35.0)
    assert first.peak_cadss_first[1] > second.peak_cadss_first[1]


def test_relapse_after_an_infusion_of_days_is_counted_from_the_day_after_its_end():
    long = arm("long", doses=(vein(2000, 5760.0),), days=(0.0,))
    assert long.ends_day == 4.0
    assert arm("short", doses=(vein(35),), days=(0.0,)).ends_day == 0.0
    result = run(trial(long, days=(1.0, 4.5, 5.0, 9.0)), BELIEF, **SMALL).arms[0]
    assert result.relapse.value[:3] == (0.0, 0.0, 0.0)
    assert result.relapse.value[3] > 0.01


def climbing(**more):
    fields = {"doses": CLIMBING.rungs[0].doses, "flexible": CLIMBING} | more
    return arm("climbing", **fields)


def followed(one, people=600):
    crowd = PEOPLE.crowd(people, 1)
    ladder = undergone(one, crowd, (), lambda *_: {})
    params = draw(people, 1, dissociation_z=crowd.leaning)
    rater = Rater(Scale.MADRS, (1,))
    return crowd, ladder, params, rater


def test_a_flexible_dose_goes_up_only_at_its_sessions_and_only_where_it_has_not_helped():
    one = climbing()
    _, ladder, params, rater = followed(one)
    rungs = climbed(one, params, ladder, rater)
    steps = np.diff(rungs, axis=1)
    assert set(np.unique(steps)) <= {0, 1}
    assert (rungs[:, :2] == 0).all()
    moved = np.flatnonzero(steps.any(axis=0)) + 2  # numbers of the sessions before which some rose
    assert set(moved) <= {3, 5, 7}
    # Whoever stays below at the second session was rated as fallen by half by then.
    madrs = course_along(params, drives(one, on_rungs(ladder, rungs)[:2]), np.array([7.0])).madrs[
        :, 0
    ]
    fallen = rater.on(7.0, params, madrs) <= 0.5 * rater.start(params)
    assert np.array_equal(rungs[:, 2] == 0, fallen)
    assert 0.05 < fallen.mean() < 0.95


def test_a_flexible_course_lies_between_its_lowest_and_its_highest_dose():
    low, high = (arm(f"{mg:g} mg", doses=(vein(mg, 0),)) for mg in (10.0, 60.0))
    result = run(trial(low, climbing(), high), BELIEF, **SMALL)
    changes = [one.mean_change.value[-1] for one in result.arms]
    assert changes == sorted(changes, reverse=True)
    climbed_mg = result.arms[1].mean_mg
    assert climbed_mg[0] == 10.0
    assert 20.0 < climbed_mg[-1] < 60.0
    assert list(climbed_mg) == sorted(climbed_mg)


def test_each_persons_own_rung_sets_their_drive_and_their_dose():
    one = climbing()
    crowd, ladder, params, rater = followed(one, 200)
    rungs = climbed(one, params, ladder, rater)
    had = on_rungs(ladder, rungs)
    for k in (0, 3, 7):
        amounts = np.array([10.0, 35.0, 60.0])[rungs[:, k]]
        assert np.array_equal(had[k].dose_mg, amounts)
        for person in (0, 17, 101):
            own = ladder[k][rungs[person, k]].drive.drive[:, person]
            assert np.array_equal(had[k].drive.drive[:, person], own)
    assert crowd.size == 200


def test_who_goes_on_was_rated_so_with_the_raters_error():
    one = arm("induction", doses=(vein(35),))
    _, ladder, params, rater = followed(one)
    plan = trial(one, remission_at=12.0)
    days = np.array([14.0, 21.0, 28.0])
    madrs = course_along(params, drives(one, on_rungs(ladder, None)), days).madrs

    def kept(who, at_least):
        only = Only(who=who, at_days=tuple(days), at_least=at_least)
        return qualify(only, plan, params, madrs, rater)

    always, once = kept(Qualifying.REMITTERS, 3), kept(Qualifying.REMITTERS, 1)
    assert always.sum() < once.sum()
    assert np.all(once[always])
    assert madrs[always].mean() < madrs[~once].mean() - 8
    one_day = Only(who=Qualifying.RESPONDERS, at_days=(28.0,), at_least=1)
    others = replace(one_day, who=Qualifying.NONRESPONDERS)
    split = [qualify(o, plan, params, madrs[:, 2:], rater) for o in (one_day, others)]
    assert np.array_equal(split[0], ~split[1])
    rated = rater.on(28.0, params, madrs[:, 2])
    assert np.array_equal(split[0], rated <= 0.5 * rater.start(params))


WEEKLY = tuple(7.0 * week for week in range(16))
AFTER = tuple(7.0 * week for week in range(16, 32))
STABLE = Only(who=Qualifying.REMITTERS, at_days=(91.0, 98.0, 105.0, 112.0), at_least=3)


def test_those_who_go_on_after_remission_relapse_less_often_than_those_who_stop():
    more = {"doses": (vein(35),), "new_antidepressant": True, "only": STABLE, "patients": 90}
    stop, go_on = arm("stop", WEEKLY, **more), arm("go on", (*WEEKLY, *AFTER), **more)
    result = run(trial(stop, go_on, days=(112.0, 168.0, 224.0), against="stop"), PEOPLE, **SMALL)
    stopped, continued = result.arms
    assert stopped.relapse.value[0] == continued.relapse.value[0] == 0.0
    assert stopped.relapse.value[-1] > continued.relapse.value[-1] + 0.05
    assert 0.1 < stopped.qualified == continued.qualified < 0.9
    (contrast,) = result.contrasts
    assert (contrast.arm, contrast.against) == ("go on", "stop")
    ratio = contrast.relapse_hazard_ratio
    assert np.isnan(ratio.value[0])
    assert 0.2 < ratio.low[-1] < ratio.value[-1] < 0.95


def test_people_chosen_for_remission_are_better_than_all_and_slip_back_by_the_raters_error():
    doses = {"doses": (vein(35),)}
    only = Only(who=Qualifying.REMITTERS, at_days=(25.0,), at_least=1)
    result = run(trial(arm("all", **doses), arm("best", **doses, only=only)), BELIEF, **SMALL)
    everybody, best = result.arms
    assert best.mean_change.value[-1] < everybody.mean_change.value[-1] - 3
    assert best.remission.value[-1] < 0.99
    assert best.qualified < 1.0 == everybody.qualified


def test_when_hardly_anybody_qualifies_nothing_is_told():
    only = Only(who=Qualifying.REMITTERS, at_days=(1.0,), at_least=1)
    nobody = arm("placebo", days=(0.0,), only=only, expectancy=Expectancy.INERT)
    refusal = run(trial(nobody), BELIEF, **SMALL)
    assert refusal.code == "too-few-qualify"


def test_response_and_remission_are_counted_as_the_trial_counts_them():
    one = arm("six", doses=(vein(35),))
    usual, strict, lax = (
        run(trial(one, **more), BELIEF, **SMALL).arms[0]
        for more in (
            {},
            {"response_fall": 0.75, "remission_at": 6.0},
            {"response_fall": 0.25, "remission_at": 14.0},
        )
    )
    for rate in ("response", "remission"):
        values = [getattr(result, rate).value[-1] for result in (strict, usual, lax)]
        assert values == sorted(values)
        assert values[0] < values[2] - 0.15
    assert usual.mean_change == strict.mean_change


def test_contrasts_are_differences_of_arms_with_the_effect_size_trials_report():
    plan = trial(arm("placebo"), arm("drug", doses=(vein(35),)))
    result = run(plan, BELIEF, **SMALL)
    placebo, drug = result.arms
    (one,) = result.contrasts
    assert (one.arm, one.against) == ("drug", "placebo")
    for k in range(3):
        points = drug.mean_change.value[k] - placebo.mean_change.value[k]
        sd = np.sqrt((drug.sd_change[k] ** 2 + placebo.sd_change[k] ** 2) / 2)
        assert one.mean_change.value[k] == pytest.approx(points)
        assert one.effect_size.value[k] == pytest.approx(-points / sd)
        assert one.response.value[k] == pytest.approx(
            drug.response.value[k] - placebo.response.value[k]
        )
        assert one.mean_change.low[k] < points < one.mean_change.high[k]
    # Arms are other people: a difference is less sure than either arm's own luck.
    half = one.mean_change.high[0] - one.mean_change.low[0]
    assert half > 2 * 1.96 * np.sqrt(2.0) * drug.sd_change[0] / np.sqrt(60) * 0.8


@pytest.mark.parametrize(("against", "other"), [("drug", "placebo"), (None, "drug")])
def test_the_comparator_is_the_one_named_or_the_one_without_drug(against, other):
    plan = trial(arm("drug", doses=(vein(35),)), arm("placebo"), against=against)
    assert [one.arm for one in run(plan, BELIEF, **SMALL).contrasts] == [other]


def test_on_another_scale_doses_climb_by_that_scales_ratings():
    one = climbing()
    _, ladder, params, _ = followed(one)
    by_phq = climbed(one, params, ladder, Rater(Scale.PHQ9, (1,)))
    assert by_phq[:, -1].mean() > 0.1
    start = Rater(Scale.PHQ9, (1,)).start(params)
    assert start.mean() == pytest.approx(
        from_madrs(params.baseline_madrs, Scale.PHQ9).mean(), abs=0.3
    )


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda: replace(CLIMBING, rungs=CLIMBING.rungs[:1]), "rungs of a flexible dose"),
        (lambda: replace(CLIMBING, at_sessions=(1,)), "at_sessions must be 2 or more"),
        (lambda: replace(CLIMBING, fall=1.5), "fall must be 0.05 to 0.95"),
        (
            lambda: replace(climbing(), session_days=(0.0, 3.0)),
            "at_sessions of 'climbing' must be 2 to 2",
        ),
        (lambda: replace(STABLE, at_least=5), "at_least must be 1 to 4"),
        (lambda: replace(STABLE, at_days=(5.0, 3.0)), "at_day must be one day"),
        (lambda: trial(arm("a"), against="b"), "against must be the name of an arm, got 'b'"),
        (lambda: trial(arm("a"), remission_at=70.0), "remission_at must be 0 to 60 points"),
        (lambda: trial(arm("a"), response_fall=0.0), "response_fall must be 0.05 to 0.95"),
        (
            lambda: arm("a", steps=(Step(session_days=(3.0,), given=given(vein(35))),)),
            "session_days of 'a' must be ascending",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(spoil, words):
    with pytest.raises(BadInput, match=words):
        spoil()
