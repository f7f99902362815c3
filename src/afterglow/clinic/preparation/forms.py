"""What is asked and measured before a session. Nothing is chosen beforehand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms

from afterglow.clinic.preparation.models import Preparation
from afterglow.core.care.checks import Found, PregnancyTest
from afterglow.core.care.instruments.cssrs import Risk
from afterglow.core.care.watch import Sign
from afterglow.core.care.words import YesNo

YES_NO = ((YesNo.YES.value, "Yes"), (YesNo.NO.value, "No"))
WHEN = "%Y-%m-%dT%H:%M"


def _yes_no(label: str, help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=YES_NO,
        required=False,
        widget=forms.RadioSelect,
        help_text=help_text,
    )


def _number(label: str, help_text: str = "") -> forms.FloatField:
    return forms.FloatField(label=label, required=False, help_text=help_text)


def _instant(label: str) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=False,
        input_formats=[WHEN, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WHEN),
    )


class PreparationForm(forms.ModelForm):  # type: ignore[type-arg]
    """Set and setting. Every field may stay empty: it was then not asked."""

    fact_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    calm = forms.IntegerField(label="Calm", min_value=0, max_value=10, required=False)
    fear = forms.IntegerField(label="Fear", min_value=0, max_value=10, required=False)
    trust = forms.IntegerField(label="Trust", min_value=0, max_value=10, required=False)
    slept_hours = forms.FloatField(
        label="Slept last night", min_value=0, max_value=24, required=False
    )
    headphones = forms.NullBooleanField(
        label="Headphones",
        required=False,
        widget=forms.Select(choices=(("unknown", "Not asked"), ("true", "Yes"), ("false", "No"))),
    )
    eye_shade = forms.NullBooleanField(
        label="Eye shade",
        required=False,
        widget=forms.Select(choices=(("unknown", "Not asked"), ("true", "Yes"), ("false", "No"))),
    )
    touch = forms.ChoiceField(
        label="May we touch your arm or shoulder in the session?",
        choices=Preparation.Touch.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text="Asked before every session, and only the answer of today counts.",
    )

    class Meta:
        model = Preparation
        fields = (
            "intention", "calm", "fear", "trust", "slept_hours", "stressors", "music",
            "headphones", "eye_shade", "lights", "room", "people_present", "guidance", "touch",
        )  # fmt: skip
        labels = {
            "intention": "Intention",
            "stressors": "What has been hard lately",
            "music": "Music",
            "lights": "Lights",
            "room": "Room",
            "people_present": "Who will be in the room",
            "guidance": "How much guidance",
        }
        help_texts = {
            "intention": "In the patient’s own words. It belongs to them.",
            "music": "A preference: a trial found no difference from quiet company.",
        }
        widgets = {"intention": forms.Textarea(attrs={"rows": 3}),
                   "stressors": forms.Textarea(attrs={"rows": 2}),
                   "music": forms.TextInput()}  # fmt: skip

    @property
    def said(self) -> Mapping[str, Any]:
        """The fields of the fact. Valid forms only."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ChecksForm(forms.Form):
    """Go or no-go. The numbers are of now; answers of earlier today are filled in again."""

    fact_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    systolic = _number("Systolic pressure")
    diastolic = _number("Diastolic pressure")
    pulse = _number("Pulse")
    spo2 = _number("Saturation", "On room air.")
    spo2_baseline_percent = _number("Usual saturation", "Only if a low one is documented.")
    resp_rate = _number("Breathing")
    temperature = _number("Temperature")
    weight = _number("Weight", "If weighed today.")
    solids_at = _instant("Last food")
    fluids_at = _instant("Last drink")
    medicines_changed = _yes_no("Any change of medicines since the last visit?")
    alcohol_24h = _yes_no("Alcohol in the last 24 h?")
    cannabis_24h = _yes_no("Cannabis in the last 24 h?")
    benzodiazepine_24h = _yes_no("A benzodiazepine in the last 24 h?")
    stimulant_today = _yes_no("A stimulant today?")
    could_be_pregnant = _yes_no("Could the patient be pregnant?")
    test_positive = forms.ChoiceField(
        label="Pregnancy test",
        required=False,
        choices=(("", "No test"), ("no", "Negative"), ("yes", "Positive")),
    )
    test_at = _instant("Tested at")
    suicide_risk = forms.ChoiceField(
        label="C-SSRS since the last visit",
        required=False,
        widget=forms.RadioSelect,
        choices=[(one.value, one.value.capitalize()) for one in Risk],
    )
    escort_name = forms.CharField(
        label="Who takes the patient home", required=False, max_length=120
    )
    phone_off = _yes_no("Phone off?")
    bladder_emptied = _yes_no("Bladder emptied?")
    iv_site_ready = _yes_no("Cannula in place and working?")

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if (said.get("systolic") is None) != (said.get("diastolic") is None):
            raise forms.ValidationError(
                "Enter both numbers of the pressure; half of one is not a pressure."
            )
        return said

    @property
    def measured(self) -> dict[Sign, float]:
        """Numbers of the body, for the chart. Valid forms only."""
        found = {sign: self.cleaned_data.get(sign.value) for sign in MEASURED}
        return {sign: value for sign, value in found.items() if value is not None}

    def said(self, at: datetime) -> dict[str, Any]:
        """What was asked, in the names of `Found`. Valid forms only."""
        answers = self.cleaned_data
        yes_no = {name: YesNo(answers[name] or YesNo.UNKNOWN) for name in ASKED}
        numbers = {name: answers[field] for name, field in VITALS.items()}
        taken = at if any(value is not None for value in numbers.values()) else None
        return {
            **yes_no,
            **numbers,
            "vitals_at": taken,
            "spo2_baseline_percent": answers["spo2_baseline_percent"],
            "solids_at": answers["solids_at"],
            "fluids_at": answers["fluids_at"],
            "pregnancy_test": self._test(),
            "suicide_risk": Risk(answers["suicide_risk"]) if answers["suicide_risk"] else None,
            "escort_name": answers["escort_name"],
        }

    def _test(self) -> PregnancyTest | None:
        said, taken_at = self.cleaned_data["test_positive"], self.cleaned_data["test_at"]
        if not said or taken_at is None:
            return None
        return PregnancyTest(positive=YesNo(said), taken_at=taken_at)


MEASURED = (
    Sign.SYSTOLIC, Sign.DIASTOLIC, Sign.PULSE, Sign.SPO2, Sign.RESP_RATE, Sign.TEMPERATURE,
    Sign.WEIGHT,
)  # fmt: skip
VITALS = {
    "pulse_per_min": "pulse",
    "spo2_percent": "spo2",
    "resp_per_min": "resp_rate",
    "temperature_c": "temperature",
}
ASKED = (
    "medicines_changed", "alcohol_24h", "cannabis_24h", "benzodiazepine_24h", "stimulant_today",
    "could_be_pregnant", "phone_off", "bladder_emptied", "iv_site_ready",
)  # fmt: skip


def answered_before(found: Found) -> dict[str, Any]:
    """What was asked earlier today, to be filled in again. Never a number of the body."""
    known = {name: getattr(found, name).value for name in ASKED}
    test = found.pregnancy_test
    return {
        **{name: value for name, value in known.items() if value != YesNo.UNKNOWN},
        "solids_at": found.solids_at,
        "fluids_at": found.fluids_at,
        "spo2_baseline_percent": found.spo2_baseline_percent,
        "suicide_risk": found.suicide_risk.value if found.suicide_risk else "",
        "escort_name": found.escort_name,
        "test_positive": test.positive.value if test else "",
        "test_at": test.taken_at if test else None,
    }


class PressureForm(forms.Form):
    """One more pressure for checks that are otherwise done."""

    fact_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    systolic = forms.FloatField(label="Systolic pressure")
    diastolic = forms.FloatField(label="Diastolic pressure")


class OverrideForm(forms.Form):
    """Going on despite a hold."""

    fact_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    check_id = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label="Why it is right to go on", max_length=400, required=False)


class SecondForm(forms.Form):
    """Another person signs."""

    fact_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
