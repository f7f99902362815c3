"""What every page's template is given."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from afterglow.clinic.people.models import Role, User

# Where each role may go from the head of every page: (address name, label).
NAVIGATION: dict[str, tuple[tuple[str, str], ...]] = {
    Role.PRESCRIBER: (("overview:patients", "Patients"), ("treatment:board", "Sessions")),
    Role.NURSE: (("overview:patients", "Patients"), ("treatment:board", "Sessions")),
    Role.THERAPIST: (("overview:patients", "Patients"),),
    Role.FRONT_DESK: (("people:desk", "Desk"),),
    Role.AUDITOR: (("people:looks", "Who looked"),),
    Role.PATIENT: (("portal:home", "My treatment"),),
}


def page(request: HttpRequest) -> dict[str, Any]:
    """Clinic name, demonstration mark, and the links of this person's role."""
    user = getattr(request, "user", None)
    links = NAVIGATION.get(user.role, ()) if isinstance(user, User) else ()
    nav = [(reverse(name), label, request.path.startswith(reverse(name))) for name, label in links]
    return {
        "clinic_name": settings.CLINIC_NAME,
        "clinic_phone": settings.CLINIC_PHONE,
        "is_demo": settings.DEMO,
        "nav": nav,
    }
