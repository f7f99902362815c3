"""Readings twice, late, out of order, or of somebody else."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from afterglow.clinic.chart.models import Reading
from afterglow.clinic.chart.queries import readings
from afterglow.clinic.people.models import User
from afterglow.clinic.treatment.models import Alarm, AlarmEnd, Session
from afterglow.clinic.treatment.queries import bedside
from afterglow.clinic.treatment.services import (
    FromDevice,
    Recorded,
    begin_recovery,
    end,
    enter_readings,
    record_readings,
)
from afterglow.core.care import signs
from afterglow.core.care.signs import Sign
from afterglow.core.errors import BadInput
from afterglow.core.refusal import Refusal
from tests.clinic.treatment.story import BED, NINE, after, monitor, number, send

pytestmark = pytest.mark.django_db


def of_session(session: Session) -> list[float]:
    return [r.value for r in Reading.objects.filter(encounter=session.pk).order_by("happened_at")]


def test_a_message_becomes_readings_of_the_session_in_that_bed(session: Session):
    told = send([number(Sign.SPO2, 97, 5), number(Sign.PULSE, 71, 5)])
    assert told == Recorded(session_id=session.pk, new=2, repeated=0, unplaced=0)
    assert {(r.sign, r.value, r.device) for r in session.encounter.readings.all()} == {
        ("spo2", 97.0, "monitor-1"),
        ("pulse", 71.0, "monitor-1"),
    }


def test_the_same_message_twice_adds_nothing(session: Session):
    message = [number(Sign.SPO2, 88, 5)]
    send(message)
    again = send(message, heard=9)
    assert isinstance(again, Recorded)
    assert (again.new, again.repeated) == (0, 1)
    assert of_session(session) == [88]
    assert Alarm.objects.count() == 1


def test_every_message_moves_the_silence_deadline(session: Session):
    monitor([1, 2], spo2=97, pulse=70)
    session.refresh_from_db()
    before = session.silent_after
    monitor([30], spo2=97, pulse=70)
    session.refresh_from_db()
    assert before is not None
    assert session.silent_after == before + timedelta(seconds=28)


def test_a_late_reading_is_kept_and_does_not_alarm(session: Session):
    monitor([60], spo2=97)
    send([number(Sign.SPO2, 85, 30)], heard=61)
    assert of_session(session) == [85, 97]
    assert not Alarm.objects.filter(code__startswith="spo2").exists()


def test_readings_out_of_order_in_one_message_are_followed_in_order(session: Session):
    seconds = [30, 5, 20, 10, 15, 25]
    send([number(Sign.SPO2, 92, s) for s in seconds])
    (alarm,) = Alarm.objects.filter(sign="spo2", technical=False)
    assert (alarm.code, alarm.since) == ("spo2-low", after(5))


def test_a_reading_from_before_the_session_is_not_filed_to_this_patient(session: Session):
    told = send([number(Sign.SYSTOLIC, 190, -300), number(Sign.SPO2, 97, 2)])
    assert isinstance(told, Recorded)
    assert (told.new, told.unplaced) == (1, 1)
    assert of_session(session) == [97]


def test_a_message_for_a_bed_without_a_session_is_refused_and_nothing_is_kept(session: Session):
    before = Reading.objects.count()
    told = send([number(Sign.SPO2, 97, 2)], bed="room-9")
    assert isinstance(told, Refusal)
    assert told.code == "no-session-in-bed"
    assert Reading.objects.count() == before


def test_a_late_reading_of_an_ended_session_joins_that_session(session: Session, nurse: User):
    begin_recovery(session, by=nurse, at=after(600), fact_id=uuid4())
    end(session, by=nurse, at=after(700), fact_id=uuid4())
    told = send([number(Sign.SPO2, 96, 650)], heard=760)
    assert isinstance(told, Recorded)
    assert told.new == 1
    assert isinstance(send([number(Sign.SPO2, 96, 750)], heard=760), Refusal)


def test_a_clock_that_runs_ahead_is_held_to_ours(session: Session):
    ahead = number(Sign.SPO2, 96, 3600)
    record_readings(bed=BED, readings=[ahead], device="m", received_at=after(10))
    reading = Reading.objects.get(encounter=session.pk)
    assert (reading.happened_at, reading.flags) == (after(10), ["clock-ahead"])


def test_a_saturation_that_recovers_ends_its_alarm(session: Session):
    monitor([5, 6], spo2=88)
    monitor([7, 8], spo2=97)
    alarm = Alarm.objects.get(code="spo2-very-low")
    assert alarm.priority == "high"
    assert AlarmEnd.objects.filter(alarm=alarm, happened_at=after(7)).exists()


def test_a_milder_alarm_is_left_when_the_worse_one_ends(session: Session):
    monitor(range(5, 25, 5), spo2=92)
    monitor([30, 35], spo2=85)
    monitor([40], spo2=92)
    still = Alarm.objects.filter(end=None, sign="spo2")
    assert [alarm.code for alarm in still] == ["spo2-low"]


def test_typed_numbers_are_readings_by_a_person_once(session: Session, nurse: User):
    form = uuid4()
    typed = {Sign.SYSTOLIC: 142.0, Sign.DIASTOLIC: 88.0}
    first = enter_readings(session, values=typed, by=nurse, at=after(60), fact_id=form)
    again = enter_readings(session, values=typed, by=nurse, at=after(61), fact_id=form)
    assert isinstance(first, tuple)
    assert isinstance(again, tuple)
    assert {r.pk for r in first} == {r.pk for r in again}
    assert {r.recorded_by for r in Reading.objects.filter(encounter=session.pk)} == {nurse}


def test_a_typed_number_no_body_has_writes_nothing(session: Session, nurse: User):
    with pytest.raises(BadInput, match="systolic must be 30 to 350 mmHg, got 1420"):
        enter_readings(
            session,
            values={Sign.SYSTOLIC: 1420.0, Sign.DIASTOLIC: 88.0},
            by=nurse,
            at=after(60),
            fact_id=uuid4(),
        )
    assert of_session(session) == []


def test_one_number_twice_on_two_channels_is_two_readings(session: Session):
    two = [
        FromDevice(id=uuid4(), reading=signs.Reading(Sign.SPO2, 97, NINE), channel=channel)
        for channel in ("1.1", "1.2")
    ]
    record_readings(bed=BED, readings=two, device="m", received_at=after(1))
    assert sorted(r.channel for r in Reading.objects.filter(encounter=session.pk)) == ["1.1", "1.2"]


def second(sign: Sign, value: float, at_s: float) -> FromDevice:
    """The same sign from a probe beside the one that leads."""
    return replace(number(sign, value, at_s), flags=("second-source",))


def test_a_second_probe_is_kept_but_neither_alarms_nor_stands_on_the_tile(session: Session):
    for at_s in (5, 6, 7):
        send([number(Sign.SPO2, 97, at_s), second(Sign.SPO2, 80, at_s + 0.5)])
    assert of_session(session) == [97, 80, 97, 80, 97, 80]
    assert not Alarm.objects.exists()
    session.refresh_from_db()
    assert bedside(session, at=after(8)).numbers[Sign.SPO2].value == 97
    assert readings(session.patient, Sign.SPO2).count() == 3


def test_other_numbers_on_a_form_that_was_sent_are_refused_aloud(session: Session, nurse: User):
    told = {"by": nurse, "at": after(60), "fact_id": uuid4()}
    first = enter_readings(session, values={Sign.SPO2: 97}, **told)
    assert enter_readings(session, values={Sign.SPO2: 97}, **told) == first
    refused = enter_readings(session, values={Sign.SPO2: 87}, **told)
    assert isinstance(refused, Refusal)
    assert refused.code == "form-used"
