"""Knocks at every address of the site: each has a door, and each door keeps the others out.

New pages are found by themselves. Only sign-in itself and static files stand outside.
"""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from afterglow.clinic.people.models import Role

# Sign-in and one's own account belong to allauth; a one-time link is a way in.
WAYS_IN = re.compile(r"^(account/|once/)")
SOMEBODY = UUID(int=7)
SAMPLES = {"uuid": str(SOMEBODY), "slug": "word", "str": "word", "int": "1", "path": "word"}


def routes(
    patterns: list[URLPattern | URLResolver] | None = None, before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every address pattern of the site with its view, sign-in left out."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, route)
        elif not WAYS_IN.match(route):
            yield route, one


ROUTES = sorted(routes(), key=lambda found: found[0])
each_route = pytest.mark.parametrize(("route", "pattern"), ROUTES, ids=[r for r, _ in ROUTES])


def address(route: str) -> str:
    """An address that fits the pattern. Nothing is there, which only those let in may learn."""
    filled = re.sub(r"<(?:(\w+):)?\w+>", _sample, re.sub(r"\(\?P<\w+>([^()]*)\)", _choice, route))
    found = "/" + filled.replace("^", "").replace("$", "")
    resolve(found)  # raises where this is not an address of the site
    return found


def _sample(found: re.Match[str]) -> str:
    return SAMPLES[found[1] or "str"]


def _choice(found: re.Match[str]) -> str:
    """What a regular expression's group accepts: an id, or the first of its words."""
    return str(SOMEBODY) if "{36}" in found[1] else found[1].split("|")[0]


def test_the_walk_finds_the_pages_of_every_room():
    rooms = {route.split("/")[0] for route, _ in ROUTES}
    assert {"", "patients", "screening", "planning", "sessions", "discharge", "followup"} <= rooms


@each_route
def test_every_page_has_a_door(route, pattern):
    roles = getattr(pattern.callback, "door", None)
    assert roles, f"/{route} has no @door above its view."
    assert set(roles) <= set(Role)


@each_route
def test_nobody_passes_without_signing_in(route, pattern, db):
    for answer in (Client().get(address(route)), Client().post(address(route))):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/login/?next=")


@each_route
def test_a_role_that_is_not_named_is_refused(route, pattern, everyone, signed_in):
    for role in set(Role) - set(pattern.callback.door):
        client = signed_in(everyone[role])
        assert client.get(address(route)).status_code == 403, role
        assert client.post(address(route)).status_code == 403, role


@each_route
def test_a_password_alone_opens_nothing(route, pattern, everyone):
    for role in set(pattern.callback.door) - {Role.PATIENT}:
        client = Client()
        client.force_login(
            everyone[role], backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        answer = client.get(address(route))
        assert answer.status_code == 302
        assert answer.headers["Location"] == "/account/2fa/totp/activate/", role
