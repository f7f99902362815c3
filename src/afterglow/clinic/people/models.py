"""Staff and their roles, patients and who they are."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from afterglow.clinic.record.models import Fact, PatientFact


class Role(models.TextChoices):
    PRESCRIBER = "prescriber", "Prescriber"
    NURSE = "nurse", "Nurse"
    THERAPIST = "therapist", "Therapist"
    FRONT_DESK = "front-desk", "Front desk"
    AUDITOR = "auditor", "Auditor"
    PATIENT = "patient", "Patient"


class User(AbstractUser):
    """Someone who can sign in: a member of staff with one role, or a patient."""

    role = models.CharField(max_length=12, choices=Role)
    patient = models.OneToOneField(
        "people.Patient", models.PROTECT, null=True, blank=True, related_name="account"
    )

    REQUIRED_FIELDS = ["role"]

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                name="only_a_patient_account_names_a_patient",
                condition=Q(role="patient", patient__isnull=False)
                | (~Q(role="patient") & Q(patient__isnull=True)),
            ),
        ]

    @property
    def name(self) -> str:
        """The name shown beside what this person did."""
        return self.get_full_name() or self.username


class Patient(Fact):
    """A person treated here. Who they are is in their newest `PersonalDetails`."""

    number = models.CharField(max_length=20, unique=True, help_text="The clinic's own number.")

    def __str__(self) -> str:
        return self.number


class Sex(models.TextChoices):
    FEMALE = "female", "Female"
    MALE = "male", "Male"


class PersonalDetails(PatientFact):
    """Name, birth date and contact. A change is a newer row that corrects this one."""

    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    birth_date = models.DateField()
    sex = models.CharField(max_length=6, choices=Sex, help_text="At birth: the models need it.")
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)

    class Meta:
        verbose_name_plural = "personal details"
        indexes = [
            models.Index(name="details_by_name", fields=["family_name", "given_name"]),
        ]

    def __str__(self) -> str:
        return f"{self.family_name}, {self.given_name}"


class AccessGiven(PatientFact):
    """A patient was given the way to their own pages: a name, and a password told once."""

    username = models.CharField(max_length=150)

    class Meta:
        verbose_name_plural = "access given"

    def __str__(self) -> str:
        return self.username


class SignInLink(models.Model):
    """A link that signs one person in once. Made only in a demonstration."""

    digest = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
