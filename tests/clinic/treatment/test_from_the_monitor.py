"""From a monitor's bytes to the record, and from the record back to the simulated body."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError

from afterglow.clinic.chart.models import Reading
from afterglow.clinic.people.models import User
from afterglow.clinic.treatment.models import Session
from afterglow.clinic.treatment.services import give_as_planned
from afterglow.core.care.signs import Sign
from afterglow.core.care.watch import load_watch
from afterglow.core.refusal import Refusal
from afterglow.devices.hl7v2 import clinic
from afterglow.devices.hl7v2.door import NotStored
from afterglow.devices.simulator.monitor import Monitor
from afterglow.devices.simulator.recorded import doses_in
from afterglow.devices.simulator.vitals import Vitals
from tests.clinic.treatment.story import BED, after
from tests.devices.reading import changed, read

pytestmark = pytest.mark.django_db
RESTING = Vitals(
    systolic_mmhg=120, diastolic_mmhg=76, pulse_per_min=70, spo2_percent=97, resp_per_min=14
)


def hear(content: bytes, at: datetime) -> int | Refusal:
    message = read(content, received_at=at, accept_simulated=True)
    return clinic.record(
        bed=message.bed,
        readings=message.readings,
        device=message.device,
        received_at=at,
    )


def sent(at: datetime, *, bed: str = BED) -> bytes:
    return Monitor(bed=bed, serial="SIM1").message(RESTING, at=at)


def test_a_monitors_numbers_reach_the_session_in_its_bed_once(session: Session) -> None:
    content = sent(after(5))
    assert hear(content, after(5)) == 6
    assert hear(content, after(6)) == 0
    stored = Reading.objects.filter(encounter_id=session.pk, device__contains="SIMULATOR")
    assert {row.sign: row.value for row in stored} == {
        "spo2": 97,
        "pulse": 70,
        "resp_rate": 14,
        "systolic": 120,
        "diastolic": 76,
        "mean": 91,
    }
    assert all("simulated" in row.flags for row in stored)


def test_a_bed_where_no_session_runs_is_refused(session: Session) -> None:
    told = hear(sent(after(5), bed="room-9"), after(5))
    assert isinstance(told, Refusal)
    assert "room-9" in told.because


def test_a_message_that_holds_no_plain_reading_stores_nothing(session: Session) -> None:
    before = Reading.objects.count()
    content = sent(after(5)).replace(b"|||||R|", b"||INV|||R|")
    assert hear(content, after(5)) == 0
    assert Reading.objects.count() == before


def test_of_two_probes_at_one_instant_the_watch_sees_the_one_that_leads(session: Session) -> None:
    content = changed("two_oximeters", ("^^&3", f"^^{BED}"), ("20300304113000", "20300107170005"))
    assert hear(content, after(6)) == 3
    session.refresh_from_db()
    assert load_watch(session.watch)[Sign.SPO2].value == 98
    assert Reading.objects.filter(sign="spo2", flags__contains="second-source").count() == 1


def test_a_database_that_fails_is_told_as_not_stored(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(clinic, "record_readings", fail)
    with pytest.raises(NotStored):
        hear(sent(after(5)), after(5))


def test_the_simulated_body_receives_what_the_nurse_recorded(session: Session, nurse: User) -> None:
    doses_at = doses_in(BED)
    assert doses_at(after(5)).doses == ()
    give_as_planned(session, by=nurse, at=after(minutes=1), fact_id=uuid4())
    given = doses_at(after(minutes=21))
    assert given.now_min == pytest.approx(20)
    assert given.session_number == 1
    assert sum(dose.amount.mg for dose in given.doses) == pytest.approx(17.5)


def test_an_empty_bed_receives_nothing(session: Session) -> None:
    assert doses_in("room-9")(after(5)).doses == ()


def test_a_cuff_value_from_before_the_session_is_not_filed_to_it(session: Session) -> None:
    monitor = Monitor(bed=BED, serial="SIM1", cuff_every=timedelta(hours=1))
    monitor.message(RESTING, at=after(-60))
    assert hear(monitor.message(RESTING, at=after(5)), after(5)) == 3
