"""A session under watch: which stage it is in, what alarmed, and who answered."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from afterglow.clinic.chart.models import Encounter, InEncounter
from afterglow.clinic.people.models import Patient
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.record.models import PatientFact

# From its start up to its end, or for ever while there is none.
LASTED = models.Func(
    "started_at", "ended_at", function="TSTZRANGE", output_field=DateTimeRangeField()
)


class SessionSet(models.QuerySet["Session"]):
    def in_progress(self) -> "SessionSet":
        """Sessions in which somebody must be watching."""
        return self.exclude(stage=Session.Stage.ENDED)


class Session(models.Model):
    """One patient, one signed plan and one bed, from the first look to the last.

    The row only says where the session stands; what happened in it are facts of its encounter.
    """

    class Stage(models.TextChoices):
        RUNNING = "running", "In session"
        RECOVERY = "recovery", "Recovering"
        ENDED = "ended", "Ended"

    encounter = models.OneToOneField(Encounter, models.PROTECT, primary_key=True)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="treatments")
    plan = models.OneToOneField(Plan, models.PROTECT, related_name="session")
    bed = models.CharField(max_length=40, help_text="As the monitor in that room names itself")
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.RUNNING)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # The instant at which hearing nothing becomes an alarm. Every reading moves it; the watch
    # loop looks for sessions where it has passed.
    silent_after = models.DateTimeField(null=True, blank=True)
    watch = models.JSONField(default=dict, editable=False)  # core.care.watch.dump_watch
    care_team: models.ManyToManyField = models.ManyToManyField(  # type: ignore[type-arg]
        settings.AUTH_USER_MODEL, related_name="+"
    )

    objects = SessionSet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_session_in_a_bed", fields=["bed"], condition=~Q(stage="ended")
            ),
            # Not even in the past: a late reading must find one patient, never two.
            ExclusionConstraint(
                name="one_session_in_a_bed_at_a_time",
                expressions=[
                    ("bed", RangeOperators.EQUAL),
                    (LASTED, RangeOperators.OVERLAPS),
                ],
            ),
            models.UniqueConstraint(
                name="one_session_of_a_patient", fields=["patient"], condition=~Q(stage="ended")
            ),
            models.CheckConstraint(
                name="session_ends_after_it_starts",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
            ),
            models.CheckConstraint(
                name="session_ended_says_when",
                condition=Q(stage="ended", ended_at__isnull=False)
                | (~Q(stage="ended") & Q(ended_at=None)),
            ),
            models.CheckConstraint(
                name="session_in_progress_can_go_silent",
                condition=Q(stage="ended") | Q(silent_after__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                name="session_going_silent", fields=["silent_after"], condition=~Q(stage="ended")
            ),
            models.Index(name="session_of_bed", fields=["bed", "-started_at"]),
        ]

    def __str__(self) -> str:
        return f"Session in {self.bed} ({self.get_stage_display()})"

    @property
    def is_ended(self) -> bool:
        return self.stage == Session.Stage.ENDED


class StageChange(InEncounter):
    """A session went on to its next stage."""

    stage = models.CharField(max_length=8, choices=Session.Stage)

    def __str__(self) -> str:
        return f"{self.get_stage_display()} from {self.happened_at:%H:%M}"


class Remark(InEncounter):
    """What staff saw or heard: a note, a symptom, or the patient's wish to stop."""

    symptom = models.CharField(max_length=24, blank=True, help_text="core.care.watch.Symptom")
    text = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="remark_says_something", condition=~Q(symptom="") | ~Q(text="")
            )
        ]

    def __str__(self) -> str:
        return self.symptom or self.text[:60]


class Alarm(InEncounter):
    """An alarm that began, with the rule that raised it. Who answered is a fact of its own."""

    class Priority(models.TextChoices):
        HIGH = "high", "High"
        MEDIUM = "medium", "Medium"
        LOW = "low", "Low"

    code = models.CharField(max_length=60)
    priority = models.CharField(max_length=6, choices=Priority)
    what = models.TextField(help_text="In words, with the value and its limit")
    sign = models.CharField(max_length=16, blank=True)
    value = models.FloatField(null=True, blank=True)
    since = models.DateTimeField(help_text="When the condition began; it alarmed at happened_at")
    action = models.TextField(blank=True, help_text="What the policy asks for")
    source = models.TextField(blank=True)
    grade = models.CharField(max_length=3, blank=True)
    technical = models.BooleanField(default=False, help_text="About the watching, not the body")
    policy_version = models.CharField(max_length=40)
    # An acknowledged condition that lasts sounds again: a new alarm that names the old one.
    again = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="sounded_again"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(name="alarm_by_time", fields=["encounter", "-happened_at"])
        ]

    def __str__(self) -> str:
        return f"{self.priority}: {self.what}"


class AlarmEnd(PatientFact):
    """The condition behind an alarm is no more."""

    alarm = models.OneToOneField(Alarm, models.PROTECT, related_name="end")


class Acknowledgement(PatientFact):
    """A person took an alarm on, and says what they found or did. The first one counts."""

    alarm = models.OneToOneField(Alarm, models.PROTECT, related_name="acknowledgement")
    reason = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="acknowledgement_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="acknowledgement_has_a_person", condition=Q(recorded_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Escalation(PatientFact):
    """An alarm nobody answered in time was passed on."""

    alarm = models.ForeignKey(Alarm, models.PROTECT, related_name="escalations")
    step = models.CharField(max_length=20, help_text="core.care.watch.Escalation.step")
    because = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="escalation_once_a_step", fields=["alarm", "step"])
        ]

    def __str__(self) -> str:
        return self.step


class Watcher(models.Model):
    """The watch loop's own sign of life: without one, nobody listens for silence."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()
