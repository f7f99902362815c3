"""The doses that the clinic has recorded for whoever lies in a bed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from afterglow.clinic.chart.queries import doses_given, encounters_with_doses, first_dose_at
from afterglow.clinic.treatment.models import Session
from afterglow.devices.simulator.body import DosesAt, Given


def doses_in(bed: str) -> DosesAt:
    """What has entered the patient of the session in progress at `bed`, read anew each time.

    Between sessions nobody lies there, and the numbers are those of a body at rest.
    """

    numbers: dict[UUID, int] = {}  # which session of the course it is does not change within it

    def doses_at(at: datetime) -> Given:
        session = Session.objects.in_progress().filter(bed=bed).select_related("encounter").first()
        if session is None:
            return Given()
        zero_at = first_dose_at(session.encounter, at=at)
        if zero_at is None:
            return Given()
        if session.pk not in numbers:
            numbers[session.pk] = len(encounters_with_doses(session.patient, at=zero_at))
        return Given(
            doses=doses_given(session.encounter, at=at),
            now_min=(at - zero_at).total_seconds() / 60,
            session_number=max(1, numbers[session.pk]),
        )

    return doses_at
