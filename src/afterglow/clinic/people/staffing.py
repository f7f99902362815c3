"""Accounts of staff: made, renewed and closed by whoever runs the system, at its command line."""

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from afterglow.clinic.people.models import Role, User
from afterglow.core.refusal import Refusal


def hire(*, username: str, name: str, role: Role, password: str) -> User | Refusal:
    """Make an account. Its first sign-in leads to setting up the second factor."""
    if role == Role.PATIENT:
        return Refusal(
            code="not-staff",
            because="A patient's account belongs to a patient's record.",
            remedy="Choose a role of staff.",
        )
    if User.objects.filter(username__iexact=username).exists():
        return Refusal(
            code="name-taken",
            because=f"There is an account named {username} already.",
            remedy="Choose another name, or use `afterglow staff renew` for that account.",
        )
    given, _, family = name.strip().partition(" ")
    person = User(username=username, first_name=given, last_name=family, role=role)
    return _weak(password, person) or _keep(person, password)


def renew(*, username: str, password: str) -> User | Refusal:
    """Set a new password and forget the second factor: it is set up again at the next sign-in.

    For somebody who lost either, after you have seen that it is them. A closed account is open
    again.
    """
    from allauth.mfa.models import Authenticator  # noqa: PLC0415 (needs the app registry)

    person = _known(username)
    if isinstance(person, Refusal):
        return person
    if refusal := _weak(password, person):
        return refusal
    Authenticator.objects.filter(user=person).delete()
    return _keep(person, password)


def close(*, username: str) -> User | Refusal:
    """Let nobody in by this account any more. What it did stays in the record under its name."""
    person = _known(username)
    if isinstance(person, User):
        person.is_active = False
        person.save(update_fields=["is_active"])
    return person


def make_password() -> str:
    """A password nobody has to think of: four groups of five letters and digits."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"  # none that look alike
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def _known(username: str) -> User | Refusal:
    person = User.objects.filter(username=username).exclude(role=Role.PATIENT).first()
    return person or Refusal(
        code="no-such-account",
        because=f"There is no staff account named {username}.",
        remedy="`afterglow staff list` shows them.",
    )


def _weak(password: str, person: User) -> Refusal | None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        return Refusal(
            code="weak-password",
            because=" ".join(error.messages),
            remedy="Enter a longer one, or none: then one is made for you.",
        )
    return None


def _keep(person: User, password: str) -> User:
    person.set_password(password)
    person.is_active = True
    person.save()
    return person
