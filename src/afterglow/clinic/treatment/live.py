"""From one database listener to every open page of this process.

No query runs inside a stream: a page costs one queue, not a connection. A beat is sent only after
the database has answered, so a page that hears beats is connected all the way down.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID
from weakref import WeakSet

import psycopg
from django.db import connection as default
from django.utils.timezone import now
from psycopg import AsyncConnection

from afterglow.clinic.treatment.notices import CHANNEL, Event

APPLICATION = "afterglow live"  # as the database's own list of connections shows it
BEAT_S = 2.0
ANSWER_WITHIN_S = 5.0
HELD_AT_MOST = 500  # a page this far behind is closed, and asks again for the whole state
# After this the page connects anew and passes the door again: a person may have been signed out.
OPEN_AT_MOST = timedelta(minutes=10)

log = logging.getLogger(__name__)


class Listener:
    """One open page: the events of one session, or of all."""

    def __init__(self, session_id: UUID | None) -> None:
        self.session_id = str(session_id) if session_id else None
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue(HELD_AT_MOST)

    def take(self, event: Event) -> None:
        """Keep an event until the page fetches it."""
        if self._queue.full():
            self.close()
        else:
            self._queue.put_nowait(event)

    def close(self) -> None:
        """Drop what waits and end the stream: the page will ask for the whole state."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    async def next(self) -> Event | None:
        """The next event; None when the stream is over."""
        return await self._queue.get()


class Fanout:
    """Everyone in this process who listens, behind one connection to the database."""

    def __init__(self) -> None:
        # Weak: a page that went away before its stream began is forgotten by itself.
        self._listeners: WeakSet[Listener] = WeakSet()
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    async def listen(self, session_id: UUID | None) -> Listener:
        """From now on no event is missed. Raises TimeoutError when the database is away."""
        listener = Listener(session_id)
        self._listeners.add(listener)
        if self._task is None or self._task.done():
            self._ready = asyncio.Event()
            self._task = asyncio.create_task(self._run())
        await asyncio.wait_for(self._ready.wait(), ANSWER_WITHIN_S)
        return listener

    async def _run(self) -> None:
        try:
            async with await AsyncConnection.connect(**_address(), autocommit=True) as database:
                await database.execute(f"LISTEN {CHANNEL}")
                self._ready.set()
                while self._listeners:
                    await self._one_beat(database)
        except (psycopg.OperationalError, TimeoutError):
            log.warning("The database went away: every live page is told to connect again.")
        finally:
            self._close_all()

    async def _one_beat(self, database: AsyncConnection[Any]) -> None:
        async for notice in database.notifies(timeout=BEAT_S):
            told = json.loads(notice.payload)
            self._pass_on(told["event"], told["session"])
        await asyncio.wait_for(database.execute("SELECT 1"), ANSWER_WITHIN_S)
        self._pass_on({"kind": "beat", "at": now().isoformat()}, None)

    def _pass_on(self, event: Event, session: str | None) -> None:
        for listener in list(self._listeners):
            if session is None:
                listener.take(event)
            elif listener.session_id is None:
                listener.take({"session": session, "event": event})
            elif listener.session_id == session:
                listener.take(event)

    def _close_all(self) -> None:
        for listener in list(self._listeners):
            listener.close()


_fanouts: dict[asyncio.AbstractEventLoop, Fanout] = {}


def fanout() -> Fanout:
    """The one of this process's event loop."""
    loop = asyncio.get_running_loop()
    return _fanouts.setdefault(loop, Fanout())


async def stream(listener: Listener, first: Iterable[Event]) -> AsyncIterator[bytes]:
    """What a page is sent: first how things stand, then every change as it happens."""
    over_at = asyncio.get_running_loop().time() + OPEN_AT_MOST.total_seconds()
    yield b"retry: 1000\n\n"
    for event in first:
        yield _line(event)
    while asyncio.get_running_loop().time() < over_at:
        told = await listener.next()
        if told is None:
            return
        yield _line(told)
        if told.get("kind") == "ended":
            return


def _line(event: Event) -> bytes:
    return f"data: {json.dumps(event, separators=(',', ':'))}\n\n".encode()


def _address() -> dict[str, Any]:
    known = default.settings_dict
    named = {
        "host": known["HOST"],
        "port": known["PORT"],
        "user": known["USER"],
        "password": known["PASSWORD"],
    }
    return {**named, "dbname": known["NAME"], "application_name": APPLICATION}
