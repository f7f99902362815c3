"""Invented curves and points for the page of parts. No model made them."""

import math
from datetime import UTC, date, datetime
from typing import Any

STARTED = datetime(2026, 3, 2, 13, 40, tzinfo=UTC)
T_MIN = list(range(-10, 181))
NOW_MIN = 52


def rise_and_fall(t_min: float, *, ends: float, top: float, rise: float, fall: float) -> float:
    """A curve that rises to `top` at `ends` minutes and then fades."""
    if t_min <= 0:
        return 0.0
    up = top * (1 - math.exp(-min(t_min, ends) / rise)) / (1 - math.exp(-ends / rise))
    return up * math.exp(-max(0.0, t_min - ends) / fall)


def bands(*, top: float, rise: float, fall: float, base: float = 0.0) -> dict[str, list[float]]:
    """Five curves about one shape, for a picture."""
    spread = {"p5": 0.5, "p25": 0.8, "p50": 1.0, "p75": 1.28, "p95": 1.85}

    def curve(by: float) -> list[float]:
        shape = [rise_and_fall(t, ends=40, top=top, rise=rise, fall=fall) for t in T_MIN]
        return [round(base * (1 + 0.08 * (by - 1)) + v * by, 1) for v in shape]

    return {name: curve(by) for name, by in spread.items()}


def wobble(t_min: float, size: float) -> float:
    """A small disturbance that is the same every time."""
    return size * (math.sin(t_min * 0.9) + 0.6 * math.sin(t_min * 2.3 + 1))


def observed(lane: str) -> list[dict[str, Any]]:
    """Points up to now: cuffs every five minutes, other signs every minute."""
    every = {"pressure": 5}.get(lane, 1)
    times = range(-10, NOW_MIN + 1, every)

    def point(t: float, kind: str, v: float) -> dict[str, Any]:
        return {"t": t, "v": round(v), "kind": kind}

    lift = {t: rise_and_fall(t, ends=40, top=1, rise=18, fall=35) for t in times}
    if lane == "pressure":
        sys = [point(t, "sbp", 124 + 26 * lift[t] + wobble(t, 3)) for t in times]
        return sys + [point(t, "dbp", 78 + 13 * lift[t] + wobble(t + 2, 2)) for t in times]
    if lane == "pulse":
        return [point(t, "pulse", 68 + 12 * lift[t] + wobble(t, 2)) for t in times]
    if lane == "spo2":
        return [point(t, "spo2", min(100, 98 - 2 * lift[t] + wobble(t, 0.5))) for t in times]
    return [point(t, "resp", 14 - 2 * lift[t] + wobble(t, 1)) for t in times]


def session_axis(*, running: bool = True) -> dict[str, Any]:
    """The document that mountTimeAxis reads: a 40 min infusion, 52 min in, or only planned."""
    rate = 35 / 40
    whole = {"start": 0, "end": 40, "rate": rate}
    extra = {"start": 60, "end": 70, "rate": 0.5}
    doses = {"given": [whole], "planned": [extra]} if running else {"given": [], "planned": [whole]}
    seen = observed if running else (lambda lane: [])
    rated = [{"t": 20, "v": 11, "kind": "cadss"}, {"t": 40, "v": 24, "kind": "cadss"}]
    drawn = [{"t": 39, "v": 176, "kind": "sample"}]
    blood = {
        "id": "concentration",
        "label": "Ketamine in blood",
        "unit": "ng/mL",
        "range": [0, 320],
        "series": "arterial",
        "name": "arterial",
        "bands": bands(top=165, rise=16, fall=30),
        "more": [{"series": "venous", "name": "venous", "bands": bands(top=118, rise=24, fall=42)}],
        "points": drawn if running else [],
    }
    high = {
        "id": "dissociation",
        "label": "Dissociation (CADSS)",
        "unit": "0 to 92",
        "range": [0, 60],
        "series": "dissociation",
        "bands": bands(top=19, rise=14, fall=26),
        "points": rated if running else [],
    }
    pressure = {
        "id": "pressure",
        "label": "Blood pressure",
        "unit": "mmHg",
        "range": [50, 210],
        "series": "pressure",
        "name": "systolic, expected",
        "bands": bands(top=17, rise=15, fall=35, base=126),
        "points": seen("pressure"),
        "limits": [{"v": 180, "label": "stop above 180", "priority": "high"}],
    }
    low = {"v": 92, "label": "below 92", "priority": "medium"}
    signs = [
        {
            "id": "pulse",
            "label": "Pulse",
            "unit": "/min",
            "range": [40, 120],
            "points": seen("pulse"),
        },
        {
            "id": "spo2",
            "label": "Saturation",
            "unit": "%",
            "range": [86, 100],
            "points": seen("spo2"),
            "limits": [low],
        },
        {
            "id": "resp",
            "label": "Breathing",
            "unit": "/min",
            "range": [4, 24],
            "points": seen("resp"),
        },
    ]
    phases = [(-10, 0, "Baseline"), (0, 40, "Infusion"), (40, 180, "Recovery")]
    return {
        "t_min": T_MIN,
        "start_iso": STARTED.isoformat() if running else None,
        "zone": "UTC",
        "now_min": NOW_MIN if running else None,
        "cursor_min": 40,
        "doses": doses,
        "phases": [{"start": a, "end": b, "label": word} for a, b, word in phases],
        "lanes": [blood, high, pressure, *(signs if running else [])],
    }


def course() -> dict[str, Any]:
    """Ten weeks of a questionnaire, with six sessions."""
    scores = [(0, 21), (7, 17), (14, 12), (21, 10), (28, 8), (42, 9), (56, 7)]
    sessions = [(2, 40, 27), (5, 38, 22), (9, 36, 17), (12, 36, 15), (16, 35, 14), (19, 35, 12)]
    expected = {"day": [0, 20, 70], "p5": [21, 3, 2], "p50": [21, 9, 10], "p95": [21, 19, 20]}
    return {
        "start_date": date(2026, 1, 5).isoformat(),
        "days": 70,
        "today": 58,
        "scale": {
            "name": "PHQ-9",
            "min": 0,
            "max": 27,
            "limits": [{"v": 10, "label": "moderate from 10"}],
        },
        "points": [{"day": day, "v": score} for day, score in scores],
        "sessions": [
            {"day": day, "n": n, "dose_mg": mg, "cadss": cadss}
            for n, (day, mg, cadss) in enumerate(sessions, start=1)
        ],
        "bands": expected,
    }
