"""How long a person waits for the patient list and the chart, in a large clinic, over HTTP."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from uuid import UUID

from django.utils.timezone import now

from afterglow.clinic.people.home import make_link
from afterglow.clinic.people.models import Role, User
from bench.client import Client
from bench.figures import Figure, percentile
from bench.filling import fill, give_a_course, settle
from bench.house import open_house

PATIENTS = 10_000
LONG, SHORT = 1_000, 10  # encounters
TIMES = 200
AT_MOST_MS = 300


def measure() -> list[Figure]:
    """The 95th percentile of each page, and what a hundred times the encounters cost."""
    fill(PATIENTS)
    long = give_a_course("B-05000", encounters=LONG)
    short = give_a_course("B-05001", encounters=SHORT)
    settle()
    with open_house() as house:
        client = Client(house.site)
        client.sign_in(make_link(_nurse(), at=now()))
        slow, quick = _waits(client, _chart(long)), _waits(client, _chart(short))
        return [
            _at_95("chart of 1,000 encounters, among 10,000 patients", slow),
            _at_95("chart of 10 encounters", quick),
            Figure(
                name="median chart, 1,000 encounters against 10",
                value=statistics.median(slow) / statistics.median(quick),
                unit="times",
            ),
            _at_95("patient list", _waits(client, "/patients/")),
            _at_95("patient list, page 100", _waits(client, "/patients/?page=100")),
            _at_95("patient list, search by name", _waits(client, "/patients/?search=moreau-3")),
            _at_95("patient list, search by number", _waits(client, "/patients/?search=b-0500")),
        ]


def _waits(client: Client, path: str) -> list[float]:
    client.get(path)  # once for templates and caches
    return [client.get(path)[0] for _ in range(TIMES)]


def _at_95(name: str, waits_ms: Sequence[float]) -> Figure:
    return Figure(
        name=f"{name}, 95 % of {len(waits_ms)}",
        value=percentile(waits_ms, 95),
        unit="ms",
        target=AT_MOST_MS,
    )


def _chart(patient: UUID) -> str:
    return f"/patients/{patient}/"


def _nurse() -> User:
    nurse, _ = User.objects.get_or_create(
        username="nadia", defaults={"role": Role.NURSE, "first_name": "Nadia", "last_name": "Staff"}
    )
    return nurse
