"""Nobody makes an account for themselves; `afterglow staff` does."""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest
from django.utils.timezone import now

JUST_NOW = timedelta(minutes=5)


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in as allauth does it, without sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Ask for the password again before the second factor changes, except right after sign-in.

        A new member of staff has just typed it, and is on the way to their first second factor.
        """
        user = context.request.user
        fresh = user.last_login is not None and now() - user.last_login < JUST_NOW
        if fresh and not is_mfa_enabled(user):
            return False
        return bool(super().is_reauthentication_required(app=app, **more))
