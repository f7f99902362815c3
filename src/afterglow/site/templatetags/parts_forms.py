"""Parts of forms: fields that tie label, help and error together, dials and rating pads."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

register = template.Library()
Shown = dict[str, Any]
Choice = tuple[Any, str] | tuple[Any, str, str]
GROUPED = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def _told_by(field: BoundField) -> dict[str, str]:
    """The attributes that let a screen reader hear a field's help and error with it."""
    ids = [f"{field.auto_id}_help"] if field.help_text else []
    ids += [f"{field.auto_id}_error"] if field.errors else []
    told = {"aria-describedby": " ".join(ids)} if ids else {}
    return told | ({"aria-invalid": "true"} if field.errors else {})


def _control(field: BoundField, extra: Mapping[str, Any]) -> SafeString:
    widget = field.field.widget
    attrs: dict[str, Any] = {**_told_by(field), **extra}
    if isinstance(widget, forms.NumberInput):
        attrs.setdefault("inputmode", "decimal")
    if isinstance(widget, forms.Textarea):
        attrs.setdefault("rows", 4)
    return field.as_widget(attrs=attrs)


def _kind(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, GROUPED):
        return "group"
    return "checkbox" if isinstance(widget, forms.CheckboxInput) else "plain"


@register.inclusion_tag("components/field.html")
def field(field: BoundField, unit: str = "", wide: bool = False) -> Shown:
    """Label, help, error, control and unit of one form field.

    A form may name the unit itself, as `data-unit` among its widget's attributes.
    """
    kind = _kind(field)
    unit = unit or field.field.widget.attrs.get("data-unit", "")
    control = "" if kind == "group" else _control(field, {})
    shown = {"field": field, "unit": unit, "wide": wide, "kind": kind, "control": control}
    return {**shown, "told": _told_by(field).get("aria-describedby", "")}


@register.inclusion_tag("components/fields.html")
def fields(form: forms.BaseForm) -> Shown:
    """All fields of a form, hidden ones too."""
    return {"form": form}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: forms.BaseForm) -> Shown:
    """What must be put right before the form can be kept, each line linking to its field."""
    lines: list[tuple[str, str, str]] = []
    for bound in form:
        lines += [(_target(bound), str(bound.label), str(error)) for error in bound.errors]
    return {"lines": lines, "whole": form.non_field_errors(), "form": form}


def _target(field: BoundField) -> str:
    # A group of radio buttons has no control of the field's own id; its first one has.
    return f"{field.auto_id}_0" if _kind(field) == "group" else str(field.id_for_label)


@register.inclusion_tag("components/dial.html")
def dial(field: BoundField, unit: str = "", step: float = 1, big_step: float = 5) -> Shown:
    """A number with minus, plus and a range. Needs the field's least and greatest value."""
    least, most = field.field.min_value, field.field.max_value  # type: ignore[attr-defined]
    control = _control(field, {"step": f"{step:g}", "data-dial-number": ""})
    shown = {"field": field, "unit": unit, "step": step, "big_step": big_step, "control": control}
    return {**shown, "least": least, "most": most, "value": field.value()}


@register.inclusion_tag("components/choice_pad.html", takes_context=True)
def choice_pad(
    context: template.Context,
    name: str,
    choices: Iterable[Choice],
    legend: str,
    action: str,
    *,
    submit: str = "Record",
    hidden: Mapping[str, Any] | None = None,
) -> Shown:
    """A rating in two taps: the value, then Record. Choices are (value, label, description)."""
    spread = [(value, label, *rest, "")[:3] for value, label, *rest in choices]
    shown = {"name": name, "choices": spread, "legend": legend, "action": action}
    return {**shown, "submit": submit, "hidden": hidden or {}, "request": context.get("request")}


@register.inclusion_tag("components/score_pad.html", takes_context=True)
def score_pad(
    context: template.Context,
    name: str,
    legend: str,
    action: str,
    max: int = 92,
    *,
    hidden: Mapping[str, Any] | None = None,
) -> Shown:
    """A score from 0 to `max` (below 100) in two taps: its ten, then the score itself."""
    tens = [(ten, range(ten * 10, min(ten * 10 + 9, max) + 1)) for ten in range(max // 10 + 1)]
    shown = {"name": name, "legend": legend, "action": action, "tens": tens}
    return {**shown, "hidden": hidden or {}, "request": context.get("request")}
