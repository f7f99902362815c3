"""What staff enter when they plan: the dose they sign."""

from typing import Any

from django import forms

from afterglow.clinic.planning.shaped import WORDS
from afterglow.clinic.planning.signing import Wanted
from afterglow.core.dosing.options import Profile

SIGN_FORM = "plan-form"  # the dose designer's form; fields elsewhere on the page belong to it
STRENGTHS = (("", "Choose the vial"), ("10", "10 mg/mL"), ("50", "50 mg/mL"), ("100", "100 mg/mL"))
DIAL_MG_PER_KG = 1.6  # the dial's end: past the ceiling, so that the ceiling can be seen
DIAL_MIN = (10, 120)


def _elsewhere(widget: forms.Widget) -> forms.Widget:
    widget.attrs["form"] = SIGN_FORM
    return widget


class SignForm(forms.Form):
    """The dose, how it is made up, when, and why if it is not the model's."""

    fact_id = forms.UUIDField(widget=forms.HiddenInput)
    instead_of = forms.UUIDField(widget=forms.HiddenInput, required=False)
    dose_mg = forms.FloatField(label="Dose")
    minutes = forms.FloatField(label="Given over", min_value=DIAL_MIN[0], max_value=DIAL_MIN[1])
    profile = forms.TypedChoiceField(
        label="How the rate goes", choices=list(WORDS.items()), coerce=Profile
    )
    concentration_mg_per_ml = forms.TypedChoiceField(
        label="Vial strength",
        choices=STRENGTHS,
        coerce=float,
        widget=_elsewhere(forms.Select()),
        help_text="Ketamine base. 100 mg/mL must be diluted.",
    )
    made_up_to_ml = forms.FloatField(
        label="Made up to", min_value=1, max_value=1000, widget=_elsewhere(forms.NumberInput())
    )
    planned_for = forms.DateField(
        label="Day of the session",
        widget=_elsewhere(forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")),
    )
    differs_because = forms.CharField(
        label="Why, if this is not the model's dose",
        required=False,
        widget=_elsewhere(forms.Textarea(attrs={"rows": 3})),
        help_text="The next prescriber reads it. Required when dose, minutes or rate differ.",
    )
    intended_mg_per_kg = forms.FloatField(
        label="You mean, by weight",
        required=False,
        min_value=0.05,
        max_value=5,
        widget=_elsewhere(forms.NumberInput()),
        help_text="Only for a dose more than 1.5 times the model's: it proves the mg were meant.",
    )

    def __init__(self, *args: Any, weight_kg: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = max(10, round(DIAL_MG_PER_KG * weight_kg / 5) * 5)
        self.fields["dose_mg"] = forms.FloatField(label="Dose", min_value=1, max_value=most)

    @property
    def wanted(self) -> Wanted:
        """What the signer wants. Valid forms only."""
        said = self.cleaned_data
        return Wanted(
            amount_mg=said["dose_mg"],
            duration_min=said["minutes"],
            profile=said["profile"],
            concentration_mg_per_ml=said["concentration_mg_per_ml"],
            made_up_to_ml=said["made_up_to_ml"],
            planned_for=said["planned_for"],
            differs_because=said["differs_because"],
            intended_mg_per_kg=said["intended_mg_per_kg"],
        )


class FactForm(forms.Form):
    """A button whose double click is one fact."""

    fact_id = forms.UUIDField(widget=forms.HiddenInput)
