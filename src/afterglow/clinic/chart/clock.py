"""The clinic's own clock: on which day something is, where the clinic is."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings


def at_clinic(instant: datetime) -> datetime:
    """The same instant on the clinic's wall clock. Its `.date()` is the day staff mean."""
    return instant.astimezone(ZoneInfo(settings.CLINIC_TIME_ZONE))
