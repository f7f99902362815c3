"""The first page after sign-in, and a demonstration's one-time way in."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from afterglow.clinic.people.access import STAFF, AsStaff, door
from afterglow.clinic.people.models import Role, SignInLink, User

FIRST_PAGE = {
    Role.PRESCRIBER: "overview:patients",
    Role.NURSE: "overview:patients",
    Role.THERAPIST: "overview:patients",
    Role.FRONT_DESK: "people:desk",
    Role.AUDITOR: "people:looks",
    Role.PATIENT: "portal:home",
}
GOOD_FOR = timedelta(hours=12)


@door(*STAFF, Role.PATIENT)
def home(request: AsStaff) -> HttpResponse:
    """Go to the page where this role's day begins."""
    return redirect(FIRST_PAGE[Role(request.user.role)])


def make_link(user: User, *, at: datetime) -> str:
    """A path that signs `user` in once. Only its digest is kept."""
    secret = secrets.token_urlsafe(24)
    SignInLink.objects.create(digest=_digest(secret), user=user, expires_at=at + GOOD_FOR)
    return f"/once/{secret}/"


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_once(request: HttpRequest, secret: str) -> HttpResponse:
    """Show who the link signs in; sign in on POST, so that a preview of the link uses nothing."""
    if not settings.DEMO:
        raise Http404("One-time links exist in a demonstration only.")
    usable = SignInLink.objects.filter(digest=_digest(secret), used_at=None, expires_at__gt=now())
    link = usable.select_related("user").first()
    if link is None:
        return render(request, "people/link_used.html", status=410)
    if request.method == "GET":
        return render(request, "people/sign_in_once.html", {"person": link.user})
    if not usable.update(used_at=now()):  # two at once: only one gets in
        return render(request, "people/link_used.html", status=410)
    login(request, link.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    request.session["one_time_link"] = True
    return redirect("home")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
