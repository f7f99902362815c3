"""What was answered that cannot wait, who dealt with it, and what was decided to come next."""

from django.db import models

from afterglow.clinic.chart.models import Score
from afterglow.clinic.record.models import PatientFact


class RiskAnswer(PatientFact):
    """An answer that means danger. It waits for a named person."""

    score = models.ForeignKey(Score, models.PROTECT, related_name="risks")
    item = models.CharField(max_length=10)
    value = models.FloatField()
    because = models.TextField()

    def __str__(self) -> str:
        return f"item {self.item} = {self.value:g}"


class RiskResponse(PatientFact):
    """Who spoke to the patient about a dangerous answer, and what was agreed."""

    risk = models.OneToOneField(RiskAnswer, models.PROTECT, related_name="response")
    done = models.TextField()

    def __str__(self) -> str:
        return self.done


class Review(PatientFact):
    """What the rules suggested after a score, and what a clinician decided."""

    suggested = models.CharField(max_length=20)
    reasons = models.JSONField()
    decided = models.TextField()
    policy_version = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(name="review_by_time", fields=["patient", "-happened_at"])]

    def __str__(self) -> str:
        return self.decided
