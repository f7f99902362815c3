"""When a patient may leave: all criteria, each with its value, and unknown is never met."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterglow.core.care.instruments import Risk
from afterglow.core.care.leave import Found, Leaving, Met, earliest_at, overall, ready_to_leave
from afterglow.core.quantity import Drug, Route

from .build import NINE, NO, POLICY, UNKNOWN, YES, minutes, pressure, rated, settled

HOUR_LATER = NINE + minutes(60)
NOSE = {
    "drug": Drug.ESKETAMINE,
    "route": Route.NASAL,
    "dose_ended_at": None,
    "first_device_at": NINE,
    "last_device_at": NINE + minutes(10),
    "pressure_at_40": pressure(130, 82, NINE + minutes(41)),
}


def judge(at=HOUR_LATER, **other):
    return ready_to_leave(settled(at, **other), policy=POLICY, at=at)


def of(id, at=HOUR_LATER, **other):
    (found,) = (c for c in judge(at, **other) if c.id == id)
    return found


def test_a_settled_patient_with_an_escort_may_leave_an_hour_after_the_infusion():
    assert {c.state for c in judge()} == {Met.MET}
    assert overall(judge()) is Leaving.READY
    assert overall(judge(HOUR_LATER - minutes(1))) is Leaving.NOT_YET


def test_nothing_known_is_unknown_and_never_ready():
    blank = ready_to_leave(
        Found(drug=Drug.KETAMINE, route=Route.INTRAVENOUS), policy=POLICY, at=NINE
    )
    assert {c.state for c in blank} == {Met.UNKNOWN}
    assert overall(blank) is Leaving.UNKNOWN
    assert all(c.limit and c.source and c.remedy for c in blank)


def test_an_empty_list_of_criteria_is_not_ready():
    assert overall(()) is Leaving.UNKNOWN


MISSING = {
    "time": {"dose_ended_at": None},
    "pressure": {"pressure": None},
    "saturation": {"spo2": None},
    "sedation": {"sedation_moaas": None},
    "nausea": {"nausea": None},
    "gait": {"gait_steady": UNKNOWN},
    "dissociation": {"cadss6_now": None},
    "oriented": {"oriented": UNKNOWN},
    "suicide-risk": {"suicide_risk": None},
    "escort": {"escort_name": ""},
    "instructions": {"instructions_given": UNKNOWN},
    "next-contact": {"next_contact_at": None},
    "signature": {"signed_by": " "},
}


@pytest.mark.parametrize("id", sorted(MISSING))
def test_one_thing_not_looked_at_keeps_the_patient(id):
    found = judge(**MISSING[id])
    assert [c.id for c in found if c.state is Met.UNKNOWN] == [id]
    assert overall(found) is Leaving.UNKNOWN


BASELINES = {
    "pressure": {"pressure_baseline": None},
    "saturation": {"spo2_baseline": None},
    "dissociation": {"cadss6_baseline": None},
    "suicide-risk": {"suicide_risk_before": None},
}


@pytest.mark.parametrize("id", sorted(BASELINES))
def test_a_baseline_nobody_took_cannot_be_returned_to(id):
    assert of(id, **BASELINES[id]).state is Met.UNKNOWN


@pytest.mark.parametrize(
    ("other", "stay"),
    [
        ({}, 60),
        ({"escorted": NO}, 120),
        ({"escorted": UNKNOWN}, 120),
        ({"sedated_during": YES}, 120),
        ({"sedated_during": UNKNOWN}, 120),
        ({"route": Route.INTRAMUSCULAR}, 120),
        ({"route": Route.ORAL}, 120),
        (NOSE, 130),
    ],
)
def test_the_shortest_stay_goes_by_route_escort_and_sedation(other, stay):
    found = settled(HOUR_LATER, **other)
    assert earliest_at(found, POLICY) == NINE + minutes(stay)


def test_the_two_hours_of_the_nose_run_from_the_last_device():
    at = NINE + minutes(129)
    assert of("time", at, **NOSE).state is Met.NOT_MET
    assert of("time", at + minutes(1), **NOSE).state is Met.MET


def test_the_pressure_at_forty_minutes_is_part_of_the_nasal_record():
    at = NINE + minutes(130)
    assert overall(judge(at, **NOSE)) is Leaving.READY
    gap = of("pressure-at-40", at, **{**NOSE, "pressure_at_40": None})
    assert gap.state is Met.UNKNOWN
    assert "REMS" in gap.remedy
    late = {**NOSE, "pressure_at_40": pressure(130, 82, NINE + minutes(75))}
    assert of("pressure-at-40", at, **late).state is Met.NOT_MET


def test_moaas_of_3_at_120_minutes_blocks():
    at = NINE + minutes(120)
    sleepy = judge(at, sedation_moaas=rated(3, at))
    assert [c.id for c in sleepy if c.state is Met.NOT_MET] == ["sedation"]
    assert overall(sleepy) is Leaving.NOT_YET


@pytest.mark.parametrize(
    ("systolic", "diastolic", "state"),
    [
        (148, 80, Met.MET),
        (149, 80, Met.NOT_MET),
        (124, 94, Met.NOT_MET),
        (99, 70, Met.NOT_MET),
        (124, 62, Met.NOT_MET),
    ],
)
def test_the_pressure_is_back_within_a_fifth_of_its_baseline(systolic, diastolic, state):
    now = pressure(systolic, diastolic, HOUR_LATER)
    assert of("pressure", pressure=now).state is state


def test_a_pressure_of_160_keeps_the_patient_even_if_it_began_there():
    high = {"pressure_baseline": pressure(158, 95, NINE - minutes(40))}
    assert of("pressure", pressure=pressure(160, 90, HOUR_LATER), **high).state is Met.NOT_MET
    assert of("pressure", pressure=pressure(150, 100, HOUR_LATER), **high).state is Met.NOT_MET
    assert of("pressure", pressure=pressure(159, 99, HOUR_LATER), **high).state is Met.MET
    unknown = {"pressure": pressure(160, 90, HOUR_LATER), "pressure_baseline": None}
    assert of("pressure", **unknown).state is Met.NOT_MET


@pytest.mark.parametrize(
    ("id", "field", "met", "not_met"),
    [
        ("sedation", "sedation_moaas", 5, 4),
        ("dissociation", "cadss6_now", 1, 2),
        ("saturation", "spo2", 97, 96),
        ("nausea", "nausea", 3, 4),
    ],
)
def test_a_rating_within_its_limit_is_met_and_an_old_one_is_rated_again(id, field, met, not_met):
    assert of(id, **{field: rated(met, HOUR_LATER)}).state is Met.MET
    assert of(id, **{field: rated(not_met, HOUR_LATER)}).state is Met.NOT_MET
    assert of(id, **{field: rated(met, HOUR_LATER - minutes(15))}).state is Met.MET
    old = of(id, **{field: rated(met, HOUR_LATER - minutes(16))})
    assert old.state is Met.UNKNOWN
    assert "16 min ago" in old.value
    assert of(id, **{field: rated(met, HOUR_LATER + minutes(1))}).state is Met.UNKNOWN
    assert of(id, **{field: rated(not_met, HOUR_LATER - minutes(16))}).state is Met.NOT_MET


def test_an_old_pressure_is_measured_again():
    old = of("pressure", pressure=pressure(124, 78, HOUR_LATER - minutes(16)))
    assert old.state is Met.UNKNOWN


@pytest.mark.parametrize(
    ("id", "other"),
    [
        ("gait", {"gait_steady": NO}),
        ("oriented", {"oriented": NO}),
        ("instructions", {"instructions_given": NO}),
        ("escort", {"escorted": NO, "escort_name": ""}),
        ("suicide-risk", {"suicide_risk": Risk.LOW}),
        ("next-contact", {"next_contact_at": HOUR_LATER - timedelta(days=1)}),
    ],
)
def test_what_is_not_met_says_what_to_do(id, other):
    found = of(id, **other)
    assert found.state is Met.NOT_MET
    assert found.remedy


def test_a_risk_that_was_there_before_does_not_keep_the_patient_for_ever():
    same = {"suicide_risk": Risk.MODERATE, "suicide_risk_before": Risk.MODERATE}
    assert of("suicide-risk", **same).state is Met.MET


@given(st.integers(80, 240), st.integers(0, 60))
def test_a_pressure_further_above_its_baseline_is_never_better(systolic, more):
    def state(value):
        return of("pressure", pressure=pressure(value, 78, HOUR_LATER)).state.rank

    if systolic >= 124:
        assert state(systolic + more) >= state(systolic)
    else:
        assert state(max(40, systolic - more)) >= state(systolic)


@given(st.integers(0, 300), st.integers(0, 300))
def test_time_alone_turns_not_yet_into_ready_and_never_back(at, more):
    def time(n):
        return of("time", NINE + minutes(n)).state.rank

    assert time(at + more) <= time(at)


def test_the_reason_for_staying_is_one_criterion_and_the_rest_still_show_their_values():
    found = ready_to_leave(
        replace(settled(HOUR_LATER), gait_steady=NO), policy=POLICY, at=HOUR_LATER
    )
    assert len(found) == 13
    assert all(c.value for c in found)
