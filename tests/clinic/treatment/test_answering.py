"""Ratings, remarks, and alarms taken on by a person."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection

from afterglow.clinic.chart.models import Rating
from afterglow.clinic.people.models import User
from afterglow.clinic.treatment.models import Acknowledgement, Alarm, AlarmEnd, Session
from afterglow.clinic.treatment.rules import pump_of
from afterglow.clinic.treatment.services import acknowledge, give_as_planned, rate, remark
from afterglow.core.care.symptoms import Symptom
from afterglow.core.errors import BadInput
from afterglow.core.refusal import Refusal
from tests.clinic.treatment.story import after, monitor

pytestmark = pytest.mark.django_db


def test_a_rating_sent_twice_is_one_rating(session: Session, nurse: User):
    form = uuid4()
    for second in (60, 61):
        rate(session, scale="cadss-23", value=17, by=nurse, at=after(second), fact_id=form)
    assert [(r.scale, r.value) for r in Rating.objects.all()] == [("cadss-23", 17)]


def test_another_value_from_the_same_form_is_not_swallowed(session: Session, nurse: User):
    form = uuid4()
    rate(session, scale="cadss-23", value=17, by=nurse, at=after(60), fact_id=form)
    other = rate(session, scale="cadss-23", value=27, by=nurse, at=after(62), fact_id=form)
    assert isinstance(other, Refusal)
    assert other.code == "form-used"
    assert "17" in other.because


def test_a_rating_outside_its_scale_writes_nothing(session: Session, nurse: User):
    with pytest.raises(BadInput, match="moaa-s must be 0 to 5"):
        rate(session, scale="moaa-s", value=6, by=nurse, at=after(60), fact_id=uuid4())
    assert not Rating.objects.exists()


def test_deep_sedation_alarms_as_it_is_rated(session: Session, nurse: User):
    rate(session, scale="moaa-s", value=2, by=nurse, at=after(60), fact_id=uuid4())
    alarm = Alarm.objects.get(technical=False)
    assert (alarm.code, alarm.priority, alarm.grade) == ("sedation-marked", "medium", "own")
    rate(session, scale="moaa-s", value=5, by=nurse, at=after(90), fact_id=uuid4())
    assert AlarmEnd.objects.filter(alarm=alarm).exists()


def test_chest_pain_is_a_high_alarm_with_what_to_do(session: Session, nurse: User):
    monitor([5], systolic=150)
    remark(session, symptom=Symptom.CHEST_PAIN, by=nurse, at=after(60), fact_id=uuid4())
    alarm = Alarm.objects.get()
    assert (alarm.priority, alarm.what) == ("high", "Chest pain, systolic pressure 150 mmHg")
    assert "emergency" in alarm.action


def test_another_symptom_from_the_same_form_is_not_swallowed(session: Session, nurse: User):
    told = {"by": nurse, "at": after(60), "fact_id": uuid4()}
    remark(session, symptom=Symptom.VISUAL_CHANGE, **told)
    refused = remark(session, symptom=Symptom.CHEST_PAIN, **told)
    assert isinstance(refused, Refusal)
    assert refused.code == "form-used"


def test_the_wish_to_stop_pauses_the_record_and_alarms(session: Session, nurse: User):
    give_as_planned(session, by=nurse, at=after(10), fact_id=uuid4())
    remark(session, symptom=Symptom.ASKS_TO_STOP, by=nurse, at=after(130), fact_id=uuid4())
    assert pump_of(session, at=after(200)).state == "paused"
    assert Alarm.objects.get().priority == "medium"


def test_an_alarm_is_answered_by_a_person_with_a_reason(session: Session, nurse: User):
    monitor([5], spo2=85)
    alarm = Alarm.objects.get()
    acknowledge(alarm, reason="With the patient", by=nurse, at=after(9), fact_id=uuid4())
    seen = Acknowledgement.objects.get(alarm=alarm)
    assert (seen.recorded_by, seen.reason, seen.happened_at) == (
        nurse,
        "With the patient",
        after(9),
    )


def test_an_alarm_that_nothing_measured_ends_when_it_is_answered(session: Session, nurse: User):
    remark(session, symptom=Symptom.PANIC, by=nurse, at=after(60), fact_id=uuid4())
    alarm = Alarm.objects.get()
    acknowledge(alarm, reason="With the patient", by=nurse, at=after(70), fact_id=uuid4())
    assert AlarmEnd.objects.filter(alarm=alarm, happened_at=after(70)).exists()


def test_the_record_refuses_to_change_an_alarm(session: Session):
    monitor([5], spo2=85)
    with pytest.raises(DatabaseError, match="never changed"):
        Alarm.objects.update(priority="low")


@pytest.mark.django_db(transaction=True)
def test_two_nurses_at_once_are_one_acknowledgement(
    session: Session, nurse: User, prescriber: User
):
    monitor([5], spo2=85)
    alarm = Alarm.objects.get()
    together = Barrier(2)

    def answer(who: User) -> Acknowledgement:
        together.wait()
        try:
            return acknowledge(alarm, reason="Seen", by=who, at=after(9), fact_id=uuid4())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        first, second = both.map(answer, (nurse, prescriber))
    assert first == second
    assert Acknowledgement.objects.count() == 1
