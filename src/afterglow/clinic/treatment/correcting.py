"""A number typed wrongly is put right: the old row stays, and the watch judges anew."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from afterglow.clinic.chart.models import LEADING, Reading
from afterglow.clinic.people.models import User
from afterglow.clinic.record.again import sent_before
from afterglow.clinic.record.models import CURRENT
from afterglow.clinic.treatment import notices
from afterglow.clinic.treatment.alarming import settle
from afterglow.clinic.treatment.hearing import covered_after
from afterglow.clinic.treatment.models import Session
from afterglow.clinic.treatment.rules import limits_now
from afterglow.clinic.treatment.stages import lock, rewatch
from afterglow.core.body import within
from afterglow.core.care import signs as care
from afterglow.core.care.signs import PLAUSIBLE, Sign
from afterglow.core.care.watch import dump_watch, follow, load_watch
from afterglow.core.refusal import Refusal


def correct_reading(
    session: Session, *, wrong: Reading, value: float, by: User, at: datetime, fact_id: UUID
) -> Reading | Refusal:
    """Say what a number typed by hand should have been; it keeps the time of its measurement.

    Raises BadInput for a number no body has. An alarm that rested on the wrong number ends.
    """
    sign = Sign(wrong.sign)
    low, high = PLAUSIBLE[sign]
    within(sign.label, value, low, high, sign.unit)
    try:
        with transaction.atomic():
            held = lock(session)
            if (
                known := sent_before(Reading, fact_id, corrects_id=wrong.pk, value=value)
            ) is not None:
                return known
            if refusal := _may_not_correct(held, wrong):
                return refusal
            right = Reading.objects.create(
                pk=fact_id,
                patient_id=held.patient_id,
                encounter_id=held.pk,
                happened_at=wrong.happened_at,
                recorded_by=by,
                corrects=wrong,
                sign=wrong.sign,
                value=value,
            )
            if not held.is_ended:
                _judge_anew(held, sign, right, at=at)
            return right
    except IntegrityError:
        return _corrected_already(wrong)


def _judge_anew(session: Session, sign: Sign, right: Reading, *, at: datetime) -> None:
    """Forget what the watch made of this sign, and let it see the sign's readings as they stand."""
    limits = limits_now(session, at=at)
    rows = Reading.objects.filter(CURRENT, LEADING, encounter_id=session.pk, sign=sign.value)
    seen = [care.Reading(sign, row.value, row.happened_at) for row in rows.order_by("happened_at")]
    others = {s: track for s, track in load_watch(session.watch).items() if s is not sign}
    watch, _ = follow(others, seen, limits, heard_at=at)
    session.watch = dump_watch(watch)
    session.save(update_fields=["watch"])
    rewatch(session, at=at)
    settle(session, watch, limits, at=at)
    covered = covered_after(session, at=at, limits=limits)
    notices.heard(session.pk, [right], silent_after=covered)
    notices.changed(session.pk, "ratings")


def _may_not_correct(session: Session, wrong: Reading) -> Refusal | None:
    if wrong.encounter_id != session.pk or wrong.device or wrong.recorded_by_id is None:
        return Refusal(
            code="not-typed-by-hand",
            because="Only a number that a person typed in this session is corrected here.",
            remedy="A monitor's number stays as it came; write a note about it.",
        )
    if Reading.objects.filter(corrects_id=wrong.pk).exists():
        return _corrected_already(wrong)
    return None


def _corrected_already(wrong: Reading) -> Refusal:
    newer = Reading.objects.filter(corrects_id=wrong.pk).select_related("recorded_by").first()
    by = newer.recorded_by.name if newer and newer.recorded_by else "Someone"
    said = f" to {newer.value:g}" if newer else ""
    return Refusal(
        code="corrected-already",
        because=f"{by} has corrected this number{said}.",
        remedy="Open the session again, and correct the newer number if it is wrong too.",
    )
