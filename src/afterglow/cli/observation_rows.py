"""One row of what was seen: a score, pressure, pulse, rating of alertness or level in blood."""

from __future__ import annotations

from afterglow.cli.input_table import Table
from afterglow.core.dosing.observed import (
    BelowLimit,
    Observation,
    Pressure,
    Pulse,
    Sampled,
    Scored,
    ScoredShort,
    Sedated,
)
from afterglow.core.pharmacology.doses import LONGEST_MIN
from afterglow.core.quantity import Analyte, ArterialLevel, Site, VenousLevel

FIELDS = ("session", "at_min", "kind", "value", "unit", "site", "below_limit")
# kind: unit, lowest and highest value
SCORES = {
    "cadss": ("points", 0.0, 92.0),
    "cadss_6": ("points", 0.0, 24.0),
    "systolic": ("mmHg", 40.0, 300.0),
    "pulse": ("1/min", 20.0, 250.0),
    "moaa_s": ("points", 0.0, 5.0),
}
LEVELS = tuple(analyte.value for analyte in Analyte)
NG_PER_ML = {"ng/mL": 1.0, "ug/L": 1.0, "mg/L": 1000.0}
MOST_NG_PER_ML = 100_000.0


def observation_of(row: Table) -> Observation:
    """Raises BadInput naming file, line, field and accepted range."""
    row.only(*FIELDS)
    at_min = row.number("at_min", 0, LONGEST_MIN, "min from the start of the session")
    kind = row.one_of("kind", (*SCORES, *LEVELS))
    with row.naming():
        return _level(row, at_min, kind) if kind in LEVELS else _score(row, at_min, kind)


def _score(row: Table, at_min: float, kind: str) -> Observation:
    for field in ("site", "below_limit"):
        if row.has(field):
            raise row.wrong(f"{field} means nothing for {kind}: it is for blood levels.", field)
    unit, low, high = SCORES[kind]
    row.one_of("unit", (unit,), default=unit)
    if kind == "moaa_s":
        return Sedated(at_min=at_min, moaa_s=row.whole("value", int(low), int(high)))
    value = row.number("value", low, high, unit)
    match kind:
        case "cadss":
            return Scored(at_min=at_min, cadss=value)
        case "cadss_6":
            return ScoredShort(at_min=at_min, cadss_6=value)
        case "systolic":
            return Pressure(at_min=at_min, systolic_mmhg=value)
        case _:
            return Pulse(at_min=at_min, per_min=value)


def _level(row: Table, at_min: float, kind: str) -> Observation:
    """Site and unit have no default: an arterial level is half as high again as a venous one."""
    site = Site(row.one_of("site", list(Site)))
    unit = row.one_of("unit", tuple(NG_PER_ML))
    most = MOST_NG_PER_ML / NG_PER_ML[unit]
    value = row.number("value", 0, most, unit) * NG_PER_ML[unit]
    if value == 0:
        raise row.wrong(
            f"value must be more than 0 to {most:g} {unit}; where nothing could be quantified, "
            "give the limit of the assay and below_limit = true.",
            "value",
        )
    analyte = Analyte(kind)
    arterial = site is Site.ARTERIAL
    level = ArterialLevel(value, analyte) if arterial else VenousLevel(value, analyte)
    if row.flag("below_limit", default=False):
        return BelowLimit(at_min=at_min, limit=level)
    return Sampled(at_min=at_min, level=level)
