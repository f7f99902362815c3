"""Run a listener until this process is told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

from afterglow.devices.hl7v2.server import Listener


async def until_stopped(
    listener: Listener, host: str, port: int, *, say: Callable[[str], None]
) -> None:
    """Listen until SIGINT or SIGTERM. Raises OSError when the address is taken."""
    server = await listener.start(host, port)
    where = server.sockets[0].getsockname()
    say(f"Listening for monitors at {where[0]}, port {where[1]}.")
    await told_to_stop()
    await listener.stop(server)
    counts = listener.counts
    say(f"Stopped. {counts.accepted} messages accepted, {counts.refused} refused.")


async def told_to_stop() -> None:
    """Returns when SIGINT or SIGTERM comes."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
