"""One OBX segment: a plain reading, or the reason why not."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from afterglow.core.care.signs import PLAUSIBLE, Sign
from afterglow.devices.hl7v2.codes import Code, tables
from afterglow.devices.hl7v2.text import Segment
from afterglow.devices.hl7v2.times import Clock, Stamp
from afterglow.devices.hl7v2.values import Flag, Observed, Reason, Unread

NUMBER = re.compile(r"[+-]?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})", re.ASCII)
NUMERIC_TYPES = {"NM", "ST", ""}  # some HL7 2.2 senders call a number a string
READING = uuid5(NAMESPACE_OID, "afterglow.devices.hl7v2.reading")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the rest of the message says about every one of its observations."""

    device: str
    bed: str
    patient_id: str
    control_id: str
    clock: Clock
    training: bool  # MSH-11: a training message, nothing in it is a patient
    seen: Counter[tuple[str, str, str]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Told:
    """The time an observation has: its own, or its request's, or the message's."""

    words: str
    stamp: Stamp | None
    is_own: bool
    unreadable: bool = False  # it has a time of its own that cannot be meant


def read_observation(obx: Segment, told: Told, around: Around) -> tuple[int, Observed] | Unread:
    """A plain reading with the order of its method; or why there is none, and where."""
    known = tables().code(obx.coded(3))
    if trouble := _not_a_measurement(obx, known, told):
        return _unread(obx, known, *trouble)
    assert known is not None
    simulated = around.training or bool(obx.words(8) & tables().simulated_flags)
    if simulated and not around.clock.listening.accept_simulated:
        return _unread(obx, known, Reason.SIMULATED, obx[8] or "training message")
    unit = tables().unit(obx.coded(6))
    if unit is None or unit.symbol != known.sign.unit:
        return _unread(obx, known, Reason.UNKNOWN_UNIT, obx[6] or "no unit")
    value = unit.convert(float(obx[5]))
    low, high = PLAUSIBLE[known.sign]
    if not low <= value <= high:
        found = f"{value:g} {unit.symbol}, accepted {low:g} to {high:g}"
        return _unread(obx, known, Reason.IMPOSSIBLE, found)
    taken_at, flags = _when(obx, known, told, around.clock)
    return known.order, Observed(
        key=_key(obx, told, around, value=value, once=Flag.APERIODIC in flags and told.is_own),
        sign=known.sign,
        value=value,
        unit=unit.symbol,
        taken_at=taken_at,
        stated_at=told.words,
        code=obx[3],
        channel=obx[4],
        device=around.device,
        flags=frozenset(flags | ({Flag.SIMULATED} if simulated else set())),
    )


def _not_a_measurement(obx: Segment, known: Code | None, told: Told) -> tuple[Reason, str] | None:
    """Everything that speaks against the words in OBX-5, the plainest reason first."""
    value, is_number = obx[5].strip(), NUMBER.fullmatch(obx[5].strip())
    unknown_flags = obx.words(8) - tables().plain_flags - tables().simulated_flags
    reasons = {
        Reason.WAVEFORM: obx[2] == "NA" and "samples",
        Reason.NOT_A_RESULT: obx[11].strip() not in tables().standing_results and obx[11],
        Reason.UNKNOWN_CODE: known is None and (obx[3] or "no code"),
        Reason.NOT_PLAIN: " ".join(sorted(unknown_flags)),
        Reason.EMPTY: value in ("", '""') and "no value",
        Reason.NOT_NUMERIC: (not is_number or obx[2] not in NUMERIC_TYPES) and value,
        Reason.SENTINEL: is_number and float(value) in tables().sentinels and value,
        Reason.BAD_TIME: told.unreadable and told.words,
    }
    return next(((reason, found) for reason, found in reasons.items() if found), None)


def _key(obx: Segment, told: Told, around: Around, *, value: float, once: bool) -> UUID:
    """The reading's name, the same whenever the same measurement arrives.

    A cuff value that the monitor repeats with its own old time in message after message is one
    reading, so the message's number stays out. Where no time is stated, ours stands in: a monitor
    that numbers every message 1 must not lose all but its first.
    """
    stated = told.words or around.clock.received_at.isoformat()
    nth = (obx[3], obx[4], stated)
    around.seen[nth] += 1
    which = [around.device, around.bed, around.patient_id, "" if once else around.control_id]
    which += [*nth, str(around.seen[nth]), repr(value)]
    return uuid5(READING, "\x1f".join(which))


def _when(obx: Segment, known: Code, told: Told, clock: Clock) -> tuple[datetime, set[Flag]]:
    taken_at, flags = clock.ours(told.stamp.at if told.stamp else None)
    aperiodic = "APERIODIC" in obx.words(17) | obx.words(13)
    if aperiodic:
        flags.add(Flag.APERIODIC)
    if (known.cuff or aperiodic) and not (aperiodic and told.is_own):
        flags.add(Flag.AGE_UNKNOWN)
    if told.stamp and told.stamp.zone_assumed:
        flags.add(Flag.ZONE_ASSUMED)
    return taken_at, flags


def _unread(obx: Segment, known: Code | None, reason: Reason, found: str) -> Unread:
    sign: Sign | None = known.sign if known else None
    name = "^".join(obx.components(3)[:2])
    where = f"line {obx.line}, OBX {obx[1] or '-'}, {name or 'no code'}, channel {obx[4] or '-'}"
    return Unread(reason=reason, where=where[:200], found=found[:80], sign=sign)
