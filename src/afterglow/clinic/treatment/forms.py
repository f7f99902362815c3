"""What is entered at the bedside. Each form carries the id of the fact it will become."""

from typing import Any

from django import forms

from afterglow.clinic.treatment.answering import SCALES
from afterglow.core.care.signs import Sign
from afterglow.core.care.symptoms import Symptom

TYPED = {
    "systolic": Sign.SYSTOLIC,
    "diastolic": Sign.DIASTOLIC,
    "pulse": Sign.PULSE,
    "spo2": Sign.SPO2,
    "resp_rate": Sign.RESP_RATE,
}
GIVE = (
    ("begin", "The pump is started"),
    ("pause", "The pump is paused"),
    ("resume", "The pump runs again"),
    ("rate", "The pump is set to another rate"),
    ("step", "The pump is set to the step"),
    ("push", "A push was given"),
)
# A tap says what was found or done; the last resort is one's own words.
BODY_REASONS = ("With the patient", "Prescriber called", "Expected, watching")
PROBE_REASONS = ("Measuring now", "Probe reseated", "With the patient")
PUMP_REASONS = ("Pump has stopped", "Line flushed")
STEP_REASONS = ("At the pump now", "Prescriber called", "Kept as it is for now")


class FactForm(forms.Form):
    """Anything sent twice is one fact."""

    fact_id = forms.UUIDField(widget=forms.HiddenInput)

    def said(self) -> str:
        """What is wrong with this form, in one sentence a field."""
        found = [
            f"{self.fields[name].label or name}: {' '.join(map(str, errors))}"
            if name in self.fields
            else " ".join(map(str, errors))
            for name, errors in self.errors.items()
        ]
        return " ".join(found)


class StartForm(FactForm):
    bed = forms.CharField(
        label="Room",
        max_length=40,
        help_text="As the monitor in that room names itself. Its readings are filed by this name.",
    )


class GiveForm(FactForm):
    what = forms.ChoiceField(choices=GIVE)
    rate_mg_per_min = forms.FloatField(label="Rate", required=False, min_value=0)
    amount_mg = forms.FloatField(label="Amount", required=False, min_value=0.01)
    duration_min = forms.FloatField(label="Over", required=False, min_value=0.1, max_value=60)
    step = forms.IntegerField(label="Step", required=False, min_value=1, max_value=20)
    taken_up = forms.BooleanField(required=False)  # sent by a page that showed the steps off

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        needed = {
            "rate": ("rate_mg_per_min",),
            "push": ("amount_mg", "duration_min"),
            "step": ("step",),
        }
        for name in needed.get(told.get("what", ""), ()):
            if told.get(name) is None and name not in self.errors:
                self.add_error(name, "Enter a number.")
        return told


class NumbersForm(FactForm):
    """Read off and typed. A pressure is both numbers or none."""

    systolic = forms.FloatField(label="Systolic", required=False)
    diastolic = forms.FloatField(label="Diastolic", required=False)
    pulse = forms.FloatField(label="Pulse", required=False)
    spo2 = forms.FloatField(label="Saturation", required=False)
    resp_rate = forms.FloatField(label="Breathing", required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        both = (told.get("systolic"), told.get("diastolic"))
        if not self.errors and not self.values(told):
            raise forms.ValidationError("Enter at least one number.")
        if not self.errors and (both[0] is None) != (both[1] is None):
            raise forms.ValidationError("Enter both numbers of the pressure.")
        if both[0] is not None and both[1] is not None and both[1] >= both[0]:
            raise forms.ValidationError("The systolic pressure must be the higher of the two.")
        return told

    def values(self, told: dict[str, Any] | None = None) -> dict[Sign, float]:
        """The numbers that were entered, by sign."""
        entered = self.cleaned_data if told is None else told
        return {
            sign: entered[name] for name, sign in TYPED.items() if entered.get(name) is not None
        }


class CorrectForm(FactForm):
    value = forms.FloatField(label="What it should have been")


class RateForm(FactForm):
    scale = forms.ChoiceField(choices=[(key, scale.label) for key, scale in SCALES.items()])
    value = forms.IntegerField(label="Value", min_value=0, max_value=92)


class RemarkForm(FactForm):
    symptom = forms.ChoiceField(
        required=False, choices=[("", ""), *((one.value, one.label) for one in Symptom)]
    )
    text = forms.CharField(label="What was seen or said", required=False, max_length=2000)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors and not (told.get("symptom") or told.get("text")):
            raise forms.ValidationError("Say what was seen: choose a symptom or write a note.")
        return told


class EndForm(FactForm):
    why = forms.CharField(label="Where the patient goes, and why", max_length=500)


class AcknowledgeForm(FactForm):
    reason = forms.CharField(label="What was found or done", max_length=200)
