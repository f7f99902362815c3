"""Beds that send by the clock: one message a beat each, faults and all."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from afterglow.devices.simulator.faults import Batch, Fault, Outgoing, Stream, misbehave
from afterglow.devices.simulator.monitor import Monitor
from afterglow.devices.simulator.sender import Sender, Sent
from afterglow.devices.simulator.vitals import Probe, VitalsAt

MOST_WAITING = 600  # messages a bed keeps while nobody answers; then the oldest go


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """A monitor at a bed, the body it measures, and how it misbehaves."""

    monitor: Monitor
    vitals_at: VitalsAt
    seed: int
    faults: Sequence[Fault] = ()

    def stream(self, now: Callable[[], datetime]) -> Stream:
        """One batch each time it is asked, measured at that moment."""
        return misbehave(self._measured(now), self.faults, seed=self.seed)

    def _measured(self, now: Callable[[], datetime]) -> Stream:
        probe = Probe(random.Random(self.seed))
        while True:
            at = now()
            yield (Outgoing(self.monitor.message(probe.measure(self.vitals_at(at)), at=at)),)


@dataclass(slots=True, kw_only=True)
class Running:
    """One bed at work: a beat that measures, a line that delivers, and neither waits."""

    bed: Bed
    sender: Sender
    now: Callable[[], datetime]
    every_s: float
    beats: int | None = None  # None: until cancelled
    lost: int = 0  # thrown away because nobody answered for too long
    _waiting: asyncio.Queue[Outgoing | None] = field(
        default_factory=lambda: asyncio.Queue(MOST_WAITING)
    )

    async def run(self, *, starts_after_s: float = 0.0) -> Sent:
        """Send until the beats are over and everything is answered."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._deliver())
                tasks.create_task(self._beat(starts_after_s))
        finally:
            self.sender.hang_up()
        return self.sender.sent

    async def _beat(self, starts_after_s: float) -> None:
        clock = asyncio.get_running_loop()
        next_at, stream, done = clock.time() + starts_after_s, self.bed.stream(self.now), 0
        while self.beats is None or done < self.beats:
            await asyncio.sleep(max(0.0, next_at - clock.time()))
            # In a thread: the recorded doses come from a database.
            for out in await asyncio.to_thread(_next, stream):
                self._put(out)
            next_at, done = next_at + self.every_s, done + 1
        await self._waiting.put(None)

    def _put(self, out: Outgoing) -> None:
        if self._waiting.full():
            self._waiting.get_nowait()
            self.lost += 1
        self._waiting.put_nowait(out)

    async def _deliver(self) -> None:
        while (out := await self._waiting.get()) is not None:
            await self.sender.deliver(out)


def _next(stream: Stream) -> Batch:
    return next(stream)


async def run_beds(beds: Sequence[Running]) -> list[Sent]:
    """All beds at once, their beats spread evenly so that they do not arrive together."""
    async with asyncio.TaskGroup() as tasks:
        running = [
            tasks.create_task(bed.run(starts_after_s=bed.every_s * n / len(beds)))
            for n, bed in enumerate(beds)
        ]
    return [task.result() for task in running]
