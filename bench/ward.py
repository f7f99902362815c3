"""Twenty rooms with somebody in session in each, brought about by the clinic's own services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

from django.utils.timezone import now
from tests.clinic.treatment.story import go_for_it, plan_for

from afterglow.clinic.people.models import Patient, Role, User
from afterglow.clinic.people.services import Details, admit
from afterglow.clinic.releases.services import shipped_policy, sign_models, sign_policy
from afterglow.clinic.treatment.models import Session
from afterglow.clinic.treatment.services import give_as_planned, start
from afterglow.core.refusal import Refusal


def open_ward(rooms: int) -> Mapping[str, UUID]:
    """Each room's session, its dose running: room -> session."""
    sign_policy(shipped_policy(), signed_as="Dr Measure", at=now())
    sign_models(signed_as="Dr Measure", at=now())
    prescriber = member(Role.PRESCRIBER)
    return {f"Room {nth:02}": _session(nth, prescriber).pk for nth in range(1, rooms + 1)}


def member(role: Role) -> User:
    """The one member of staff with this role."""
    user, _ = User.objects.get_or_create(
        username=f"measured-{role.value}",
        defaults={"role": role, "first_name": "Pat", "last_name": role.label},
    )
    return user


def _session(nth: int, by: User) -> Session:
    details = Details(
        given_name="Ward", family_name=f"Test-{nth}", birth_date=date(1980, 1, nth), sex="female"
    )
    patient = admit(patient_id=uuid4(), number=f"W-{nth:02}", details=details, by=by, at=now())
    assert isinstance(patient, Patient), patient
    plan = plan_for(patient, by, at=now())
    go_for_it(plan, by, at=now())
    begun = start(plan=plan, bed=f"Room {nth:02}", by=by, at=now(), fact_id=uuid4())
    assert isinstance(begun, Session), begun
    given = give_as_planned(begun, by=by, at=now(), fact_id=uuid4())
    assert not isinstance(given, Refusal), given
    return begun
