"""A patient with a signed plan, checks that say go, and a session in room 1."""

from uuid import uuid4

import pytest

from afterglow.clinic.people.models import Patient, User
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.treatment.models import Session
from afterglow.clinic.treatment.services import start
from tests.clinic.treatment.story import BED, NINE, go_for_it, plan_for


@pytest.fixture
def plan(policy: None, patient: Patient, prescriber: User) -> Plan:
    return plan_for(patient, prescriber)


@pytest.fixture
def ready(plan: Plan, nurse: User) -> Plan:
    """A plan whose checks say go."""
    go_for_it(plan, nurse)
    return plan


@pytest.fixture
def session(ready: Plan, nurse: User) -> Session:
    """A session begun at nine in room 1; nothing is given yet."""
    begun = start(plan=ready, bed=BED, by=nurse, at=NINE, fact_id=uuid4())
    assert isinstance(begun, Session), begun
    return begun
