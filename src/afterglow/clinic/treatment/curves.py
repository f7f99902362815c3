"""The time axis of a session: what was expected, what was given, what was seen."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.db.models import Max, Min
from django.db.models.functions import TruncMinute

from afterglow.clinic.chart.models import LEADING, DoseGiven, Rating, Reading
from afterglow.clinic.chart.queries import dose_rows
from afterglow.clinic.planning.axis import lanes as banded
from afterglow.clinic.planning.queries import inputs_of
from afterglow.clinic.record.models import CURRENT
from afterglow.clinic.treatment.answering import CADSS
from afterglow.clinic.treatment.expected import bands_now, doses, minute_of
from afterglow.clinic.treatment.models import Session, StageChange
from afterglow.clinic.treatment.pump import pump_at
from afterglow.clinic.treatment.rules import limits_now
from afterglow.core.care.limits import Limits
from afterglow.core.care.signs import Priority, Sign
from afterglow.core.dosing.bands import Bands
from afterglow.core.quantity import Dose, Infusion
from afterglow.core.refusal import Refusal

AFTER_DOSE_MIN = 110
SHOWN_MIN = 30  # the axis grows by half hours, so that it does not creep

CUFF = {Sign.SYSTOLIC: "sbp", Sign.DIASTOLIC: "dbp"}
# A monitor sends these by the second: the axis shows the lowest and the highest of each minute.
STREAMED = {Sign.PULSE: "pulse", Sign.SPO2: "spo2", Sign.RESP_RATE: "resp"}
LANES = (
    (Sign.PULSE, "pulse", "Pulse", "/min", None),
    (Sign.SPO2, "spo2", "Saturation", "%", [85, 100]),
    (Sign.RESP_RATE, "resp", "Breathing", "/min", [0, 30]),
)


def axis_of(session: Session, *, at: datetime) -> dict[str, Any]:
    """The whole axis in minutes from the start of the session, ready for time-axis.js."""
    until = session.ended_at or at
    rows = dose_rows(session.encounter, at=until)
    pump = pump_at(rows, planned_mg=session.plan.amount_mg, at=until)
    given, ahead = doses(session, rows, pump, at=until)
    until_min = _shown_min(given + ahead, minute_of(until, session))
    bands = bands_now(session, (*given, *ahead), pump, at=until, until_min=until_min)
    return {
        "t_min": list(bands.t_min) if isinstance(bands, Bands) else [*range(until_min + 1)],
        "start_iso": session.started_at.isoformat(),
        "zone": settings.CLINIC_TIME_ZONE,
        "now_min": None if session.is_ended else round(minute_of(at, session), 2),
        "cursor_min": round(minute_of(until, session)),
        "phases": _phases(session, given + ahead, until_min),
        "doses": _dose_lane(given, ahead, rows, session),
        "lanes": _lanes(session, bands, at=until),
    }


def _lanes(session: Session, bands: Bands | Refusal, *, at: datetime) -> list[dict[str, Any]]:
    limits = limits_now(session, at=at)
    found = _banded(session, bands)
    found["pressure"]["label"] = "Blood pressure"
    found["pressure"]["range"] = [40, 220]  # room for the words of the highest limit
    found["pressure"]["points"] = _cuff_points(session)
    found["pressure"]["limits"] = _limit_lines(limits, Sign.SYSTOLIC)
    found["dissociation"]["points"] = _cadss_points(session)
    streamed = _streamed(session)
    signs = [
        {
            "id": lane,
            "label": label,
            "unit": unit,
            "series": lane,
            "points": streamed.get(sign, []),
            "limits": _limit_lines(limits, sign),
            "places": 0,
            **({"range": reach} if reach else {}),
        }
        for sign, lane, label, unit, reach in LANES
    ]
    return [found["pressure"], found["dissociation"], *signs, *_levels(found)]


def _banded(session: Session, bands: Bands | Refusal) -> dict[str, dict[str, Any]]:
    if isinstance(bands, Bands):
        limits = inputs_of(session.plan.proposal_id).facts.limits
        return {lane["id"]: lane for lane in banded(bands, limits)}
    empty = {"unit": "", "points": [], "places": 0}
    return {
        "pressure": {**empty, "id": "pressure", "series": "pressure", "unit": "mmHg"},
        "dissociation": {
            **empty,
            "id": "dissociation",
            "series": "dissociation",
            "label": "Dissociation (CADSS)",
            "unit": "0 to 92",
            "range": [0, 92],
        },
    }


def _levels(found: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [found["concentration"]] if "concentration" in found else []


def _limit_lines(limits: Limits, sign: Sign) -> list[dict[str, Any]]:
    rule = limits.get(sign)
    lines = []
    for limit in rule.limits if rule else ():
        for bound, word in ((limit.low, "below"), (limit.high, "above")):
            if bound is not None:
                label = f"{word} {bound:g}"
                lines.append({"v": bound, "label": label, "priority": limit.priority.value})
    return [line for line in lines if line["priority"] != Priority.LOW.value]


def _cuff_points(session: Session) -> list[dict[str, Any]]:
    mine = Reading.objects.filter(CURRENT, LEADING, encounter_id=session.pk, sign__in=CUFF)
    return [
        _point(session, r.happened_at, r.value, CUFF[Sign(r.sign)], str(r.pk))
        for r in mine.order_by("happened_at")
    ]


def _cadss_points(session: Session) -> list[dict[str, Any]]:
    mine = Rating.objects.filter(CURRENT, encounter_id=session.pk, scale=CADSS)
    return [
        _point(session, r.happened_at, r.value, "cadss", str(r.pk))
        for r in mine.order_by("happened_at")
    ]


def _streamed(session: Session) -> dict[Sign, list[dict[str, Any]]]:
    mine = Reading.objects.filter(CURRENT, LEADING, encounter_id=session.pk, sign__in=STREAMED)
    minutes = (
        mine.annotate(minute=TruncMinute("happened_at"))
        .values("sign", "minute")
        .annotate(lowest=Min("value"), highest=Max("value"))
        .order_by("minute")
    )
    points: dict[Sign, list[dict[str, Any]]] = {}
    for one in minutes:
        sign = Sign(one["sign"])
        middle = max(one["minute"] + timedelta(seconds=30), session.started_at)
        for value in sorted({one["lowest"], one["highest"]}):
            points.setdefault(sign, []).append(
                _point(
                    session, middle, value, STREAMED[sign], f"{sign}-{one['minute']:%H%M}-{value}"
                )
            )
    return points


def _point(session: Session, when: datetime, value: float, kind: str, id: str) -> dict[str, Any]:
    return {"t": round(minute_of(when, session), 2), "v": value, "kind": kind, "id": id}


def _dose_lane(
    given: Iterable[Dose], ahead: Iterable[Dose], rows: Sequence[DoseGiven], session: Session
) -> dict[str, Any]:
    pushes = [row for row in rows if row.amount_mg is not None]
    pushed_at = {round(minute_of(row.happened_at, session), 4) for row in pushes}
    ran = [one for one in given if round(_start(one), 4) not in pushed_at]
    return {
        "given": [_as_rate(one) for one in ran if isinstance(one, Infusion)],
        "planned": [_as_rate(one) for one in ahead if isinstance(one, Infusion)],
        "boluses": [
            {
                "t": round(minute_of(row.happened_at, session), 2),
                "mg": row.amount_mg,
                "planned": False,
            }
            for row in pushes
        ],
    }


def _start(dose: Dose) -> float:
    return dose.starts_min


def _as_rate(dose: Infusion) -> dict[str, float]:
    return {
        "start": round(dose.starts_min, 2),
        "end": round(dose.ends_min, 2),
        "rate": round(dose.rate_mg_per_min, 4),
    }


def _phases(session: Session, all_doses: Sequence[Dose], until_min: int) -> list[dict[str, Any]]:
    changes = StageChange.objects.filter(encounter_id=session.pk, stage=Session.Stage.RECOVERY)
    recovery = changes.first()
    infusions = [dose for dose in all_doses if isinstance(dose, Infusion)]
    first = min((dose.starts_min for dose in infusions), default=0.0)
    last = max((dose.ends_min for dose in infusions), default=first)
    settled = minute_of(recovery.happened_at, session) if recovery else last
    phases = [(0.0, first, "Baseline"), (first, last, "Infusion")]
    phases += [(last, settled, "After the dose"), (max(last, settled), until_min, "Recovery")]
    return [
        {"start": round(a, 2), "end": round(b, 2), "label": label}
        for a, b, label in phases
        if b > a
    ]


def _shown_min(all_doses: Sequence[Dose], now_min: float) -> int:
    ends = max((d.ends_min for d in all_doses if isinstance(d, Infusion)), default=0.0)
    needed = max(ends + AFTER_DOSE_MIN, now_min + 15)
    return ceil(needed / SHOWN_MIN) * SHOWN_MIN
