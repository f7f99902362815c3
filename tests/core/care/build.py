"""What the tests of care share: the policy, nine o'clock, and a patient on whom all is well."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from afterglow.core.care import checks, leave
from afterglow.core.care.instruments import Risk
from afterglow.core.care.policy import default_policy
from afterglow.core.care.questions import QUESTIONS, AnswerKind, Answers
from afterglow.core.care.words import Pressure, Rated, YesNo
from afterglow.core.quantity import Drug, Route

POLICY = default_policy()
NINE = datetime(2030, 1, 1, 9, 0, tzinfo=UTC)
TODAY = NINE.date()
YES, NO, UNKNOWN = YesNo.YES, YesNo.NO, YesNo.UNKNOWN

_WELL: dict[str, Any] = {
    "has_capacity": YES,
    "escort": YES,
    "systolic_mmhg": 124.0,
    "diastolic_mmhg": 78.0,
    "adequate_trials": 3.0,
    "phq9": 19.0,
}


def well(**other: YesNo | date | float) -> Answers:
    """Answers of a patient with nothing against treatment, except what is named."""
    plain = {q.id: NO for q in QUESTIONS if q.kind is AnswerKind.YES_NO and q.only_if is None}
    return {**plain, **_WELL, **other}


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def pressure(systolic: float, diastolic: float, at: datetime) -> Pressure:
    return Pressure(systolic_mmhg=systolic, diastolic_mmhg=diastolic, taken_at=at)


def ready(**other: Any) -> checks.Found:
    """A patient ready to start at nine, except what is named."""
    fields: dict[str, Any] = {
        "drug": Drug.KETAMINE,
        "route": Route.INTRAVENOUS,
        "age_years": 41.0,
        "solids_at": NINE - timedelta(hours=10),
        "fluids_at": NINE - timedelta(hours=3),
        "pressures": (pressure(124, 78, NINE - minutes(5)),),
        "pulse_per_min": 72.0,
        "spo2_percent": 98.0,
        "resp_per_min": 14.0,
        "temperature_c": 36.7,
        "vitals_at": NINE - minutes(5),
        "could_be_pregnant": NO,
        "medicines_changed": NO,
        "alcohol_24h": NO,
        "cannabis_24h": NO,
        "benzodiazepine_24h": NO,
        "stimulant_today": NO,
        "suicide_risk": Risk.NONE,
        "phq9_item9": 0,
        "consent": checks.ConsentSeen(
            given=True,
            signed_at=NINE - timedelta(days=3),
            text_version="2",
            current_text_version="2",
        ),
        "weight_kg": 70.0,
        "weighed_on": TODAY,
        "plan_weight_kg": 70.0,
        "escort_name": "Sam",
        "phone_off": YES,
        "bladder_emptied": YES,
        "iv_site_ready": YES,
        "plan_signed_at": NINE - timedelta(hours=20),
        "plan_for": TODAY,
        "signed_by": ("A. Nurse", "B. Nurse"),
    }
    return checks.Found(**{**fields, **other})


def rated(value: float, at: datetime) -> Rated:
    return Rated(value=value, at=at)


def settled(at: datetime, **other: Any) -> leave.Found:
    """A patient whose infusion ended at nine and who may leave at `at`, except what is named."""
    fields: dict[str, Any] = {
        "drug": Drug.KETAMINE,
        "route": Route.INTRAVENOUS,
        "dose_ended_at": NINE,
        "escorted": YES,
        "escort_name": "Sam",
        "sedated_during": NO,
        "sedation_moaas": rated(5, at),
        "cadss6_now": rated(1, at),
        "cadss6_baseline": 0.0,
        "pressure": pressure(128, 80, at),
        "pressure_baseline": pressure(124, 78, NINE - minutes(45)),
        "spo2": rated(98, at),
        "spo2_baseline": 98.0,
        "gait_steady": YES,
        "oriented": YES,
        "nausea": rated(0, at),
        "suicide_risk": Risk.NONE,
        "suicide_risk_before": Risk.NONE,
        "instructions_given": YES,
        "next_contact_at": at + timedelta(days=2),
        "signed_by": "Dr C",
    }
    return leave.Found(**{**fields, **other})
