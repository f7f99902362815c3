"""`{% load parts %}`: every part a screen is made of. Each is shown on the page /design."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django import template

from afterglow.site.templatetags import parts_forms, parts_numbers

register = template.Library()
for module in (parts_numbers, parts_forms):
    register.tags.update(module.register.tags)
    register.filters.update(module.register.filters)

Shown = dict[str, Any]

# Each state and priority has its own shape as well as its colour and its word.
SHAPES = {
    "ok": "tick",
    "hold": "bars",
    "stop": "cross",
    "unknown": "question",
    "pending": "ring",
    "selected": "dot",
    "info": "square",
}
PRIORITIES = {"high": ("***", "High"), "medium": ("**", "Medium"), "low": ("*", "Low")}
GRADES = {
    "A": ("A", "Read in the primary source."),
    "B": ("B", "Read in a secondary source that quotes the primary one."),
    "C": ("unverified", "Unverified: reported, not yet read in any source. Do not rely on it."),
    "D": ("derived", "Derived by calculation from published numbers."),
    "own": ("own default", "Our own default. No publication sets this number; the clinic may."),
}
STEPS = ("Arrive", "Screen", "Plan", "Prepare", "Session", "Leave", "Follow", "Again")


@register.inclusion_tag("components/state.html")
def state(kind: str, text: str) -> Shown:
    """A state in words with its shape: ok, hold, stop, unknown, pending, selected, info."""
    return {"kind": kind, "text": text, "shape": SHAPES[kind]}


@register.inclusion_tag("components/shape.html")
def shape(kind: str) -> Shown:
    """The bare shape of a state, hidden from screen readers: words must stand beside it."""
    return {"shape": SHAPES[kind]}


@register.inclusion_tag("components/priority.html")
def priority(level: str) -> Shown:
    """An alarm priority as IEC 60601-1-8 writes it: stars, colour and word."""
    stars, word = PRIORITIES[level]
    return {"level": level, "stars": stars, "word": word}


@register.inclusion_tag("components/alarm.html", takes_context=True)
def alarm(context: template.Context, a: Any) -> Shown:
    """One alarm: what, how bad, since when, and who has seen it."""
    return {"a": a, "request": context.get("request")}


@register.inclusion_tag("components/reason.html")
def reason(kind: str, text: str, source: str = "", grade: str = "", remedy: str = "") -> Shown:
    """One reason behind a decision, with what would change it."""
    shown = {"kind": kind, "text": text, "source": source, "grade": grade}
    return {**shown, "remedy": remedy, "shape": SHAPES[kind]}


@register.inclusion_tag("components/refusal.html")
def refusal(r: Any) -> Shown:
    """A clinical "no": because, remedy, source and code (`core.refusal.Refusal`)."""
    return {"r": r, "shape": SHAPES["stop"]}


@register.inclusion_tag("components/source.html")
def source(text: str, grade: str = "", where: str = "") -> Shown:
    """Where a number comes from. An unverified one and our own defaults say so unopened."""
    word, meaning = GRADES.get(grade, ("source", ""))
    # Ids must differ within one page, also when htmx brings a part of it later.
    key = f"source-{uuid4().hex[:10]}"
    shown = {"key": key, "text": text, "grade": grade, "word": word}
    return {**shown, "meaning": meaning, "where": where}


@register.inclusion_tag("components/empty.html")
def empty(text: str, todo: str = "", url: str = "", label: str = "") -> Shown:
    """Nothing here yet, and what to do about it."""
    return {"text": text, "todo": todo, "url": url, "label": label}


@register.inclusion_tag("components/loading.html")
def loading(text: str) -> Shown:
    """A wait, in words."""
    return {"text": text}


@register.inclusion_tag("components/checklist.html")
def checklist(items: Iterable[Any]) -> Shown:
    """Checks with their values: `.text .state .value .reason .source .grade`."""
    return {"items": items}


@register.inclusion_tag("components/patient_strip.html")
def patient_strip(patient: Any) -> Shown:
    """Who this page is about. Allergies never asked and none known are different words."""
    return {"patient": patient}


@register.inclusion_tag("components/steps.html")
def steps(
    at: int, urls: Mapping[int, str] | None = None, done: Iterable[int] | None = None
) -> Shown:
    """The eight steps of care, and where this patient stands (1 to 8)."""
    finished = set(range(1, at)) if done is None else set(done)

    def step(n: int, word: str) -> Shown:
        where = "now" if n == at else "done" if n in finished else "later"
        return {"n": n, "word": word, "where": where, "url": (urls or {}).get(n, "")}

    return {"steps": [step(n, word) for n, word in enumerate(STEPS, start=1)]}


@register.inclusion_tag("components/confirm.html", takes_context=True)
def confirm(
    context: template.Context,
    id: str,
    title: str,
    text: str,
    action: str,
    button: str,
    kind: str = "danger",
    hidden: Mapping[str, Any] | None = None,
) -> Shown:
    """A question before something that cannot be taken back. Opened by `data-opens="<id>"`."""
    shown = {"id": id, "title": title, "text": text, "action": action, "button": button}
    return {**shown, "kind": kind, "hidden": hidden or {}, "request": context.get("request")}


@register.inclusion_tag("components/sound_switch.html")
def sound_switch() -> Shown:
    """Alarm sounds, which a browser allows only after a tap."""
    return {}


@register.inclusion_tag("components/risk_table.html")
def risk_table(risk: Iterable[Any]) -> Shown:
    """Chances of exceeding limits: `.label .value .detail .limit .state .source .grade`."""
    return {"risk": risk}
