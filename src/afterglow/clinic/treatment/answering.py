"""What people say in a session: ratings, remarks, and that they have seen an alarm."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from django.db import transaction

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.chart.models import Rating
from afterglow.clinic.people.models import User
from afterglow.clinic.record.again import sent_before
from afterglow.clinic.treatment import notices
from afterglow.clinic.treatment.alarming import CHANGE_DUE, begin
from afterglow.clinic.treatment.hearing import ended, follow_on
from afterglow.clinic.treatment.models import Acknowledgement, Alarm, AlarmEnd, Remark, Session
from afterglow.clinic.treatment.rules import pump_of
from afterglow.clinic.treatment.stages import lock, rewatch, stop_pump
from afterglow.core.body import within
from afterglow.core.care.signs import Reading, Sign
from afterglow.core.care.symptoms import Symptom, raise_symptom
from afterglow.core.care.watch import load_watch
from afterglow.core.refusal import Refusal

MOAAS = "moaa-s"
CADSS = "cadss-23"
CADSS6 = "cadss-6"


@dataclass(frozen=True, slots=True)
class Scale:
    """A rating taken in a session: how it is called and its highest value (the lowest is 0)."""

    label: str
    most: int


SCALES: Mapping[str, Scale] = MappingProxyType(
    {
        MOAAS: Scale("Sedation (MOAA/S)", 5),
        CADSS: Scale("Dissociation (CADSS)", 92),
        CADSS6: Scale("Dissociation, short (CADSS-6)", 24),
        "nrs-distress": Scale("Distress", 10),
        "nrs-nausea": Scale("Nausea", 10),
    }
)


def rate(
    session: Session, *, scale: str, value: float, by: User, at: datetime, fact_id: UUID
) -> Rating | Refusal:
    """Record a rating. Sedation is watched like a sign: too deep alarms."""
    within(scale, value, 0, SCALES[scale].most, "")
    with transaction.atomic():
        held = lock(session)
        if known := Rating.objects.filter(pk=fact_id).first():
            mine = (known.encounter_id, known.scale, known.value) == (held.pk, scale, value)
            return known if mine else _other(known)
        if held.is_ended:
            return ended(held)
        rating = Rating.objects.create(
            pk=fact_id,
            patient_id=held.patient_id,
            encounter_id=held.pk,
            scale=scale,
            value=value,
            happened_at=at,
            recorded_by=by,
        )
        if scale == MOAAS:
            follow_on(held, [Reading(Sign.SEDATION, value, at)], at=at)
        notices.changed(held.pk, "ratings")
        return rating


def acknowledge(
    alarm: Alarm, *, reason: str, by: User, at: datetime, fact_id: UUID
) -> Acknowledgement:
    """A person has taken this alarm on. Two at once: the first counts, the second sees who."""
    with transaction.atomic():
        session = Session.objects.select_for_update().get(pk=alarm.encounter_id)
        if first := Acknowledgement.objects.filter(alarm=alarm).first():
            return first
        seen = Acknowledgement.objects.create(
            pk=fact_id,
            patient_id=alarm.patient_id,
            alarm=alarm,
            reason=reason,
            happened_at=at,
            recorded_by=by,
        )
        ends_by_itself = bool(alarm.sign) or alarm.code == CHANGE_DUE  # the pump is set, at last
        if not ends_by_itself and not AlarmEnd.objects.filter(alarm=alarm).exists():
            # Nothing measured will ever end it: being answered does.
            AlarmEnd.objects.create(patient_id=alarm.patient_id, alarm=alarm, happened_at=at)
        notices.changed(session.pk, "alarms")
        return seen


def remark(
    session: Session,
    *,
    by: User,
    at: datetime,
    fact_id: UUID,
    text: str = "",
    symptom: Symptom | None = None,
) -> Remark | Refusal:
    """Note what was seen or said. A symptom alarms; the wish to stop also pauses the record."""
    with transaction.atomic():
        held = lock(session)
        said = {"symptom": symptom.value if symptom else "", "text": text}
        if known := sent_before(Remark, fact_id, encounter_id=held.pk, **said):
            return known
        made = Remark.objects.create(
            pk=fact_id,
            patient_id=held.patient_id,
            encounter_id=held.pk,
            **said,
            happened_at=at,
            recorded_by=by,
        )
        if symptom is not None and not held.is_ended:
            _alarm_of(held, symptom, by=by, at=at)
        notices.changed(held.pk, "ratings")  # the page fetches its list of what happened
        return made


def _alarm_of(session: Session, symptom: Symptom, *, by: User, at: datetime) -> None:
    if symptom is Symptom.ASKS_TO_STOP and pump_of(session, at=at).is_running:
        stop_pump(session, by=by, at=at)
        rewatch(session, at=at)
        notices.changed(session.pk, "doses")
    begin(session, [raise_symptom(symptom, at=at, watch=load_watch(session.watch))])


def _other(known: Rating) -> Refusal:
    return Refusal(
        code="form-used",
        because=f"This form has already recorded {known.value:g} "
        f"for {SCALES[known.scale].label} at {at_clinic(known.happened_at):%H:%M}.",
        remedy="Open the form again to record another value.",
    )
