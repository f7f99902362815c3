"""A monitor misbehaves as asked: each fault alone, the same each time, and never a false number."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterglow.core.care.signs import Sign
from afterglow.core.refusal import Refusal
from afterglow.devices.hl7v2.parse import read_message
from afterglow.devices.hl7v2.values import Flag, Listening, Message, Reason
from afterglow.devices.simulator import faults
from afterglow.devices.simulator.faults import FAULTS, Hurt, Outgoing, misbehave
from afterglow.devices.simulator.monitor import Monitor
from afterglow.devices.simulator.vitals import Probe, Vitals

NINE = datetime(2030, 1, 1, 9, 0, tzinfo=UTC)
RESTING = Vitals(
    systolic_mmhg=120, diastolic_mmhg=76, pulse_per_min=70, spo2_percent=97, resp_per_min=14
)
SECOND = timedelta(seconds=1)


def beat(count=40):
    """One message a second from nine o'clock."""
    monitor = Monitor(bed="Chair 1", serial="SIM1")
    for n in range(count):
        yield (Outgoing(monitor.message(RESTING, at=NINE + n * SECOND)),)


def after(*spoilers, count=40, seed=1):
    """All that goes on the line, in order, after these faults."""
    stream = misbehave(beat(count), spoilers, seed=seed)
    return [out for batch in stream for out in batch]


def contents(sent):
    return [out.content for out in sent]


GOOD = contents(after())


def read(content, at=NINE + 100 * SECOND):
    return read_message(content, received_at=at, listening=Listening(accept_simulated=True))


def test_a_message_says_what_the_body_does_and_that_nobody_lies_there():
    message = read(GOOD[0], at=NINE)
    assert isinstance(message, Message)
    assert {one.sign: one.value for one in message.readings} == {
        Sign.SPO2: 97,
        Sign.PULSE: 70,
        Sign.RESP_RATE: 14,
        Sign.SYSTOLIC: 120,
        Sign.DIASTOLIC: 76,
        Sign.MEAN: 91,
    }
    assert message.bed == "Chair 1"
    assert all(Flag.SIMULATED in one.flags for one in message.readings)


def test_a_clinics_own_listener_takes_nothing_from_a_simulator():
    message = read_message(GOOD[0], received_at=NINE, listening=Listening())
    assert isinstance(message, Message)
    assert message.readings == ()
    assert {one.reason for one in message.unread} == {Reason.SIMULATED}


def test_the_cuff_measures_at_once_and_then_every_two_minutes():
    sent, late = contents(after(count=241)), NINE + 300 * SECOND
    times = [
        next(one.taken_at for one in read(content, late).readings if one.sign is Sign.SYSTOLIC)
        for content in (sent[0], sent[119], sent[120], sent[240])
    ]
    assert times == [NINE, NINE, NINE + 120 * SECOND, NINE + 240 * SECOND]


def test_one_inflation_of_the_cuff_is_one_reading_however_often_it_is_sent():
    keys = {
        one.key for content in GOOD for one in read(content).readings if one.sign is Sign.SYSTOLIC
    }
    assert len(keys) == 1


def test_a_bed_with_separators_in_its_name_arrives_as_it_is():
    content = Monitor(bed="A&B^1|2", serial="X").message(RESTING, at=NINE)
    assert read(content, at=NINE).bed == "A&B^1|2"


@pytest.mark.parametrize("name", FAULTS)
def test_the_same_seed_gives_the_same_run(name):
    assert after(FAULTS[name](), seed=7) == after(FAULTS[name](), seed=7)


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_does_something(name):
    assert after(FAULTS[name](), count=200, seed=3) != after(count=200)


def test_duplicates_send_some_messages_twice():
    found = Counter(contents(after(faults.duplicates())))
    assert set(found) == set(GOOD)
    assert set(found.values()) == {1, 2}


def test_delays_lose_nothing_and_let_others_overtake():
    found = contents(after(faults.delays(chance=0.3)))
    assert sorted(found) == sorted(GOOD)
    assert found != GOOD


def test_reordering_loses_nothing():
    found = contents(after(faults.reordering()))
    assert sorted(found) == sorted(GOOD)
    assert found != GOOD


def test_a_drop_out_is_silence_of_the_length_asked():
    stream = list(misbehave(beat(200), [faults.drop_outs(beats=10)], seed=2))
    silent = "".join("." if batch else "s" for batch in stream)
    assert "." + "s" * 10 + "." in silent


def test_a_sentinel_is_never_read_as_a_number():
    unread = [
        one for content in contents(after(faults.sentinels())) for one in read(content).unread
    ]
    assert unread
    assert {one.reason for one in unread} <= {Reason.SENTINEL, Reason.EMPTY}


def test_a_flag_against_a_value_makes_it_unread():
    unread = [
        one for content in contents(after(faults.bad_flags())) for one in read(content).unread
    ]
    assert {one.reason for one in unread} == {Reason.NOT_PLAIN}


def test_a_demonstration_flag_stands_in_one_value():
    found = [content for content in contents(after(faults.demo_flags())) if b"||DEMO|||" in content]
    assert 0 < len(found) < len(GOOD)
    assert all(content.count(b"DEMO") == 1 for content in found)


def test_garbage_goes_beside_the_messages_and_harms_none():
    sent = after(faults.garbage(chance=0.5))
    noise = [out for out in sent if out.content not in GOOD]
    assert [content for content in contents(sent) if content in GOOD] == GOOD
    assert {out.hurt for out in noise} == {Hurt.NOISE, Hurt.NOTHING}
    assert all(isinstance(read(out.content), Refusal) for out in noise)


def test_half_messages_are_whole_messages_that_die_on_the_way():
    sent = after(faults.half_messages(chance=0.5))
    assert contents(sent) == GOOD
    assert Hurt.HALF in {out.hurt for out in sent}


def test_a_clock_that_is_off_is_off_in_every_time_and_changes_no_age():
    (content,) = contents(after(faults.clock_off(), count=1))
    assert b"2030" not in content
    message = read(content, at=NINE + SECOND)
    assert {one.taken_at for one in message.readings} == {NINE + SECOND}
    assert all(Flag.CLOCK_OFF in one.flags for one in message.readings)


@given(st.lists(st.sampled_from(sorted(FAULTS)), max_size=5), st.integers(0, 999))
def test_no_mixture_of_faults_makes_a_number_that_was_not_measured(names, seed):
    true = {one.sign: one.value for one in read(GOOD[0]).readings}
    for out in after(*(FAULTS[name]() for name in names), count=12, seed=seed):
        found = read(out.content)
        if isinstance(found, Message):
            assert all(one.value == true[one.sign] for one in found.readings)


def test_noise_wanders_and_does_not_drift():
    probe = Probe(random.Random(5))
    seen = [probe.measure(RESTING) for _ in range(2000)]
    mean = sum(one.pulse_per_min for one in seen) / len(seen)
    assert mean == pytest.approx(70, abs=0.5)
    assert max(one.spo2_percent for one in seen) <= 100
    steps = [abs(b.pulse_per_min - a.pulse_per_min) for a, b in pairwise(seen)]
    assert max(steps) < 5
