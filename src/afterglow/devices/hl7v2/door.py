"""Where messages leave the devices and enter the clinic: by bed, to the session running there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog

from afterglow.core.errors import AfterglowError
from afterglow.core.refusal import Refusal
from afterglow.devices.hl7v2.values import Message, Observed

log = structlog.get_logger("afterglow.devices.hl7v2")


class NotStored(AfterglowError):
    """The record could not be written. Nothing is acknowledged; the sender tries again."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The message is durable: committed, or known from before."""

    new: int = 0


Handler = Callable[[Message], Awaitable[Accepted | Refusal]]


class RecordReadings(Protocol):
    """The clinic's one service for readings. It finds the session that runs at the bed."""

    def __call__(
        self,
        *,
        bed: str,
        readings: Sequence[Observed],
        device: str,
        received_at: datetime,
        patient: str = "",
    ) -> int | Refusal:
        """How many readings were new. Returns after the commit.

        `patient` is PID-3 as sent: whom the monitor believes it watches.
        """
        ...


def to_clinic(record: RecordReadings) -> Handler:
    """A handler that gives each message to the clinic, in a thread, and waits for its commit.

    A value that is no plain reading goes into the log, by sign and reason, when that changes.
    """
    missing: dict[str, frozenset[tuple[str, str]]] = {}

    async def handle(message: Message) -> Accepted | Refusal:
        if not message.bed:
            return bed_missing()
        now = frozenset((one.sign.value, one.reason.value) for one in message.unread if one.sign)
        if now != missing.get(message.bed, frozenset()):
            log.info("signs not readable", bed=message.bed, signs=sorted(now))
        missing.pop(message.bed, None)
        if now:
            missing[message.bed] = now
        told = await asyncio.to_thread(
            record,
            bed=message.bed,
            readings=message.readings,
            device=message.device,
            received_at=message.received_at,
            patient=message.patient_id,
        )
        return told if isinstance(told, Refusal) else Accepted(new=told)

    return handle


def bed_missing() -> Refusal:
    """A number without a bed belongs to nobody."""
    return Refusal(
        code="bed-missing",
        because="The message names no bed in PV1-3.",
        remedy="Enter the bed's name in the monitor's location setting.",
    )
