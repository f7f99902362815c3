"""A patient whom a prescriber may plan for."""

import pytest

from afterglow.clinic.people.models import Patient, User
from tests.clinic.conftest import NINE, Role, staff
from tests.clinic.walk import measured, screened


@pytest.fixture
def ready(policy: None, patient: Patient, nurse: User) -> Patient:
    """Ada, screened, consenting, weighed and measured at nine."""
    screened(patient, nurse, at=NINE)
    measured(patient, nurse, at=NINE)
    return patient


@pytest.fixture
def second(db: None) -> User:
    return staff(Role.PRESCRIBER, "Sam")
