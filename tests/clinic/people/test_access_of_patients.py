"""A patient gets the way to their own pages, and a lost password is replaced."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from afterglow.clinic.people.inviting import give_access
from afterglow.clinic.people.models import AccessGiven, Patient, User
from tests.clinic.conftest import NINE

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


def test_the_name_and_password_told_open_the_patients_own_pages(
    patient: Patient, nurse: User
) -> None:
    told = give_access(patient=patient, by=nurse, at=NINE)
    browser = Client()
    answer = browser.post(
        reverse("account_login"), {"login": told.username, "password": told.password}
    )
    assert answer.status_code == 302
    assert browser.get(reverse("portal:home")).status_code == 200


def test_a_second_password_ends_the_first(patient: Patient, nurse: User) -> None:
    first = give_access(patient=patient, by=nurse, at=NINE)
    second = give_access(patient=patient, by=nurse, at=NINE)
    person = User.objects.get(patient=patient)
    assert not person.check_password(first.password)
    assert person.check_password(second.password)
    assert AccessGiven.objects.count() == 2


def test_the_password_is_shown_once_and_never_on_the_details(
    patient: Patient, front_desk: User, signed_in: Browser
) -> None:
    browser = signed_in(front_desk)
    shown = browser.post(reverse("people:access", args=[patient.pk]))
    assert shown.status_code == 200
    assert "no-store" in shown["Cache-Control"]
    password = shown.context["given"].password
    details = browser.get(reverse("people:details", args=[patient.pk])).content.decode()
    assert "Access was given" in details
    assert password not in details
