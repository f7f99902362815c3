"""Silence is an alarm: when a sign is overdue, how that worsens, and who is called next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from afterglow.core.care.limits import NOW, Limits, Rule
from afterglow.core.care.policy import Policy
from afterglow.core.care.signs import Alarm, Priority, Sign
from afterglow.core.care.watch import Watch, pace
from afterglow.core.care.words import Grade

_OWN = "Afterglow project default"


def quiet_after(
    watch: Watch, limits: Limits, *, started_at: datetime, heard_at: datetime
) -> datetime | None:
    """The first instant at which some expected sign will be overdue. None: none is expected.

    One lost probe counts, even while the others are heard. A monitor whose clock runs ahead is
    held to `heard_at`, ours.
    """
    dues = [
        due
        for rule in limits.values()
        if (due := _due(watch, rule, started_at, heard_at)) is not None
    ]
    return min(dues, default=None)


def _last(watch: Watch, sign: Sign, started_at: datetime, heard_at: datetime) -> datetime:
    return min(watch[sign].last_at, heard_at) if sign in watch else started_at


def _due(watch: Watch, rule: Rule, started_at: datetime, heard_at: datetime) -> datetime | None:
    every = pace(rule, watch.get(rule.sign))
    if every is None:
        return None
    return _last(watch, rule.sign, started_at, heard_at) + every + rule.grace


def overdue(
    watch: Watch, limits: Limits, *, started_at: datetime, at: datetime
) -> tuple[Alarm, ...]:
    """The signs that are silent at `at`, worst first. Low at first, then medium."""
    silent = list(_silent(watch, limits, started_at, at))
    return tuple(sorted(silent, key=lambda alarm: (-alarm.priority.rank, alarm.since)))


def _silent(watch: Watch, limits: Limits, started_at: datetime, at: datetime) -> Iterator[Alarm]:
    for rule in limits.values():
        due = _due(watch, rule, started_at, at)
        if due is not None and at >= due:
            since = _last(watch, rule.sign, started_at, at)
            medium = at >= due - rule.grace + rule.medium_after
            yield _no_reading(rule.sign, Priority.MEDIUM if medium else Priority.LOW, since, at)


def _no_reading(sign: Sign, priority: Priority, since: datetime, at: datetime) -> Alarm:
    by_hand = sign.is_cuff or sign is Sign.SEDATION
    return Alarm(
        code=f"silent-{sign.value}",
        priority=priority,
        what=f"No reading of {sign.label[0].lower()}{sign.label[1:]}",
        sign=sign,
        value=None,
        limit_text="",
        since=since,
        at=at,
        action="Measure it now." if by_hand else "Look at the patient, then at the probe.",
        source=_OWN,
        grade=Grade.OWN,
    )


def is_stale(watch: Watch, sign: Sign, limits: Limits, at: datetime) -> bool:
    """Whether the screen must grey this number: it is older than its own pace allows."""
    if sign not in watch:
        return True
    rule = limits.get(sign)
    if rule is None:
        return False
    due = _due(watch, rule, watch[sign].last_at, at)
    if due is None and sign is Sign.DIASTOLIC and Sign.SYSTOLIC in limits:
        every = pace(limits[Sign.SYSTOLIC], watch[sign])  # one cuff gives both
        due = None if every is None else watch[sign].last_at + every + limits[Sign.SYSTOLIC].grace
    return due is not None and at >= due


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """What the software does because nobody has acknowledged an alarm."""

    step: str  # second-staff, room-and-on-call, sound-again
    because: str


def escalation(
    priority: Priority,
    *,
    raised_at: datetime,
    acknowledged_at: datetime | None,
    at: datetime,
    policy: Policy,
) -> Escalation | None:
    """Whom to call now. High: room and on-call at once, then again; medium: a second person."""
    waited = at - raised_at
    if priority is Priority.LOW or waited < NOW:
        return None
    if acknowledged_at is not None and acknowledged_at <= at:
        return None
    if priority is Priority.MEDIUM:
        after = timedelta(seconds=policy.watch.medium_second_staff_after_s.value)
        return _escalate("second-staff", waited) if waited >= after else None
    again = timedelta(seconds=policy.watch.high_sound_again_s.value)
    return _escalate("sound-again" if waited >= again else "room-and-on-call", waited)


def _escalate(step: str, waited: timedelta) -> Escalation:
    return Escalation(step=step, because=f"Not acknowledged for {waited.total_seconds():.0f} s.")


def silence_until(at: datetime, *, wanted: timedelta, policy: Policy) -> datetime:
    """Until when an alarm may be silenced: never longer than the policy allows."""
    most = timedelta(seconds=policy.watch.silence_most_s.value)
    return at + max(NOW, min(wanted, most))
