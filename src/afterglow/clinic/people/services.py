"""Admit a patient, correct their details, and let staff in."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from afterglow.clinic.people.models import Patient, PersonalDetails, User
from afterglow.clinic.record.again import sent_before
from afterglow.clinic.record.models import CURRENT
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
    *,
    patient_id: UUID,
    number: str,
    details: Details,
    by: User,
    at: datetime,
    another_person: bool = False,
) -> Patient | Refusal:
    """Open a patient's book. Sending the same form twice admits one patient.

    Somebody of the same name and birth date is refused, unless `another_person` says that they
    were compared: one person with two records is treated on half of what is known.
    """
    if refusal := _impossible_birth(details.birth_date, on=at.date()):
        return refusal
    if (known := sent_before(Patient, patient_id, number=number)) is not None:
        return known
    if not another_person and (refusal := _perhaps_known(details)):
        return refusal
    try:
        with transaction.atomic():
            patient = Patient.objects.create(
                pk=patient_id, number=number, happened_at=at, recorded_by=by
            )
            _write(patient, details, by=by, at=at)
    except IntegrityError:
        if (known := Patient.objects.filter(pk=patient_id).first()) is not None:
            return known  # the same form, sent twice at once
        return Refusal(
            code="number-taken",
            because=f"Another patient already has the number {number}.",
            remedy="Search for that number, or enter a different one.",
        )
    return patient


def correct_details(
    *,
    patient: Patient,
    corrects: UUID,
    details: Details,
    by: User,
    at: datetime,
    fact_id: UUID | None = None,
) -> PersonalDetails | Refusal:
    """Replace a patient's details by newer ones; the old row stays."""
    if refusal := _impossible_birth(details.birth_date, on=at.date()):
        return refusal
    told = {"patient_id": patient.pk, "corrects_id": corrects, **asdict(details)}
    if fact_id and (known := sent_before(PersonalDetails, fact_id, **told)) is not None:
        return known
    if not PersonalDetails.objects.filter(pk=corrects, patient=patient).exists():
        return _not_theirs()  # correcting another patient's row would leave that one without a name
    try:
        with transaction.atomic():
            return _write(patient, details, by=by, at=at, corrects=corrects, fact_id=fact_id)
    except IntegrityError:  # a row is corrected once: somebody else was faster
        return Refusal(
            code="already-corrected",
            because="Someone else changed these details since you opened them.",
            remedy="Open the patient again and look at the newer details first.",
        )


def _write(
    patient: Patient,
    details: Details,
    *,
    by: User,
    at: datetime,
    corrects: UUID | None = None,
    fact_id: UUID | None = None,
) -> PersonalDetails:
    return PersonalDetails.objects.create(
        pk=fact_id or uuid4(),
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


def _not_theirs() -> Refusal:
    return Refusal(
        code="not-their-details",
        because="The details to be replaced are not this patient's.",
        remedy="Open the patient again and correct the details shown there.",
    )


def _perhaps_known(details: Details) -> Refusal | None:
    alike = PersonalDetails.objects.filter(
        CURRENT,
        given_name__iexact=details.given_name,
        family_name__iexact=details.family_name,
        birth_date=details.birth_date,
    )
    first = alike.select_related("patient").first()
    if first is None:
        return None
    return Refusal(
        code="perhaps-known",
        because=f"A patient of this name and birth date is here already: {first.patient.number}.",
        remedy="Compare address and telephone. If this is another person, tick so and send again.",
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
