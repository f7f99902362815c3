"""A bedside monitor at the end of a real line: HL7 over MLLP, and the answer it gets."""

import socket
from dataclasses import dataclass, replace
from datetime import timedelta

from afterglow.core.body import Baseline, Covariates, Sex
from afterglow.core.dosing.virtual import VirtualPatient
from afterglow.core.quantity import BaseMass, Infusion
from afterglow.devices.hl7v2.frames import framed
from afterglow.devices.simulator.body import follow_doses, one_dose
from afterglow.devices.simulator.monitor import Monitor
from afterglow.devices.simulator.vitals import Vitals, VitalsAt
from tests.journeys.house import House

AT_REST = Vitals(
    systolic_mmhg=121, diastolic_mmhg=77, pulse_per_min=68, spo2_percent=98, resp_per_min=14
)
# Pulse and saturation are late after 15 s; a message each 50 s keeps the story short, and a
# number that is late for a moment alarms low and ends by itself.
STEP = timedelta(seconds=50)


@dataclass(slots=True, kw_only=True)
class Bed:
    """What lies in one bed and is watched: the numbers follow `vitals_at`."""

    house: House
    monitor: Monitor
    vitals_at: VitalsAt = lambda _: AT_REST

    def send(self, **instead: float) -> str:
        """One message of now; `instead` names what the monitor shows instead of the body's own."""
        at = self.house.now()
        shown = replace(self.vitals_at(at), **instead)
        return deliver(self.house.monitor_port, self.monitor.message(shown, at=at))

    def live(self, *, minutes: float) -> None:
        """Let the story go on while the monitor measures."""
        until = self.house.now() + timedelta(minutes=minutes)
        while (left := until - self.house.now()) > timedelta(0):
            self.house.later(seconds=min(STEP, left).total_seconds())
            taken = self.send()
            assert "MSA|AA|" in taken, taken

    def dose(self, *, mg: float, over_min: float) -> None:
        """From now on the body is one that this infusion runs into."""
        infusion = Infusion(amount=BaseMass(mg), starts_min=0.0, lasts_min=over_min)
        self.vitals_at = follow_doses(ada(), one_dose([infusion], started_at=self.house.now()))


def ada() -> VirtualPatient:
    """A body of her own: she feels more of a dose than most people do."""
    person = Covariates(age_years=39, weight_kg=68, sex=Sex.FEMALE, hypertension=False)
    resting = Baseline(systolic_mmhg=121, pulse_per_min=68, diastolic_mmhg=77)
    return VirtualPatient.draw(7, person, baseline=resting)


def bed_in(house: House, room: str) -> Bed:
    """The monitor of one room, with somebody at rest on it."""
    return Bed(house=house, monitor=Monitor(bed=room, serial="STORY1"))


def deliver(port: int, message: bytes) -> str:
    """Send one framed message and wait for its answer."""
    return exchange(port, framed(message))


def exchange(port: int, sent: bytes) -> str:
    """Put bytes on a new line and read until an answer has ended."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(sent)
        heard = b""
        while b"\x1c\r" not in heard:
            data = line.recv(65_536)
            if not data:
                break
            heard += data
    return heard.decode("latin-1")
