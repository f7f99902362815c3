"""Live pages: one open answer per page, fed by the process's one listener."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from afterglow.clinic.chart.models import LEADING, Reading
from afterglow.clinic.people.access import CLINICAL, door
from afterglow.clinic.people.models import User
from afterglow.clinic.record.models import CURRENT
from afterglow.clinic.treatment.hearing import covered_after
from afterglow.clinic.treatment.live import Listener, fanout, stream
from afterglow.clinic.treatment.notices import Event, readings_event
from afterglow.clinic.treatment.queries import SHOWN, session_for

Answer = HttpResponse | StreamingHttpResponse


@door(*CLINICAL)
@require_GET
async def session_stream(request: HttpRequest, session_id: UUID) -> Answer:
    """Every change of one session, as it happens, until it ends or the page is closed."""
    user = cast(User, await request.auser())  # the door has seen to it
    listener = await _listen(session_id)
    if listener is None:
        return _away()
    # Only now the state: what changes after this is already being heard.
    first = await sync_to_async(_how_it_stands)(user, session_id, now())
    return _streaming(listener, first)


@door(*CLINICAL)
@require_GET
async def board_stream(request: HttpRequest) -> Answer:
    """Every change of every session."""
    listener = await _listen(None)
    if listener is None:
        return _away()
    await sync_to_async(_give_back)()
    return _streaming(listener, [{"kind": "open"}])


def _how_it_stands(user: User, session_id: UUID, at: datetime) -> Sequence[Event]:
    """The newest numbers, and a call to fetch the curves; then the connection is given back."""
    try:
        session = session_for(user, session_id, page="", at=at)
        mine = Reading.objects.filter(CURRENT, LEADING, encounter_id=session_id, sign__in=SHOWN)
        newest = list(mine.order_by("sign", "-happened_at", "-recorded_at").distinct("sign"))
        if session.is_ended:
            return [{"kind": "ended"}]
        until = covered_after(session, at=at)
        return [readings_event(newest, silent_after=until), {"kind": "doses"}]
    finally:
        _give_back()


def _give_back() -> None:
    """Return the database connection: a page stays open for hours and must not hold one."""
    connection.close()


async def _listen(session_id: UUID | None) -> Listener | None:
    try:
        return await fanout().listen(session_id)
    except TimeoutError:
        return None


def _streaming(listener: Listener, first: Sequence[Event]) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(stream(listener, first), content_type="text/event-stream")
    answer["Cache-Control"] = "no-cache, no-transform"
    answer["X-Accel-Buffering"] = "no"  # a proxy must not gather events before it passes them on
    return answer


def _away() -> HttpResponse:
    return HttpResponse("The database does not answer. The page will try again.", status=503)
