"""Forms of leaving: what is seen, what is booked, who signs."""

from dataclasses import fields
from uuid import uuid4

from django import forms

from afterglow.clinic.chart.models import Encounter
from afterglow.clinic.discharge.found import Said
from afterglow.core.care.instruments.cssrs import Risk
from afterglow.core.care.watch import PLAUSIBLE, Sign
from afterglow.core.care.words import YesNo

SAYS = [(YesNo.YES.value, "Yes"), (YesNo.NO.value, "No"), (YesNo.UNKNOWN.value, "Not looked at")]
RISKS = [("", "Not asked now"), *((one.value, one.value.capitalize()) for one in Risk)]
MEASURED = ("moaas", "cadss6", "nausea", "systolic", "diastolic", "spo2")


def _says(label: str, help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=SAYS, widget=forms.RadioSelect, required=False, help_text=help_text
    )


def _rating(label: str, most: int, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=most, required=False, help_text=help_text
    )


def _number(sign: Sign) -> forms.FloatField:
    low, high = PLAUSIBLE[sign]
    return forms.FloatField(label=sign.label, min_value=low, max_value=high, required=False)


class CheckForm(forms.Form):
    """What a clinician sees now. An empty rating is taken from the chart, if it is recent."""

    fact_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    gait_steady = _says("Steady gait?", "Let the patient walk a few steps, with you beside them.")
    oriented = _says("Knows person, place and time?")
    suicide_risk = forms.ChoiceField(
        label="Suicide risk now (C-SSRS)", choices=RISKS, required=False
    )
    moaas = _rating("Sedation (MOAA/S)", 5, "5: answers readily to their name.")
    cadss6 = _rating("Dissociation (CADSS-6)", 24, "Sum of the six items.")
    nausea = _rating("Nausea", 10, "0: none. 10: the worst there is.")
    systolic = _number(Sign.SYSTOLIC)
    diastolic = _number(Sign.DIASTOLIC)
    spo2 = _number(Sign.SPO2)
    escorted = _says("Is an adult taking the patient home?")
    escort_name = forms.CharField(label="Their name", max_length=120, required=False)
    instructions_given = _says("Written instructions handed over and explained?")

    @property
    def said(self) -> Said:
        """Valid forms only."""
        data = self.cleaned_data
        return Said(
            gait_steady=_answer(data["gait_steady"]),
            oriented=_answer(data["oriented"]),
            suicide_risk=Risk(data["suicide_risk"]) if data["suicide_risk"] else None,
            escorted=_answer(data["escorted"]),
            escort_name=data["escort_name"].strip(),
            instructions_given=_answer(data["instructions_given"]),
        )

    @property
    def measured(self) -> dict[str, float]:
        """Only what was entered."""
        given = {name: self.cleaned_data[name] for name in MEASURED}
        return {name: float(value) for name, value in given.items() if value is not None}


def _answer(text: str) -> YesNo:
    return YesNo(text) if text else YesNo.UNKNOWN


def filled_in(said: Said) -> dict[str, str]:
    """What was said before and still holds. What was not looked at stays open."""
    known = {one.name: getattr(said, one.name) for one in fields(Said)}
    return {
        name: str(value) for name, value in known.items() if value and value is not YesNo.UNKNOWN
    }


class BookForm(forms.Form):
    """When the clinic and the patient meet or talk next."""

    fact_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="What", choices=Encounter.Kind.choices, initial="call")
    due_at = forms.DateTimeField(
        label="When",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class SignForm(forms.Form):
    """The signature under a discharge, and a prescriber's reason for not waiting."""

    fact_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    signed_as = forms.CharField(
        label="Print your name",
        max_length=120,
        help_text="I looked at the patient and let them go.",
    )
    override_reason = forms.CharField(
        label="Why the patient leaves before every criterion is met",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A prescriber only. What was weighed, and who stays with the patient.",
    )
