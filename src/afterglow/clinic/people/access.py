"""Who may open which page: one line above each view, and no page without one."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar, cast

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from afterglow.clinic.people.models import Role, User

View = TypeVar("View", bound=Callable[..., Any])

CLINICAL = (Role.PRESCRIBER, Role.NURSE, Role.THERAPIST)
STAFF = (*CLINICAL, Role.FRONT_DESK, Role.AUDITOR)


class AsStaff(HttpRequest):
    """A request whose user has passed a door."""

    user: User


def door(*roles: Role) -> Callable[[View], View]:
    """Let in only these roles, signed in with a second factor. Works on sync and async views.

    The roles stay readable as `view.door`, so that a test can knock at every address.
    """

    def guard(view: View) -> View:
        if iscoroutinefunction(view):

            @wraps(view)
            async def later(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                if away := await sync_to_async(_turned_away)(request, roles):
                    return away
                answer = cast("Callable[..., Awaitable[HttpResponseBase]]", view)
                return await answer(request, *args, **kwargs)

            later.door = roles  # type: ignore[attr-defined]
            return cast("View", later)

        @wraps(view)
        def now(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if away := _turned_away(request, roles):
                return away
            return cast("HttpResponseBase", view(request, *args, **kwargs))

        now.door = roles  # type: ignore[attr-defined]
        return cast("View", now)

    return guard


def _turned_away(request: HttpRequest, roles: tuple[Role, ...]) -> HttpResponseRedirect | None:
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return redirect(f"{reverse(settings.LOGIN_URL)}?next={request.path}")
    if user.role not in roles:
        allowed = ", ".join(Role(role).label.lower() for role in roles)
        raise PermissionDenied(
            f"This page is for: {allowed}. You are signed in as {Role(user.role).label.lower()}."
        )
    if user.role != Role.PATIENT and not _has_second_factor(request):
        return redirect("mfa_activate_totp")
    return None


def _has_second_factor(request: HttpRequest) -> bool:
    """True once this sign-in used a second factor, or a demonstration's one-time link."""
    from allauth.mfa.utils import is_mfa_enabled  # noqa: PLC0415  (its models need the app registry)

    # allauth asks an account that has a second factor for it before it signs anyone in.
    return bool(request.session.get("one_time_link")) or bool(is_mfa_enabled(request.user))
