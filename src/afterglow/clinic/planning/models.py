"""How much for this person: what the model proposed, what a person signed, and who else agreed."""

from django.db import models
from django.db.models import Q

from afterglow.clinic.record.models import PatientFact
from afterglow.core.care.schedule import Schedule, Step


class Proposal(PatientFact):
    """What the model advised, or why it would not, with everything needed to recompute it."""

    session_number = models.PositiveIntegerField()
    inputs = models.JSONField(help_text="planning.inputs.Inputs")
    result = models.JSONField(help_text="{'proposal': ...} or {'refusal': ...}")
    policy_version = models.CharField(max_length=40)
    model_version = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(name="proposal_by_time", fields=["patient", "-happened_at"])]

    def __str__(self) -> str:
        return f"Proposal for session {self.session_number}"

    @property
    def is_refused(self) -> bool:
        return "refusal" in self.result


class Plan(PatientFact):
    """The dose of one session, signed by a prescriber. It never changes when a model does.

    A newer plan for the same session names this one in `corrects`; the database lets only one do
    so. A plan is spent by the session that uses it.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="plans")
    session_number = models.PositiveIntegerField()
    planned_for = models.DateField()
    drug = models.CharField(max_length=12)
    route = models.CharField(max_length=16)
    amount_mg = models.FloatField(help_text="mg of base")
    duration_min = models.FloatField()
    shape = models.JSONField(
        null=True,
        blank=True,
        help_text="{'profile': ..., 'steps': [{'amount_mg', 'lasts_min'}]}; without it, one rate",
    )
    weight_kg = models.FloatField(help_text="The weight the dose was reckoned for")
    concentration_mg_per_ml = models.FloatField()
    made_up_to_ml = models.FloatField()
    baseline = models.JSONField(help_text="core.body.Baseline, as the plan assumed it")
    limits = models.JSONField(help_text="core.dosing.propose.Limits in force at signing")
    series = models.JSONField(help_text="Days of the visits still to come, ISO dates")
    differs_because = models.TextField(
        blank=True, help_text="Why the signer left the model's proposal"
    )
    needs_second = models.BooleanField(help_text="Not usable until a second prescriber signs too")
    signed_as = models.CharField(max_length=120, help_text="Printed name of the signer")
    policy_version = models.CharField(max_length=40)
    model_version = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="plan_gives_something_over_some_time",
                condition=Q(amount_mg__gt=0, duration_min__gt=0, weight_kg__gt=0),
            ),
        ]
        indexes = [models.Index(name="plan_by_time", fields=["patient", "-happened_at"])]

    def __str__(self) -> str:
        shape = "" if self.shape is None else f", {self.shape['profile']}"
        return f"{self.amount_mg:g} mg over {self.duration_min:g} min{shape}"

    @property
    def mg_per_kg(self) -> float:
        return self.amount_mg / self.weight_kg

    @property
    def mg_per_ml(self) -> float:
        """Of what is in the pump."""
        return self.amount_mg / self.made_up_to_ml

    @property
    def schedule(self) -> Schedule:
        """The steps as they were signed. A plan from before there was a choice has one."""
        if self.shape is None:
            return Schedule.of([(self.amount_mg, self.duration_min)])
        return Schedule.of((s["amount_mg"], s["lasts_min"]) for s in self.shape["steps"])

    @property
    def order(self) -> list[tuple[Step, float]]:
        """Each step with what the pump shows, mL/h."""
        return [(s, 60 * s.rate_mg_per_min / self.mg_per_ml) for s in self.schedule.steps]

    @property
    def first_mg_per_min(self) -> float:
        """The rate it begins at: the only one of a plan without steps."""
        return self.schedule.steps[0].rate_mg_per_min


class Countersignature(PatientFact):
    """A second prescriber agrees to a plan that one alone may not sign."""

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="countersignature")
    signed_as = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.signed_as
