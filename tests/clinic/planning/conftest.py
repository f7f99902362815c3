"""A patient whom a prescriber may plan for."""

import pytest
from django.utils.timezone import now

from afterglow.clinic.people.models import Patient, User
from afterglow.clinic.planning.models import Proposal
from tests.clinic.conftest import NINE, Role, staff
from tests.clinic.walk import measured, proposed, screened


@pytest.fixture
def ready(policy: None, patient: Patient, nurse: User) -> Patient:
    """Ada, screened, consenting, weighed and measured at nine."""
    screened(patient, nurse, at=NINE)
    measured(patient, nurse, at=NINE)
    return patient


@pytest.fixture
def second(db: None) -> User:
    return staff(Role.PRESCRIBER, "Sam")


@pytest.fixture
def today(policy: None, patient: Patient, nurse: User) -> Proposal:
    """Screened, measured and proposed for now: the screens read the clock themselves."""
    at = now()
    screened(patient, nurse, at=at)
    measured(patient, nurse, at=at)
    return proposed(patient, nurse, at=at)
