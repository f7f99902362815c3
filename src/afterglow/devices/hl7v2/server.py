"""The MLLP listener: takes messages, and answers each only when it is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from afterglow.core.refusal import Refusal
from afterglow.devices.hl7v2 import ack
from afterglow.devices.hl7v2.door import Accepted, Handler, NotStored
from afterglow.devices.hl7v2.frames import (
    HEAD_BYTES,
    LARGEST_BYTES,
    BadFrame,
    Fault,
    Frame,
    Framer,
    framed,
)
from afterglow.devices.hl7v2.parse import read_message
from afterglow.devices.hl7v2.values import Listening, Message

log = structlog.get_logger("afterglow.devices.hl7v2")
CHUNK_BYTES = 65_536
THREAD_FROM_BYTES = 65_536  # reading more than this in the loop would make other beds wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how much this listener bears. All [own]."""

    largest_bytes: int = LARGEST_BYTES
    connections: int = 200
    idle_s: float = 300.0  # between messages
    message_s: float = 30.0  # from a message's first byte to its last
    handler_s: float = 20.0  # for the record to take it
    write_s: float = 10.0  # for the sender to take its answer


@dataclass(slots=True, kw_only=True)
class Counts:
    """What this listener has seen since it started; no patient data."""

    open: int = 0
    accepted: int = 0
    refused: int = 0
    cut_short: int = 0
    turned_away: int = 0


@dataclass(slots=True, kw_only=True)
class Listener:
    """One listening socket. The handler returns after the commit; `now` is our clock."""

    handler: Handler
    now: Callable[[], datetime]
    listening: Listening = field(default_factory=Listening)
    limits: Limits = field(default_factory=Limits)
    counts: Counts = field(default_factory=Counts)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self, host: str, port: int) -> asyncio.Server:
        """Listen; the caller closes the server it gets."""
        return await asyncio.start_server(self._take, host, port, limit=CHUNK_BYTES)

    async def stop(self, server: asyncio.Server) -> None:
        """Take no more connections, and hang up. What was not answered will be sent again."""
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.counts.open >= self.limits.connections:
            self.counts.turned_away += 1
            log.warning("monitor turned away", connections=self.counts.open)
            writer.close()
            return
        self.counts.open += 1
        task = asyncio.get_running_loop().create_task(_Line(self, reader, writer).serve())
        self._tasks.add(task)
        task.add_done_callback(self._gone)

    def _gone(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.counts.open -= 1
        if not task.cancelled() and (error := task.exception()):
            # A fault of ours ends one line, without an answer: its sender sends again.
            log.error("monitor line failed", exc_info=error)


@dataclass(slots=True)
class _Line:
    """One connection, its messages in order."""

    to: Listener
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    last_refusal: str = ""

    async def serve(self) -> None:
        framer = Framer(self.to.limits.largest_bytes)
        try:
            await self._serve(framer)
        except OSError as error:
            log.info("monitor line lost", why=type(error).__name__, midway=framer.is_midway)
        finally:
            self.to.counts.cut_short += sum(1 for _ in framer.end())
            self.writer.close()

    async def _serve(self, framer: Framer) -> None:
        began: float | None = None
        while data := await self._read(began):
            for frame in framer.feed(data):
                began = None
                await self._answer(frame)
            if framer.is_midway and began is None:
                began = asyncio.get_running_loop().time()

    async def _read(self, began: float | None) -> bytes:
        """The next bytes. A message that has begun has a fixed time to end, however it dribbles."""
        time = asyncio.get_running_loop().time()
        limits = self.to.limits
        until = time + limits.idle_s if began is None else began + limits.message_s
        async with asyncio.timeout_at(until):
            return await self.reader.read(CHUNK_BYTES)

    async def _answer(self, frame: Frame | BadFrame) -> None:
        if isinstance(frame, BadFrame):
            if frame.fault is Fault.CUT_SHORT:
                self.to.counts.cut_short += 1  # its sender knows: it had no answer
                return
            await self._send(ack.asked(frame.head), _too_large(self.to.limits.largest_bytes))
        else:
            outcome = await self._handle(frame.content)
            await self._send(ack.asked(frame.content[:HEAD_BYTES]), outcome)

    async def _handle(self, content: bytes) -> Accepted | Refusal:
        message = await self._message(content)
        if isinstance(message, Refusal):
            return message
        try:
            async with asyncio.timeout(self.to.limits.handler_s):
                return await self.to.handler(message)
        except (NotStored, TimeoutError) as error:
            log.error("message not stored", why=type(error).__name__)
            return _not_stored()

    async def _message(self, content: bytes) -> Message | Refusal:
        at, listening = self.to.now(), self.to.listening
        if len(content) < THREAD_FROM_BYTES:
            return read_message(content, received_at=at, listening=listening)
        return await asyncio.to_thread(read_message, content, received_at=at, listening=listening)

    async def _send(self, to: ack.Asked, outcome: Accepted | Refusal) -> None:
        at = self.to.now()
        if isinstance(outcome, Refusal):
            self.to.counts.refused += 1
            self._say_once(outcome.code)
            answer = ack.refuse(to, outcome, at=at)
        else:
            self.to.counts.accepted += 1
            self.last_refusal = ""
            answer = ack.accept(to, at=at)
        self.writer.write(framed(answer))
        async with asyncio.timeout(self.to.limits.write_s):
            await self.writer.drain()

    def _say_once(self, code: str) -> None:
        """A monitor at an empty bed is refused every second; the log needs that once."""
        if code != self.last_refusal:
            log.warning("messages refused", code=code)
        self.last_refusal = code


def _too_large(largest_bytes: int) -> Refusal:
    return Refusal(
        code="too-large",
        because=f"The message is larger than {largest_bytes:,} bytes.",
        remedy="Leave waveforms out, or send fewer of them in one message.",
    )


def _not_stored() -> Refusal:
    return Refusal(
        code="not-stored",
        because="The record could not be written just now.",
        remedy="Send the message again.",
    )
