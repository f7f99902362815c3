"""Measurements entered by hand, outside a session."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from afterglow.clinic.chart.models import Finding, Reading
from afterglow.clinic.people.models import Patient, User
from afterglow.clinic.record.again import FORM_USED, sent_before
from afterglow.core.body import within
from afterglow.core.care.watch import PLAUSIBLE, Sign
from afterglow.core.refusal import Refusal


def measure(
    *, patient: Patient, values: Mapping[Sign, float], by: User, at: datetime, fact_id: UUID
) -> list[Reading] | Refusal:
    """Record what was measured together, by hand. Sending the same form twice adds nothing.

    Raises BadInput for a number no body has, naming the sign and the range: nothing is written.
    """
    for sign, value in values.items():
        low, high = PLAUSIBLE[sign]
        within(sign.label, value, low, high, sign.unit)
    ids = {sign: uuid5(fact_id, sign.value) for sign in values}
    before = {one.pk: one for one in Reading.objects.filter(pk__in=ids.values())}
    said = {ids[sign]: (patient.pk, value) for sign, value in values.items()}
    if any((one.patient_id, one.value) != said[pk] for pk, one in before.items()):
        return FORM_USED
    with transaction.atomic():
        return Reading.objects.bulk_create(
            Reading(
                pk=ids[sign],
                patient=patient,
                sign=sign.value,
                value=value,
                happened_at=at,
                recorded_by=by,
            )
            for sign, value in values.items()
            if ids[sign] not in before
        )


def answer(
    *, patient: Patient, question: str, said: str | list[str], by: User, at: datetime, fact_id: UUID
) -> Finding | Refusal:
    """Record the answer to one question about the patient's health: a word, or a list of names."""
    pk = uuid5(fact_id, question)
    known = sent_before(Finding, pk, patient_id=patient.pk, answer=said)
    return known or Finding.objects.create(
        pk=pk, patient=patient, question=question, answer=said, happened_at=at, recorded_by=by
    )
