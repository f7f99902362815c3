"""What the discharge criteria read and what they return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from afterglow.core.care.instruments.cssrs import Risk
from afterglow.core.care.policy import Threshold
from afterglow.core.care.words import Grade, Pressure, Rated, YesNo
from afterglow.core.quantity import Drug, Route

OWN = "Afterglow project default"


class Met(StrEnum):
    """Best first."""

    MET = "met"
    UNKNOWN = "unknown"
    NOT_MET = "not-met"

    @property
    def rank(self) -> int:
        return list(Met).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is known when somebody asks to go. Whatever was not looked at stays empty.

    `dose_ended_at` is the end of the infusion, the injection or the swallow. For the nose the clock
    of the stay runs from the last device, that of the pressure at 40 min from the first.
    """

    drug: Drug
    route: Route
    dose_ended_at: datetime | None = None
    first_device_at: datetime | None = None
    last_device_at: datetime | None = None
    escorted: YesNo = YesNo.UNKNOWN
    escort_name: str = ""
    sedated_during: YesNo = YesNo.UNKNOWN
    sedation_moaas: Rated | None = None
    cadss6_now: Rated | None = None
    cadss6_baseline: float | None = None
    pressure: Pressure | None = None
    pressure_baseline: Pressure | None = None
    pressure_at_40: Pressure | None = None
    spo2: Rated | None = None
    spo2_baseline: float | None = None
    gait_steady: YesNo = YesNo.UNKNOWN
    oriented: YesNo = YesNo.UNKNOWN
    nausea: Rated | None = None
    suicide_risk: Risk | None = None
    suicide_risk_before: Risk | None = None
    instructions_given: YesNo = YesNo.UNKNOWN
    next_contact_at: datetime | None = None
    signed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One condition for leaving, with its value and its limit."""

    id: str
    label: str
    value: str
    limit: str
    state: Met
    remedy: str
    source: str
    grade: Grade


def criterion(
    id: str,
    label: str,
    *,
    value: str,
    limit: str,
    met: bool | None,
    remedy: str,
    rests_on: Threshold | None = None,
    source: str = OWN,
    grade: Grade = Grade.OWN,
) -> Criterion:
    """`met` of None: not known, which never counts as met."""
    state = Met.UNKNOWN if met is None else Met.MET if met else Met.NOT_MET
    return Criterion(
        id=id,
        label=label,
        value=value,
        limit=limit,
        state=state,
        remedy="" if met else remedy,
        source=rests_on.source if rests_on else source,
        grade=rests_on.grade if rests_on else grade,
    )
