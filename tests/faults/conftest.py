"""People, a policy and a session that began ten minutes ago by the real clock."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.timezone import now

from afterglow.clinic.people.models import Patient, User
from afterglow.clinic.treatment.models import Session
from afterglow.clinic.treatment.services import start
from tests.clinic.conftest import nurse, patient, policy, prescriber, signed_in  # noqa: F401
from tests.clinic.treatment.story import BED, go_for_it, plan_for


@pytest.fixture
def session(
    transactional_db: None,
    policy: None,  # noqa: F811
    patient: Patient,  # noqa: F811
    prescriber: User,  # noqa: F811
    nurse: User,  # noqa: F811
) -> Session:
    at = now() - timedelta(minutes=10)
    plan = plan_for(patient, prescriber, at=at)
    go_for_it(plan, nurse, at=at)
    begun = start(plan=plan, bed=BED, by=nurse, at=at, fact_id=uuid4())
    assert isinstance(begun, Session), begun
    return begun


@pytest.fixture
def cookies(nurse: User, signed_in) -> str:  # type: ignore[no-untyped-def]  # noqa: F811
    """The header of a browser in which the nurse is signed in."""
    client: Client = signed_in(nurse)
    client.get("/sessions/")  # gives the token that every form carries
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
