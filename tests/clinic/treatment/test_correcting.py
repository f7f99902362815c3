"""A number typed wrongly is put right, and what it did is undone."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from afterglow.clinic.chart.models import Reading
from afterglow.clinic.people.models import User
from afterglow.clinic.record.models import CURRENT
from afterglow.clinic.treatment.models import Alarm, AlarmEnd, Session
from afterglow.clinic.treatment.services import correct_reading, enter_readings
from afterglow.clinic.treatment.story import story
from afterglow.core.care.signs import Sign
from afterglow.core.care.watch import load_watch
from afterglow.core.errors import BadInput
from afterglow.core.refusal import Refusal
from tests.clinic.treatment.story import after, monitor

pytestmark = pytest.mark.django_db


def typed(session: Session, by: User, value: float, second: float = 60) -> Reading:
    entered = enter_readings(
        session, values={Sign.SPO2: value}, by=by, at=after(second), fact_id=uuid4()
    )
    assert not isinstance(entered, Refusal)
    return entered[0]


def put_right(session: Session, wrong: Reading, by: User, value: float, second: float = 70):
    return correct_reading(
        session, wrong=wrong, value=value, by=by, at=after(second), fact_id=uuid4()
    )


def test_the_right_number_stands_and_the_wrong_one_stays_in_the_record(
    session: Session, nurse: User
):
    wrong = typed(session, nurse, 79)
    right = put_right(session, wrong, nurse, 97)
    assert isinstance(right, Reading)
    assert right.happened_at == wrong.happened_at
    standing = Reading.objects.filter(CURRENT, encounter_id=session.pk, sign="spo2")
    assert [row.value for row in standing] == [97]
    assert Reading.objects.filter(encounter_id=session.pk, sign="spo2").count() == 2


def test_the_alarm_of_a_mistyped_number_ends_when_it_is_put_right(session: Session, nurse: User):
    wrong = typed(session, nurse, 79)
    (alarm,) = Alarm.objects.filter(encounter_id=session.pk, priority="high")
    put_right(session, wrong, nurse, 97)
    assert AlarmEnd.objects.filter(alarm=alarm).exists()
    session.refresh_from_db()
    assert load_watch(session.watch)[Sign.SPO2].value == 97


def test_a_number_put_right_into_danger_alarms(session: Session, nurse: User):
    wrong = typed(session, nurse, 97)
    put_right(session, wrong, nurse, 79)
    assert Alarm.objects.filter(encounter_id=session.pk, priority="high", end=None).exists()


def test_newer_readings_keep_counting_after_a_correction(session: Session, nurse: User):
    wrong = typed(session, nurse, 79)
    monitor([65], spo2=96)
    put_right(session, wrong, nurse, 97)
    session.refresh_from_db()
    assert load_watch(session.watch)[Sign.SPO2].value == 96


def test_a_monitors_number_is_not_corrected(session: Session, nurse: User):
    monitor([65], spo2=79)
    refusal = put_right(session, Reading.objects.get(sign="spo2"), nurse, 97)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "not-typed-by-hand"


def test_two_corrections_of_one_number_keep_the_first_and_tell_the_second(
    session: Session, nurse: User, prescriber: User
):
    wrong = typed(session, nurse, 79)
    put_right(session, wrong, nurse, 97)
    refusal = put_right(session, wrong, prescriber, 99)
    assert isinstance(refusal, Refusal)
    assert refusal.because == "Nadia Staff has corrected this number to 97."


def test_a_correction_no_body_can_have_writes_nothing(session: Session, nurse: User):
    wrong = typed(session, nurse, 79)
    with pytest.raises(BadInput, match="Saturation"):
        put_right(session, wrong, nurse, 970)
    assert Reading.objects.filter(sign="spo2").count() == 1


def test_the_story_tells_both_numbers_and_the_page_puts_one_right(
    session: Session, nurse: User, signed_in: Callable[[User], Client]
):
    wrong = typed(session, nurse, 79)
    browser, url = signed_in(nurse), reverse("treatment:correct", args=[session.pk, wrong.pk])
    assert "Typed by" in browser.get(url).content.decode()
    impossible = browser.post(url, {"fact_id": uuid4(), "value": 970})
    assert impossible.status_code == 422
    answer = browser.post(url, {"fact_id": uuid4(), "value": 97})
    assert answer.status_code == 302
    assert any("97 %, not 79" in line.what for line in story(session))
