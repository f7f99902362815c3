"""The loop that listens for silence: what no message will ever tell."""

import logging
from datetime import datetime, timedelta
from threading import Event
from uuid import UUID

from django.db import DatabaseError, close_old_connections, transaction
from django.utils.timezone import now

from afterglow.clinic.treatment.alarming import pass_on, settle
from afterglow.clinic.treatment.giving import finish
from afterglow.clinic.treatment.models import Alarm, Session, Watcher
from afterglow.clinic.treatment.rules import limits_now, pump_of
from afterglow.core.care.watch import load_watch

EVERY_S = 1.0
NAME = "silence"
# Ten missed rounds: whoever looks at a live page is then told that nobody listens.
GONE_AFTER = timedelta(seconds=10)

log = logging.getLogger(__name__)


def watch_for_silence(stop: Event) -> None:
    """One round a second until `stop`. A database that is away is waited for, not given up on."""
    while not stop.wait(EVERY_S):
        try:
            tend(now())
        except DatabaseError:
            log.exception("The watch for silence could not reach the database; trying again.")
        close_old_connections()


def tend(at: datetime) -> None:
    """One round over all sessions in progress, and a sign of life. Two loops at once do no harm."""
    for session_id in _to_look_at(at):
        with transaction.atomic():
            _tend_one(session_id, at)
    Watcher.objects.update_or_create(name=NAME, defaults={"seen_at": at})


def is_listening(at: datetime) -> bool:
    """True while the loop has been heard of lately."""
    return Watcher.objects.filter(name=NAME, seen_at__gte=at - GONE_AFTER).exists()


def _to_look_at(at: datetime) -> set[UUID | None]:
    """Sessions with something overdue, alarming, or a pump that may have come to its end."""
    going = Session.objects.in_progress()
    overdue = going.filter(silent_after__lte=at).values_list("pk", flat=True)
    giving = going.filter(stage=Session.Stage.RUNNING).values_list("pk", flat=True)
    alarming = Alarm.objects.filter(end=None, encounter__session__in=going)
    return {*overdue, *giving, *alarming.values_list("encounter_id", flat=True)}


def _tend_one(session_id: UUID | None, at: datetime) -> None:
    mine = Session.objects.in_progress().filter(pk=session_id).select_related("plan")
    session = mine.select_for_update(of=("self",), skip_locked=True).first()
    if session is None:
        return  # somebody is at work on it this very moment; the next round looks again
    if session.stage == Session.Stage.RUNNING:
        finish(session, pump_of(session, at=at), at=at)
    watch, limits = load_watch(session.watch), limits_now(session, at=at)
    settle(session, watch, limits, at=at)
    pass_on(session, watch, limits, at=at)
