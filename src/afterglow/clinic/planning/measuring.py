"""The form of what is measured and asked before a proposal: size, pressure, pulse, medicines."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms

from afterglow.clinic.planning.body import HYPERTENSION, MEDICINES, UNKNOWN
from afterglow.core.care.watch import Sign
from afterglow.core.dosing.medicines import hidden_in

MEASURED = (Sign.WEIGHT, Sign.HEIGHT, Sign.SYSTOLIC, Sign.DIASTOLIC, Sign.PULSE)
NAMED, NONE = "named", "none"
BETWEEN = re.compile(r"[,;+/\n]")
MOST_MEDICINES, LONGEST_NAME = 60, 60
Answer = str | list[str]


class MeasureForm(forms.Form):
    """What was not measured or not asked stays empty: that is not "none"."""

    fact_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    weight = forms.FloatField(label="Weight", required=False)
    height = forms.FloatField(
        label="Height",
        required=False,
        help_text="Above a BMI of 35 size is counted as less than the weight.",
    )
    systolic = forms.FloatField(label="Systolic pressure at rest", required=False)
    diastolic = forms.FloatField(label="Diastolic pressure at rest", required=False)
    pulse = forms.FloatField(label="Pulse at rest", required=False)
    hypertension = forms.ChoiceField(
        label="High blood pressure, treated or not",
        required=False,
        choices=(("", "Not asked"), ("yes", "Yes"), ("no", "No"), (UNKNOWN, "Not known")),
        help_text="The rise under ketamine is larger with it.",
    )
    takes = forms.ChoiceField(
        label="Medicines",
        required=False,
        choices=(
            ("", "Not asked"),
            (NAMED, "Takes those named here"),
            (NONE, "Takes none"),
            (UNKNOWN, "Not known"),
        ),
    )
    medicines = forms.CharField(
        label="Names of the medicines",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Every one, by generic name, without amounts, with commas between. "
        "Replaces the list before.",
    )

    def clean_medicines(self) -> list[str]:
        """The names, each once. A known one with an amount beside it would pass for unknown."""
        parts = (" ".join(one.split()) for one in BETWEEN.split(self.cleaned_data["medicines"]))
        names = list(dict.fromkeys(one.lower() for one in parts if one))
        for one in names:
            if hidden := hidden_in(one):
                raise forms.ValidationError(
                    f"Write “{hidden}” alone: “{one}” would not be taken for it."
                )
        if any(len(one) > LONGEST_NAME for one in names) or len(names) > MOST_MEDICINES:
            raise forms.ValidationError(
                f"Write up to {MOST_MEDICINES} names of up to {LONGEST_NAME} letters, with commas "
                "between."
            )
        return names

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not any(said.get(n) not in (None, "", []) for n in self.fields if n != "fact_id"):
            raise forms.ValidationError("Enter at least one measurement; nothing was saved.")
        if (said.get("systolic") is None) != (said.get("diastolic") is None):
            raise forms.ValidationError(
                "Enter both numbers of the pressure; half of one is not a pressure."
            )
        self._check_medicines(said.get("takes", ""), said.get("medicines"))
        return said

    def _check_medicines(self, takes: str, names: list[str] | None) -> None:
        if takes == NAMED and names == []:
            self.add_error("medicines", "Name the medicines, or choose “Takes none”.")
        if takes in (NONE, UNKNOWN) and names:
            self.add_error("takes", "Medicines are named: choose “Takes those named here”.")

    @property
    def values(self) -> Mapping[Sign, float]:
        """What was measured. Valid forms only."""
        found = {sign: self.cleaned_data[sign.value] for sign in MEASURED}
        return {sign: value for sign, value in found.items() if value is not None}

    @property
    def answers(self) -> Mapping[str, Answer]:
        """What was asked and answered, by question. Valid forms only."""
        said = self.cleaned_data
        names, takes = said["medicines"], said["takes"]
        told: dict[str, Answer] = {}
        if said["hypertension"]:
            told[HYPERTENSION] = said["hypertension"]
        if names or takes:
            told[MEDICINES] = UNKNOWN if takes == UNKNOWN else names
        return told
