"""The watch over one bed: what alarms, what does not, and that it never depends on luck."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterglow.core.care.policy import amend
from afterglow.core.care.watch import (
    Phase,
    Priority,
    Reading,
    Sign,
    age,
    dump_watch,
    follow,
    limits_from,
    load_watch,
    standing,
)
from afterglow.core.care.words import Grade
from afterglow.core.errors import BadInput
from afterglow.core.quantity import Route

from .build import NINE, POLICY, minutes

LIMITS = limits_from(POLICY)
FIVE_SECONDS = timedelta(seconds=5)
LATER = NINE + timedelta(hours=5)  # our clock is ahead of every reading below


def seconds(n):
    return timedelta(seconds=n)


def stream(sign, values, *, every=FIVE_SECONDS, start=NINE):
    return [Reading(sign, value, start + n * every) for n, value in enumerate(values)]


def raised(sign, values, *, every=FIVE_SECONDS, watch=None):
    _, alarms = follow(watch or {}, stream(sign, values, every=every), LIMITS, heard_at=LATER)
    return alarms


def said(alarms):
    return [(alarm.code, alarm.symbol) for alarm in alarms]


def test_a_normal_reading_raises_nothing():
    assert raised(Sign.SPO2, [98, 97, 94, 100]) == []


def test_saturation_of_91_alarms_after_fifteen_seconds_and_once():
    assert raised(Sign.SPO2, [97, 91, 91, 91]) == []
    alarms = raised(Sign.SPO2, [97, 91, 91, 91, 91, 91, 91])
    assert said(alarms) == [("spo2-low", "**")]
    assert alarms[0].text == "** Saturation 91 %, limit from 94 %, for 15 s"


def test_saturation_below_90_alarms_at_once_and_high():
    alarms = raised(Sign.SPO2, [97, 89])
    assert said(alarms) == [("spo2-very-low", "***")]
    assert alarms[0].text == "*** Saturation 89 %, limit from 90 %"
    assert "Stop the drug" in alarms[0].action


def test_a_fall_that_worsens_alarms_again_and_a_recovery_half_way_does_not():
    falling = raised(Sign.SPO2, [91, 91, 91, 91, 88, 88])
    assert said(falling) == [("spo2-low", "**"), ("spo2-very-low", "***")]
    assert said(raised(Sign.SPO2, [88, 88, 88, 88, 88, 91, 91])) == [("spo2-very-low", "***")]


def test_a_dip_that_ends_and_returns_alarms_again():
    assert len(raised(Sign.SPO2, [89, 97, 89])) == 2


def test_one_high_cuff_pressure_asks_for_a_repeat_and_the_repeat_alarms():
    once = raised(Sign.SYSTOLIC, [182])
    assert said(once) == [("systolic-raised-unconfirmed", "*")]
    assert once[0].action == "Measure again after 2 min."
    twice = raised(Sign.SYSTOLIC, [182, 184], every=minutes(3))
    assert said(twice) == [("systolic-raised-unconfirmed", "*"), ("systolic-raised", "**")]
    assert twice[1].text == "** Systolic pressure 184 mmHg, limit below 180 mmHg, for 3 min"


def test_a_repeat_after_one_minute_does_not_confirm_and_a_normal_one_clears():
    assert said(raised(Sign.SYSTOLIC, [182, 184], every=minutes(1)))[-1][1] == "*"
    assert said(raised(Sign.SYSTOLIC, [182, 150, 182], every=minutes(3))) == [
        ("systolic-raised-unconfirmed", "*"),
        ("systolic-raised-unconfirmed", "*"),
    ]


def test_one_reading_never_confirms_itself_even_where_a_policy_sets_no_wait():
    hasty = amend(
        POLICY,
        key="watch.pressure_confirm_from_min",
        value=0,
        source="A clinic",
        grade=Grade.OWN,
        version="hasty",
    )
    first = [Reading(Sign.SYSTOLIC, 182, NINE)]
    _, alarms = follow({}, first, limits_from(hasty), heard_at=LATER)
    assert said(alarms) == [("systolic-raised-unconfirmed", "*")]


def test_a_pressure_of_200_or_120_alarms_high_without_waiting():
    assert said(raised(Sign.SYSTOLIC, [199.9]))[0][1] == "*"
    assert said(raised(Sign.SYSTOLIC, [200])) == [("systolic-high", "***")]
    assert said(raised(Sign.DIASTOLIC, [120])) == [("diastolic-high", "***")]


def test_180_itself_and_110_itself_count():
    assert raised(Sign.SYSTOLIC, [179]) == []
    assert raised(Sign.DIASTOLIC, [109]) == []
    assert said(raised(Sign.SYSTOLIC, [180])) == [("systolic-raised-unconfirmed", "*")]
    assert said(raised(Sign.DIASTOLIC, [110])) == [("diastolic-raised-unconfirmed", "*")]


def test_the_same_old_cuff_pressure_sent_again_never_confirms_itself():
    stale = [Reading(Sign.SYSTOLIC, 182, NINE)] * 20
    watch, alarms = follow({}, stale, LIMITS, heard_at=LATER)
    assert said(alarms) == [("systolic-raised-unconfirmed", "*")]
    assert age(watch, Sign.SYSTOLIC, NINE + minutes(20)) == minutes(20)


@pytest.mark.parametrize(
    ("sign", "value", "expected"),
    [
        (Sign.RESP_RATE, 7, [("breathing-slow", "***")]),
        (Sign.RESP_RATE, 0, [("breathing-slow", "***")]),
        (Sign.RESP_RATE, 8, []),
        (Sign.PULSE, 131, [("pulse-out", "**")]),
        (Sign.PULSE, 44, [("pulse-out", "**")]),
        (Sign.PULSE, 45, []),
        (Sign.PULSE, 130, []),
        (Sign.SEDATION, 3, []),
        (Sign.SEDATION, 2, [("sedation-marked", "**")]),
        (Sign.SEDATION, 1, [("sedation-deep", "***")]),
        (Sign.TEMPERATURE, 41, []),
    ],
)
def test_each_line_of_the_alarm_table(sign, value, expected):
    assert said(raised(sign, [value])) == expected


def test_a_late_reading_is_not_worth_an_alarm():
    new, late = Reading(Sign.SPO2, 97, NINE), Reading(Sign.SPO2, 80, NINE - seconds(5))
    _, alarms = follow({}, [new, late], LIMITS, heard_at=LATER)
    assert alarms == []


def test_a_monitor_whose_clock_runs_a_year_ahead_does_not_silence_what_follows():
    ahead = Reading(Sign.SPO2, 97, NINE + timedelta(days=365))
    watch, _ = follow({}, [ahead], LIMITS, heard_at=NINE)
    bad = Reading(Sign.SPO2, 85, NINE + seconds(5))
    _, alarms = follow(watch, [bad], LIMITS, heard_at=NINE + seconds(5))
    assert said(alarms) == [("spo2-very-low", "***")]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -100.0, 8388607.0, 101.0])
def test_a_sentinel_is_not_a_reading(value):
    with pytest.raises(BadInput, match="spo2 must be 0 to 100 %"):
        Reading(Sign.SPO2, value, NINE)


signs = st.sampled_from([Sign.SPO2, Sign.SYSTOLIC, Sign.PULSE, Sign.RESP_RATE, Sign.SEDATION])


@st.composite
def streams(draw, most=14):
    """Readings of several signs, in the order of their times."""
    bounds = {Sign.SPO2: (85, 100), Sign.SYSTOLIC: (170, 205), Sign.PULSE: (40, 135),
              Sign.RESP_RATE: (5, 20), Sign.SEDATION: (0, 5)}  # fmt: skip
    made, at = [], NINE
    for _ in range(draw(st.integers(0, most))):
        sign = draw(signs)
        at += seconds(draw(st.sampled_from([1, 10, 70, 200])))
        made.append(Reading(sign, draw(st.integers(*bounds[sign])), at))
    return made


@given(streams(), st.data())
def test_the_same_readings_give_the_same_alarms_however_the_messages_are_cut(readings, data):
    cut = data.draw(st.integers(0, len(readings)))
    whole, alarms = follow({}, readings, LIMITS, heard_at=LATER)
    first, early = follow({}, readings[:cut], LIMITS, heard_at=LATER)
    second, late = follow(first, readings[cut:], LIMITS, heard_at=LATER)
    assert (second, early + late) == (whole, alarms)


@given(streams())
def test_readings_sent_again_change_nothing_and_raise_nothing(readings):
    watch, _ = follow({}, readings, LIMITS, heard_at=LATER)
    assert follow(watch, readings, LIMITS, heard_at=LATER) == (watch, [])


@given(streams(), st.timedeltas(timedelta(0), timedelta(days=300)))
def test_the_watch_knows_no_clock_shift_the_times_and_only_the_times_shift(readings, shift):
    moved = [replace(r, taken_at=r.taken_at + shift) for r in readings]
    _, here = follow({}, readings, LIMITS, heard_at=LATER)
    _, there = follow({}, moved, LIMITS, heard_at=LATER + shift)
    assert [a.text for a in there] == [a.text for a in here]


@given(streams())
def test_what_is_remembered_survives_the_database(readings):
    watch, _ = follow({}, readings, LIMITS, heard_at=LATER)
    assert load_watch(json.loads(json.dumps(dump_watch(watch)))) == watch


@given(st.integers(60, 100), st.integers(0, 40))
def test_a_lower_saturation_never_stands_at_a_milder_priority(value, less):
    def rank(spo2):
        watch, _ = follow({}, stream(Sign.SPO2, [spo2] * 5), LIMITS, heard_at=LATER)
        return max((a.priority.rank for a in standing(watch, LIMITS, at=LATER)), default=0)

    assert rank(max(0, value - less)) >= rank(value)


@given(streams())
def test_what_stands_is_exactly_what_is_out_of_bounds_worst_first(readings):
    watch, _ = follow({}, readings, LIMITS, heard_at=LATER)
    alarms = standing(watch, LIMITS, at=LATER)
    ranks = [alarm.priority.rank for alarm in alarms]
    assert ranks == sorted(ranks, reverse=True)
    for sign, track in watch.items():
        alarming = any(out.alarming for out in track.outside)
        unconfirmed = sign is Sign.SYSTOLIC and bool(track.outside)
        assert (sign in {alarm.sign for alarm in alarms}) == (alarming or unconfirmed)


def test_the_pace_of_the_cuff_goes_by_route_and_phase():
    def every(route, phase):
        return limits_from(POLICY, route=route, phase=phase)[Sign.SYSTOLIC].at_least_every

    assert every(Route.INTRAVENOUS, Phase.DURING) == minutes(10)
    assert every(Route.INTRAVENOUS, Phase.AFTER) == minutes(15)
    assert every(Route.SUBCUTANEOUS, Phase.AFTER) == minutes(15)
    assert every(Route.NASAL, Phase.DURING) == minutes(40)
    assert every(Route.ORAL, Phase.AFTER) == minutes(30)


def test_priorities_are_marked_as_monitors_mark_them():
    assert [p.symbol for p in Priority] == ["***", "**", "*"]
