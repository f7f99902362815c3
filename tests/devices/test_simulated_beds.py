"""Simulated beds against the real listener, over a real socket: nothing measured is lost."""

import asyncio
import random
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from afterglow.core.body import Covariates, Sex
from afterglow.core.care.signs import Sign
from afterglow.core.dosing.virtual import VirtualPatient
from afterglow.core.errors import BadInput
from afterglow.core.quantity import BaseMass, Infusion
from afterglow.core.refusal import Refusal
from afterglow.devices.hl7v2.door import Accepted
from afterglow.devices.hl7v2.server import Listener
from afterglow.devices.hl7v2.values import Listening
from afterglow.devices.simulator import faults
from afterglow.devices.simulator.beds import Bed, Running, run_beds
from afterglow.devices.simulator.body import Given, follow_doses, one_dose
from afterglow.devices.simulator.faults import Outgoing
from afterglow.devices.simulator.monitor import Monitor
from afterglow.devices.simulator.sender import Sender
from afterglow.devices.simulator.vitals import Vitals
from afterglow.devices.simulator.ward import Ward

NINE = datetime(2030, 1, 1, 9, 0, tzinfo=UTC)
PERSON = Covariates(age_years=40, weight_kg=75, sex=Sex.OTHER)
RESTING = Vitals(
    systolic_mmhg=120, diastolic_mmhg=76, pulse_per_min=70, spo2_percent=97, resp_per_min=14
)


def now():
    return datetime.now(UTC)


class Clinic:
    """Stores by key, as the record does; may be out of order for its first messages."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.stored = {}
        self.messages = []

    async def __call__(self, message):
        answer = self.answers.pop(0) if self.answers else Accepted()
        if isinstance(answer, Accepted):
            self.messages.append(message)
            self.stored |= {one.key: one for one in message.readings}
        return answer


@asynccontextmanager
async def listening(clinic, port=0):
    listener = Listener(handler=clinic, now=now, listening=Listening(accept_simulated=True))
    server = await listener.start("127.0.0.1", port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        await listener.stop(server)


def bed(port, *spoilers, name="Chair 1", beats=20, every_s=0.01):
    monitor = Monitor(bed=name, serial=name)
    return Running(
        bed=Bed(monitor=monitor, vitals_at=lambda _: RESTING, seed=1, faults=spoilers),
        sender=sender(port),
        now=now,
        every_s=every_s,
        beats=beats,
    )


def sender(port, **settings):
    return Sender(
        host="127.0.0.1", port=port, dice=random.Random(1), shortest_wait_s=0.01, **settings
    )


def message(n=1):
    monitor = Monitor(bed="Chair 1", serial="S", sent=n)
    return Outgoing(monitor.message(RESTING, at=NINE))


def test_every_message_is_acknowledged():
    clinic = Clinic()

    async def run():
        async with listening(clinic) as port:
            return await bed(port).run()

    assert asyncio.run(run()).acknowledged == 20
    assert len({one.control_id for one in clinic.messages}) == 20


def test_twenty_beds_are_heard_each_as_itself():
    clinic = Clinic()

    async def run():
        async with listening(clinic) as port:
            return await run_beds([bed(port, name=f"Chair {n}", beats=5) for n in range(20)])

    assert [sent.acknowledged for sent in asyncio.run(run())] == [5] * 20
    assert {one.bed for one in clinic.messages} == {f"Chair {n}" for n in range(20)}


def test_a_line_that_dies_in_mid_message_loses_nothing():
    clinic = Clinic()

    async def run():
        async with listening(clinic) as port:
            return await bed(port, faults.half_messages(chance=0.5)).run()

    sent = asyncio.run(run())
    assert sent.acknowledged == 20
    assert sent.connections > 5
    assert len({one.control_id for one in clinic.messages}) == 20


def test_duplicates_and_disorder_store_each_number_once():
    clinic = Clinic()

    async def run():
        async with listening(clinic) as port:
            await bed(port, faults.duplicates(chance=0.5), faults.reordering()).run()

    asyncio.run(run())
    fast = [one for one in clinic.stored.values() if one.sign is Sign.SPO2]
    cuff = [one for one in clinic.stored.values() if one.sign is Sign.SYSTOLIC]
    assert (len(fast), len(cuff)) == (len({one.control_id for one in clinic.messages}), 1)
    assert len(clinic.messages) > len(fast)


def test_garbage_on_the_line_does_not_stop_the_numbers():
    clinic = Clinic()

    async def run():
        async with listening(clinic) as port:
            return await bed(port, faults.garbage(chance=0.6)).run()

    sent = asyncio.run(run())
    assert len(clinic.messages) == 20
    assert sent.refused > 0


def test_what_could_not_be_stored_is_sent_again():
    busy = Refusal(code="not-stored", because="Busy.", remedy="Again.")
    clinic = Clinic(busy, busy)

    async def run():
        async with listening(clinic) as port:
            line = sender(port)
            await line.deliver(message())
            line.hang_up()
            return line.sent

    sent = asyncio.run(run())
    assert (sent.acknowledged, sent.refused, sent.repeated) == (1, 0, 2)


def test_what_is_refused_for_good_is_given_up_and_told():
    told = []
    clinic = Clinic(Refusal(code="bed-missing", because="No bed is named.", remedy="Name it."))

    async def run():
        async with listening(clinic) as port:
            line = sender(port, say=told.append)
            await line.deliver(message(1))
            await line.deliver(message(2))
            line.hang_up()
            return line.sent

    sent = asyncio.run(run())
    assert (sent.acknowledged, sent.refused) == (1, 1)
    assert told == ["AR: No bed is named. Name it."]


def test_a_listener_that_comes_late_hears_everything():
    clinic = Clinic()

    async def run():
        async with listening(Clinic()) as port:
            pass  # a port that is free again
        line = sender(port)
        waiting = asyncio.create_task(line.deliver(message()))
        await asyncio.sleep(0.1)
        async with listening(clinic, port):
            await asyncio.wait_for(waiting, 5)
            line.hang_up()

    asyncio.run(run())
    assert len(clinic.messages) == 1


def test_an_answer_to_another_message_is_no_answer():
    async def answer_wrongly(reader, writer):
        await reader.readuntil(b"\x1c")
        writer.write(b"\x0bMSH|^~\\&|X\rMSA|AA|another\r\x1c\r")
        await reader.read()
        writer.close()

    async def run():
        server = await asyncio.start_server(answer_wrongly, "127.0.0.1", 0)
        line = sender(server.sockets[0].getsockname()[1], answer_s=0.1)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(line.deliver(message()), 0.5)
        line.hang_up()
        server.close()
        return line.sent

    sent = asyncio.run(run())
    assert sent.acknowledged == 0
    assert sent.repeated > 0


def test_the_pressure_rises_with_the_dose_the_clinic_gave_and_falls_again():
    person = VirtualPatient.draw(3, PERSON)
    dose = Infusion(amount=BaseMass(37.5), starts_min=0.0, lasts_min=40.0)
    vitals_at = follow_doses(person, one_dose([dose], started_at=NINE))
    before, during, after = (
        vitals_at(NINE + timedelta(minutes=minutes)).systolic_mmhg for minutes in (0, 38, 240)
    )
    assert during > before + 5
    assert after < during - 5


def test_a_body_in_an_empty_bed_is_at_rest():
    person = VirtualPatient.draw(3, PERSON)
    vitals_at = follow_doses(person, lambda _: Given())
    assert vitals_at(NINE) == vitals_at(NINE + timedelta(hours=1))
    assert vitals_at(NINE).systolic_mmhg == pytest.approx(person.baseline.systolic_mmhg, abs=15)


def test_a_faster_body_is_the_same_body_later():
    person = VirtualPatient.draw(3, PERSON)
    dose = Infusion(amount=BaseMass(37.5), starts_min=0.0, lasts_min=40.0)
    slow = follow_doses(person, one_dose([dose], started_at=NINE))
    fast = follow_doses(person, one_dose([dose], started_at=NINE, speed=10))
    assert fast(NINE + timedelta(minutes=3)) == slow(NINE + timedelta(minutes=30))


def test_a_ward_is_the_same_ward_for_the_same_seed():
    ward = Ward(host="h", port=1, person=PERSON, seed=4, faults=["delays"])
    clock = iter(NINE + timedelta(seconds=n) for n in range(100))
    beds = ward.open({"A": lambda _: Given()}, now=lambda: NINE, say=print)
    again = ward.open({"A": lambda _: Given()}, now=lambda: NINE, say=print)
    runs = [[next(one.bed.stream(lambda: NINE)) for _ in range(5)] for one in (*beds, *again)]
    assert runs[0] == runs[1]
    assert next(clock) == NINE


def test_a_fault_there_is_not_is_named_with_those_there_are():
    ward = Ward(host="h", port=1, person=PERSON, seed=4, faults=["gremlins"])
    with pytest.raises(BadInput, match=r"no fault 'gremlins'; there are duplicates, delays"):
        ward.open({"A": lambda _: Given()}, now=now, say=print)
