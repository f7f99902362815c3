"""What the auditor sees: who opened whose record, which page, and when."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils.timezone import get_current_timezone

from afterglow.clinic.people.desk import search
from afterglow.clinic.people.models import User
from afterglow.clinic.record.models import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which looks to show. Empty means all."""

    patient: str = ""
    user: User | None = None
    day: date | None = None


def looks(sought: Sought) -> QuerySet[Look]:
    """Newest first. Each names its patient, its page and who looked."""
    found = Look.objects.select_related("patient", "recorded_by")
    if sought.patient:
        found = found.filter(patient__in=[one.patient_id for one in search(sought.patient)])
    if sought.user:
        found = found.filter(recorded_by=sought.user)
    if sought.day:
        found = found.filter(happened_at__gte=_begin(sought.day))
        found = found.filter(happened_at__lt=_begin(sought.day + timedelta(days=1)))
    return found.order_by("-happened_at", "-recorded_at")


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=get_current_timezone())
