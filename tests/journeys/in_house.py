"""What a story needs that no page does, done inside the house by its own clock.

One process stays open: each line it reads is a list, e.g. `["link", "marsh"]`, each it writes the
answer. Starting Python and Django anew for each would cost seconds.
"""

import json
import sys
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.journeys import at_a_time  # the story's clock comes before everything else

DIRECTOR = "Dr Helena Marsh"
STAFF = {
    "marsh": ("prescriber", "Helena", "Marsh"),
    "adeyemi": ("nurse", "Joy", "Adeyemi"),
    "lund": ("therapist", "Mikael", "Lund"),
    "desk": ("front-desk", "Priya", "Nair"),
    "audit": ("auditor", "Sam", "Whitlock"),
}


def open_clinic() -> dict[str, Any]:
    """Policy and models signed, staff hired."""
    from afterglow.clinic.people.models import User
    from afterglow.clinic.releases.services import shipped_policy, sign_models, sign_policy

    at = at_a_time.story_now()
    sign_policy(shipped_policy(), signed_as=DIRECTOR, at=at)
    sign_models(signed_as=DIRECTOR, at=at)
    for username, (role, given, family) in STAFF.items():
        User.objects.create_user(username, role=role, first_name=given, last_name=family)
    return {}


def link(username: str) -> dict[str, Any]:
    """A one-time way in."""
    from afterglow.clinic.people.home import make_link
    from afterglow.clinic.people.models import User

    return {"path": make_link(User.objects.get(username=username), at=at_a_time.story_now())}


def account(number: str) -> dict[str, Any]:
    """The patient's own account, named like their number."""
    from afterglow.clinic.people.models import Patient, User

    person = Patient.objects.get(number=number)
    User.objects.get_or_create(username=number, defaults={"role": "patient", "patient": person})
    return {}


def patient(number: str, given: str, family: str, how_far: str) -> dict[str, Any]:
    """An invented patient, screened and consenting; "ready": with a signed plan and a go."""
    from afterglow.clinic.people.models import User
    from afterglow.site.demo.people import Person, Point
    from afterglow.site.demo.walk import Staff, Walk

    person = Person(
        number=number, given_name=given, family_name=family, birth_date=date(1980, 5, 2),
        sex="male", weight_kg=70, systolic_mmhg=120, pulse_per_min=70, point=Point.CHECKED, seed=1,
    )  # fmt: skip
    staff = {user.role: user for user in User.objects.exclude(role="patient")}
    walk = Walk(
        person,
        Staff(
            prescriber=staff["prescriber"],
            nurse=staff["nurse"],
            therapist=staff["therapist"],
            desk=staff["front-desk"],
        ),
    )
    at = at_a_time.story_now().replace(microsecond=0)
    made = walk.arrive(at - timedelta(hours=3))
    walk.to_a_plan(made, at - timedelta(hours=2))
    if how_far == "ready":
        check_at = at - timedelta(minutes=10)
        walk.check(walk.plan(made, at - timedelta(hours=1), check_at=check_at), check_at)
    return {"id": str(made.pk)}


def facts(number: str) -> dict[str, Any]:
    """How many facts of each kind a patient's book holds. Looks are not counted."""
    from django.apps import apps

    from afterglow.clinic.record.models import Look, PatientFact

    kinds = [one for one in apps.get_models() if issubclass(one, PatientFact) and one is not Look]
    mine = {one._meta.label: one.objects.filter(patient__number=number).count() for one in kinds}
    return {label: count for label, count in mine.items() if count}


def demo() -> dict[str, Any]:
    """The clinic of the demonstration: who signs in, and where each patient's record is."""
    from afterglow.clinic.discharge.models import Discharge
    from afterglow.clinic.people.models import Patient, User
    from afterglow.clinic.treatment.models import Session
    from afterglow.site.demo.clinic import make_clinic

    make_clinic(say=lambda words: None)
    return {
        "users": dict(User.objects.values_list("role", "username")),
        "patients": {p.number: str(p.pk) for p in Patient.objects.all()},
        "running": [str(s.pk) for s in Session.objects.in_progress()],
        "left": [str(d.encounter_id) for d in Discharge.objects.order_by("happened_at")],
    }


COMMANDS: dict[str, Callable[..., dict[str, Any]]] = {
    "open": open_clinic,
    "link": link,
    "account": account,
    "patient": patient,
    "facts": facts,
    "demo": demo,
}


def serve() -> None:
    """Answer line by line until the input ends."""
    from django.db import close_old_connections

    for line in sys.stdin:
        what, *words = json.loads(line)
        told = COMMANDS[what](*words)
        close_old_connections()
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    from afterglow.cli.setup import clinic

    clinic()
    serve()
