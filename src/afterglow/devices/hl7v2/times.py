"""When a reading was taken, by a monitor whose clock may be wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from afterglow.devices.hl7v2.values import Flag, Listening

# To the minute at least: a date alone says nothing of a reading. Up to 4 decimals, and an offset.
STAMP = re.compile(
    r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:\.(\d{1,4}))?(?:([+-])(\d\d)(\d\d))?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A stated time, in UTC, and whether its zone was only assumed."""

    at: datetime
    zone_assumed: bool


def read_stamp(text: str, *, zone: tzinfo) -> Stamp | None:
    """An HL7 time such as 20260912120000.0000+0530; None where it cannot be meant."""
    match = STAMP.fullmatch(text.strip())
    if match is None:
        return None
    if not 1970 <= int(match[1]) < 2200:
        return None
    year, month, day, hour, minute, second, fraction, sign, hours, minutes = match.groups("0")
    try:
        local = datetime(
            *(int(year), int(month), int(day), int(hour), int(minute), int(second)),
            int(fraction.ljust(6, "0")),
            tzinfo=_offset(sign, int(hours), int(minutes)) if match[8] else zone,
        )
        return Stamp(local.astimezone(UTC), zone_assumed=not match[8])
    except (ValueError, OverflowError):
        return None


def _offset(sign: str, hours: int, minutes: int) -> timezone:
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(-ahead if sign == "-" else ahead)


def own_offset(text: str) -> timezone | None:
    """The offset that MSH-7 states: it holds for every time in the message that states none."""
    match = STAMP.fullmatch(text.strip())
    if match is None or not match[8] or int(match[9]) > 14 or int(match[10]) > 59:
        return None
    return _offset(match[8], int(match[9]), int(match[10]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The monitor's clock beside ours, as one message shows it.

    `now` is the monitor's own present: the time it sent the message, or the latest time it states.
    """

    now: datetime | None
    received_at: datetime
    listening: Listening

    @property
    def offset(self) -> timedelta | None:
        """Ours minus the monitor's; None where it states no time."""
        return None if self.now is None else self.received_at - self.now

    @property
    def is_off(self) -> bool:
        """Too far ahead to be anything but wrong, or too far behind to be a slow network."""
        offset = self.offset
        return offset is not None and not (-self.listening.ahead <= offset <= self.listening.behind)

    def ours(self, stated: datetime | None) -> tuple[datetime, set[Flag]]:
        """The instant on our clock at which something stated by the monitor was so.

        Where its clock is off, what counts is how old the thing was when it was sent: an old cuff
        value stays old. Nothing is ever later than its receipt.
        """
        if stated is None or self.now is None:
            return self.received_at, {Flag.NO_TIME}
        at, flags = stated, set[Flag]()
        if self.is_off:
            at, flags = self.received_at - _age(self.now, stated), {Flag.CLOCK_OFF}
        at = min(at, self.received_at)
        if self.received_at - at > self.listening.late:
            flags.add(Flag.LATE)
        return at, flags


def _age(now: datetime, stated: datetime) -> timedelta:
    return max(now - stated, timedelta(0))


def clock_of(
    sent: Stamp | None, stated: Iterable[Stamp], *, received_at: datetime, listening: Listening
) -> Clock:
    """The monitor's clock: by MSH-7, else by the latest time anywhere in the message."""
    latest = max((stamp.at for stamp in stated), default=None)
    return Clock(now=sent.at if sent else latest, received_at=received_at, listening=listening)
