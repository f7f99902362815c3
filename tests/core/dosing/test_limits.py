"""Every limit the clinic sets is kept, each that is broken is named, and the caps hold for all."""

from dataclasses import replace

import numpy as np
import pytest

from afterglow.core.dosing.limits import CAPS, Counted, ExposureLimit
from afterglow.core.dosing.options import AtOnce, Candidates, Profile
from afterglow.core.dosing.predict import predict_bands
from afterglow.core.dosing.propose import GivenBefore
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.sedation import chance_at_or_below, racemic_equivalent
from afterglow.core.quantity import Drug, Route
from afterglow.core.refusal import Refusal
from tests.core.dosing.asking import GRID, LIMITS, ask, proposed
from tests.core.people import RESTING, infusion, prior

SEDATION = replace(LIMITS, moaa_s=3, moaa_s_chance=0.05)
LAX = replace(LIMITS, cadss=92, systolic_mmhg=250, ceiling_mg_per_kg=5, second_prescriber=True)


def given(days_ago, mg=35.0, route=Route.INTRAVENOUS):
    return GivenBefore(days_ago=days_ago, amount_mg=mg, mg_per_kg=mg / 70, route=route)


def most(amount, unit, days=None):
    limit = ExposureLimit(most=amount, unit=unit, days=days)
    return replace(LIMITS, exposure=(limit,))


def test_the_chance_of_sedation_is_that_of_the_venous_peak():
    found = proposed(limits=SEDATION, draws=1000)
    one = next(o for o in found.options if (o.dose_mg, o.minutes) == (35, 40))
    assert one.profile is Profile.CONSTANT
    venous = predict_bands(
        prior(),
        [infusion()],
        t_min=range(91),
        session_number=1,
        baseline=RESTING,
        seed=1,
        only=["venous_s_ng_per_ml"],
    ).series["venous_s_ng_per_ml"]
    at_the_median = chance_at_or_below(3, racemic_equivalent(venous.peak[2]))
    assert one.sedation_chance == pytest.approx(at_the_median, rel=0.15)


def test_a_limit_on_sedation_is_kept_and_a_breach_is_named():
    found = proposed(limits=replace(SEDATION, moaa_s_chance=0.03))
    assert found.chosen.sedation_chance <= 0.03
    sedated = [one for one in found.options if one.sedation_chance > 0.03]
    assert sedated
    for one in sedated:
        assert any("MOAA/S 3 or below" in why for why in one.broken)
    assert "MOAA/S 3 or below" in found.reasons[0]


def test_a_shallower_level_is_likelier():
    chances = [
        proposed(limits=replace(SEDATION, moaa_s=level, moaa_s_chance=1)).chosen.sedation_chance
        for level in range(5)
    ]
    assert np.all(np.diff(chances) > 0)


def test_without_a_limit_on_sedation_nothing_is_said_of_it_but_that():
    found = proposed()
    assert all(one.sedation_chance is None for one in found.options)
    assert "No limit on sedation was given." in found.notes
    assert "No limit on sedation was given." not in proposed(limits=SEDATION).notes


def test_half_a_limit_on_sedation_is_a_slip():
    with pytest.raises(BadInput, match="given together"):
        replace(LIMITS, moaa_s=3)
    with pytest.raises(BadInput, match="0 to 4"):
        replace(LIMITS, moaa_s=5, moaa_s_chance=0.1)


def test_a_limit_on_drowsiness_below_that_on_placebo_is_a_slip_that_names_the_share():
    with pytest.raises(BadInput, match=r"0\.19 or more with moaa_s = 4.*placebo.*MOAA/S by dose"):
        replace(LIMITS, moaa_s=4, moaa_s_chance=0.18)
    assert proposed(limits=replace(LIMITS, moaa_s=4, moaa_s_chance=0.6)).chosen


def test_every_limit_that_is_broken_is_named_and_the_first_is_why():
    strict = replace(SEDATION, cadss=4, cadss_chance=0, systolic_mmhg=125, moaa_s_chance=0)
    told = ask(limits=replace(strict, exposure=most(0, Counted.SESSIONS).exposure))
    assert isinstance(told, Refusal)
    assert "CADSS above 4" in told.because
    found = proposed(limits=replace(SEDATION, cadss=20, systolic_mmhg=140, moaa_s_chance=0.02))
    worst = next(one for one in found.options if (one.dose_mg, one.minutes) == (49, 40))
    assert [what for why in worst.broken for what in ("CADSS", "systolic", "MOAA") if what in why]
    assert len(worst.broken) == 3
    assert worst.why_not == worst.broken[0]


def test_what_was_given_this_week_counts_for_the_weeks_limit():
    limits = most(1.0, Counted.MG_PER_KG, days=7)
    assert not any("7 days" in why for one in proposed(limits=limits).options for why in one.broken)
    after = proposed(limits=limits, before=[given(3)])
    for one in after.options:
        assert ("1.2 mg/kg in 7 days, limit 1." in one.broken) == (one.mg_per_kg > 0.5)
    assert proposed(limits=limits, before=[given(7)]).options == proposed(limits=limits).options


def test_what_passed_the_gut_does_not_count_by_weight():
    limits = most(1.0, Counted.MG_PER_KG, days=7)
    under_the_tongue = given(3, mg=140.0, route=Route.SUBLINGUAL)
    found = proposed(limits=limits, before=[under_the_tongue])
    assert found.options == proposed(limits=limits).options


@pytest.mark.parametrize(
    ("limit", "before", "kept"),
    [
        (most(2, Counted.SESSIONS, days=7), [given(2), given(5)], False),
        (most(3, Counted.SESSIONS, days=7), [given(2), given(5)], True),
        (most(2, Counted.SESSIONS, days=365), [given(30), given(364)], False),
        (most(2, Counted.SESSIONS, days=365), [given(30), given(365)], True),
        (most(100, Counted.MG), [given(900, mg=90)], False),
        (most(200, Counted.MG), [given(900, mg=90)], True),
    ],
)
def test_sessions_and_mg_are_counted_over_their_days_or_a_life(limit, before, kept):
    found = ask(limits=limit, before=before)
    assert isinstance(found, Refusal) is not kept


def test_the_order_in_which_sessions_were_given_plays_no_part():
    limits = most(1.2, Counted.MG_PER_KG, days=7)
    before = [given(1, mg=14), given(6, mg=28), given(30)]
    assert (
        proposed(limits=limits, before=before).options
        == proposed(limits=limits, before=before[::-1]).options
    )


@pytest.mark.parametrize("route", CAPS)
@pytest.mark.parametrize("drug", [Drug.KETAMINE, Drug.ESKETAMINE])
def test_nothing_above_a_cap_is_proposed_whoever_signs(route, drug):
    never_mg = 70 * CAPS[route].of(drug).never_mg_per_kg
    doses = (never_mg * 0.99, never_mg * 1.01)
    if route is Route.INTRAVENOUS:
        candidates = Candidates(doses_mg=doses, minutes=(100.0,))
    else:
        candidates = Candidates(at_once=(AtOnce(route=route, doses_mg=doses),))
    low, high = proposed(limits=LAX, candidates=candidates, drug=drug).options
    assert not high.allowed
    assert "whoever signs" in high.why_not
    assert low.allowed


def test_a_second_prescriber_lifts_the_lower_cap_and_not_the_clinics_ceiling():
    high = Candidates(doses_mg=(63.0, 80.0), minutes=(100.0,))
    alone = proposed(limits=replace(LAX, second_prescriber=False), candidates=high)
    assert "second prescriber" in alone.options[-1].why_not
    both = proposed(limits=replace(LAX, ceiling_mg_per_kg=1.0), candidates=high)
    assert "ceiling of 1 mg/kg" in both.options[-1].why_not


def test_each_route_has_a_ceiling_of_its_own():
    muscle = AtOnce(route=Route.INTRAMUSCULAR, doses_mg=(14.0, 35.0))
    limits = replace(LIMITS, muscle_ceiling_mg_per_kg=0.3)
    found = proposed(limits=limits, candidates=replace(GRID, at_once=(muscle,)))
    assert found.options[-1].why_not == "Above the ceiling of 0.3 mg/kg."
    unset = proposed(candidates=replace(GRID, at_once=(muscle,)))
    assert any("No ceiling for doses into muscle" in note for note in unset.notes)


@pytest.mark.parametrize(
    ("field", "value"),
    [("moaa_s_chance", 1.2), ("muscle_ceiling_mg_per_kg", 50), ("skin_ceiling_mg_per_kg", -1)],
)
def test_a_limit_that_cannot_be_meant_names_its_field(field, value):
    with pytest.raises(BadInput, match=field):
        replace(SEDATION, **{field: value})


def test_an_exposure_that_cannot_be_meant_names_its_field():
    with pytest.raises(BadInput, match="days must be 1 to 36500"):
        most(5, Counted.MG_PER_KG, days=0)
    with pytest.raises(BadInput, match="days_ago"):
        given(-1)


def test_two_sessions_of_one_day_are_two():
    refused = ask(limits=most(1, Counted.SESSIONS, 28), before=[given(0.0)])
    assert isinstance(refused, Refusal)
    assert "2 sessions in 28 days, limit 1." in refused.because


def test_a_mg_of_esketamine_counts_as_two_of_the_racemate():
    week = most(1.0, Counted.MG_PER_KG, 7)
    before = replace(given(3.0), drug=Drug.ESKETAMINE)
    racemic = proposed(limits=week, before=[given(3.0)])
    assert racemic.chosen.mg_per_kg <= 0.5 + 1e-9
    assert isinstance(ask(limits=week, before=[before]), Refusal)
