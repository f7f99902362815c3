"""The strip at the head of every page about a patient: who this is, and what must not be missed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.chart.models import Finding
from afterglow.clinic.chart.queries import readings
from afterglow.clinic.people.models import Patient
from afterglow.clinic.people.queries import who
from afterglow.clinic.record.models import CURRENT
from afterglow.core.care.watch import Sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """What `{% patient_strip %}` draws. None is shown as not known, never as nothing."""

    id: UUID
    name: str
    number: str
    age: int
    born_on: date
    sex: str
    weight_kg: float | None
    weight_at: datetime | None
    allergies: tuple[str, ...] | None  # to what is given here; None: not asked, or not known
    url: str


def strip_for(patient: Patient, *, at: datetime) -> Strip:
    """Name, number, age and newest weight of a patient."""
    person = who(patient)
    weight = readings(patient, Sign.WEIGHT).first()
    return Strip(
        id=person.id,
        name=person.name,
        number=person.number,
        age=person.age_years(at_clinic(at).date()),
        born_on=person.birth_date,
        sex=person.sex,
        weight_kg=weight.value if weight else None,
        weight_at=weight.happened_at if weight else None,
        allergies=_allergies(patient),
        url=reverse("overview:chart", args=[patient.pk]),
    )


def _allergies(patient: Patient) -> tuple[str, ...] | None:
    mine = Finding.objects.filter(CURRENT, patient=patient, question="hypersensitivity")
    said = mine.order_by("-happened_at", "-recorded_at").first()
    answers = {"yes": ("Yes",), "no": ()}
    return answers.get(str(said.answer)) if said else None
