"""A session at its end: dose in, recovering, and all that a clinician sees when it went well."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from afterglow.clinic.discharge import services
from afterglow.clinic.discharge.found import Said
from afterglow.clinic.discharge.models import Discharge, LeavingCheck
from afterglow.clinic.people.models import Patient, User
from afterglow.clinic.preparation.models import GoNoGo
from afterglow.clinic.treatment import services as treatment
from afterglow.clinic.treatment.models import Session
from afterglow.core.care import saved
from afterglow.core.care.checks import Found
from afterglow.core.care.instruments.cssrs import Risk
from afterglow.core.care.watch import Sign
from afterglow.core.care.words import YesNo
from afterglow.core.quantity import Drug, Route
from afterglow.core.refusal import Refusal
from tests.clinic.conftest import NINE
from tests.clinic.treatment.story import plan_for
from tests.clinic.walk import screened

WELL = Said(
    gait_steady=YesNo.YES,
    oriented=YesNo.YES,
    suicide_risk=Risk.LOW,
    escorted=YesNo.YES,
    escort_name="Bea Test, sister",
    instructions_given=YesNo.YES,
)
FINE = {
    "moaas": 5.0,
    "cadss6": 0.0,
    "nausea": 1.0,
    "systolic": 126.0,
    "diastolic": 80.0,
    "spo2": 98.0,
}


@dataclass(frozen=True)
class Story:
    """A recovering session, in minutes since the dose began; `by` is the nurse unless named."""

    session: Session
    nurse: User
    begun_at: datetime

    def at(self, minute: float) -> datetime:
        return self.begun_at + timedelta(minutes=minute)

    def look(self, minute: float, said: Said = WELL, **changes: Any) -> LeavingCheck | Refusal:
        given = {name: value for name, value in (FINE | changes).items() if value is not None}
        return services.check(
            session=self.session,
            said=said,
            measured=given,
            by=self.nurse,
            at=self.at(minute),
            fact_id=uuid4(),
        )

    def book(self, minute: float = 100, *, after: timedelta = timedelta(days=1)) -> Any:
        at = self.at(minute)
        return services.book(
            session=self.session, kind="call", due_at=at + after, by=self.nurse, at=at,
            fact_id=uuid4(),
        )  # fmt: skip

    def let_go(self, minute: float, by: User | None = None, **words: Any) -> Discharge | Refusal:
        words = {"signed_as": "N. Staff", "fact_id": uuid4()} | words
        return services.discharge(
            session=self.session, by=by or self.nurse, at=self.at(minute), **words
        )


def recovering(patient: Patient, prescriber: User, nurse: User, *, begun_at: datetime) -> Story:
    """Baselines taken, 35 mg over 40 minutes given, in recovery from minute 41."""
    early = begun_at - timedelta(minutes=3)
    plan = plan_for(patient, prescriber, at=early)
    screened(patient, nurse, at=begun_at - timedelta(minutes=9))
    before = Found(drug=Drug.KETAMINE, route=Route.INTRAVENOUS, age_years=39, suicide_risk=Risk.LOW)
    GoNoGo.objects.create(
        patient=patient, plan=plan, found=saved.dump(before), signers=[], results={}, decision="go",
        may_start=True, policy_version="test", happened_at=early, recorded_by=nurse,
    )  # fmt: skip
    session = treatment.start(plan=plan, bed="room-1", by=nurse, at=early, fact_id=uuid4())
    assert isinstance(session, Session), session
    treatment.rate(session, scale="cadss-6", value=0, by=nurse, at=early, fact_id=uuid4())
    at_rest = {Sign.SPO2: 98.0, Sign.SYSTOLIC: 124.0, Sign.DIASTOLIC: 78.0}
    treatment.enter_readings(session, values=at_rest, by=nurse, at=early, fact_id=uuid4())
    treatment.give_as_planned(session, by=nurse, at=begun_at, fact_id=uuid4())
    treatment.rate(
        session, scale="moaa-s", value=5, by=nurse, at=begun_at + timedelta(minutes=20),
        fact_id=uuid4(),
    )  # fmt: skip
    over = begun_at + timedelta(minutes=41)
    moved = treatment.begin_recovery(session, by=nurse, at=over, fact_id=uuid4())
    assert isinstance(moved, Session), moved
    return Story(session=moved, nurse=nurse, begun_at=begun_at)


@pytest.fixture
def story(policy: None, patient: Patient, prescriber: User, nurse: User) -> Story:
    return recovering(patient, prescriber, nurse, begun_at=NINE + timedelta(minutes=10))


@pytest.fixture
def make_story(
    policy: None, patient: Patient, prescriber: User, nurse: User
) -> Callable[[datetime], Story]:
    """The same, begun at another time."""
    return lambda begun_at: recovering(patient, prescriber, nurse, begun_at=begun_at)
