"""Monitor messages into the record: the one place where HL7 meets the clinic's service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import DatabaseError

from afterglow.clinic.treatment.services import FromDevice, record_readings
from afterglow.core.care.signs import Reading
from afterglow.core.refusal import Refusal
from afterglow.devices.hl7v2.door import NotStored
from afterglow.devices.hl7v2.values import Observed


def record(
    *,
    bed: str,
    readings: Sequence[Observed],
    device: str,
    received_at: datetime,
    patient: str = "",
) -> int | Refusal:
    """Give a message's readings to the session in its bed. How many were new, after the commit.

    The reading that leads for its sign goes first, so that of two taken at the same instant the
    watch sees that one. Raises NotStored when the record cannot be written.
    """
    if not readings:
        return 0  # heard, but nothing to store: the clinic's own silence speaks of the missing sign
    leading_first = sorted(readings, key=lambda one: not one.leads)
    try:
        told = record_readings(
            bed=bed,
            readings=[_from_device(one) for one in leading_first],
            device=device[:80],
            received_at=received_at,
            patient=patient[:80],
        )
    except DatabaseError as error:
        raise NotStored("The record could not be written.") from error
    return told if isinstance(told, Refusal) else told.new


def _from_device(one: Observed) -> FromDevice:
    return FromDevice(
        id=one.key,
        reading=Reading(one.sign, one.value, one.taken_at),
        channel=one.channel[:40],
        flags=tuple(sorted(flag.value for flag in one.flags)),
    )
