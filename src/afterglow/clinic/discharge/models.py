"""When a patient may leave, by which criteria, and with whom they left."""

from datetime import datetime

from django.db import models

from afterglow.clinic.chart.models import Encounter
from afterglow.clinic.record.models import PatientFact


class LeavingCheck(PatientFact):
    """One look at whether the patient may leave: what was seen, and each criterion's value.

    `found` is kept as it was used, so that the criteria can be recomputed.
    """

    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="leaving_checks")
    found = models.JSONField(help_text="core.care.leave.Found, as JSON")
    criteria = models.JSONField(help_text="core.care.leave.Criterion, each as JSON")
    overall = models.CharField(max_length=12, help_text="A core.care.leave.Leaving")
    policy_version = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(name="leaving_check_by_time", fields=["encounter", "-happened_at"])]

    def __str__(self) -> str:
        return f"{self.overall} at {self.happened_at:%H:%M}"


class Discharge(PatientFact):
    """The patient left. `happened_at` is when; `ready_at` is when the criteria were first met."""

    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="discharges")
    check_used = models.ForeignKey(LeavingCheck, models.PROTECT, related_name="discharges")
    # Null: they left by a prescriber's decision, before the criteria were met.
    ready_at = models.DateTimeField(null=True)
    escort_name = models.CharField(max_length=120, blank=True)
    next_contact_at = models.DateTimeField()
    signed_as = models.CharField(max_length=120)
    override_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            # Two people at once: a session ends in one discharge, or in a correction of it.
            models.UniqueConstraint(
                name="left_once",
                fields=["encounter"],
                condition=models.Q(corrects__isnull=True),
            ),
        ]

    @property
    def left_at(self) -> datetime:
        """When the patient walked out: not when they could have."""
        return self.happened_at

    def __str__(self) -> str:
        return f"left at {self.happened_at:%H:%M}"
