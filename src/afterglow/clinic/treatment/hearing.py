"""Readings come in: from a monitor, twice, late or out of order, or typed by a person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.chart.models import SECOND_SOURCE, Reading
from afterglow.clinic.people.models import User
from afterglow.clinic.record.again import FORM_USED
from afterglow.clinic.treatment import notices
from afterglow.clinic.treatment.alarming import begin, settle
from afterglow.clinic.treatment.doubtful import heed_whom_it_watches, measured_anew
from afterglow.clinic.treatment.models import Session
from afterglow.clinic.treatment.rules import continuous, limits_now
from afterglow.clinic.treatment.stages import lock
from afterglow.core.care import signs as care
from afterglow.core.care.limits import Limits
from afterglow.core.care.signs import Sign
from afterglow.core.care.silence import quiet_after
from afterglow.core.care.watch import Watch, dump_watch, follow, load_watch
from afterglow.core.refusal import Refusal

AHEAD_UP_TO = timedelta(seconds=2)  # two clocks never agree exactly


@dataclass(frozen=True, slots=True, kw_only=True)
class FromDevice:
    """One number of a device. `id` is made from the device's own words, so twice is one fact."""

    id: UUID
    reading: care.Reading
    channel: str = ""
    flags: tuple[str, ...] = ()

    @property
    def leads(self) -> bool:
        """False where another probe leads for this sign: this one is kept, but not watched."""
        return SECOND_SOURCE not in self.flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What became of a message: safe to acknowledge, for the transaction is over."""

    session_id: UUID
    new: int
    repeated: int
    unplaced: int  # measured before this session: perhaps another patient's, so filed nowhere


def record_readings(
    *,
    bed: str,
    readings: Sequence[FromDevice],
    device: str,
    received_at: datetime,
    patient: str = "",
) -> Recorded | Refusal:
    """File a device's numbers to the session in its bed, alarm, and move the silence deadline.

    Each number goes by the time it was measured: one from before the session may be of the
    patient who sat there last, and is never shown as this one's. `patient` is whom the device
    believes it watches.
    """
    told = {one.id: one for one in readings}
    with transaction.atomic():
        sessions = _sessions_of(bed, before=received_at)
        placed = {
            session: [one for one in told.values() if _belongs(one, session, received_at)]
            for session in sessions
        }
        if not any(placed.values()):
            return _no_session(bed)
        new = sum(
            _file(session, mine, sessions, device=device, received_at=received_at)
            for session, mine in placed.items()
            if mine
        )
        heed_whom_it_watches(sessions[0], patient, at=received_at)
    known = sum(map(len, placed.values()))
    return Recorded(
        session_id=next(s.pk for s, mine in placed.items() if mine),
        new=new,
        repeated=len(readings) - len(told) + known - new,
        unplaced=len(told) - known,
    )


def enter_readings(
    session: Session, *, values: Mapping[Sign, float], by: User, at: datetime, fact_id: UUID
) -> tuple[Reading, ...] | Refusal:
    """Numbers a person read off and typed. Raises BadInput for one no body can have."""
    typed = {
        uuid5(fact_id, sign.value): care.Reading(sign, value, at) for sign, value in values.items()
    }
    with transaction.atomic():
        held = lock(session)
        known = tuple(Reading.objects.filter(pk__in=typed))
        if any((r.encounter_id, r.value) != (held.pk, typed[r.pk].value) for r in known):
            return FORM_USED
        if known:
            return known
        if held.is_ended:
            return ended(held)
        rows = [_row(held, id, one, at=at, by=by) for id, one in typed.items()]
        made = tuple(Reading.objects.bulk_create(rows))
        limits = follow_on(held, typed.values(), at=at)
        notices.heard(held.pk, made, silent_after=covered_after(held, at=at, limits=limits))
        return made


def follow_on(session: Session, readings: Iterable[care.Reading], *, at: datetime) -> Limits:
    """Let the rules see new readings: alarms begin and end, the silence deadline moves.

    Returns the limits they were seen under.
    """
    limits = limits_now(session, at=at)
    in_order = sorted(readings, key=lambda reading: reading.taken_at)
    watch, alarms = follow(load_watch(session.watch), in_order, limits, heard_at=at)
    session.watch = dump_watch(watch)
    session.silent_after = _quiet(watch, limits, session, at)
    session.save(update_fields=["watch", "silent_after"])
    begin(session, alarms)
    settle(session, watch, limits, at=at)
    return limits


def covered_after(
    session: Session, *, at: datetime, limits: Limits | None = None
) -> datetime | None:
    """The instant from which a page must cover its numbers: no continuous sign was heard.

    One lost probe is an alarm of its own; it does not hide the signs that still arrive. `limits`
    are those of now, where the caller has them.
    """
    watch, paced = load_watch(session.watch), continuous(limits or limits_now(session, at=at))
    each = (_quiet(watch, {sign: rule}, session, at) for sign, rule in paced.items())
    return max((instant for instant in each if instant), default=None)


def _quiet(watch: Watch, limits: Limits, session: Session, at: datetime) -> datetime | None:
    return quiet_after(watch, limits, started_at=session.started_at, heard_at=at)


def _sessions_of(bed: str, *, before: datetime) -> list[Session]:
    """The newest two sessions of a bed, locked: late numbers may still belong to the last one."""
    mine = Session.objects.filter(bed=bed, started_at__lte=before).order_by("-started_at")
    return list(mine.select_related("plan", "patient").select_for_update(of=("self",))[:2])


def _belongs(one: FromDevice, session: Session, received_at: datetime) -> bool:
    taken_at = min(one.reading.taken_at, received_at)
    return session.started_at <= taken_at and (
        session.ended_at is None or taken_at <= session.ended_at
    )


def _file(
    session: Session,
    told: Sequence[FromDevice],
    of_bed: Sequence[Session],
    *,
    device: str,
    received_at: datetime,
) -> int:
    known = set(
        Reading.objects.filter(pk__in=[one.id for one in told]).values_list("pk", flat=True)
    )
    unheard = [_by_our_clock(one, received_at) for one in told if one.id not in known]
    new = measured_anew(unheard, of_bed)
    if not new:
        return 0
    rows = Reading.objects.bulk_create(
        _row(session, one.id, one.reading, at=one.reading.taken_at, device=device, told=one)
        for one in new
    )
    if not session.is_ended:
        limits = follow_on(session, [one.reading for one in new if one.leads], at=received_at)
        covered = covered_after(session, at=received_at, limits=limits)
        leading = [row for row in rows if SECOND_SOURCE not in row.flags]
        notices.heard(session.pk, leading, silent_after=covered)
    return len(new)


def _by_our_clock(one: FromDevice, received_at: datetime) -> FromDevice:
    """A number from the future would be the newest for ever: hold it to the instant we heard it."""
    reading = one.reading
    if reading.taken_at <= received_at:
        return one
    far = reading.taken_at > received_at + AHEAD_UP_TO
    return FromDevice(
        id=one.id,
        reading=care.Reading(reading.sign, reading.value, received_at),
        channel=one.channel,
        flags=(*one.flags, "clock-ahead") if far else one.flags,
    )


def _row(
    session: Session,
    id: UUID,
    reading: care.Reading,
    *,
    at: datetime,
    by: User | None = None,
    device: str = "",
    told: FromDevice | None = None,
) -> Reading:
    return Reading(
        pk=id,
        patient_id=session.patient_id,
        encounter_id=session.pk,
        happened_at=at,
        recorded_by=by,
        sign=reading.sign.value,
        value=reading.value,
        device=device,
        channel=told.channel if told else "",
        flags=list(told.flags) if told else [],
    )


def _no_session(bed: str) -> Refusal:
    return Refusal(
        code="no-session-in-bed",
        because=f"No session in {bed} covers the time of these readings.",
        remedy="Start the session, or check which room the monitor says it is in, and its clock.",
    )


def ended(session: Session) -> Refusal:
    """Nothing more is written to a session that is over."""
    when = f" at {at_clinic(session.ended_at):%H:%M}" if session.ended_at else ""
    return Refusal(
        code="session-ended",
        because=f"The session ended{when}.",
        remedy="Record what is found now on the patient's own page.",
    )
