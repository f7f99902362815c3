"""Admit a patient, correct their details, and let staff in."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from afterglow.clinic.people.models import Patient, PersonalDetails, User
from afterglow.core.refusal import Refusal

OLDEST_YEARS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What the desk enters about a person."""

    given_name: str
    family_name: str
    birth_date: date
    sex: str
    phone: str = ""
    email: str = ""
    contact_name: str = ""
    contact_phone: str = ""


def admit(
    *, patient_id: UUID, number: str, details: Details, by: User, at: datetime
) -> Patient | Refusal:
    """Open a patient's book. Sending the same form twice admits one patient."""
    if refusal := _impossible_birth(details.birth_date, on=at.date()):
        return refusal
    if (known := Patient.objects.filter(pk=patient_id).first()) is not None:
        return known
    try:
        with transaction.atomic():
            patient = Patient.objects.create(
                pk=patient_id, number=number, happened_at=at, recorded_by=by
            )
            _write(patient, details, by=by, at=at)
    except IntegrityError:
        return Refusal(
            code="number-taken",
            because=f"Another patient already has the number {number}.",
            remedy="Search for that number, or enter a different one.",
        )
    return patient


def correct_details(
    *, patient: Patient, corrects: UUID, details: Details, by: User, at: datetime
) -> PersonalDetails | Refusal:
    """Replace a patient's details by newer ones; the old row stays."""
    if refusal := _impossible_birth(details.birth_date, on=at.date()):
        return refusal
    if PersonalDetails.objects.filter(corrects_id=corrects).exists():
        return Refusal(
            code="already-corrected",
            because="Someone else changed these details since you opened them.",
            remedy="Open the patient again and look at the newer details first.",
        )
    return _write(patient, details, by=by, at=at, corrects=corrects)


def _write(
    patient: Patient, details: Details, *, by: User, at: datetime, corrects: UUID | None = None
) -> PersonalDetails:
    return PersonalDetails.objects.create(
        patient=patient,
        corrects_id=corrects,
        happened_at=at,
        recorded_by=by,
        given_name=details.given_name,
        family_name=details.family_name,
        birth_date=details.birth_date,
        sex=details.sex,
        phone=details.phone,
        email=details.email,
        contact_name=details.contact_name,
        contact_phone=details.contact_phone,
    )


def _impossible_birth(birth_date: date, *, on: date) -> Refusal | None:
    if birth_date > on:
        found = f"The birth date {birth_date:%d %b %Y} lies in the future."
    elif on.year - birth_date.year > OLDEST_YEARS:
        found = f"The birth date {birth_date:%d %b %Y} is more than {OLDEST_YEARS} years ago."
    else:
        return None
    return Refusal(
        code="impossible-birth-date",
        because=found,
        remedy="Read the date from a document: year, then month, then day.",
    )
