"""Questionnaires as forms, made from the instrument's own items."""

from collections.abc import Mapping
from uuid import uuid4

from django import forms

from afterglow.clinic.chart.flags import WORDS
from afterglow.clinic.chart.models import AdverseEvent
from afterglow.core.care.instruments import Instrument, Item


class QuestionnaireForm(forms.Form):
    """One field an item. Nothing is chosen beforehand, and an item may stay unanswered."""

    fact_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)

    def __init__(self, instrument: Instrument, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.instrument = instrument
        for item in instrument.items:
            choices = [(str(one.value), one.text) for one in item.choices or instrument.choices]
            self.fields[f"item_{item.number}"] = forms.TypedChoiceField(
                label=f"{item.number}. {item.text or 'See the licensed copy'}",
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )

    @property
    def answers(self) -> Mapping[str, int]:
        """Only what was answered. Valid forms only."""
        given = {item.number: self.cleaned_data[f"item_{item.number}"] for item in self.items}
        return {number: value for number, value in given.items() if value is not None}

    @property
    def items(self) -> tuple[Item, ...]:
        return self.instrument.items


class RiskForm(forms.Form):
    done = forms.CharField(
        label="What was done",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Whom you spoke to, what was agreed, who knows.",
    )


class ReviewForm(forms.Form):
    fact_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    decided = forms.CharField(
        label="What you decided",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Go on, change, space out, stop: and why, in your own words.",
    )


class FlagForm(forms.Form):
    fact_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    flag = forms.ChoiceField(
        label="What was found", choices=[(flag.value, words) for flag, words in WORDS.items()]
    )
    why = forms.CharField(label="In words", widget=forms.Textarea(attrs={"rows": 2}))


class EventForm(forms.Form):
    fact_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    what = forms.CharField(label="What happened", max_length=120)
    severity = forms.ChoiceField(label="How bad", choices=AdverseEvent.Severity.choices)
    serious = forms.BooleanField(
        label="Serious: death, danger to life, hospital, lasting harm", required=False
    )
    done = forms.CharField(
        label="What was done", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
