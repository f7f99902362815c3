"""Alarms begin, end, are passed on and sound again. Each of these is a fact; none is edited.

Every function here expects the session's row to be locked by the caller.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from afterglow.clinic.treatment import notices
from afterglow.clinic.treatment.models import Alarm, AlarmEnd, Escalation, Session
from afterglow.clinic.treatment.rules import policy_now
from afterglow.core.care import signs as care
from afterglow.core.care.limits import Limits
from afterglow.core.care.signs import Priority
from afterglow.core.care.silence import escalation, overdue
from afterglow.core.care.watch import Watch, standing

CHANGE_DUE = "rate-change-due"  # the signed plan is at another rate by now
RANK = {Priority.HIGH.value: 3, Priority.MEDIUM.value: 2, Priority.LOW.value: 1}


def begin(session: Session, alarms: Iterable[care.Alarm], *, again: Alarm | None = None) -> bool:
    """Write the alarms that begin. One that already stands, as bad or worse, is not repeated."""
    begun = False
    alarms = tuple(alarms)
    standing_now = list(open_alarms(session)) if alarms else []
    for alarm in alarms:
        same = [old for old in standing_now if old.code == alarm.code]
        if any(RANK[old.priority] >= alarm.priority.rank for old in same):
            continue
        for milder in same:
            _end(milder, at=alarm.at)
            standing_now.remove(milder)
        standing_now.append(Alarm.objects.create(**_fields(session, alarm), again=again))
        begun = True
    if begun:
        notices.changed(session.pk, "alarms")
    return begun


def settle(session: Session, watch: Watch, limits: Limits, *, at: datetime) -> None:
    """End the alarms whose condition is no more, and begin every one that is true and not open.

    Among them the signs that went silent, and a milder alarm left when a worse one ended.
    """
    silent = overdue(watch, limits, started_at=session.started_at, at=at)
    true = (*standing(watch, limits, at=at), *silent)
    true_now = {one.code for one in true}
    over = [a for a in open_alarms(session).exclude(sign="") if a.code not in true_now]
    for alarm in over:
        _end(alarm, at=at)
    if not begin(session, true) and over:
        notices.changed(session.pk, "alarms")


def pass_on(session: Session, watch: Watch, limits: Limits, *, at: datetime) -> None:
    """Escalate what nobody answered, and sound again what was answered and still lasts."""
    policy = policy_now()
    unanswered = open_alarms(session).filter(acknowledgement=None)
    for alarm in unanswered:
        _escalate(session, alarm, at=at)
    pause = timedelta(seconds=policy.watch.silence_most_s.value)
    silent = overdue(watch, limits, started_at=session.started_at, at=at)
    lasting = {one.code: one for one in (*standing(watch, limits, at=at), *silent)}
    answered = open_alarms(session).filter(
        acknowledgement__happened_at__lte=at - pause, sounded_again=None
    )
    for alarm in answered:
        if alarm.code in lasting:
            _end(alarm, at=at)
            begin(session, [lasting[alarm.code]], again=alarm)


def open_alarms(session: Session) -> QuerySet[Alarm]:
    """Alarms whose condition has not ended, oldest first."""
    mine = Alarm.objects.filter(encounter_id=session.pk, end=None)
    return mine.select_related("acknowledgement").order_by("happened_at")


def technical(
    session: Session,
    code: str,
    what: str,
    *,
    action: str,
    source: str,
    at: datetime,
    priority: Alarm.Priority = Alarm.Priority.LOW,
    again: Alarm | None = None,
) -> None:
    """An alarm about the treatment's own course, not about a sign."""
    Alarm.objects.create(
        patient_id=session.patient_id,
        encounter_id=session.pk,
        happened_at=at,
        since=at,
        code=code,
        priority=priority,
        what=what,
        action=action,
        source=source,
        grade="own",
        technical=True,
        policy_version=policy_now().version,
        again=again,
    )
    notices.changed(session.pk, "alarms")


def end_of(session: Session, code: str, *, at: datetime) -> None:
    """What this alarm asked for is done, or no longer wanted."""
    over = list(open_alarms(session).filter(code=code))
    for alarm in over:
        _end(alarm, at=at)
    if over:
        notices.changed(session.pk, "alarms")


def _escalate(session: Session, alarm: Alarm, *, at: datetime) -> None:
    step = escalation(
        Priority(alarm.priority),
        raised_at=alarm.happened_at,
        acknowledged_at=None,
        at=at,
        policy=policy_now(),
    )
    if step is None or alarm.escalations.filter(step=step.step).exists():
        return
    Escalation.objects.create(
        patient_id=alarm.patient_id,
        alarm=alarm,
        step=step.step,
        because=step.because,
        happened_at=at,
    )
    notices.changed(session.pk, "alarms")


def _end(alarm: Alarm, *, at: datetime) -> None:
    AlarmEnd.objects.create(patient_id=alarm.patient_id, alarm=alarm, happened_at=at)


def _fields(session: Session, alarm: care.Alarm) -> dict[str, object]:
    return {
        "patient_id": session.patient_id,
        "encounter_id": session.pk,
        "happened_at": alarm.at,
        "since": alarm.since,
        "code": alarm.code,
        "priority": alarm.priority.value,
        "what": ", ".join(part for part in (alarm.what, alarm.limit_text) if part),
        "sign": alarm.sign.value if alarm.sign else "",
        "value": alarm.value,
        "action": alarm.action,
        "source": alarm.source,
        "grade": str(alarm.grade),
        "technical": alarm.code.startswith("silent-"),
        "policy_version": policy_now().version,
    }
