"""Set and setting, and whether today's session may start."""

from django.db import models

from afterglow.clinic.planning.models import Plan
from afterglow.clinic.record.models import PatientFact


class Preparation(PatientFact):
    """The patient's mind and the room before a session. An empty field was not asked."""

    class Touch(models.TextChoices):
        YES = "yes", "Yes, a hand on the arm or shoulder is welcome"
        ASK = "ask", "Only if I ask for it in the session"
        NO = "no", "No touch"

    intention = models.TextField(blank=True, help_text="In the patient's own words")
    calm = models.PositiveSmallIntegerField(null=True, blank=True)
    fear = models.PositiveSmallIntegerField(null=True, blank=True)
    trust = models.PositiveSmallIntegerField(null=True, blank=True)
    slept_hours = models.FloatField(null=True, blank=True)
    stressors = models.TextField(blank=True)
    music = models.TextField(blank=True)
    headphones = models.BooleanField(null=True, blank=True)
    eye_shade = models.BooleanField(null=True, blank=True)
    lights = models.CharField(max_length=80, blank=True)
    room = models.CharField(max_length=80, blank=True)
    people_present = models.CharField(max_length=200, blank=True)
    guidance = models.CharField(max_length=200, blank=True)
    touch = models.CharField(max_length=4, choices=Touch, blank=True)

    class Meta:
        indexes = [models.Index(name="preparation_by_time", fields=["patient", "-happened_at"])]

    def __str__(self) -> str:
        return f"Preparation {self.happened_at:%Y-%m-%d}"


class GoNoGo(PatientFact):
    """All checks before a session, with what was found, against one signed plan.

    A second signature or an override is a newer row over the same findings, decided anew at its
    own time, so that a pressure that has grown old is caught.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="checks")
    found = models.JSONField(help_text="core.care.checks.Found")
    overrides = models.JSONField(default=dict, help_text="check id -> core.care.words.Override")
    signers = models.JSONField(help_text="user ids and printed names, in order of signing")
    results = models.JSONField(help_text="core.care.checks.GoNoGo")
    decision = models.CharField(max_length=16)
    may_start = models.BooleanField()
    policy_version = models.CharField(max_length=40)

    class Meta:
        verbose_name = "go or no-go"
        indexes = [models.Index(name="go_by_time", fields=["plan", "-happened_at"])]

    def __str__(self) -> str:
        return f"{self.decision} {self.happened_at:%Y-%m-%d %H:%M}"
