"""What the patient says or shows, as an alarm. No monitor sends these."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from afterglow.core.care.signs import Alarm, Priority, Sign
from afterglow.core.care.watch import Watch
from afterglow.core.care.words import Grade


class Symptom(StrEnum):
    CHEST_PAIN = "chest-pain"
    BREATHLESS = "breathless"
    SUDDEN_HEADACHE = "sudden-headache"
    VISUAL_CHANGE = "visual-change"
    SEIZURE = "seizure"
    FOCAL_DEFICIT = "focal-deficit"
    APNOEA = "apnoea"
    VOMITING_DROWSY = "vomiting-drowsy"
    NEW_ARRHYTHMIA = "new-arrhythmia"
    SEVERE_AGITATION = "severe-agitation"
    PANIC = "panic"
    PSYCHOTIC_DISTRESS = "psychotic-distress"
    ASKS_TO_STOP = "asks-to-stop"

    @property
    def label(self) -> str:
        return _LABEL[self]


_LABEL = {
    Symptom.CHEST_PAIN: "Chest pain",
    Symptom.BREATHLESS: "Breathless",
    Symptom.SUDDEN_HEADACHE: "Sudden severe headache",
    Symptom.VISUAL_CHANGE: "Change of vision",
    Symptom.SEIZURE: "Seizure",
    Symptom.FOCAL_DEFICIT: "Weakness, numbness or speech lost",
    Symptom.APNOEA: "Not breathing",
    Symptom.VOMITING_DROWSY: "Vomiting while drowsy",
    Symptom.NEW_ARRHYTHMIA: "New irregular heartbeat",
    Symptom.SEVERE_AGITATION: "Severe agitation",
    Symptom.PANIC: "Panic that does not settle",
    Symptom.PSYCHOTIC_DISTRESS: "Psychotic distress",
    Symptom.ASKS_TO_STOP: "The patient asks to stop",
}
_EMERGENCY = "Stop the drug. Start the emergency pathway, call emergency services."
_CALM = "Fewer words, less touch and light, one person; stop the infusion."
_ACTION = {
    Symptom.APNOEA: "Stop the drug. Open the airway, call for help.",
    Symptom.VOMITING_DROWSY: "Turn the patient on the side, suction.",
    Symptom.NEW_ARRHYTHMIA: "Record an ECG, tell the prescriber.",
    Symptom.SEVERE_AGITATION: _CALM,
    Symptom.PANIC: _CALM,
    Symptom.PSYCHOTIC_DISTRESS: _CALM,
    Symptom.ASKS_TO_STOP: "Stop now, and record it.",
}
_MEDIUM = frozenset(
    {
        Symptom.NEW_ARRHYTHMIA,
        Symptom.SEVERE_AGITATION,
        Symptom.PANIC,
        Symptom.PSYCHOTIC_DISTRESS,
        Symptom.ASKS_TO_STOP,
    }
)


def raise_symptom(symptom: Symptom, *, at: datetime, watch: Watch) -> Alarm:
    """The alarm a symptom is. An emergency symptom is high whatever the monitor says.

    An irregular heartbeat turns high when the pulse or the pressure is out of bounds too.
    """
    return Alarm(
        code=symptom.value,
        priority=_priority(symptom, watch),
        what=symptom.label + _with_pressure(symptom, watch),
        sign=None,
        value=None,
        limit_text="",
        since=at,
        at=at,
        action=_ACTION.get(symptom, _EMERGENCY),
        source="Afterglow project default; symptoms to report: EU leaflet, esketamine nasal spray",
        grade=Grade.OWN,
    )


def _priority(symptom: Symptom, watch: Watch) -> Priority:
    if symptom not in _MEDIUM:
        return Priority.HIGH
    out = any(s in watch and watch[s].outside for s in (Sign.PULSE, Sign.SYSTOLIC, Sign.DIASTOLIC))
    return Priority.HIGH if symptom is Symptom.NEW_ARRHYTHMIA and out else Priority.MEDIUM


def _with_pressure(symptom: Symptom, watch: Watch) -> str:
    """The last pressure belongs beside chest pain, but not beside a wish to stop."""
    if symptom in _MEDIUM or Sign.SYSTOLIC not in watch:
        return ""
    return f", systolic pressure {watch[Sign.SYSTOLIC].value:g} mmHg"
