"""What the go/no-go checks read and what they return."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from afterglow.core.care.instruments.cssrs import Risk
from afterglow.core.care.policy import Policy, Threshold
from afterglow.core.care.words import Grade, Override, Pressure, YesNo
from afterglow.core.quantity import Drug, Route


class State(StrEnum):
    """Mildest first."""

    PASS = "pass"  # noqa: S105 - not a password
    WARN = "warn"
    MISSING = "missing"
    HOLD = "hold"

    @property
    def rank(self) -> int:
        return list(State).index(self)


class OverrideBy(StrEnum):
    NOBODY = "nobody"
    PRESCRIBER = "prescriber"


@dataclass(frozen=True, slots=True, kw_only=True)
class PregnancyTest:
    positive: YesNo
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentSeen:
    given: bool
    signed_at: datetime
    text_version: str
    current_text_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is known before a session. Whatever was not asked or measured stays empty."""

    drug: Drug
    route: Route
    age_years: float
    solids_at: datetime | None = None
    fluids_at: datetime | None = None
    pressures: tuple[Pressure, ...] = ()
    pulse_per_min: float | None = None
    spo2_percent: float | None = None
    spo2_baseline_percent: float | None = None
    resp_per_min: float | None = None
    temperature_c: float | None = None
    vitals_at: datetime | None = None
    could_be_pregnant: YesNo = YesNo.UNKNOWN
    pregnancy_test: PregnancyTest | None = None
    medicines_changed: YesNo = YesNo.UNKNOWN
    alcohol_24h: YesNo = YesNo.UNKNOWN
    cannabis_24h: YesNo = YesNo.UNKNOWN
    benzodiazepine_24h: YesNo = YesNo.UNKNOWN
    stimulant_today: YesNo = YesNo.UNKNOWN
    suicide_risk: Risk | None = None
    phq9_item9: int | None = None
    consent: ConsentSeen | None = None
    weight_kg: float | None = None
    weighed_on: date | None = None
    plan_weight_kg: float | None = None
    escort_name: str = ""
    phone_off: YesNo = YesNo.UNKNOWN
    bladder_emptied: YesNo = YesNo.UNKNOWN
    iv_site_ready: YesNo = YesNo.UNKNOWN
    plan_signed_at: datetime | None = None
    plan_for: date | None = None
    signed_by: tuple[str, ...] = ()

    @property
    def is_parenteral(self) -> bool:
        return self.route in (Route.INTRAVENOUS, Route.INTRAMUSCULAR, Route.SUBCUTANEOUS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: what was found against what limit, and who may overrule it."""

    id: str
    label: str
    value: str
    limit: str
    state: State
    remedy: str
    override_by: OverrideBy
    source: str
    grade: Grade
    overridden: Override | None = None


Rule: TypeAlias = Callable[[Found, Policy, datetime], Check]
Rules: TypeAlias = Mapping[str, Rule]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """The part of a check that does not depend on the patient."""

    id: str
    label: str
    remedy: str
    source: str
    grade: Grade
    override_by: OverrideBy = OverrideBy.NOBODY

    def says(self, state: State, value: str, limit: str, remedy: str = "") -> Check:
        return Check(
            id=self.id,
            label=self.label,
            value=value,
            limit=limit,
            state=state,
            remedy="" if state is State.PASS else remedy or self.remedy,
            override_by=self.override_by,
            source=self.source,
            grade=self.grade,
        )


def topic(
    id: str, label: str, limit: Threshold, remedy: str, override_by: OverrideBy = OverrideBy.NOBODY
) -> Topic:
    """A topic that rests on one threshold of the policy."""
    return Topic(
        id=id, label=label, remedy=remedy, source=limit.source, grade=limit.grade,
        override_by=override_by,
    )  # fmt: skip
