"""The watch over one bed: readings in, alarms out. Same readings, same alarms, always."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from afterglow.core.care import saved
from afterglow.core.care.limits import NOW, Limit, Limits, Phase, Rule, limits_from
from afterglow.core.care.signs import PLAUSIBLE, Alarm, Priority, Reading, Sign

__all__ = [
    "PLAUSIBLE",
    "Alarm",
    "Limit",
    "Limits",
    "Outside",
    "Phase",
    "Priority",
    "Reading",
    "Rule",
    "Sign",
    "Track",
    "Watch",
    "age",
    "dump_watch",
    "follow",
    "limits_from",
    "load_watch",
    "pace",
    "standing",
    "step",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """One limit that a sign is outside of now."""

    code: str
    since: datetime
    alarming: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """All that is remembered of one sign between two readings."""

    last_at: datetime
    value: float
    outside: tuple[Outside, ...] = ()

    def of(self, code: str) -> Outside | None:
        return next((out for out in self.outside if out.code == code), None)


Watch: TypeAlias = Mapping[Sign, Track]  # starts empty


def follow(
    watch: Watch, readings: Iterable[Reading], limits: Limits, *, heard_at: datetime
) -> tuple[Watch, list[Alarm]]:
    """Take many readings. The result does not depend on how they were cut into messages.

    `heard_at` is our own clock at arrival. A monitor whose clock runs ahead is held to it, or its
    one wrong time would make every later reading look late and be passed over.
    """
    begun = []
    for reading in readings:
        watch, alarm = step(watch, reading, limits, heard_at=heard_at)
        if alarm is not None:
            begun.append(alarm)
    return watch, begun


def step(
    watch: Watch, reading: Reading, limits: Limits, *, heard_at: datetime
) -> tuple[Watch, Alarm | None]:
    """Take one reading. Return what to remember, and the alarm that begins, if one does."""
    at, before = min(reading.taken_at, heard_at), watch.get(reading.sign)
    if before and at <= before.last_at:
        return watch, None  # late or repeated: worth storing, not worth an alarm
    rule = limits.get(reading.sign, Rule(sign=reading.sign))
    outside = tuple(_outside(rule, reading.value, at, before))
    track = Track(last_at=at, value=reading.value, outside=outside)
    return {**watch, reading.sign: track}, _begins(rule, track, before)


def _outside(rule: Rule, value: float, at: datetime, before: Track | None) -> Iterator[Outside]:
    for limit in rule.limits:
        if limit.allows(value):
            continue
        known = before.of(limit.code) if before else None
        since = known.since if known else at
        # One reading alone never confirms, however short the wait is set.
        repeated = known is not None or not limit.confirm
        yield Outside(
            code=limit.code, since=since, alarming=repeated and at - since >= limit.must_persist
        )


def _begins(rule: Rule, track: Track, before: Track | None) -> Alarm | None:
    """The most urgent alarm that is new and not outranked by one that already stands."""
    was = {out.code for out in before.outside if out.alarming} if before else set()
    known = {out.code for out in before.outside} if before else set()
    now = {out.code: out for out in track.outside}
    old_rank = max((x.priority.rank for x in rule.limits if x.code in was & now.keys()), default=0)
    for limit in sorted(rule.limits, key=lambda x: -x.priority.rank):
        out = now.get(limit.code)
        if out is None or limit.code in was or limit.priority.rank <= old_rank:
            continue
        if out.alarming:
            return alarm_of(limit, out, track)
        if limit.confirm and limit.code not in known:
            return _ask_for_repeat(limit, out, track)
    return None


def standing(watch: Watch, limits: Limits, *, at: datetime) -> tuple[Alarm, ...]:
    """What is wrong now, the most urgent of each sign, worst first: for the screen."""
    worst = [found for sign in watch if (found := _worst(watch[sign], sign, limits, at))]
    return tuple(sorted(worst, key=lambda alarm: (-alarm.priority.rank, alarm.since)))


def _worst(track: Track, sign: Sign, limits: Limits, at: datetime) -> Alarm | None:
    rule = limits.get(sign, Rule(sign=sign))
    for limit in sorted(rule.limits, key=lambda x: -x.priority.rank):
        out = track.of(limit.code)
        if out is not None and out.alarming:
            return alarm_of(limit, out, track, at)
    for limit in rule.limits:
        out = track.of(limit.code)
        if out is not None and limit.confirm:
            return _ask_for_repeat(limit, out, track, at)
    return None


def alarm_of(limit: Limit, out: Outside, track: Track, at: datetime | None = None) -> Alarm:
    """The alarm that this limit raises, as it is to be read aloud."""
    return Alarm(
        code=limit.code,
        priority=limit.priority,
        what=f"{limit.sign.label} {track.value:g} {limit.sign.unit}".strip(),
        sign=limit.sign,
        value=track.value,
        limit_text=limit.text,
        since=out.since,
        at=at or track.last_at,
        action=limit.action,
        source=limit.source,
        grade=limit.grade,
    )


def _ask_for_repeat(limit: Limit, out: Outside, track: Track, at: datetime | None = None) -> Alarm:
    """One high cuff pressure is a question, not yet an alarm."""
    return Alarm(
        code=f"{limit.code}-unconfirmed",
        priority=Priority.LOW,
        what=f"{limit.sign.label} {track.value:g} {limit.sign.unit}, not confirmed",
        sign=limit.sign,
        value=track.value,
        limit_text=limit.text,
        since=out.since,
        at=at or track.last_at,
        action=f"Measure again after {limit.must_persist / timedelta(minutes=1):g} min.",
        source=limit.source,
        grade=limit.grade,
    )


def pace(rule: Rule, track: Track | None) -> timedelta | None:
    """How soon the next reading is expected; sooner while the last one was out of bounds."""
    if rule.at_least_every is None or track is None or rule.while_out_every is None:
        return rule.at_least_every
    fast = rule.fast_up_to is not None and track.value <= rule.fast_up_to
    if track.outside or fast:
        return min(rule.at_least_every, rule.while_out_every)
    return rule.at_least_every


def age(watch: Watch, sign: Sign, at: datetime) -> timedelta | None:
    """How old the newest reading is, by its own time. None if there is none."""
    return max(NOW, at - watch[sign].last_at) if sign in watch else None


def dump_watch(watch: Watch) -> dict[str, Any]:
    """What is remembered, as JSON can hold it."""
    return {sign.value: saved.dump(track) for sign, track in watch.items()}


def load_watch(data: Mapping[str, Any]) -> Watch:
    return {Sign(sign): saved.load(Track, track) for sign, track in data.items()}
