"""Forms of screening: the intake questions as the core lists them, clearance, consent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import uuid4

from django import forms
from django.forms.boundfield import BoundField

from afterglow.clinic.screening import consent_text
from afterglow.core.care import saved
from afterglow.core.care.questions import QUESTIONS, AnswerKind, Question, applies, read_answers
from afterglow.core.care.words import YesNo

SAYS = [(YesNo.YES.value, "Yes"), (YesNo.NO.value, "No"), (YesNo.UNKNOWN.value, "Not known")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question as a page shows it."""

    question: Question
    field: BoundField
    is_waiting: bool  # hangs on another question that is not answered so that it is asked

    @property
    def only_if(self) -> str:
        """`other_question:yes`, for the script that shows and hides."""
        return ":".join(self.question.only_if) if self.question.only_if else ""


class IntakeForm(forms.Form):
    """One field a question. Nothing is chosen beforehand; leaving one open is not "no"."""

    fact_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    after = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, born_on: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.born_on, self.today = born_on, today
        self.initial = {name: _plain(value) for name, value in self.initial.items()}
        for question in QUESTIONS:
            self.fields[question.id] = _field(question)

    def groups(self) -> Iterator[tuple[str, list[Asked]]]:
        """The questions under their headings, in order."""
        said = self._so_far()
        for group, questions in groupby(QUESTIONS, key=lambda one: one.group):
            yield (
                group,
                [
                    Asked(question=one, field=self[one.id], is_waiting=not applies(one, said))
                    for one in questions
                ],
            )

    def _so_far(self) -> dict[str, Any]:
        return {one.id: self[one.id].value() for one in QUESTIONS}

    def clean(self) -> dict[str, Any]:
        """Take back what no longer applies, and refuse dates that cannot be."""
        said = super().clean() or {}
        for question in QUESTIONS:
            answer = said.get(question.id)
            if not applies(question, said):
                said[question.id] = ""
            elif isinstance(answer, date) and not self.born_on <= answer <= self.today:
                self.add_error(
                    question.id, f"Must lie between birth, {self.born_on:%d %b %Y}, and today."
                )
        return said

    @property
    def answers(self) -> Mapping[str, Any]:
        """Every question's answer as plain JSON, "" where there is none. Valid forms only."""
        raw = {one.id: self.cleaned_data[one.id] for one in QUESTIONS}
        said: dict[str, Any] = saved.dump(read_answers(raw))
        return dict.fromkeys(raw, "") | said


def _field(question: Question) -> forms.Field:
    field = _of_kind(question)
    field.label, field.help_text, field.required = question.ask, question.help, False
    return field


def _of_kind(question: Question) -> forms.Field:
    if question.kind is AnswerKind.YES_NO:
        return forms.ChoiceField(choices=SAYS, widget=forms.RadioSelect)
    if question.kind is AnswerKind.DATE:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    return forms.FloatField(min_value=question.low, max_value=question.high)


def _plain(value: Any) -> Any:
    """A whole number without its ".0"."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class ClearForm(forms.Form):
    """A specialist's decision about one rule."""

    fact_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    assessment_id = forms.UUIDField(widget=forms.HiddenInput)
    rule = forms.CharField(max_length=60, widget=forms.HiddenInput)
    signed_name = forms.CharField(
        label="Who decided", max_length=120, help_text="Printed name and speciality."
    )
    reason = forms.CharField(
        label="On what grounds",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What was examined, why treatment may go on, and what will be watched.",
    )


TOUCH = [("yes", "Yes, after asking me"), ("no", "No"), ("undecided", "I have not decided")]


class ConsentForm(forms.Form):
    """The patient's yes. They print their own name."""

    fact_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    text_version = forms.CharField(initial=consent_text.CURRENT, widget=forms.HiddenInput)
    touch = forms.ChoiceField(
        label="May staff hold my hand or touch my shoulder, if I ask or seem frightened?",
        choices=TOUCH,
        widget=forms.RadioSelect,
        help_text="Asked again before each session. The answer can change at any time.",
    )
    signed_name = forms.CharField(
        label="The patient prints their full name",
        max_length=120,
        help_text="This is the signature.",
    )

    @property
    def touch_ok(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["touch"])


class WithdrawForm(forms.Form):
    """The patient takes their consent back. No reason is asked for."""

    fact_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    remark = forms.CharField(
        label="In the patient's words",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only if they wish to say something. It needs no reason and works at once.",
    )


class AssessForm(forms.Form):
    """Judge again. The id makes a double click one assessment."""

    fact_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
