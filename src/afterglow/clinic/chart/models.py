"""What is true of the patient's body, and what entered it."""

from django.db import models
from django.db.models import Q

from afterglow.clinic.record.models import PatientFact


class Encounter(PatientFact):
    """Any time the patient and the clinic meet. `happened_at` is when it was due or began."""

    class Kind(models.TextChoices):
        SESSION = "session", "Treatment session"
        INTAKE = "intake", "Intake"
        REVIEW = "review", "Review"
        THERAPY = "therapy", "Therapy"
        CALL = "call", "Telephone call"

    kind = models.CharField(max_length=8, choices=Kind)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(name="encounter_by_time", fields=["patient", "-happened_at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_at:%Y-%m-%d}"


class InEncounter(PatientFact):
    """A fact that may belong to one encounter."""

    encounter = models.ForeignKey(
        Encounter, models.PROTECT, null=True, blank=True, related_name="%(class)ss"
    )

    class Meta:
        abstract = True


class Finding(InEncounter):
    """The answer to one question about the patient's health: an illness, a medicine, a risk.

    `question` is an id of `core.care.eligibility`. A question without a row was never asked:
    that is not "no".
    """

    question = models.CharField(max_length=60)
    answer = models.JSONField(help_text="true, false, 'unknown', a number, a date or a text")
    note = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(name="finding_newest", fields=["patient", "question", "-happened_at"])
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.answer}"


class DoseGiven(InEncounter):
    """What entered the body from `happened_at` on.

    Either an amount over a time (a push), or a rate that runs until the next rate of the same
    encounter: 0 is a pause or the end. Amounts are mg of base, never of a salt.
    """

    drug = models.CharField(max_length=12)
    route = models.CharField(max_length=16)
    amount_mg = models.FloatField(null=True, blank=True)
    duration_min = models.FloatField(null=True, blank=True)
    rate_mg_per_min = models.FloatField(null=True, blank=True)
    plan_step = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="The step of the signed plan that this rate follows; without it, set by hand",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="dose_is_an_amount_or_a_rate",
                condition=Q(amount_mg__gt=0, duration_min__gt=0, rate_mg_per_min__isnull=True)
                | Q(amount_mg__isnull=True, duration_min__isnull=True, rate_mg_per_min__gte=0),
            ),
        ]
        indexes = [models.Index(name="dose_by_time", fields=["encounter", "happened_at"])]

    def __str__(self) -> str:
        if self.amount_mg is not None:
            return f"{self.amount_mg:g} mg over {self.duration_min:g} min"
        step = "" if self.plan_step is None else f", step {self.plan_step} of the plan"
        return f"{self.rate_mg_per_min:.3g} mg/min from here{step}"


class Reading(InEncounter):
    """One measured number. `happened_at` is when it was measured, by the best clock known.

    The id of a device's reading is made from the device's own words, so a message that comes
    twice adds nothing.
    """

    sign = models.CharField(max_length=16, help_text="A member of core.care.watch.Sign")
    value = models.FloatField(help_text="In the sign's own unit")
    device = models.CharField(max_length=80, blank=True, help_text="Empty: entered by hand")
    channel = models.CharField(max_length=40, blank=True)
    # What the device or the listener said of it: "simulated", "clock-off", ...
    flags = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(name="reading_in_encounter", fields=["encounter", "sign", "-happened_at"]),
            models.Index(name="reading_newest", fields=["patient", "sign", "-happened_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.sign}={self.value:g}"


SECOND_SOURCE = "second-source"  # the flag of a probe beside the one that leads for its sign
AGE_UNKNOWN = "age-unknown"  # the flag of a cuff's number without a time of its own

# A filter for the readings to judge by: a loose second probe must not stand for the patient.
LEADING = ~Q(flags__contains=[SECOND_SOURCE])


class Rating(InEncounter):
    """A moment's rating by staff or patient during care: dissociation, sedation, distress."""

    scale = models.CharField(max_length=20, help_text="An instrument id, with its version")
    value = models.FloatField()
    items = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(name="rating_by_time", fields=["encounter", "scale", "happened_at"])
        ]

    def __str__(self) -> str:
        return f"{self.scale}={self.value:g}"


class Sample(InEncounter):
    """A drug level measured in blood: where it was drawn and what was measured are part of it."""

    class Site(models.TextChoices):
        VENOUS = "venous", "Venous"
        ARTERIAL = "arterial", "Arterial"

    class Analyte(models.TextChoices):
        KETAMINE = "ketamine", "Ketamine, both forms together"
        ESKETAMINE = "esketamine", "Esketamine (S)"
        NORKETAMINE = "norketamine", "Norketamine"

    site = models.CharField(max_length=8, choices=Site)
    analyte = models.CharField(max_length=12, choices=Analyte)
    ng_per_ml = models.FloatField(null=True, blank=True, help_text="Empty: below the limit")
    limit_ng_per_ml = models.FloatField(null=True, blank=True)


class Score(InEncounter):
    """A questionnaire, answered and scored."""

    instrument = models.CharField(max_length=20)
    version = models.CharField(max_length=20)
    answers = models.JSONField()
    total = models.FloatField(null=True, blank=True)
    band = models.CharField(max_length=40, blank=True)
    band_set = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(name="score_by_time", fields=["patient", "instrument", "-happened_at"])
        ]

    def __str__(self) -> str:
        return f"{self.instrument}={self.total}"


class AdverseEvent(InEncounter):
    """Something unwanted that happened, how bad it was, and what was done."""

    class Severity(models.TextChoices):
        MILD = "mild", "Mild"
        MODERATE = "moderate", "Moderate"
        SEVERE = "severe", "Severe"

    what = models.CharField(max_length=120)
    severity = models.CharField(max_length=8, choices=Severity)
    serious = models.BooleanField(default=False)
    done = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.what} ({self.severity})"
