"""Numbers of a monitor that may be old, or of somebody else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from afterglow.clinic.chart.models import Reading
from afterglow.clinic.people.models import Patient, User
from afterglow.clinic.people.services import admit
from afterglow.clinic.treatment.models import Alarm, Session
from afterglow.clinic.treatment.services import (
    FromDevice,
    acknowledge,
    begin_recovery,
    end,
    record_readings,
    start,
    tend,
)
from afterglow.core.care import signs
from afterglow.core.care.signs import Sign
from tests.clinic.conftest import ADA
from tests.clinic.treatment.story import BED, MONITOR, after, go_for_it, number, plan_for

pytestmark = pytest.mark.django_db


def cuff(second: float, systolic: float, diastolic: float) -> list[FromDevice]:
    """A cuff's two numbers as a gateway repeats them: with no time of their own."""
    values = {Sign.SYSTOLIC: systolic, Sign.DIASTOLIC: diastolic}
    return [
        FromDevice(
            id=uuid4(), reading=signs.Reading(sign, value, after(second)), flags=("age-unknown",)
        )
        for sign, value in values.items()
    ]


def hear(told: Sequence[FromDevice], second: float, patient: str = "") -> int:
    heard = record_readings(
        bed=BED, readings=told, device=MONITOR, received_at=after(second), patient=patient
    )
    return heard.new


def test_a_cuff_value_repeated_every_second_is_one_measurement(session: Session):
    heard = [hear(cuff(second, 131, 82), second) for second in range(1, 6)]
    assert heard == [2, 0, 0, 0, 0]
    assert Reading.objects.filter(encounter_id=session.pk, sign="systolic").count() == 1


def test_a_cuff_that_is_only_repeated_goes_silent_in_the_end(session: Session):
    for minute in range(0, 40, 2):
        hear(
            [*cuff(minute * 60 + 1, 131, 82), number(Sign.SPO2, 97, minute * 60 + 1)],
            minute * 60 + 1,
        )
        tend(after(minute * 60 + 2))
    assert Alarm.objects.filter(encounter_id=session.pk, code="silent-systolic").exists()


def test_a_cuff_inflated_anew_counts_though_one_of_its_numbers_is_the_same(session: Session):
    hear(cuff(1, 131, 82), 1)
    assert hear(cuff(300, 131, 85), 300) == 2


def test_other_numbers_of_the_message_are_kept_when_the_cuff_is_repeated(session: Session):
    hear(cuff(1, 131, 82), 1)
    assert hear([*cuff(2, 131, 82), number(Sign.SPO2, 97, 2)], 2) == 1


def alarms(session: Session) -> list[Alarm]:
    return list(Alarm.objects.filter(encounter_id=session.pk, code="monitor-of-another"))


def test_a_monitor_admitted_to_another_patient_of_the_clinic_alarms_once(
    session: Session, nurse: User
):
    Patient.objects.create(number="P-777", happened_at=after(0), recorded_by=nurse)
    for second in (1, 2, 3):
        hear([number(Sign.SPO2, 97, second)], second, "P-777")
    (alarm,) = alarms(session)
    assert alarm.priority == "medium"
    assert "P-777" in alarm.what
    assert session.patient.number in alarm.what


def test_while_the_monitor_stays_with_the_other_an_answered_alarm_comes_back(
    session: Session, nurse: User
):
    Patient.objects.create(number="P-777", happened_at=after(0), recorded_by=nurse)
    hear([number(Sign.SPO2, 97, 1)], 1, "P-777")
    acknowledge(alarms(session)[0], reason="Will change it", by=nurse, at=after(5), fact_id=uuid4())
    hear([number(Sign.SPO2, 97, 10)], 10, "P-777")
    assert len(alarms(session)) == 1
    hear([number(Sign.SPO2, 97, 130)], 130, "P-777")
    assert len(alarms(session)) == 2


def test_the_right_patient_no_name_and_a_number_of_the_hospitals_are_all_quiet(session: Session):
    for second, named in enumerate((session.patient.number, "", "H-123456"), 1):
        hear([number(Sign.SPO2, 97, second)], second, named)
    assert alarms(session) == []


def test_the_pressure_of_the_patient_before_does_not_stand_for_this_ones(
    session: Session, nurse: User, prescriber: User
):
    hear(cuff(1, 131, 82), 1)
    begin_recovery(session, by=nurse, at=after(minutes=50), fact_id=uuid4())
    end(session, by=nurse, at=after(minutes=55), fact_id=uuid4())
    ben = replace(ADA, given_name="Ben", birth_date=date(1985, 3, 2))
    came = admit(patient_id=uuid4(), number="P-0778", details=ben, by=nurse, at=after(0))
    assert isinstance(came, Patient), came
    plan = plan_for(came, prescriber, at=after(minutes=60))
    go_for_it(plan, nurse, at=after(minutes=60))
    next_one = start(plan=plan, bed=BED, by=nurse, at=after(minutes=60), fact_id=uuid4())
    assert isinstance(next_one, Session), next_one
    assert hear(cuff(3601, 131, 82), 3601) == 0
    assert not Reading.objects.filter(encounter_id=next_one.pk).exists()
