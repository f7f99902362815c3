"""The people of a small clinic and its signed policy, for all tests of the record and screens."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.test import Client

from afterglow.clinic.people.models import Patient, Role, User
from afterglow.clinic.people.services import Details, admit
from afterglow.clinic.releases.services import shipped_policy, sign_models, sign_policy

NINE = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)  # a Monday
ADA = Details(given_name="Ada", family_name="Test", birth_date=date(1990, 5, 17), sex="female")


def staff(role: Role, given: str) -> User:
    return User.objects.create(
        username=given.lower(), first_name=given, last_name="Staff", role=role
    )


@pytest.fixture
def prescriber(db: None) -> User:
    return staff(Role.PRESCRIBER, "Petra")


@pytest.fixture
def nurse(db: None) -> User:
    return staff(Role.NURSE, "Nadia")


@pytest.fixture
def therapist(db: None) -> User:
    return staff(Role.THERAPIST, "Theo")


@pytest.fixture
def front_desk(db: None) -> User:
    return staff(Role.FRONT_DESK, "Fred")


@pytest.fixture
def auditor(db: None) -> User:
    return staff(Role.AUDITOR, "Audrey")


@pytest.fixture
def patient(nurse: User) -> Patient:
    """Ada Test, born 17 May 1990, admitted at nine."""
    admitted = admit(patient_id=uuid4(), number="P-0001", details=ADA, by=nurse, at=NINE)
    assert isinstance(admitted, Patient)
    return admitted


@pytest.fixture
def patient_user(patient: Patient) -> User:
    return User.objects.create(
        username="ada", first_name="Ada", last_name="Test", role=Role.PATIENT, patient=patient
    )


@pytest.fixture
def everyone(
    prescriber: User,
    nurse: User,
    therapist: User,
    front_desk: User,
    auditor: User,
    patient_user: User,
) -> dict[Role, User]:
    """One account for each role."""
    people = (prescriber, nurse, therapist, front_desk, auditor, patient_user)
    return {Role(one.role): one for one in people}


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A browser that has passed password and second factor."""

    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        session["one_time_link"] = True
        session.save()
        return client

    return client_of


@pytest.fixture
def policy(db: None) -> None:
    """The shipped policy and models, signed, so that rules can be applied."""
    sign_policy(shipped_policy(), signed_as="Dr Medical Director", at=NINE)
    sign_models(signed_as="Dr Medical Director", at=NINE)
