"""What a monitor's message says, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from uuid import UUID

from afterglow.core.care.signs import Sign


class Flag(StrEnum):
    """What a reader must know about a reading beside its number."""

    SIMULATED = "simulated"  # OBX-8 DEMO, or a training message
    APERIODIC = "aperiodic"  # measured once, at its own time
    AGE_UNKNOWN = "age-unknown"  # a cuff value without a time of its own: it may be old
    ZONE_ASSUMED = "zone-assumed"  # the monitor gave no offset: the listener's zone was used
    CLOCK_OFF = "clock-off"  # the monitor's clock is wrong: our clock decided
    LATE = "late"  # came long after it was taken
    NO_TIME = "no-time"  # the message states no time at all
    SECOND_SOURCE = "second-source"  # another channel or method leads for this sign


class Reason(StrEnum):
    """Why a value is not a plain reading."""

    UNKNOWN_CODE = "unknown-code"
    WAVEFORM = "waveform"
    NOT_A_RESULT = "not-a-result"  # OBX-11: could not be obtained, deleted, wrong
    SIMULATED = "simulated"
    NOT_PLAIN = "not-plain"  # OBX-8: test, invalid, questionable, calibrating ...
    EMPTY = "empty"
    SENTINEL = "sentinel"  # a number that means "no number"
    NOT_NUMERIC = "not-numeric"
    UNKNOWN_UNIT = "unknown-unit"
    IMPOSSIBLE = "impossible"
    BAD_TIME = "bad-time"
    GARBLED = "garbled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One plain reading. `value` is in the sign's own unit, `taken_at` is UTC on our clock."""

    key: UUID  # the same message twice gives the same keys
    sign: Sign
    value: float
    unit: str
    taken_at: datetime
    stated_at: str  # the monitor's own words for the time
    code: str  # as sent: "150456^MDC_PULS_OXIM_SAT_O2^MDC"
    channel: str  # OBX-4: two oximeters differ here
    device: str
    flags: frozenset[Flag] = frozenset()

    @property
    def leads(self) -> bool:
        """Whether this is the one to watch for its sign; see `prefer.mark_second_sources`."""
        return Flag.SECOND_SOURCE not in self.flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """One observation that is not a plain reading, so that nothing is dropped in silence."""

    reason: Reason
    where: str  # "OBX 4, 150456^MDC_PULS_OXIM_SAT_O2, channel 1.3.1"
    found: str  # the words that decided: "INV", "-100", "mmol"
    sign: Sign | None = None  # what it would have been, where that is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One ORU^R01, read. `bed` and `patient_id` are as sent: they identify, they do not prove."""

    control_id: str
    bed: str
    patient_id: str
    device: str
    version: str
    received_at: datetime
    sent_at: datetime | None
    clock_offset: timedelta | None  # ours minus the monitor's; None where it states no time
    readings: tuple[Observed, ...]
    unread: tuple[Unread, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """How this listener reads. One per listener, set by the clinic.

    `zone` is for monitors that send no offset. A monitor whose clock is ahead of ours by more than
    `ahead`, or behind by more than `behind`, is not believed: received time decides. Behind by
    less, it is believed, because a message held up by the network looks the same and its old
    numbers must not look new.  Both limits: [own].
    """

    zone: tzinfo = field(default=UTC)
    accept_simulated: bool = False  # a demonstration clinic only
    ahead: timedelta = timedelta(minutes=2)
    behind: timedelta = timedelta(hours=12)
    late: timedelta = timedelta(minutes=1)
