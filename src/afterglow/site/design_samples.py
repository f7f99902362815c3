"""Invented people, forms and rows for the page of parts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from afterglow.site.design_curves import STARTED, course, session_axis


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleAlarm:
    """An alarm as the template reads it."""

    id: int
    priority: str
    text: str
    since: datetime
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    ended_at: datetime | None = None
    acknowledge_url: str = "#"
    technical: bool = False


class SampleForm(forms.Form):
    """Each kind of field, some of them wrong."""

    name = forms.CharField(label="Full name", help_text="As in the passport.")
    born_on = forms.DateField(
        label="Date of birth", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    weight_kg = forms.FloatField(
        label="Weight",
        min_value=30,
        max_value=250,
        help_text="Measured today, in light clothes.",
        widget=forms.NumberInput(attrs={"data-unit": "kg"}),
    )
    route = forms.ChoiceField(label="Route", choices=[("iv", "Into a vein"), ("im", "Muscle")])
    fasted = forms.ChoiceField(
        label="Has the patient fasted?",
        choices=[("yes", "Yes, 2 hours or more"), ("no", "No"), ("unknown", "Not known")],
        widget=forms.RadioSelect,
    )
    escorted = forms.BooleanField(label="An escort will take the patient home")
    notes = forms.CharField(label="Notes", widget=forms.Textarea, required=False)


class DoseForm(forms.Form):
    """What the dose designer turns."""

    dose_mg = forms.FloatField(label="Dose", min_value=0, max_value=100)
    minutes = forms.FloatField(label="Over", min_value=10, max_value=120)


def alarms() -> list[SampleAlarm]:
    """One of each priority and condition."""

    now = timezone.now()

    def at(minutes: float) -> datetime:
        return now + timedelta(minutes=minutes - 52)

    lost = "Saturation not heard for 90 s. Look at the patient."
    return [
        SampleAlarm(id=1, priority="high", text="Saturation 84 %, limit 88", since=at(51)),
        SampleAlarm(id=2, priority="medium", text="Systolic 168 mmHg, limit 160", since=at(48)),
        SampleAlarm(id=3, priority="low", text=lost, since=at(49), technical=True),
        SampleAlarm(
            id=4,
            priority="medium",
            text="Pulse 124 /min, limit 120",
            since=at(44),
            acknowledged_by="A. Nurse",
            acknowledged_at=at(50.5),
        ),
    ]


def wrong_form() -> SampleForm:
    """A form sent with three mistakes."""
    form = SampleForm({"name": "", "weight_kg": "7", "route": "iv", "escorted": "on"})
    form.is_valid()
    return form


def everything() -> dict[str, Any]:
    """All that design.html shows."""
    patient = {
        "name": "Ines Marlow",
        "number": "DEMO-0007",
        "age": 41,
        "born_on": date(1984, 5, 6),
        "weight_kg": 71.5,
        "weight_at": STARTED,
        "allergies": ["penicillin"],
        "holds": ["Pregnancy test older than 24 h"],
    }
    moaas = [
        (5, "Responds readily", "to the name in a normal tone"),
        (4, "Lethargic response", "to the name in a normal tone"),
        (3, "Only when called", "loudly or repeatedly"),
        (2, "Only after", "mild prodding or shaking"),
        (1, "Only to", "a painful squeeze of the trapezius"),
        (0, "No response", "to a painful squeeze"),
    ]
    checks = [
        {
            "text": "Blood pressure below 140/90",
            "state": "ok",
            "value": "124/78 mmHg",
            "reason": "Measured at 13:31",
            "source": "Sample policy 3",
            "grade": "own",
        },
        {
            "text": "Nothing by mouth for 2 h",
            "state": "unknown",
            "value": None,
            "reason": "Ask the patient.",
        },
        {
            "text": "An escort is named",
            "state": "hold",
            "value": "nobody",
            "reason": "Ask at the desk.",
            "source": "Sample guideline",
            "grade": "B",
        },
        {
            "text": "No unstable heart disease",
            "state": "stop",
            "value": "angina, 2 weeks ago",
            "reason": "Do not start. Call the prescriber.",
            "source": "Sample label",
            "grade": "C",
        },
    ]
    risk = [
        {
            "label": "Systolic above 180 mmHg",
            "value": "2 %",
            "detail": "1 in 50",
            "limit": "5 %",
            "state": "ok",
            "source": "Sample 2024",
            "grade": "A",
        },
        {
            "label": "CADSS above 30",
            "value": "18 %",
            "detail": "1 in 6",
            "limit": "20 %",
            "state": "hold",
            "source": "Sample 2020",
            "grade": "D",
        },
        {
            "label": "Systolic above 160 mmHg",
            "value": "24 %",
            "detail": "1 in 4",
            "limit": "20 %",
            "state": "stop",
            "source": "House rule",
            "grade": "own",
        },
    ]
    refused = {
        "because": "The weight is 205 kg. The model was fitted to patients of 45 to 120 kg.",
        "remedy": "Choose the dose without the model, or check the weight.",
        "source": "Sample 2022, table 1",
        "code": "outside-model-weight",
    }
    return {
        "patient": patient,
        "unknown_patient": {
            "name": "Bo Unasked",
            "number": "DEMO-0011",
            "age": None,
            "weight_kg": None,
            "allergies": None,
            "holds": [],
        },
        "at": STARTED,
        "alarms": alarms(),
        "checks": checks,
        "refusal": refused,
        "risk": risk,
        "moaas": moaas,
        "axis": session_axis(),
        "planned_axis": session_axis(running=False),
        "course": course(),
        "form": SampleForm(),
        "wrong_form": wrong_form(),
        "dose_form": DoseForm({"dose_mg": 35, "minutes": 40}),
        "step_urls": {1: "#", 2: "#", 3: "#"},
    }
