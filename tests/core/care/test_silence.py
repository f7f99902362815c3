"""Silence is an alarm, one lost probe included, and an alarm nobody acknowledges moves on."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterglow.core.care.silence import (
    escalation,
    is_stale,
    overdue,
    quiet_after,
    silence_until,
)
from afterglow.core.care.symptoms import Symptom, raise_symptom
from afterglow.core.care.watch import Limit, Priority, Reading, Rule, Sign, follow, limits_from
from afterglow.core.care.words import Grade

from .build import NINE, POLICY, minutes

LIMITS = limits_from(POLICY)


def seconds(n):
    return timedelta(seconds=n)


def heard(**at):
    """A watch that heard each sign once, at so many seconds after nine, a normal value."""
    normal = {Sign.SPO2: 98, Sign.PULSE: 70, Sign.SYSTOLIC: 120, Sign.SEDATION: 5}
    readings = [Reading(Sign(s), normal[Sign(s)], NINE + seconds(t)) for s, t in at.items()]
    watch, _ = follow({}, readings, LIMITS, heard_at=NINE + minutes(300))
    return watch


def deadline(watch):
    return quiet_after(watch, LIMITS, started_at=NINE, heard_at=NINE + minutes(300))


def silent(watch, at):
    return [(a.code, a.symbol) for a in overdue(watch, LIMITS, started_at=NINE, at=at)]


def test_a_session_that_never_hears_anything_is_overdue_fifteen_seconds_after_the_start():
    assert deadline({}) == NINE + seconds(15)
    assert set(silent({}, NINE + seconds(15))) == {("silent-spo2", "*"), ("silent-pulse", "*")}
    assert silent({}, NINE + seconds(14)) == []


def test_one_lost_probe_counts_even_while_the_other_is_heard():
    watch = heard(pulse=60, spo2=10, systolic=0, sedation=0)
    assert deadline(watch) == NINE + seconds(25)
    assert silent(watch, NINE + seconds(60)) == [("silent-spo2", "*")]


def test_a_silent_probe_turns_medium_after_a_minute_more():
    watch = heard(spo2=0, pulse=300, systolic=0, sedation=0)
    assert silent(watch, NINE + seconds(74)) == [("silent-spo2", "*")]
    assert silent(watch, NINE + seconds(75)) == [("silent-spo2", "**")]


def test_the_cuff_has_two_minutes_of_grace_and_turns_medium_at_five():
    watch = heard(spo2=3600, pulse=3600, sedation=3600, systolic=0)
    assert silent(watch, NINE + minutes(11.9)) == []
    assert silent(watch, NINE + minutes(12)) == [("silent-systolic", "*")]
    assert silent(watch, NINE + minutes(15)) == [("silent-systolic", "**")]


def test_an_alarming_pressure_is_expected_again_after_five_minutes():
    watch, _ = follow({}, [Reading(Sign.SYSTOLIC, 185, NINE)], LIMITS, heard_at=NINE)
    only = {Sign.SYSTOLIC: LIMITS[Sign.SYSTOLIC]}
    assert quiet_after(watch, only, started_at=NINE, heard_at=NINE) == NINE + minutes(7)


@pytest.mark.parametrize(("moaas", "due"), [(5, 12), (4, 7), (3, 7)])
def test_a_drowsy_patient_is_rated_every_five_minutes(moaas, due):
    watch, _ = follow({}, [Reading(Sign.SEDATION, moaas, NINE)], LIMITS, heard_at=NINE)
    only = {Sign.SEDATION: LIMITS[Sign.SEDATION]}
    assert quiet_after(watch, only, started_at=NINE, heard_at=NINE) == NINE + minutes(due)


def test_the_alarm_of_silence_says_which_sign_how_long_and_what_to_do():
    (alarm,) = overdue(
        heard(pulse=60, spo2=10, systolic=0, sedation=0),
        LIMITS,
        started_at=NINE,
        at=NINE + seconds(60),
    )
    assert alarm.text == "* No reading of saturation, for 50 s"
    assert alarm.action == "Look at the patient, then at the probe."


@given(st.integers(0, 4000), st.integers(0, 4000))
def test_the_deadline_is_the_first_instant_at_which_something_is_overdue(pulse, spo2):
    watch = heard(pulse=pulse, spo2=spo2, systolic=4000, sedation=4000)
    due = deadline(watch)
    assert silent(watch, due)
    assert not silent(watch, due - seconds(1))


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_longer_silence_is_never_milder(first, more):
    def ranks(at):
        found = overdue({}, LIMITS, started_at=NINE, at=NINE + seconds(at))
        return {alarm.code: alarm.priority.rank for alarm in found}

    earlier, later = ranks(first), ranks(first + more)
    assert all(later.get(code, 0) >= rank for code, rank in earlier.items())


def test_a_clock_that_runs_ahead_is_held_to_ours():
    watch = heard(spo2=9000)
    only = {Sign.SPO2: LIMITS[Sign.SPO2]}
    due = quiet_after(watch, only, started_at=NINE, heard_at=NINE + seconds(5))
    assert due == NINE + seconds(20)


def test_where_no_sign_is_expected_there_is_no_deadline():
    welcome = Rule(sign=Sign.RESP_RATE, limits=LIMITS[Sign.RESP_RATE].limits)
    only = {Sign.RESP_RATE: welcome}
    assert quiet_after({}, only, started_at=NINE, heard_at=NINE) is None


def test_an_old_number_is_stale_and_a_diastolic_ages_with_its_cuff():
    watch, _ = follow({}, [Reading(Sign.DIASTOLIC, 80, NINE)], LIMITS, heard_at=NINE)
    assert not is_stale(watch, Sign.DIASTOLIC, LIMITS, NINE + minutes(11))
    assert is_stale(watch, Sign.DIASTOLIC, LIMITS, NINE + minutes(12))
    assert is_stale(watch, Sign.SPO2, LIMITS, NINE)


def escalated(priority, after, acknowledged=None):
    found = escalation(
        priority,
        raised_at=NINE,
        acknowledged_at=None if acknowledged is None else NINE + seconds(acknowledged),
        at=NINE + seconds(after),
        policy=POLICY,
    )
    return found.step if found else None


def test_a_medium_alarm_nobody_acknowledges_calls_a_second_person_after_a_minute():
    assert escalated(Priority.MEDIUM, 59) is None
    assert escalated(Priority.MEDIUM, 60) == "second-staff"
    assert escalated(Priority.MEDIUM, 90, acknowledged=50) is None


def test_a_high_alarm_calls_the_room_at_once_and_sounds_again():
    assert escalated(Priority.HIGH, 0) == "room-and-on-call"
    assert escalated(Priority.HIGH, 30) == "sound-again"
    assert escalated(Priority.LOW, 900) is None


def test_an_alarm_is_silenced_for_two_minutes_at_most():
    assert silence_until(NINE, wanted=minutes(30), policy=POLICY) == NINE + minutes(2)
    assert silence_until(NINE, wanted=seconds(30), policy=POLICY) == NINE + seconds(30)
    assert silence_until(NINE, wanted=minutes(-5), policy=POLICY) == NINE


def on_symptom(symptom, watch=None):
    return raise_symptom(symptom, at=NINE, watch=watch or {})


EMERGENCY = [
    Symptom.CHEST_PAIN, Symptom.BREATHLESS, Symptom.SUDDEN_HEADACHE, Symptom.VISUAL_CHANGE,
    Symptom.SEIZURE, Symptom.FOCAL_DEFICIT, Symptom.APNOEA, Symptom.VOMITING_DROWSY,
]  # fmt: skip


@pytest.mark.parametrize("symptom", EMERGENCY)
def test_an_emergency_symptom_is_high_whatever_the_monitor_says(symptom):
    assert on_symptom(symptom).priority is Priority.HIGH


@pytest.mark.parametrize("symptom", sorted(set(Symptom) - set(EMERGENCY)))
def test_other_symptoms_are_medium_and_say_what_to_do(symptom):
    alarm = on_symptom(symptom)
    assert alarm.priority is Priority.MEDIUM
    assert alarm.action


def test_chest_pain_is_read_out_with_the_last_pressure():
    watch, _ = follow({}, [Reading(Sign.SYSTOLIC, 186, NINE)], LIMITS, heard_at=NINE)
    text = on_symptom(Symptom.CHEST_PAIN, watch).text
    assert text == "*** Chest pain, systolic pressure 186 mmHg"


def test_an_irregular_heartbeat_turns_high_when_the_pulse_is_out_of_bounds_too():
    watch, _ = follow({}, [Reading(Sign.PULSE, 150, NINE)], LIMITS, heard_at=NINE)
    assert on_symptom(Symptom.NEW_ARRHYTHMIA, watch).priority is Priority.HIGH


def test_a_wish_to_stop_is_honoured_at_once():
    assert on_symptom(Symptom.ASKS_TO_STOP).action == "Stop now, and record it."


@pytest.mark.parametrize(
    ("low", "high", "bound", "text"),
    [
        (45, 130, False, "limits 45 to 130 /min"),
        (None, 130, False, "limit up to 130 /min"),
        (None, 130, True, "limit below 130 /min"),
        (45, None, False, "limit from 45 /min"),
        (45, None, True, "limit above 45 /min"),
    ],
)
def test_a_limit_reads_as_it_judges(low, high, bound, text):
    limit = Limit(
        code="x", sign=Sign.PULSE, low=low, high=high, priority=Priority.LOW,
        at_bound_alarms=bound, action="", source="", grade=Grade.OWN,
    )  # fmt: skip
    assert limit.text == text
    assert limit.allows(100)
    assert limit.allows(130 if high else 45) is not bound
