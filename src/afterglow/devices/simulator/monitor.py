"""Writes the ORU^R01 messages of one bed: HL7 2.6, MDC codes, in the manner of IHE PCD-01."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from afterglow.devices.simulator.vitals import Vitals

# MSH-11 says T, training: a clinic's own listener never takes these for a patient's numbers.
TRAINING = "T"
PER_MIN, BREATHS = "264864^MDC_DIM_BEAT_PER_MIN^MDC", "264928^MDC_DIM_RESP_PER_MIN^MDC"
PERCENT, MMHG = "262688^MDC_DIM_PERCENT^MDC", "266016^MDC_DIM_MMHG^MDC"


@dataclass(frozen=True, slots=True)
class Cuff:
    """One inflation of the cuff. It keeps its own time until the next."""

    systolic: int
    diastolic: int
    mean: int
    taken_at: datetime


@dataclass(slots=True, kw_only=True)
class Monitor:
    """One bed's monitor. The first cuff value comes with the first message."""

    bed: str
    serial: str
    cuff_every: timedelta = timedelta(minutes=2)
    sent: int = 0
    cuff: Cuff | None = field(default=None, init=False)

    def message(self, measured: Vitals, *, at: datetime) -> bytes:
        """The next message: the running numbers of now, and the cuff's of when it last measured."""
        self.sent += 1
        if self.cuff is None or at - self.cuff.taken_at >= self.cuff_every:
            self.cuff = _inflate(measured, at)
        lines = [*self._head(at), *_running(measured, stamp(at)), *_cuffs(self.cuff)]
        return ("\r".join(lines) + "\r").encode("ascii")

    def _head(self, at: datetime) -> list[str]:
        device, now = f"AFTERGLOW_SIMULATOR^{self.serial}^L", stamp(at)
        control_id = f"{self.serial}-{at.astimezone(UTC):%y%m%d%H%M%S}-{self.sent}"
        return [
            f"MSH|^~\\&|{device}|AFTERGLOW|||{now}||ORU^R01^ORU_R01|{control_id}|{TRAINING}|2.6"
            "|||NE|AL||UNICODE UTF-8|||IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO",
            f"PID|||SIM-{self.serial}^^^Simulator^PI",
            f"PV1||I|^^{_escaped(self.bed)}",
            f"OBR|1|{self.sent}^{device}|{self.sent}^{device}"
            f"|182777000^monitoring of patient^SCT|||{now}",
        ]


def stamp(at: datetime) -> str:
    """An HL7 time with milliseconds and offset, in UTC."""
    utc = at.astimezone(UTC)
    return f"{utc:%Y%m%d%H%M%S}.{utc.microsecond // 1000:03d}+0000"


def _inflate(measured: Vitals, at: datetime) -> Cuff:
    return Cuff(
        systolic=round(measured.systolic_mmhg),
        diastolic=round(measured.diastolic_mmhg),
        mean=round(measured.mean_mmhg),
        taken_at=at,
    )


def _running(measured: Vitals, now: str) -> list[str]:
    rows = (
        ("150456^MDC_PULS_OXIM_SAT_O2", "1.3.1.150456", round(measured.spo2_percent), PERCENT),
        ("149530^MDC_PULS_OXIM_PULS_RATE", "1.3.1.149530", round(measured.pulse_per_min), PER_MIN),
        ("151578^MDC_TTHOR_RESP_RATE", "1.7.1.151578", round(measured.resp_per_min), BREATHS),
    )
    return [
        f"OBX|{n}|NM|{code}^MDC|{channel}|{value}|{unit}|||||R|||{now}"
        for n, (code, channel, value, unit) in enumerate(rows, start=1)
    ]


def _cuffs(cuff: Cuff) -> list[str]:
    rows = (
        ("150301^MDC_PRESS_CUFF_SYS", "1.1.9.150301", cuff.systolic),
        ("150302^MDC_PRESS_CUFF_DIA", "1.1.9.150302", cuff.diastolic),
        ("150303^MDC_PRESS_CUFF_MEAN", "1.1.9.150303", cuff.mean),
    )
    return [
        f"OBX|{n}|NM|{code}^MDC|{channel}|{value}|{MMHG}|||||R|||{stamp(cuff.taken_at)}"
        "|||^APERIODIC"
        for n, (code, channel, value) in enumerate(rows, start=4)
    ]


def _escaped(text: str) -> str:
    table = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\"}
    plain = "".join(table.get(letter, letter) for letter in text)
    return plain.encode("ascii", "replace").decode("ascii")
