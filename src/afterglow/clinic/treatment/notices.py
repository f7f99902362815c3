"""Tell every open bedside page what changed. Sent with the commit, never before it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from afterglow.clinic.chart.models import Reading
from afterglow.core.care.signs import Sign

CHANNEL = "afterglow_bedside"
Event = Mapping[str, Any]

# The names that live.js and the tiles know.
WIRE = {
    Sign.SYSTOLIC: "NIBP_SYS",
    Sign.DIASTOLIC: "NIBP_DIA",
    Sign.MEAN: "NIBP_MEAN",
    Sign.PULSE: "PULSE",
    Sign.SPO2: "SPO2",
    Sign.RESP_RATE: "RESP",
}
# A notice holds at most 8,000 bytes; one reading takes about 130.
AT_MOST = 40


def changed(session_id: UUID, *kinds: str) -> None:
    """Say that alarms, doses or ratings of a session are not what they were."""
    for kind in kinds:
        _tell(session_id, {"kind": kind})


def heard(session_id: UUID, readings: Sequence[Reading], *, silent_after: datetime | None) -> None:
    """Pass on new readings, oldest first."""
    shown = sorted((r for r in readings if r.sign in WIRE), key=lambda r: r.happened_at)
    for start in range(0, len(shown), AT_MOST):
        _tell(session_id, readings_event(shown[start : start + AT_MOST], silent_after=silent_after))
    if any(Sign(reading.sign).is_cuff for reading in shown):
        changed(session_id, "ratings")  # a pressure moves what is due next, as a rating does


def readings_event(readings: Sequence[Reading], *, silent_after: datetime | None) -> Event:
    """The event that moves the numbers of a page."""
    return {
        "kind": "readings",
        "readings": [
            {
                "sign": WIRE[Sign(reading.sign)],
                "value": reading.value,
                "at": reading.happened_at.isoformat(),
                "id": str(reading.pk),
            }
            for reading in readings
        ],
        "silent_after": silent_after.isoformat() if silent_after else None,
    }


def _tell(session_id: UUID, event: Event) -> None:
    payload = json.dumps({"session": str(session_id), "event": event}, separators=(",", ":"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
