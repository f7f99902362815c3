"""Which of several sources of one sign leads, so that the bedside never jumps between two probes.

The rule: the better method first, by `order` in `codes.toml`; within a method the lowest channel
(OBX-4, its parts compared as numbers); then the first in the message. The others are kept, and
marked. They are not averaged: the mean of a good probe and a loose one is nobody's saturation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from afterglow.core.care.signs import Sign
from afterglow.devices.hl7v2.values import Flag, Observed

Place = tuple[int, tuple[int, ...], int]


def mark_second_sources(found: Sequence[tuple[int, Observed]]) -> tuple[Observed, ...]:
    """Readings with the order of their method -> readings, all but one for each sign marked."""
    leader: dict[Sign, Place] = {}
    places = [_place(order, reading, n) for n, (order, reading) in enumerate(found)]
    for place, (_, reading) in zip(places, found, strict=True):
        leader[reading.sign] = min(place, leader.get(reading.sign, place))
    return tuple(
        reading if leader[reading.sign] == place else _second(reading)
        for place, (_, reading) in zip(places, found, strict=True)
    )


def _place(order: int, reading: Observed, nth: int) -> Place:
    channel = tuple(int(part) for part in re.findall(r"[0-9]{1,9}", reading.channel))
    return (order, channel, nth)


def _second(reading: Observed) -> Observed:
    return replace(reading, flags=reading.flags | {Flag.SECOND_SOURCE})
