"""Who may be treated: the verdict of the rules, what a specialist cleared, and consent."""

from django.db import models

from afterglow.clinic.record.models import PatientFact


class Assessment(PatientFact):
    """What the rules said of the answers known at that time. Never changed: a newer one is made.

    `reasons` and `answers` are kept as they were used, so that the verdict can be recomputed.
    """

    verdict = models.CharField(max_length=24, help_text="A core.care.eligibility.Verdict")
    reasons = models.JSONField(help_text="core.care.eligibility.Reason, each as JSON")
    answers = models.JSONField(help_text="question id -> answer, as used")
    clearances = models.JSONField(help_text="rule id -> core.care.words.Clearance, as used")
    age_years = models.FloatField()
    drug = models.CharField(max_length=12)
    route = models.CharField(max_length=16)
    policy_version = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(name="assessment_by_time", fields=["patient", "-happened_at"])]

    def __str__(self) -> str:
        return f"{self.verdict} by policy {self.policy_version}"


class Clearance(PatientFact):
    """A specialist's decision to treat although a rule holds, with the reason.

    It holds for what was answered then: another answer to one of `answers` ends it.
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="cleared")
    rule = models.CharField(max_length=60)
    reason = models.TextField()
    signed_name = models.CharField(max_length=120)
    answers = models.JSONField(help_text="What the rule had found: question id -> answer")

    class Meta:
        constraints = [
            # Two prescribers at once: one clearance a rule and assessment.
            models.UniqueConstraint(name="cleared_once", fields=["assessment", "rule"]),
        ]

    def __str__(self) -> str:
        return f"{self.rule} cleared by {self.signed_name}"


class Consent(PatientFact):
    """The patient's yes, or their taking it back: a newer row with `given` false."""

    class Kind(models.TextChoices):
        TREATMENT = "treatment", "Ketamine treatment"

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.TREATMENT)
    text_version = models.CharField(max_length=40)
    given = models.BooleanField()
    signed_name = models.CharField(max_length=120, help_text="As the patient printed it")
    # Null: the patient has not decided. It is asked again before each session.
    touch_ok = models.BooleanField(null=True)
    remark = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(name="consent_by_time", fields=["patient", "-happened_at"])]

    def __str__(self) -> str:
        return f"{self.text_version} {'given' if self.given else 'withdrawn'}"
