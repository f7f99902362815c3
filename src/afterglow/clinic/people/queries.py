"""Who a patient is. One door to a patient: `patient_for`."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from afterglow.clinic.people.models import Patient, PersonalDetails, Role, User
from afterglow.clinic.record.models import CURRENT
from afterglow.clinic.record.services import look

MAY_OPEN_A_RECORD = (Role.PRESCRIBER, Role.NURSE, Role.THERAPIST, Role.AUDITOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """The person behind a patient number, as the newest details say."""

    id: UUID
    number: str
    given_name: str
    family_name: str
    birth_date: date
    sex: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    def age_years(self, on: date) -> int:
        had_birthday = (on.month, on.day) >= (self.birth_date.month, self.birth_date.day)
        return on.year - self.birth_date.year - (0 if had_birthday else 1)


def who(patient: Patient) -> Who:
    """The newest details of a patient."""
    details = current_details(patient)
    return Who(
        id=patient.pk,
        number=patient.number,
        given_name=details.given_name,
        family_name=details.family_name,
        birth_date=details.birth_date,
        sex=details.sex,
    )


def current_details(patient: Patient) -> PersonalDetails:
    """The details that no newer row corrects."""
    return PersonalDetails.objects.filter(CURRENT, patient=patient).latest("recorded_at")


def history(patient: Patient) -> list[PersonalDetails]:
    """All details ever entered, newest first."""
    mine = PersonalDetails.objects.filter(patient=patient).select_related("recorded_by")
    return list(mine.order_by("-recorded_at"))


def person_for(user: User, patient_id: UUID, *, page: str, at: datetime) -> Patient:
    """The patient as a person: name, birth date, contact. The front desk may see that much.

    The look is remembered. Raises like `patient_for`.
    """
    if user.role != Role.FRONT_DESK:
        return patient_for(user, patient_id, page=page, at=at)
    patient = Patient.objects.filter(pk=patient_id).first()
    if patient is None:
        raise Http404("There is no such patient here.")
    look(user_id=user.pk, patient_id=patient.pk, page=page, at=at)
    return patient


def patient_for(user: User, patient_id: UUID, *, page: str, at: datetime) -> Patient:
    """The patient, if this user may open the record; the look is remembered.

    A clinician of the clinic opens any patient's record, a patient only their own, and the front
    desk none. Raises Http404 for a patient who is not here, PermissionDenied for a wrong user.
    """
    patient = Patient.objects.filter(pk=patient_id).first()
    if patient is None:
        raise Http404("There is no such patient here.")
    own = user.role == Role.PATIENT and user.patient_id == patient.pk
    if not own and user.role not in MAY_OPEN_A_RECORD:
        raise PermissionDenied("Your role does not open patients' records.")
    look(user_id=user.pk, patient_id=patient.pk, page=page, at=at)
    return patient
