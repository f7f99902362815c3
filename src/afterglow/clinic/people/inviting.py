"""Give a patient the way to their own pages."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from afterglow.clinic.people.models import AccessGiven, Patient, Role, User
from afterglow.clinic.people.queries import current_details
from afterglow.clinic.people.staffing import make_password


@dataclass(frozen=True, slots=True)
class Access:
    """What the patient is told, once. The password is kept nowhere."""

    username: str
    password: str


def give_access(*, patient: Patient, by: User, at: datetime) -> Access:
    """Make the patient's account, or a new password for it. The old password ends at once.

    Asking twice gives a second password and a second fact: only the last one opens.
    """
    password, details = make_password(), current_details(patient)
    with transaction.atomic():
        person, _ = User.objects.select_for_update().get_or_create(
            patient=patient,
            defaults={"username": patient.number.lower(), "role": Role.PATIENT},
        )
        person.first_name, person.last_name = details.given_name, details.family_name
        person.is_active = True
        person.set_password(password)
        person.save()
        AccessGiven.objects.create(
            patient=patient, username=person.username, happened_at=at, recorded_by=by
        )
    return Access(username=person.username, password=password)
