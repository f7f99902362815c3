"""Bands on the time axis: one lane each for blood level, dissociation and pressure."""

from collections.abc import Sequence
from typing import Any

from afterglow.core.dosing.bands import Bands, Series
from afterglow.core.dosing.propose import Limits
from afterglow.core.quantity import Dose, Infusion

Lane = dict[str, Any]


def plan_axis(
    bands: Bands, doses: Sequence[Dose], limits: Limits, *, before: Bands | None = None
) -> dict[str, Any]:
    """The axis of a session that is still ahead. `before`: bands as they were without learning."""
    return {
        "t_min": list(bands.t_min),
        "start_iso": None,
        "now_min": None,
        "phases": phases(doses, bands.t_min[-1]),
        "doses": {"given": [], "planned": planned(doses), "boluses": []},
        "lanes": lanes(bands, limits, before=before),
    }


def lanes(bands: Bands, limits: Limits, *, before: Bands | None = None) -> list[Lane]:
    """The banded lanes with their limits; once something was learned, the old bands too."""
    return [_levels(bands), _dissociation(bands, limits, before), _pressure(bands, limits, before)]


def planned(doses: Sequence[Dose]) -> list[dict[str, float]]:
    """Infusions as rates over time."""
    return [
        {"start": one.starts_min, "end": one.ends_min, "rate": round(one.rate_mg_per_min, 4)}
        for one in doses
        if isinstance(one, Infusion)
    ]


def phases(doses: Sequence[Dose], until_min: float) -> list[dict[str, Any]]:
    """Infusion, then recovery."""
    end = max((one.ends_min for one in doses), default=0.0)
    return [
        {"start": 0, "end": end, "label": "Infusion"},
        {"start": end, "end": until_min, "label": "Recovery"},
    ]


def spread(series: Series, places: int) -> dict[str, list[float]]:
    """The five percentile lines, rounded to what a screen can show."""
    names = ("p5", "p25", "p50", "p75", "p95")
    return {name: [round(v, places) for v in getattr(series, name)] for name in names}


def _levels(bands: Bands) -> Lane:
    arterial, venous = bands.series["arterial_ng_per_ml"], bands.series["venous_ng_per_ml"]
    return {
        "id": "concentration",
        "label": "Ketamine in blood",
        "unit": "ng/mL",
        "series": "arterial",
        "name": "arterial",
        "bands": spread(arterial, 1),
        "more": [{"series": "venous", "name": "venous", "bands": spread(venous, 1)}],
        "points": [],
        "places": 0,
    }


def _dissociation(bands: Bands, limits: Limits, before: Bands | None) -> Lane:
    label = f"limit {limits.cadss:g}"
    lane = _lane("dissociation", "Dissociation (CADSS)", "0 to 92", bands, "cadss", before)
    lane["limits"] = [{"v": limits.cadss, "label": label, "priority": "medium"}]
    return lane


def _pressure(bands: Bands, limits: Limits, before: Bands | None) -> Lane:
    label = f"limit {limits.systolic_mmhg:g}"
    lane = _lane("pressure", "Systolic pressure", "mmHg", bands, "systolic_mmhg", before)
    lane["limits"] = [{"v": limits.systolic_mmhg, "label": label, "priority": "medium"}]
    return lane


def _lane(id: str, label: str, unit: str, bands: Bands, key: str, before: Bands | None) -> Lane:
    old = before.series[key] if before else None
    return {
        "id": id,
        "label": label,
        "unit": unit,
        "series": id,
        "name": "expected now" if old else "expected",
        "bands": spread(bands.series[key], 1),
        "more": [_old(id, old)] if old else [],
        "points": [],
        "places": 0,
    }


def _old(id: str, series: Series) -> Lane:
    return {"series": id, "name": "before learning", "bands": spread(series, 1)}
