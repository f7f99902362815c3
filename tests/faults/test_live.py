"""A real site: what is committed is on every open page within a second, and silence is told."""

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils.timezone import now

from afterglow.clinic.people.models import User
from afterglow.clinic.treatment.live import APPLICATION
from afterglow.clinic.treatment.models import Session
from afterglow.clinic.treatment.services import (
    FromDevice,
    begin_recovery,
    end,
    rate,
    record_readings,
)
from afterglow.core.care.signs import Reading, Sign
from tests.clinic.treatment.story import BED
from tests.faults.processes import http_to, site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def port(django_db_setup: None) -> Iterator[int]:
    """One site for all of these tests, as a clinic has one."""
    with site() as (at, _):
        yield at


def send(value: float) -> None:
    at = now()
    one = FromDevice(id=uuid4(), reading=Reading(Sign.SPO2, value, at))
    record_readings(bed=BED, readings=[one], device="m", received_at=at)


@contextmanager
def open_stream(port: int, path: str, cookies: str) -> Iterator[http.client.HTTPResponse]:
    with closing(http_to(port)) as stream:
        stream.request("GET", path, headers={"Cookie": cookies, "Accept": "text/event-stream"})
        with stream.getresponse() as answer:
            yield answer


def next_event(answer: http.client.HTTPResponse, *kinds: str) -> dict[str, Any]:
    """The next event of one of these kinds; others, as beats, are passed over."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        line = answer.readline().decode()
        assert line, "The stream ended."
        if line.startswith("data: "):
            event: dict[str, Any] = json.loads(line.removeprefix("data: "))
            if (event.get("event") or event).get("kind") in kinds:
                return event
    raise AssertionError(f"None of {kinds} came.")


def test_a_reading_is_on_the_page_within_a_second(port: int, session: Session, cookies: str):
    send(97)
    path = f"/sessions/{session.pk}/stream/"
    with open_stream(port, path, cookies) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/event-stream"
        # How things stood comes first, so that nothing between page and stream is missed.
        first = next_event(answer, "readings")
        assert [r["value"] for r in first["readings"] if r["sign"] == "SPO2"] == [97]
        took_s = []
        for value in (91, 92, 93, 94, 95):
            sent_at = time.monotonic()
            send(value)
            told = next_event(answer, "readings")
            took_s.append(time.monotonic() - sent_at)
            assert [r["value"] for r in told["readings"]] == [value]
            assert datetime.fromisoformat(told["silent_after"]) > datetime.now(UTC)
        assert max(took_s) < 1


def test_a_page_hears_beats_ratings_and_the_end(
    port: int, session: Session, cookies: str, nurse: User
):
    path = f"/sessions/{session.pk}/stream/"
    with open_stream(port, path, cookies) as answer:
        next_event(answer, "doses")
        assert "at" in next_event(answer, "beat")
        rate(session, scale="cadss-23", value=9, by=nurse, at=now(), fact_id=uuid4())
        next_event(answer, "ratings")
        begin_recovery(session, by=nurse, at=now(), fact_id=uuid4())
        end(session, by=nurse, at=now(), fact_id=uuid4())
        next_event(answer, "ended")
        assert answer.read().strip() == b""


def test_the_board_hears_every_room(port: int, session: Session, cookies: str):
    with open_stream(port, "/sessions/stream/", cookies) as answer:
        next_event(answer, "open")
        send(96)
        told = next_event(answer, "readings")
        assert told["session"] == str(session.pk)
        assert told["event"]["kind"] == "readings"


def test_many_open_pages_hold_one_database_connection(port: int, session: Session, cookies: str):
    path = f"/sessions/{session.pk}/stream/"
    with ExitStack() as open_pages:
        pages = [open_pages.enter_context(open_stream(port, path, cookies)) for _ in range(30)]
        for page in pages:
            next_event(page, "doses")  # the page has been told how things stand
        send(95)
        for page in pages:
            assert next_event(page, "readings")["readings"][0]["value"] == 95
        assert len(listening()) == 1
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            )
            assert cursor.fetchone()[0] < 20


def test_a_lost_database_connection_ends_the_stream_so_that_the_page_asks_again(
    port: int, session: Session, cookies: str
):
    path = f"/sessions/{session.pk}/stream/"
    with open_stream(port, path, cookies) as answer:
        next_event(answer, "beat")
        (listener,) = listening()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [listener])
        answer.read()  # to its end: without one this would wait in vain
    with open_stream(port, path, cookies) as again:
        assert again.status == 200
        next_event(again, "beat")


def listening() -> list[int]:
    """The database connections that live pages hang on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = %s",
            [APPLICATION],
        )
        return [pid for (pid,) in cursor.fetchall()]


def test_nobody_signed_out_hears_anything(port: int, session: Session):
    path = f"/sessions/{session.pk}/stream/"
    with open_stream(port, path, "") as answer:
        assert answer.status == 302
