"""Route and spacing are choices too: each is weighed by what it does to levels, habit and mood."""

from dataclasses import replace

import numpy as np
import pytest

from afterglow.core.dosing.limits import Counted, ExposureLimit
from afterglow.core.dosing.muscle import AT_MIN, MG_PER_KG, OBSERVED_NG_PER_ML, observed_over_curve
from afterglow.core.dosing.options import AtOnce, Candidates
from afterglow.core.dosing.predict import predict_bands
from afterglow.core.dosing.propose import GivenBefore
from afterglow.core.errors import BadInput
from afterglow.core.quantity import BaseMass, Bolus, Route
from tests.core.dosing.asking import GRID, LIMITS, ask, proposed
from tests.core.people import RESTING, prior

DOSES = (14.0, 21.0, 35.0)
EVERY_ROUTE = replace(
    GRID,
    at_once=tuple(
        AtOnce(route=route, doses_mg=DOSES)
        for route in (Route.INTRAMUSCULAR, Route.SUBCUTANEOUS, Route.SUBLINGUAL)
    ),
)


def of(found, route, dose_mg=35.0):
    return next(one for one in found.options if (one.route, one.dose_mg) == (route, dose_mg))


def peaks(route, dose_mg=35.0):
    bands = predict_bands(
        prior(),
        [Bolus(amount=BaseMass(dose_mg), starts_min=0, route=route)],
        t_min=range(0, 241),
        session_number=1,
        baseline=RESTING,
        seed=1,
        draws=300,
    )
    return bands.series["cadss"].peak, bands.series["systolic_mmhg"].peak


def test_a_dose_under_the_tongue_is_weighed_by_its_own_curve_and_half_as_strong():
    found = proposed(candidates=EVERY_ROUTE)
    tongue, muscle = of(found, Route.SUBLINGUAL), of(found, Route.INTRAMUSCULAR)
    assert tongue.benefit < 0.6 * muscle.benefit
    assert tongue.cadss_median == pytest.approx(peaks(Route.SUBLINGUAL)[0][2], abs=1.0)


@pytest.mark.parametrize("route", [Route.INTRAMUSCULAR, Route.SUBCUTANEOUS])
def test_safety_by_muscle_and_skin_rests_on_the_peaks_that_were_observed(route):
    """Half as much on the curve is as much in a patient: Hirlinger saw twice what it says."""
    factor = observed_over_curve("simons_2022")
    found = proposed(candidates=EVERY_ROUTE, draws=300)
    cadss, systolic = peaks(route, dose_mg=21.0 * factor)
    one = of(found, route, 21.0)
    assert one.cadss_median == pytest.approx(cadss[2], abs=1.0)
    assert one.systolic_p95 == pytest.approx(systolic[4], abs=1.5)
    assert any("Hirlinger" in note for note in found.notes)


def test_the_curve_for_muscle_lies_as_far_under_what_was_seen_as_it_is_said_to():
    dose = Bolus(amount=BaseMass(70 * MG_PER_KG), starts_min=0, route=Route.INTRAMUSCULAR)
    bands = predict_bands(
        prior(),
        [dose],
        t_min=[AT_MIN],
        session_number=1,
        baseline=RESTING,
        seed=1,
        only=["venous_ng_per_ml"],
    )
    curve = bands.series["venous_ng_per_ml"].p50[0]
    assert observed_over_curve("simons_2022") == pytest.approx(OBSERVED_NG_PER_ML / curve, rel=0.1)


@pytest.mark.parametrize("route", [Route.INTRAMUSCULAR, Route.SUBLINGUAL])
def test_a_route_more_changes_nothing_of_the_others(route):
    more = replace(GRID, at_once=(AtOnce(route=route, doses_mg=DOSES),))
    assert set(proposed().options) < set(proposed(candidates=more).options)


def test_a_route_alone_can_be_asked_for():
    alone = Candidates(at_once=(AtOnce(route=Route.INTRAMUSCULAR, doses_mg=DOSES),))
    found = proposed(candidates=alone)
    (dose,) = found.chosen.doses(found.drug)
    assert dose == Bolus(
        amount=BaseMass(found.chosen.dose_mg), starts_min=0, route=Route.INTRAMUSCULAR
    )
    assert str(found.chosen) == f"{found.chosen.dose_mg:g} mg into muscle"


def test_nothing_to_choose_from_and_a_route_twice_are_slips():
    muscle = AtOnce(route=Route.INTRAMUSCULAR, doses_mg=DOSES)
    with pytest.raises(BadInput, match="at least one value"):
        Candidates()
    with pytest.raises(BadInput, match="each route once"):
        Candidates(at_once=(muscle, muscle))


SPACED = replace(
    GRID, doses_mg=(35.0,), minutes=(40.0,), spacings_days=(2.0, 7.0, 21.0), sessions=3
)


def spaced(**changes):
    asked = {"candidates": SPACED, "session_number": 4, "idle_days": 3.0} | changes
    found = proposed(**asked)
    return [one for one in found.options if one.profile == "constant"]


def test_after_a_long_pause_dissociation_is_felt_more_again():
    near, week, month = spaced()
    assert near.cadss_median == week.cadss_median < month.cadss_median
    assert near.systolic_p95 == month.systolic_p95


def test_sessions_so_far_apart_that_few_fall_in_the_time_bring_less_of_it():
    near, week, month = spaced()
    assert min(near.benefit, week.benefit) > month.benefit
    longer = spaced(candidates=replace(SPACED, over_days=90.0))
    assert longer[2].benefit > month.benefit


def test_more_sessions_to_come_bring_more():
    one, three = (spaced(candidates=replace(SPACED, sessions=n))[1].benefit for n in (1, 3))
    assert three > 1.2 * one


def test_a_spacing_that_crowds_the_week_breaks_the_weeks_limit():
    limits = replace(LIMITS, exposure=(ExposureLimit(most=2, unit=Counted.SESSIONS, days=7),))
    near, week, _ = spaced(limits=limits)
    assert near.broken == ("3 sessions in 7 days, limit 2.",)
    assert week.allowed


def test_waiting_longer_makes_room_in_the_week():
    limits = replace(LIMITS, exposure=(ExposureLimit(most=1, unit=Counted.SESSIONS, days=7),))
    before = [GivenBefore(days_ago=3, amount_mg=35, mg_per_kg=0.5, route=Route.INTRAVENOUS)]
    one = replace(SPACED, sessions=1)
    near, week, _ = spaced(limits=limits, before=before, candidates=one)
    assert not near.allowed
    assert week.allowed


def test_a_spacing_that_has_passed_means_now():
    """Ten days after the last session, three days apart can only begin on the tenth."""
    near, week, month = spaced(idle_days=10.0, candidates=replace(SPACED, sessions=1))
    assert near.benefit == week.benefit > month.benefit


def test_at_the_first_session_there_is_nothing_to_be_apart_from():
    lax = replace(LIMITS, cadss_chance=1.0)
    first = spaced(session_number=1, idle_days=0.0, limits=lax)
    assert len({one.cadss_median for one in first}) == 1


def test_sessions_without_a_spacing_are_a_slip():
    with pytest.raises(BadInput, match="spacings_days"):
        replace(GRID, sessions=6)
    with pytest.raises(BadInput, match="spacings_days must be 1 to 27"):
        replace(GRID, spacings_days=(0.5,))


def test_a_proposal_over_every_way_is_for_the_most_benefit_of_all():
    found = proposed(candidates=EVERY_ROUTE)
    allowed = [one.benefit for one in found.options if one.allowed]
    assert found.chosen.benefit >= max(allowed) - 0.015
    assert np.all(np.diff([one.benefit for one in found.frontier]) > 0)
    assert isinstance(ask(candidates=EVERY_ROUTE), type(found))
