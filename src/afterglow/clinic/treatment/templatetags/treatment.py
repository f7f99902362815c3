"""The bedside page's own parts: pads, one-tap acts, and what an alarm says of itself."""

from typing import Any
from uuid import uuid4

from django import template
from django.urls import reverse

from afterglow.clinic.planning.models import Plan
from afterglow.clinic.treatment.alarming import CHANGE_DUE
from afterglow.clinic.treatment.answering import SCALES
from afterglow.clinic.treatment.forms import BODY_REASONS, PROBE_REASONS, PUMP_REASONS, STEP_REASONS
from afterglow.clinic.treatment.models import Alarm, Escalation
from afterglow.clinic.treatment.pads import Pad
from afterglow.core.care.schedule import shown

register = template.Library()
Shown = dict[str, Any]

CALLED = {
    "second-staff": "A second person is called",
    "room-and-on-call": "Everyone near the room and on call",
    "sound-again": "Nobody has answered",
}


@register.simple_tag
def fact_id() -> str:
    """A new id for the fact this form will become."""
    return str(uuid4())


@register.filter
def seen(alarm: Alarm) -> bool:
    return hasattr(alarm, "acknowledgement")


@register.filter
def over(alarm: Alarm) -> bool:
    return hasattr(alarm, "end")


@register.filter
def reasons(alarm: Alarm) -> tuple[str, ...]:
    """What a person most likely found or did, one tap each."""
    if alarm.code == "planned-amount-in":
        return PUMP_REASONS
    if alarm.code == CHANGE_DUE:
        return STEP_REASONS
    return PROBE_REASONS if alarm.technical else BODY_REASONS


@register.filter
def called(step: Escalation) -> str:
    return CALLED[step.step]


@register.filter
def ml_per_h(rate_mg_per_min: float, plan: Plan) -> str:
    """What the pump shows at this rate."""
    return shown(60 * rate_mg_per_min / plan.mg_per_ml, 1)


@register.filter
def scale_label(scale: str) -> str:
    return SCALES[scale].label


@register.filter
def scale_most(scale: str) -> int:
    return SCALES[scale].most


@register.inclusion_tag("treatment/parts/act.html", takes_context=True)
def act(
    context: template.Context, name: str, button: str, *, id: str, kind: str = "", **hidden: object
) -> Shown:
    """One tap that records one thing."""
    return _form(context, name, button, id, hidden) | {"kind": kind}


@register.inclusion_tag("treatment/parts/dialog.html", takes_context=True)
def dialog(
    context: template.Context,
    id: str,
    title: str,
    name: str,
    button: str,
    *,
    text: str,
    kind: str = "danger",
    **hidden: object,
) -> Shown:
    """A question before something that changes the course of a session."""
    return _form(context, name, button, id, hidden) | {"title": title, "text": text, "kind": kind}


def _form(
    context: template.Context, name: str, button: str, id: str, hidden: dict[str, object]
) -> Shown:
    action = reverse(f"treatment:{name}", args=[context["session"].pk])
    sent = {**hidden, "fact_id": str(uuid4())}
    shown = {"action": action, "button": button, "id": id, "hidden": sent}
    return {**shown, "request": context.get("request")}


@register.inclusion_tag("treatment/parts/words_pad.html", takes_context=True)
def words_pad(context: template.Context, pad: Pad, action: str) -> Shown:
    """A scale of few steps, each in words: tap one, then record it."""
    return {"pad": pad, "action": action, "request": context.get("request")}


@register.inclusion_tag("treatment/parts/row_pad.html", takes_context=True)
def row_pad(context: template.Context, pad: Pad, action: str) -> Shown:
    """A scale from 0 to 10: one tap records."""
    return {"pad": pad, "action": action, "request": context.get("request")}


@register.inclusion_tag("treatment/parts/hand.html")
def hand(name: str, label: str, unit: str) -> Shown:
    """One number to be typed."""
    return {"name": name, "label": label, "unit": unit}
