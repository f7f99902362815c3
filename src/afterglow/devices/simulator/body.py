"""A virtual patient under whatever doses were given: the engine's numbers as a monitor's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from afterglow.core.dosing.virtual import VirtualPatient
from afterglow.core.quantity import Dose
from afterglow.devices.simulator.vitals import Vitals, VitalsAt


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The doses so far, and how many minutes after minute 0 of those doses it is now."""

    doses: Sequence[Dose] = ()
    now_min: float = 0.0
    session_number: int = 1


DosesAt = Callable[[datetime], Given]


def follow_doses(body: VirtualPatient, doses_at: DosesAt) -> VitalsAt:
    """The body's numbers under whatever doses `doses_at` knows of by then."""

    def vitals_at(at: datetime) -> Vitals:
        given = doses_at(at)
        signs = body.signs_at(
            given.doses, [max(0.0, given.now_min)], session_number=given.session_number
        )
        return Vitals(
            systolic_mmhg=float(signs.systolic_mmhg[0]),
            diastolic_mmhg=float(signs.diastolic_mmhg[0]),
            pulse_per_min=float(signs.pulse_per_min[0]),
            spo2_percent=float(signs.spo2_percent[0]),
            resp_per_min=float(signs.resp_per_min[0]),
        )

    return vitals_at


def one_dose(doses: Sequence[Dose], *, started_at: datetime, speed: float = 1.0) -> DosesAt:
    """The same doses from `started_at` on; the body's minutes pass `speed` times as fast."""

    def doses_at(at: datetime) -> Given:
        return Given(doses=doses, now_min=speed * (at - started_at).total_seconds() / 60)

    return doses_at
