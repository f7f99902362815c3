"""Silence is an alarm: raised by a loop, for what no message will ever say."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from afterglow.clinic.people.models import User
from afterglow.clinic.treatment import watching
from afterglow.clinic.treatment.hearing import covered_after
from afterglow.clinic.treatment.models import Alarm, AlarmEnd, Escalation, Session
from afterglow.clinic.treatment.services import (
    acknowledge,
    begin_recovery,
    end,
    give_as_planned,
    rate,
    tend,
)
from afterglow.clinic.treatment.watching import is_listening
from afterglow.core.care.signs import Sign
from afterglow.core.errors import BadInput
from tests.clinic.treatment.story import after, calm, monitor, number, send

pytestmark = pytest.mark.django_db


def open_codes() -> list[tuple[str, str]]:
    return sorted(Alarm.objects.filter(end=None).values_list("code", "priority"))


def test_a_monitor_that_never_speaks_alarms(session: Session):
    tend(after(14))
    assert open_codes() == []
    tend(after(15))
    assert open_codes() == [("silent-pulse", "low"), ("silent-spo2", "low")]


def test_silence_is_told_once_and_grows_worse_with_time(session: Session):
    monitor([1], spo2=97, pulse=70)
    for second in (17, 18, 19):
        tend(after(second))
    assert Alarm.objects.filter(code="silent-spo2").count() == 1
    tend(after(77))
    assert open_codes() == [("silent-pulse", "medium"), ("silent-spo2", "medium")]
    assert AlarmEnd.objects.count() == 2  # the low ones gave way


def test_a_silence_that_was_answered_and_lasts_sounds_again(session: Session, nurse: User):
    monitor([1], spo2=97, pulse=70)
    tend(after(77))
    first = Alarm.objects.get(code="silent-spo2", end=None)
    acknowledge(first, reason="Measuring now", by=nurse, at=after(80), fact_id=uuid4())
    tend(after(199))
    assert not Alarm.objects.filter(again=first).exists()
    tend(after(200))
    again = Alarm.objects.get(again=first)
    assert (again.code, again.priority) == ("silent-spo2", "medium")
    assert not hasattr(again, "acknowledgement")


def test_one_lost_probe_alarms_while_the_other_is_heard_and_covers_nothing(session: Session):
    monitor(range(0, 30, 5), spo2=97, pulse=70)
    monitor(range(30, 60, 5), pulse=70)
    tend(after(60))
    assert open_codes() == [("silent-spo2", "low")]
    session.refresh_from_db()
    covered = covered_after(session, at=after(60))
    assert covered is not None
    assert covered > after(60)


def test_a_voice_that_returns_ends_the_silence(session: Session):
    tend(after(20))
    monitor([25], spo2=97, pulse=70)
    assert open_codes() == []


def test_a_cuff_that_repeats_its_old_pressure_is_still_overdue(session: Session):
    cuff = number(Sign.SYSTOLIC, 130, 60)
    for minute in range(1, 17):
        now = [number(Sign.SPO2, 97, 60 * minute), number(Sign.PULSE, 70, 60 * minute)]
        send([cuff, *now], heard=60 * minute)
    tend(after(minutes=16, seconds=1))
    assert ("silent-systolic", "medium") in open_codes()


def test_sedation_is_asked_for_again_sooner_while_it_is_deep(session: Session, nurse: User):
    rate(session, scale="moaa-s", value=4, by=nurse, at=after(10), fact_id=uuid4())
    tend(after(minutes=7, seconds=5))
    assert not any(code == "silent-sedation" for code, _ in open_codes())
    tend(after(minutes=7, seconds=15))
    assert any(code == "silent-sedation" for code, _ in open_codes())


def test_a_medium_alarm_nobody_answers_goes_to_a_second_person_once(session: Session):
    monitor(range(0, 20, 5), spo2=92, pulse=70)
    for second in (30, 60, 76, 77, 90):
        monitor([second], spo2=92, pulse=70)
        tend(after(second))
    (passed_on,) = Escalation.objects.all()
    assert (passed_on.alarm.code, passed_on.step) == ("spo2-low", "second-staff")


def test_an_answered_alarm_is_not_passed_on_but_sounds_again_after_two_minutes(
    session: Session, nurse: User
):
    monitor(range(0, 20, 5), spo2=92, pulse=70)
    first = Alarm.objects.get(code="spo2-low")
    acknowledge(first, reason="Repositioned", by=nurse, at=after(20), fact_id=uuid4())
    for second in range(25, 150, 5):
        monitor([second], spo2=92, pulse=70)
        tend(after(second))
    again = Alarm.objects.get(code="spo2-low", again=first)
    assert again.happened_at == after(140)
    assert again.since == after(0)
    assert not Escalation.objects.exists()


def test_an_ended_session_is_not_listened_for(session: Session, nurse: User):
    begin_recovery(session, by=nurse, at=after(5), fact_id=uuid4())
    end(session, by=nurse, at=after(6), fact_id=uuid4())
    tend(after(minutes=60))
    assert not Alarm.objects.exists()


def test_the_loop_leaves_a_sign_of_life(session: Session):
    assert not is_listening(after(0))
    tend(after(0))
    assert is_listening(after(9))
    assert not is_listening(after(11))


def test_a_calm_session_is_not_opened_each_second(
    session: Session, nurse: User, django_assert_max_num_queries
):
    give_as_planned(session, by=nurse, at=after(1), fact_id=uuid4())
    monitor(range(1, 10), **{str(sign): value for sign, value in calm(0).items()})
    with django_assert_max_num_queries(12) as asked:
        tend(after(10))
    assert not [one for one in asked.captured_queries if "FOR UPDATE OF" in one["sql"]]


def test_the_end_of_the_infusion_is_found_although_nothing_is_overdue(
    session: Session, nurse: User
):
    give_as_planned(session, by=nurse, at=after(1), fact_id=uuid4())
    Session.objects.update(silent_after=after(minutes=90))
    tend(after(minutes=40))
    assert open_codes() == []
    tend(after(2, minutes=40))
    assert ("planned-amount-in", "low") in open_codes()


def test_a_session_that_cannot_be_read_leaves_no_other_bed_unwatched(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    broken, looked_at = uuid4(), []

    def look(session_id: UUID, at: datetime) -> None:
        if session_id == broken:
            raise BadInput("The watch of this session makes no sense.")
        looked_at.append(session_id)

    monkeypatch.setattr(watching, "_to_look_at", lambda at: [broken, session.pk])
    monkeypatch.setattr(watching, "_tend_one", look)
    with pytest.raises(watching.NotAllWatched, match=str(broken)):
        tend(after(0))
    assert looked_at == [session.pk]
    assert not is_listening(after(0))
