"""The loop that listens for silence: what no message will ever tell."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from threading import Event
from uuid import UUID

from django.db import DatabaseError, close_old_connections, transaction
from django.utils.timezone import now

from afterglow.clinic.chart.models import DoseGiven
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.record.models import CURRENT
from afterglow.clinic.treatment.alarming import pass_on, settle
from afterglow.clinic.treatment.giving import finish
from afterglow.clinic.treatment.models import Alarm, Session, Watcher
from afterglow.clinic.treatment.prompting import prompt
from afterglow.clinic.treatment.pump import pump_at
from afterglow.clinic.treatment.rules import limits_now, pump_of, steps_of
from afterglow.clinic.treatment.steps import Steps
from afterglow.core.care.watch import load_watch
from afterglow.core.errors import AfterglowError

EVERY_S = 1.0
NAME = "silence"
# Ten missed rounds: whoever looks at a live page is then told that nobody listens.
GONE_AFTER = timedelta(seconds=10)

UNREADABLE = (AfterglowError, LookupError, TypeError, ValueError)

log = logging.getLogger(__name__)


def watch_for_silence(stop: Event) -> None:
    """One round a second until `stop`. A database that is away is waited for, not given up on."""
    while not stop.wait(EVERY_S):
        try:
            tend(now())
        except DatabaseError:
            log.exception("The watch for silence could not reach the database; trying again.")
        except NotAllWatched as error:
            log.error("%s", error)  # each cause was logged where it happened
        close_old_connections()


class NotAllWatched(Exception):
    """Some session could not be looked at. The others were."""


def tend(at: datetime) -> None:
    """One round over all sessions in progress, and a sign of life. Two loops at once do no harm.

    A session whose row cannot be read must not leave the other beds unwatched: they are looked at
    first. Then it raises `NotAllWatched`, without the sign of life, so that every live page says
    that the watch is not whole.
    """
    unread = []
    for session_id in _to_look_at(at):
        try:
            with transaction.atomic():
                _tend_one(session_id, at)
        except UNREADABLE:
            log.exception("The watch could not look at session %s.", session_id)
            unread.append(str(session_id))
    if unread:
        raise NotAllWatched(f"Not watched: session {', '.join(unread)}.")
    Watcher.objects.update_or_create(name=NAME, defaults={"seen_at": at})


def is_listening(at: datetime) -> bool:
    """True while the loop has been heard of lately."""
    return Watcher.objects.filter(name=NAME, seen_at__gte=at - GONE_AFTER).exists()


def _to_look_at(at: datetime) -> set[UUID | None]:
    """Sessions with something overdue, alarming, or a pump to be set anew or at its end."""
    going = Session.objects.in_progress()
    overdue = going.filter(silent_after__lte=at).values_list("pk", flat=True)
    alarming = Alarm.objects.filter(end=None, encounter__session__in=going)
    return {*overdue, *alarming.values_list("encounter_id", flat=True), *_pumps_due(at)}


def _pumps_due(at: datetime) -> Iterator[UUID | None]:
    """Running sessions whose pump has come to its end or to a step, reckoned from two queries.

    To open every running session each second instead would keep the monitors' messages waiting.
    """
    running = Session.objects.filter(stage=Session.Stage.RUNNING).select_related("plan")
    plans = {session.pk: session.plan for session in running}
    rows = DoseGiven.objects.filter(CURRENT, encounter__in=plans, happened_at__lte=at)
    in_order = rows.order_by("encounter_id", "happened_at", "recorded_at")
    for session_id, mine in groupby(in_order, key=lambda row: row.encounter_id):
        if _is_due(plans[session_id], list(mine), at):
            yield session_id


def _is_due(plan: Plan, rows: list[DoseGiven], at: datetime) -> bool:
    try:
        pump = pump_at(rows, planned_mg=plan.amount_mg, at=at)
        over = pump.ends_at is not None and pump.ends_at <= at
        return over or Steps(schedule=plan.schedule, pump=pump, at=at).is_due
    except UNREADABLE:
        return True  # to be looked at by itself: the other beds must not wait for it


def _tend_one(session_id: UUID | None, at: datetime) -> None:
    mine = Session.objects.in_progress().filter(pk=session_id).select_related("plan")
    session = mine.select_for_update(of=("self",), skip_locked=True).first()
    if session is None:
        return  # somebody is at work on it this very moment; the next round looks again
    if session.stage == Session.Stage.RUNNING:
        pump = pump_of(session, at=at)
        finish(session, pump, at=at)
        prompt(session, steps_of(session, pump, at=at), at=at)
    watch, limits = load_watch(session.watch), limits_now(session, at=at)
    settle(session, watch, limits, at=at)
    pass_on(session, watch, limits, at=at)
