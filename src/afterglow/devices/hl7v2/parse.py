"""An ORU^R01 message from a bedside monitor, read. Pure: the clock is an argument."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from afterglow.core.refusal import Refusal
from afterglow.devices.hl7v2.codes import tables
from afterglow.devices.hl7v2.prefer import mark_second_sources
from afterglow.devices.hl7v2.readings import Around, Told, read_observation
from afterglow.devices.hl7v2.text import Segment, Text, not_hl7, read_text
from afterglow.devices.hl7v2.times import Stamp, clock_of, own_offset, read_stamp
from afterglow.devices.hl7v2.values import Listening, Message, Observed, Reason, Unread

MOST_SEGMENTS = 5_000


def read_message(raw: bytes, *, received_at: datetime, listening: Listening) -> Message | Refusal:
    """Everything one message says, each observation as a reading or as the reason why not.

    Never raises, whatever the bytes. The same bytes give the same readings with the same keys,
    whenever they arrive.
    """
    text = read_text(raw)
    if isinstance(text, Refusal):
        return text
    return _not_for_us(text) or _message(text, received_at=received_at, listening=listening)


def _not_for_us(text: Text) -> Refusal | None:
    kind = text.header.components(9)
    if kind[0] != "ORU" or (kind[1:] and kind[1] not in ("", "R01")):
        return Refusal(
            code="not-a-result-message",
            because=f"Only ORU R01 is read here, and this is {' '.join(kind[:2]) or 'of no type'}.",
            remedy="Send results as ORU R01, and other events elsewhere.",
            source="HL7 v2.6 chapter 7",
        )
    if len(text.segments) > MOST_SEGMENTS:
        return not_hl7(f"The message has more than {MOST_SEGMENTS} segments.")
    if (
        len({_patient(s) for s in text.all("PID")}) > 1
        or len({_bed(s) for s in text.all("PV1")}) > 1
    ):
        return Refusal(
            code="two-patients",
            because="The message speaks of more than one patient or bed.",
            remedy="Set the gateway to send one bed in each message.",
        )
    return None


def _message(text: Text, *, received_at: datetime, listening: Listening) -> Message:
    header = text.header
    zone = own_offset(header[7]) or listening.zone
    sent, told = read_stamp(header[7], zone=zone), dict(_times(text, zone))
    stamps = [one.stamp for one in told.values() if one.stamp]
    clock = clock_of(sent, stamps, received_at=received_at, listening=listening)
    around = Around(
        device=_device(header),
        bed=next((_bed(segment) for segment in text.all("PV1")), ""),
        patient_id=next((_patient(segment) for segment in text.all("PID")), ""),
        control_id=header[10].strip(),
        clock=clock,
        training=header.components(11)[0] in tables().training_ids,
    )
    results = [read_observation(obx, told[obx.line], around) for obx in text.all("OBX")]
    unread = [one for one in results if isinstance(one, Unread)]
    return Message(
        control_id=around.control_id,
        bed=around.bed,
        patient_id=around.patient_id,
        device=around.device,
        version=header.components(12)[0],
        received_at=received_at,
        sent_at=sent.at if sent else None,
        clock_offset=clock.offset,
        readings=_plain(results),
        unread=(*unread, *_garbled(text)),
    )


def _plain(results: list[tuple[int, Observed] | Unread]) -> tuple[Observed, ...]:
    return mark_second_sources([one for one in results if isinstance(one, tuple)])


def _times(text: Text, zone: tzinfo) -> Iterator[tuple[int, Told]]:
    """The line of each OBX and its time: OBX-14, else the OBR-7 above it, else MSH-7."""
    above = _told(text.header[7], zone, is_own=False)
    for segment in text.segments:
        if segment.name == "OBR":
            above = _first_readable(segment[7], text.header[7], zone)
        elif segment.name == "OBX":
            own = segment.components(14)[0].strip()
            yield segment.line, _told(own, zone, is_own=True) if own else above


def _told(words: str, zone: tzinfo, *, is_own: bool) -> Told:
    stamp: Stamp | None = read_stamp(words, zone=zone)
    return Told(words, stamp, is_own, unreadable=is_own and stamp is None)


def _first_readable(request: str, message: str, zone: tzinfo) -> Told:
    told = _told(request, zone, is_own=False)
    return told if told.stamp else _told(message, zone, is_own=False)


def _device(header: Segment) -> str:
    """MSH-3 and MSH-4: the maker's name with its own identifier, as far as it is given."""
    parts = [header.plain(part) for part in (*header.components(3)[:2], header[4])]
    return "/".join(part for part in parts if part)


def _bed(pv1: Segment) -> str:
    """PV1-3 as one word: unit, room and bed, as far as they are given: "ICU/5", "Doc1/5/1"."""
    parts = [pv1.plain(piece) for pieces in pv1.pieces(3)[:3] for piece in pieces]
    return "/".join(part for part in parts if part)


def _patient(pid: Segment) -> str:
    """PID-3, else the old PID-2. Says which patient the monitor believes it watches, no more."""
    return pid.plain(pid.components(3)[0]) or pid.plain(pid.components(2)[0])


def _garbled(text: Text) -> Iterator[Unread]:
    for line, words in text.garbled:
        yield Unread(reason=Reason.GARBLED, where=f"line {line}", found=words)
