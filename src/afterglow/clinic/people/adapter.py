"""Nobody makes an account for themselves; `afterglow staff` does."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in as allauth does it, without sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
