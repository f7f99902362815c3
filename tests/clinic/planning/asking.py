"""The planning page as a test reads it."""

import json
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from afterglow.clinic.people.models import Patient
from afterglow.clinic.planning.models import Proposal


def page(client: Client, patient: Patient, **asked: Any) -> str:
    """The whole page; `asked` is the dose it should draw."""
    url = reverse("planning:plan", args=[patient.pk])
    return client.get(url, asked).content.decode()


def bands(client: Client, proposal: Proposal, **asked: Any) -> HttpResponse:
    """What a turn of the dial asks for."""
    return client.get(reverse("planning:bands", args=[proposal.pk]), asked)


def behind_the_records_back(proposal: Proposal, column: str, value: object) -> None:
    """Do what only someone with the database's own keys could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            f"UPDATE planning_proposal SET {column} = %s WHERE id = %s",
            [json.dumps(value), proposal.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
