"""The patient list and the chart."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Max, Q, QuerySet

from afterglow.clinic.chart.models import LEADING, DoseGiven, Encounter, Rating, Reading, Score
from afterglow.clinic.people.models import Patient, PersonalDetails
from afterglow.clinic.record.models import CURRENT
from afterglow.clinic.treatment.models import Session
from afterglow.core.care.watch import Sign
from afterglow.site.overview.standing import Standing, standings

A_PAGE = 40
ENCOUNTERS_A_PAGE = 25
SHORTEST_SEARCH = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of the patient list."""

    id: UUID
    name: str
    number: str
    age: int
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One encounter in the chart, with what a session came to."""

    encounter: Encounter
    session: Session | None
    amount_mg: float | None
    peak_cadss: float | None
    peak_systolic: float | None


def patients(
    search: str, page: str | None, *, at: datetime
) -> tuple[Page[PersonalDetails], list[Listed]]:
    """One page of patients by name, those with a name or number that begins like each word."""
    found = Paginator(_matching(search.strip()), A_PAGE).get_page(page)
    people = list(found)
    where = standings([one.patient_id for one in people], at=at)
    return found, [
        Listed(
            id=one.patient_id,
            name=f"{one.family_name}, {one.given_name}",
            number=one.patient.number,
            age=_age(one, at),
            standing=where[one.patient_id],
        )
        for one in people
    ]


def visits(patient: Patient, page: str | None) -> tuple[Page[Encounter], list[Visit]]:
    """One page of encounters, newest first, with dose and peaks of the sessions among them."""
    all_of_them = Encounter.objects.filter(CURRENT, patient=patient)
    found = Paginator(all_of_them.order_by("-happened_at"), ENCOUNTERS_A_PAGE).get_page(page)
    ids = [encounter.pk for encounter in found]
    sessions = Session.objects.filter(pk__in=ids).select_related("plan").in_bulk()
    given = _given_mg(ids)
    cadss = _peaks(Rating.objects.filter(CURRENT, encounter__in=ids, scale="cadss-23"))
    systolic = _peaks(
        Reading.objects.filter(CURRENT, LEADING, encounter__in=ids, sign=Sign.SYSTOLIC.value)
    )
    return found, [
        Visit(
            encounter=encounter,
            session=sessions.get(encounter.pk),
            amount_mg=given.get(encounter.pk),
            peak_cadss=cadss.get(encounter.pk),
            peak_systolic=systolic.get(encounter.pk),
        )
        for encounter in found
    ]


def newest_scores(patient: Patient) -> QuerySet[Score]:
    """The newest score on each questionnaire."""
    mine = Score.objects.filter(CURRENT, patient=patient).exclude(total=None)
    return mine.order_by("instrument", "-happened_at").distinct("instrument")


def _matching(search: str) -> QuerySet[PersonalDetails]:
    current = PersonalDetails.objects.filter(CURRENT).select_related("patient")
    words = search.replace(",", " ").split() if len(search) >= SHORTEST_SEARCH else []
    for word in words:  # as a name is said, and as the list itself writes it
        current = current.filter(
            Q(family_name__istartswith=word)
            | Q(given_name__istartswith=word)
            | Q(patient__number__istartswith=word)
        )
    return current.order_by("family_name", "given_name", "patient__number")


def _age(details: PersonalDetails, at: datetime) -> int:
    born, on = details.birth_date, at.date()
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _peaks(rows: QuerySet[Any]) -> dict[UUID, float]:
    return dict(rows.values_list("encounter").annotate(peak=Max("value")))


def _given_mg(encounter_ids: list[UUID]) -> dict[UUID, float]:
    """What was given in each encounter, in mg: amounts, and rates until the next row."""
    rows = DoseGiven.objects.filter(CURRENT, encounter__in=encounter_ids)
    totals: dict[UUID, float] = {}
    running: dict[UUID, tuple[float, datetime]] = {}
    for row in rows.order_by("encounter", "happened_at"):
        assert row.encounter_id is not None
        mg = row.amount_mg or 0.0
        if row.rate_mg_per_min is not None:
            rate, since = running.get(row.encounter_id, (0.0, row.happened_at))
            mg += rate * (row.happened_at - since).total_seconds() / 60
            running[row.encounter_id] = (row.rate_mg_per_min, row.happened_at)
        totals[row.encounter_id] = totals.get(row.encounter_id, 0.0) + mg
    return totals
