"""What the front desk sees: names and today's visits. Nothing of health."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import get_current_timezone

from afterglow.clinic.people.models import Patient, PersonalDetails
from afterglow.clinic.record.models import CURRENT

SHOWN_AT_MOST = 30
SHORTEST_SEARCH = 2  # letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit due or begun on a day: when, who, and what kind of visit."""

    at: datetime
    details: PersonalDetails
    kind: str


def visits(day: date) -> list[Visit]:
    """The visits of a day in the clinic's zone, in order of time."""
    zone = get_current_timezone()
    begins = datetime.combine(day, time.min, tzinfo=zone)
    ends = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
    # Reached through the patient: the chart stands above this room and is not imported here.
    coming = Patient.objects.filter(
        encounters__happened_at__gte=begins,
        encounters__happened_at__lt=ends,
        encounters__corrected_by__corrects=None,
    )
    when, kind = "encounters__happened_at", "encounters__kind"
    rows = list(coming.order_by(when).values_list("pk", when, kind))
    names = current({pk for pk, _, _ in rows})
    first = {(pk, kind): at for pk, at, kind in reversed(rows)}  # booked, then begun: one visit
    return [
        Visit(at=at, details=names[pk], kind=KINDS.get(kind, kind))
        for pk, at, kind in rows
        if first[pk, kind] == at
    ]


# What the desk says of a visit: where to send the person, not why they come.
KINDS = {
    "session": "Treatment room",
    "intake": "First visit",
    "review": "Consulting room",
    "therapy": "Consulting room",
    "call": "Telephone call",
}


def current(patients: Iterable[UUID]) -> dict[UUID, PersonalDetails]:
    """The newest details of several patients, by patient id."""
    mine = PersonalDetails.objects.filter(CURRENT, patient_id__in=list(patients))
    return {one.patient_id: one for one in mine.select_related("patient")}


def search(words: str) -> list[PersonalDetails]:
    """Patients whose number or a name begins with each of the words."""
    if len(words.strip()) < SHORTEST_SEARCH:
        return []
    found = PersonalDetails.objects.filter(CURRENT).select_related("patient")
    for word in words.split():
        found = found.filter(
            Q(given_name__istartswith=word)
            | Q(family_name__istartswith=word)
            | Q(patient__number__istartswith=word)
        )
    return list(found.order_by("family_name", "given_name")[:SHOWN_AT_MOST])
