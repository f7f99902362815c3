"""Remember who looked."""

from datetime import datetime
from uuid import UUID

from afterglow.clinic.record.models import Look


def look(*, user_id: int, patient_id: UUID, page: str, at: datetime) -> Look:
    """Record that someone opened a page of a patient's record."""
    return Look.objects.create(
        patient_id=patient_id, page=page, happened_at=at, recorded_by_id=user_id
    )
