"""`afterglow listen`: take readings from bedside monitors, and watch for silence."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from zoneinfo import ZoneInfo

import typer


def listen(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 2575,
    zone: Annotated[
        str, typer.Option(help="Time zone of monitors that send none; without it, the clinic's.")
    ] = "",
    accept_simulated: Annotated[
        bool | None,
        typer.Option(help="Take a simulator's numbers, marked. Without it: in a demonstration."),
    ] = None,
    watch: Annotated[
        bool, typer.Option(help="Also raise the alarms of silence; one listener must.")
    ] = True,
) -> None:
    """Listen for HL7 v2 ORU R01 messages over MLLP until stopped."""
    import asyncio

    from afterglow.cli.setup import clinic

    clinic()
    from django.conf import settings
    from django.utils.timezone import now

    from afterglow.devices.hl7v2.clinic import record
    from afterglow.devices.hl7v2.door import to_clinic
    from afterglow.devices.hl7v2.serve import until_stopped
    from afterglow.devices.hl7v2.server import Listener
    from afterglow.devices.hl7v2.values import Listening
    from afterglow.devices.threads import with_live_connection

    demonstration = settings.DEMO if accept_simulated is None else accept_simulated
    listening = Listening(
        zone=_zone(zone or settings.CLINIC_TIME_ZONE), accept_simulated=demonstration
    )
    handler = to_clinic(with_live_connection(record))
    listener = Listener(handler=handler, now=now, listening=listening)
    try:
        with _watching(watch):
            asyncio.run(until_stopped(listener, host, port, say=typer.echo))
    except OSError as error:
        typer.echo(f"Cannot listen at {host}, port {port}: {error.strerror}.", err=True)
        raise typer.Exit(1) from error


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError) as error:
        typer.echo(f"{name!r} is no time zone; write it like Europe/Berlin.", err=True)
        raise typer.Exit(2) from error


@contextmanager
def _watching(wanted: bool) -> Iterator[None]:
    """The watch for silence beside the listener, for as long as it listens."""
    from threading import Event, Thread

    from afterglow.clinic.treatment.services import watch_for_silence

    stop = Event()
    thread = Thread(target=watch_for_silence, args=(stop,), name="silence", daemon=True)
    if wanted:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        if wanted:
            thread.join(timeout=5)
