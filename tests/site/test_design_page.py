"""The page of parts opens for staff only."""

from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from afterglow.clinic.people.models import Patient, Role, User

pytestmark = pytest.mark.django_db


def look_as(client: Client, role: Role, **more: Any) -> int:
    user = User.objects.create(username=role.value, first_name="Sam", role=role, **more)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["one_time_link"] = True
    session.save()
    return client.get("/design/", secure=True).status_code


def test_staff_see_the_page_of_parts(client: Client) -> None:
    assert look_as(client, Role.FRONT_DESK) == 200


def test_a_patient_does_not(client: Client) -> None:
    ada = Patient.objects.create(number="P-1", happened_at=now())
    assert look_as(client, Role.PATIENT, patient=ada) == 403


def test_nobody_sees_it_without_signing_in(client: Client) -> None:
    assert client.get("/design/", secure=True).status_code == 302
