"""Parts that show numbers, instants and curves. Loaded through `parts`."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.timezone import localtime, now

register = template.Library()
Shown = dict[str, Any]


def written(value: float | None, places: int) -> str:
    """A number with a true minus sign and a fixed number of decimals; empty when missing."""
    return "" if value is None else f"{value:.{places}f}".replace("-", "−")


@register.inclusion_tag("components/number.html")
def number(
    value: float | None,
    unit: str = "",
    at: datetime | None = None,
    places: int = 0,
    label: str = "",
) -> Shown:
    """A number with its unit and time. A missing one is said to be missing, never 0."""
    shown = {"raw": value, "text": written(value, places), "unit": unit}
    return {**shown, "at": at, "label": label}


@register.inclusion_tag("components/time.html")
def time(when: datetime | None) -> Shown:
    """The clock time of an instant, to the second, in the clinic's zone."""
    return {"when": when, "form": "H:i:s"}


@register.inclusion_tag("components/time.html")
def day(when: datetime | None) -> Shown:
    """The date of an instant, in the clinic's zone."""
    return {"when": when, "form": "j M Y"}


@register.inclusion_tag("components/elapsed.html")
def elapsed(when: datetime | None) -> Shown:
    """The clock time, with its date after a day, and how long ago: kept fresh by parts.js."""
    is_old = when is not None and now() - when > timedelta(days=1)
    return {"when": when, "form": "j M Y H:i" if is_old else "H:i:s"}


@register.inclusion_tag("components/tile.html")
def tile(
    sign: str,
    label: str,
    unit: str,
    *,
    value: float | None = None,
    at: datetime | None = None,
    low: float | None = None,
    high: float | None = None,
    state: str = "",
    places: int = 0,
    lane: str = "",
    kind: str = "",
) -> Shown:
    """A bedside number to be read from two metres. live.js keeps it fresh by its sign."""
    shown: Shown = {"sign": sign, "label": label, "unit": unit}
    shown |= {"value": written(value, places)}
    shown |= {"at": at, "low": low, "high": high, "places": places, "lane": lane, "kind": kind}
    return {**shown, **_verdict(value, low, high, state)}


@register.inclusion_tag("components/bp_tile.html")
def bp_tile(
    *,
    sys: float | None = None,
    dia: float | None = None,
    mean: float | None = None,
    at: datetime | None = None,
    low: float | None = None,
    high: float | None = None,
    sys_sign: str = "NIBP_SYS",
    dia_sign: str = "NIBP_DIA",
    mean_sign: str = "NIBP_MEAN",
) -> Shown:
    """Blood pressure as one number over another. The limits are those of the systolic."""
    shown: Shown = {"sys": written(sys, 0), "dia": written(dia, 0), "mean": written(mean, 0)}
    shown |= {"sys_sign": sys_sign, "dia_sign": dia_sign, "mean_sign": mean_sign}
    return {**shown, "at": at, "low": low, "high": high, **_verdict(sys, low, high, "")}


def _verdict(value: float | None, low: float | None, high: float | None, state: str) -> Shown:
    """What a tile says of its number: the same words as live.js."""
    if value is None:
        return {"state": "none", "verdict": "No reading yet"}
    if low is not None and value < low:
        return {"state": "out", "verdict": f"Low: below {low:g}"}
    if high is not None and value > high:
        return {"state": "out", "verdict": f"High: above {high:g}"}
    return {"state": state or "in", "verdict": ""}


@register.inclusion_tag("components/time_axis.html")
def time_axis(id: str, data: Mapping[str, Any] | str, title: str = "Session") -> Shown:
    """The time axis of a session. `data` is described in docs/design-language.md."""
    shown = json.loads(data) if isinstance(data, str) else data
    return {"id": id, "data": shown, "json_id": f"{id}-data", "title": title, "kind": "time"}


@register.inclusion_tag("components/time_axis.html")
def course_axis(id: str, data: Mapping[str, Any] | str, title: str = "Course") -> Shown:
    """A course over weeks: scores, with the sessions marked."""
    return {**time_axis(id, data, title), "kind": "course"}


@register.filter
def iso(when: datetime | None) -> str:
    """An instant as machines read it, with its offset."""
    return localtime(when).isoformat() if when else ""
