"""How a monitor misbehaves: each fault a function from one stream of messages to another.

A stream gives one batch for each beat of the monitor, so that a fault may drop, double, hold or
spoil messages without changing when the monitor measures. Seeded: the same seed, the same run.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from enum import Enum

from afterglow.devices.hl7v2.times import read_stamp
from afterglow.devices.simulator.monitor import stamp


class Hurt(Enum):
    """What the sender does to a message on the line."""

    NOTHING = "sent whole"
    HALF = "the line dies in mid-message; it is sent again, whole, on a new one"
    NOISE = "sent as it is, without a frame; nobody answers"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One thing to put on the line."""

    content: bytes
    hurt: Hurt = Hurt.NOTHING


Batch = tuple[Outgoing, ...]
Stream = Iterator[Batch]
Fault = Callable[[Stream, random.Random], Stream]


def duplicates(*, chance: float = 0.2) -> Fault:
    """A message comes twice."""

    def fault(stream: Stream, dice: random.Random) -> Stream:
        for batch in stream:
            yield tuple(one for m in batch for one in [m] * (1 + (dice.random() < chance)))

    return fault


def delays(*, chance: float = 0.1, most_beats: int = 8) -> Fault:
    """A message is held back for some beats; those behind it overtake it."""

    def fault(stream: Stream, dice: random.Random) -> Stream:
        held: list[tuple[int, Outgoing]] = []
        for beat, batch in enumerate(stream):
            late = [m for m in batch if dice.random() < chance]
            due = tuple(m for when, m in held if when <= beat)
            held = [(when, m) for when, m in held if when > beat]
            held += [(beat + dice.randint(1, most_beats), m) for m in late]
            yield due + tuple(m for m in batch if m not in late)
        yield tuple(m for _, m in held)

    return fault


def reordering(*, chance: float = 0.2) -> Fault:
    """Two messages change places."""

    def fault(stream: Stream, dice: random.Random) -> Stream:
        kept: Batch = ()
        for batch in stream:
            if kept:
                yield batch + kept
                kept = ()
            elif dice.random() < chance:
                kept = batch
                yield ()
            else:
                yield batch
        yield kept

    return fault


def drop_outs(*, chance: float = 0.03, beats: int = 10) -> Fault:
    """The monitor falls silent for a while."""

    def fault(stream: Stream, dice: random.Random) -> Stream:
        silent = 0
        for batch in stream:
            silent = silent - 1 if silent > 0 else beats * (dice.random() < chance)
            yield () if silent else batch

    return fault


def sentinels(*, chance: float = 0.2) -> Fault:
    """A number that means "no number" in place of a value."""
    return _in_one_value(
        chance, lambda dice: {5: dice.choice([b"-100", b"8388607", b"32767", b""])}
    )


def demo_flags(*, chance: float = 0.2) -> Fault:
    """A value marked as the device's own demonstration."""
    return _in_one_value(chance, lambda _: {8: b"DEMO"})


def bad_flags(*, chance: float = 0.2) -> Fault:
    """A value that the device itself does not stand by."""
    return _in_one_value(chance, lambda dice: {8: dice.choice([b"INV", b"QUES", b"TEST", b"OFF"])})


def garbage(*, chance: float = 0.1) -> Fault:
    """Noise on the line between messages, and frames that hold no HL7."""

    def fault(stream: Stream, dice: random.Random) -> Stream:
        for batch in stream:
            noise: Batch = ()
            if dice.random() < chance:
                hurt = dice.choice([Hurt.NOISE, Hurt.NOTHING])
                noise = (Outgoing(bytes(dice.choices(range(0x20, 0x7F), k=40)), hurt),)
            yield noise + batch

    return fault


def half_messages(*, chance: float = 0.05) -> Fault:
    """The line dies in the middle of a message."""

    def fault(stream: Stream, dice: random.Random) -> Stream:
        for batch in stream:
            yield tuple(replace(m, hurt=Hurt.HALF) if dice.random() < chance else m for m in batch)

    return fault


def clock_off(*, by: timedelta = timedelta(days=-2000)) -> Fault:
    """The monitor's clock is wrong by years, the same in every time it states."""

    def fault(stream: Stream, _: random.Random) -> Stream:
        for batch in stream:
            yield tuple(replace(m, content=_shifted(m.content, by)) for m in batch)

    return fault


FAULTS: Mapping[str, Callable[[], Fault]] = {
    "duplicates": duplicates,
    "delays": delays,
    "reordering": reordering,
    "drop-outs": drop_outs,
    "sentinels": sentinels,
    "demo-flags": demo_flags,
    "bad-flags": bad_flags,
    "garbage": garbage,
    "half-messages": half_messages,
    "clock-off": clock_off,
}


def misbehave(stream: Stream, faults: Sequence[Fault], *, seed: int) -> Stream:
    """The stream after all these faults, the first applied first, each with its own dice."""
    for nth, fault in enumerate(faults):
        stream = fault(stream, random.Random(f"{seed}/{nth}"))
    return stream


def _in_one_value(chance: float, change: Callable[[random.Random], dict[int, bytes]]) -> Fault:
    """Overwrite fields of one OBX of some messages."""

    def fault(stream: Stream, dice: random.Random) -> Stream:
        for batch in stream:
            yield tuple(
                _with_fields(m, dice, change(dice)) if dice.random() < chance else m for m in batch
            )

    return fault


def _with_fields(message: Outgoing, dice: random.Random, fields: dict[int, bytes]) -> Outgoing:
    lines = message.content.split(b"\r")
    values = [n for n, line in enumerate(lines) if line.startswith(b"OBX|")]
    if not values:
        return message
    chosen = dice.choice(values)
    words = lines[chosen].split(b"|")
    for number, word in fields.items():
        words[number] = word
    lines[chosen] = b"|".join(words)
    return replace(message, content=b"\r".join(lines))


def _shifted(content: bytes, by: timedelta) -> bytes:
    def moved(match: re.Match[bytes]) -> bytes:
        read = read_stamp(match[0].decode(), zone=UTC)
        return stamp(read.at + by).encode() if read else match[0]

    return re.sub(rb"\d{14}\.\d{3}\+0000", moved, content)
