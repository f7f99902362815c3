"""What a go/no-go check reads: what the nurse enters now, and what the record knows already."""

from datetime import datetime, timedelta
from typing import Any

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.chart.models import Score
from afterglow.clinic.chart.queries import readings
from afterglow.clinic.people.models import Patient
from afterglow.clinic.people.queries import who
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.planning.queries import is_usable
from afterglow.clinic.planning.since import other_medicines
from afterglow.clinic.record.models import CURRENT
from afterglow.clinic.screening import consent_text
from afterglow.clinic.screening.queries import newest_consent
from afterglow.core.care.checks import ConsentSeen, Found
from afterglow.core.care.watch import Sign
from afterglow.core.care.words import Pressure, YesNo
from afterglow.core.quantity import Drug, Route

TODAY = timedelta(hours=12)
SAME_MOMENT = timedelta(minutes=2)  # a cuff's upper and lower number belong together
SUICIDE_ITEM = "9"  # of PHQ-9


def found_now(
    plan: Plan, said: dict[str, Any], *, at: datetime, signed_by: tuple[str, ...] = ()
) -> Found:
    """What the nurse said, completed from the record. `said` uses the names of `Found`."""
    patient = plan.patient
    weight = readings(patient, Sign.WEIGHT).filter(happened_at__lte=at).first()
    known: dict[str, Any] = {
        "drug": Drug(plan.drug),
        "route": Route(plan.route),
        "age_years": float(who(patient).age_years(at_clinic(at).date())),
        "pressures": pressures_today(patient, at=at),
        "consent": _consent(patient),
        "phq9_item9": _item_9(patient, at=at),
        "weight_kg": weight.value if weight else None,
        "weighed_on": at_clinic(weight.happened_at).date() if weight else None,
        "plan_weight_kg": plan.weight_kg,
        "plan_signed_at": _signed_at(plan),
        "plan_for": plan.planned_for,
        "signed_by": signed_by,
    }
    if other_medicines(plan, at=at):
        known["medicines_changed"] = YesNo.YES  # whatever was answered: the record names them
    return Found(**{**said, **known})


def pressures_today(patient: Patient, *, at: datetime) -> tuple[Pressure, ...]:
    """Whole pressures of the last hours, oldest first; half of one is not a pressure."""
    span = {"happened_at__range": (at - TODAY, at)}
    lower = list(readings(patient, Sign.DIASTOLIC).filter(**span))
    found = []
    for upper in readings(patient, Sign.SYSTOLIC).filter(**span).order_by("happened_at"):
        apart = {abs(r.happened_at - upper.happened_at): r.value for r in reversed(lower)}
        nearest = min(apart, default=None)
        if nearest is not None and nearest <= SAME_MOMENT:
            found.append(
                Pressure(
                    systolic_mmhg=upper.value,
                    diastolic_mmhg=apart[nearest],
                    taken_at=upper.happened_at,
                )
            )
    return tuple(found)


def _consent(patient: Patient) -> ConsentSeen | None:
    newest = newest_consent(patient)
    if newest is None:
        return None
    return ConsentSeen(
        given=newest.given,
        signed_at=newest.happened_at,
        text_version=newest.text_version,
        current_text_version=consent_text.CURRENT,
    )


def _item_9(patient: Patient, *, at: datetime) -> int | None:
    mine = Score.objects.filter(CURRENT, patient=patient, instrument="phq-9")
    newest = mine.filter(happened_at__lte=at).order_by("-happened_at").first()
    said = newest.answers.get(SUICIDE_ITEM) if newest else None
    return None if said is None else int(said)


def _signed_at(plan: Plan) -> datetime | None:
    """When the last needed signature was given. None while one is missing."""
    if not is_usable(plan):
        return None
    return plan.countersignature.happened_at if plan.needs_second else plan.happened_at
