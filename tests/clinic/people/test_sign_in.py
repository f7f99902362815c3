"""Signing in: a password, then a second factor, a lock after wrong tries, one-time links."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.urls import reverse
from django.utils.timezone import now
from typer.testing import CliRunner

from afterglow.cli.staff import staff as command
from afterglow.clinic.people import staffing
from afterglow.clinic.people.home import make_link
from afterglow.clinic.people.models import Role, User
from afterglow.core.refusal import Refusal

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-phrase-7"


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    """Slow on purpose in a clinic, for nothing here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def hired() -> User:
    made = staffing.hire(username="olga", name="Olga New", role=Role.NURSE, password=PASSWORD)
    assert isinstance(made, User)
    return made


def sign_in(client, password: str = PASSWORD):
    form = {"login": "olga", "password": password}
    return client.post(reverse("account_login"), form, follow=True)


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_the_first_sign_in_leads_to_setting_up_the_second_factor(client, hired):
    page = sign_in(client)
    assert page.redirect_chain[-1][0] == reverse("mfa_activate_totp")
    assert "Set up your second factor" in page.content.decode()
    assert '<html lang="en-GB">' in page.content.decode()


def test_no_page_of_the_clinic_opens_before_the_second_factor(client, hired):
    sign_in(client)
    answer = client.get(reverse("people:desk"))
    assert answer.headers["Location"] == reverse("mfa_activate_totp")


def test_after_setting_it_up_every_sign_in_asks_for_a_code(client, hired):
    sign_in(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert client.get(reverse("people:desk")).status_code == 200
    client.post(reverse("account_logout"))
    assert "Enter your code" in sign_in(client).content.decode()
    assert client.get(reverse("people:desk")).status_code == 302


def test_a_wrong_password_says_so_and_the_fifth_locks(client, hired):
    assert "not correct" in sign_in(client, "wrong").content.decode()
    for _ in range(4):
        locked = sign_in(client, "wrong")
    assert "Locked after wrong passwords" in locked.content.decode()
    assert "Locked after wrong passwords" in sign_in(client).content.decode()


def test_a_closed_account_lets_nobody_in(client, hired):
    sign_in(client)
    staffing.close(username="olga")
    assert reverse("account_login") in client.get(reverse("people:desk")).headers["Location"]


def test_a_renewed_account_sets_its_second_factor_up_again(client, hired):
    sign_in(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    client.logout()
    staffing.renew(username="olga", password=PASSWORD + "8")
    page = sign_in(client, PASSWORD + "8")
    assert page.redirect_chain[-1][0] == reverse("mfa_activate_totp")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"username": "OLGA"}, "name-taken"),
        ({"role": Role.PATIENT}, "not-staff"),
        ({"password": "short"}, "weak-password"),
    ],
)
def test_a_bad_account_is_refused_and_not_made(hired, changes, code):
    words = {"username": "new", "name": "New", "role": Role.NURSE, "password": PASSWORD}
    refusal = staffing.hire(**(words | changes))
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert User.objects.count() == 1


def test_the_command_makes_an_account_and_shows_its_password_once():
    made = CliRunner().invoke(command, ["add", "ines", "--role", "prescriber"])
    assert made.exit_code == 0
    password = made.output.rsplit(": ", 1)[1].strip()
    assert User.objects.get(username="ines").check_password(password)


def test_the_command_names_the_roles_there_are():
    made = CliRunner().invoke(command, ["add", "ines", "--role", "wizard"])
    assert made.exit_code == 2
    assert "front-desk" in made.output
    assert User.objects.count() == 0


def test_a_link_signs_in_once(client, nurse):
    link = make_link(nurse, at=now())
    assert "Nadia Staff" in client.get(link).content.decode()
    assert client.post(link).status_code == 302
    assert client.post(link).status_code == 410


def test_a_link_older_than_half_a_day_is_dead(client, nurse):
    link = make_link(nurse, at=now() - timedelta(hours=13))
    answer = client.get(link)
    assert answer.status_code == 410
    assert "no longer works" in answer.content.decode()


def test_links_work_in_a_demonstration_only(client, nurse, settings):
    link = make_link(nurse, at=now())
    settings.DEMO = False
    assert client.post(link).status_code == 404


def test_an_address_that_does_not_exist_says_so_in_words(client, nurse, signed_in):
    answer = signed_in(nurse).get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()


def test_a_wrong_role_is_told_who_the_page_is_for(nurse, signed_in):
    answer = signed_in(nurse).get(reverse("people:looks"))
    assert answer.status_code == 403
    assert "This page is for: auditor. You are signed in as nurse." in answer.content.decode()
