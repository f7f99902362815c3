"""How long a prescriber waits for the bands at each turn of a dial, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

from django.utils.timezone import now
from tests.clinic.walk import measured, proposed, treated

from afterglow.clinic.people.home import make_link
from afterglow.clinic.people.models import Patient, Role, User
from afterglow.clinic.people.services import Details, admit
from afterglow.clinic.releases.services import shipped_policy, sign_models, sign_policy
from bench.client import Client
from bench.figures import Figure, percentile
from bench.house import open_house

AT_MOST_MS = 200
WARM_UP = 5
SESSIONS = 3  # observed before: bands now, and as they were before learning
PERSON = Details(given_name="Dora", family_name="Dial", birth_date=date(1984, 5, 17), sex="female")


def measure() -> list[Figure]:
    """The 95th percentile over doses that nobody asked for before."""
    prescriber, _ = User.objects.get_or_create(username="petra", role=Role.PRESCRIBER)
    proposal = _patient_with_sessions(prescriber)
    with open_house() as house:
        client = Client(house.site)
        client.sign_in(make_link(prescriber, at=now()))
        waits = [client.get(path)[0] for path in _turns(f"/planning/proposal/{proposal}/bands/")]
    warm = waits[WARM_UP:]
    return [
        Figure(
            name=f"dose designer, one turn of the dial, 95 % of {len(warm)}",
            value=percentile(warm, 95),
            unit="ms",
            target=AT_MOST_MS,
        )
    ]


def _turns(path: str) -> Iterator[str]:
    for step in range(60):
        yield f"{path}?dose_mg={20 + step / 2:g}&minutes={40 + step % 21}"


def _patient_with_sessions(by: User) -> object:
    at = now()
    sign_policy(shipped_policy(), signed_as="Measured", at=at)
    sign_models(signed_as="Measured", at=at)
    patient = admit(patient_id=uuid4(), number="D-00001", details=PERSON, by=by, at=at)
    assert isinstance(patient, Patient)
    for session in range(SESSIONS, 0, -1):
        day = at - timedelta(days=4 * session)
        measured(patient, by, at=day - timedelta(hours=1))
        treated(patient, at=day, cadss=((20.0, 22.0), (40.0, 30.0)), systolic=((20.0, 140.0),))
    measured(patient, by, at=at)
    return proposed(patient, by, at=at).pk
