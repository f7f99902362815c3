"""kill -9 in mid-session: whatever was acknowledged is in the record, and nothing twice."""

import re
import socket
from contextlib import closing
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.utils.timezone import now

from afterglow.clinic.chart.models import Rating, Reading
from afterglow.clinic.record.verify import flaws
from afterglow.clinic.treatment.models import Session
from afterglow.devices.simulator.monitor import Monitor
from afterglow.devices.simulator.vitals import Vitals
from tests.clinic.treatment.story import BED
from tests.faults.processes import free_port, http_to, listener, site

pytestmark = pytest.mark.django_db(transaction=True)
START, END = b"\x0b", b"\x1c\x0d"


def message(monitor: Monitor, n: int, begun_at) -> bytes:  # type: ignore[no-untyped-def]
    """The n-th message: its pulse is its number, so that each can be found again."""
    measured = Vitals(
        systolic_mmhg=124, diastolic_mmhg=78, pulse_per_min=50 + n, spo2_percent=97, resp_per_min=14
    )
    return monitor.message(measured, at=begun_at + timedelta(seconds=n))


def acknowledged(line: socket.socket, content: bytes) -> bool:
    """Send one message; True when it was accepted, False when the line broke first."""
    try:
        line.sendall(START + content + END)
        answer = b""
        while END not in answer:
            part = line.recv(4096)
            if not part:
                return False
            answer += part
    except OSError:
        return False
    return re.search(rb"\rMSA\|(AA|CA)\|", answer) is not None


def test_no_acknowledged_message_is_lost_when_the_listener_is_killed(session: Session):
    port, monitor, begun_at = (
        free_port(),
        Monitor(bed=BED, serial="K1"),
        now() - timedelta(minutes=5),
    )
    messages = [message(monitor, n, begun_at) for n in range(60)]
    accepted: list[int] = []
    with listener(port) as child, socket.create_connection(("127.0.0.1", port), 10) as line:
        for n, content in enumerate(messages[:30]):
            assert acknowledged(line, content), n
            accepted.append(n)
        # One is on its way, its answer not awaited, when the process dies.
        line.sendall(START + messages[30] + END)
        child.kill()
        child.wait()
        assert not acknowledged(line, messages[31])
    assert pulses(session) >= {50 + n for n in accepted}
    with listener(port), socket.create_connection(("127.0.0.1", port), 10) as line:
        # The monitor never heard of these: it sends them again, and some twice.
        for n in (*range(25, 60), 59):
            assert acknowledged(line, messages[n])
    assert pulses(session) == {50 + n for n in range(60)}
    assert Reading.objects.filter(encounter=session.pk, sign="pulse").count() == 60
    assert not list(flaws())


def test_no_rating_that_the_page_heard_recorded_is_lost_when_the_site_is_killed(
    session: Session, cookies: str
):
    recorded: list[int] = []
    with site() as (port, child):
        for value in range(40):
            if value == 25:
                child.kill()
            if _rate(port, session, value, cookies):
                recorded.append(value)
            else:
                break
        assert child.wait(10) != 0
    kept = set(Rating.objects.filter(encounter=session.pk).values_list("value", flat=True))
    assert len(recorded) >= 25
    assert kept >= set(recorded)
    with site() as (port, _):
        with closing(http_to(port)) as page:
            page.request("GET", f"/sessions/{session.pk}/", headers={"Cookie": cookies})
            shown = page.getresponse().read().decode()
        assert f"<b>{recorded[-1]}</b>" in shown


def _rate(port: int, session: Session, value: int, cookies: str) -> bool:
    (token,) = re.findall(r"csrftoken=(\w+)", cookies)
    form = {"scale": "cadss-23", "value": value, "fact_id": uuid4(), "csrfmiddlewaretoken": token}
    headers = {
        "Cookie": cookies,
        "HX-Request": "true",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    page = http_to(port)
    try:
        page.request("POST", f"/sessions/{session.pk}/rate/", urlencode(form), headers)
        answer = page.getresponse()
        return answer.status == 200 and "recorded" in answer.read().decode()
    except OSError:
        return False
    finally:
        page.close()


def pulses(session: Session) -> set[float]:
    mine = Reading.objects.filter(encounter=session.pk, sign="pulse")
    return set(mine.values_list("value", flat=True))
