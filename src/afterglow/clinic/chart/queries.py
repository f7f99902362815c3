"""What entered the body and what was measured, as the core's own values.

Minutes count from the first dose of the encounter, wherever doses and observations meet a model.
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from afterglow.clinic.chart.models import LEADING, DoseGiven, Encounter, Reading
from afterglow.clinic.people.models import Patient
from afterglow.clinic.record.models import CURRENT
from afterglow.core.care.watch import Sign
from afterglow.core.quantity import BaseMass, Dose, Drug, Infusion, Route

SHORTEST_MIN = 1 / 60  # a second: below it a pump entry was overwritten, not run


def dose_rows(encounter: Encounter, *, at: datetime) -> list[DoseGiven]:
    """The doses of an encounter begun by `at` that no newer row corrects, in order of time."""
    mine = DoseGiven.objects.filter(CURRENT, encounter=encounter, happened_at__lte=at)
    return list(mine.order_by("happened_at", "recorded_at"))


def first_dose_at(encounter: Encounter, *, at: datetime) -> datetime | None:
    """When something first entered the body: minute 0 of the encounter. None: not yet."""
    for row in dose_rows(encounter, at=at):
        if row.amount_mg or row.rate_mg_per_min:
            return row.happened_at
    return None


def doses_given(
    encounter: Encounter, *, at: datetime, zero_at: datetime | None = None
) -> list[Dose]:
    """What had entered the body by `at`, timed from `zero_at` or else from the first dose.

    A rate runs until the next rate of the encounter, or until `at` while it still runs. A push
    that `at` cuts short counts as far as it had come. Raises BadQuantity for a dose before
    `zero_at`.
    """
    zero_at = zero_at or first_dose_at(encounter, at=at)
    if zero_at is None:
        return []
    rows = dose_rows(encounter, at=at)
    rates = [row for row in rows if row.rate_mg_per_min is not None]
    ends = [*(row.happened_at for row in rates[1:]), at][: len(rates)]
    doses = [_ran(row, until, zero_at) for row, until in zip(rates, ends, strict=True)]
    doses += [_pushed(row, at, zero_at) for row in rows if row.amount_mg is not None]
    given = [dose for dose in doses if dose is not None]
    return sorted(given, key=lambda dose: dose.starts_min)


def is_still_running(encounter: Encounter, *, at: datetime) -> bool:
    """True while the newest pump rate is above 0: nobody has recorded its end."""
    rates = [
        r.rate_mg_per_min for r in dose_rows(encounter, at=at) if r.rate_mg_per_min is not None
    ]
    return bool(rates) and rates[-1] > 0


def encounters_with_doses(patient: Patient, *, at: datetime) -> list[Encounter]:
    """The encounters in which something had entered the body by `at`, oldest first."""
    real = DoseGiven.objects.filter(CURRENT, patient=patient, happened_at__lte=at)
    real = real.exclude(encounter=None).exclude(rate_mg_per_min=0)
    ids = real.values_list("encounter_id", flat=True)
    found = Encounter.objects.filter(CURRENT, pk__in=list(ids))
    return sorted(found, key=lambda one: first_dose_at(one, at=at) or one.happened_at)


def readings(patient: Patient, sign: Sign) -> QuerySet[Reading]:
    """A patient's readings of one sign that no newer row corrects, newest first."""
    mine = Reading.objects.filter(CURRENT, LEADING, patient=patient, sign=sign.value)
    return mine.order_by("-happened_at", "-recorded_at")


def before_dose(
    patient: Patient, sign: Sign, *, zero_at: datetime, within: timedelta
) -> Reading | None:
    """The newest reading at or before a dose, not older than `within`. None: not measured."""
    span = (zero_at - within, zero_at)
    return readings(patient, sign).filter(happened_at__range=span).first()


def _ran(row: DoseGiven, until: datetime, zero_at: datetime) -> Dose | None:
    start, end = _min(row.happened_at, zero_at), _min(until, zero_at)
    if not row.rate_mg_per_min or end - start < SHORTEST_MIN:
        return None
    amount = BaseMass(row.rate_mg_per_min * (end - start))
    return _infusion(row, amount, start, end - start)


def _pushed(row: DoseGiven, at: datetime, zero_at: datetime) -> Dose | None:
    start, end = _min(row.happened_at, zero_at), _min(at, zero_at)
    whole = row.duration_min or 0.0
    ran = min(whole, end - start)
    if ran < min(whole, SHORTEST_MIN):
        return None
    return _infusion(row, BaseMass((row.amount_mg or 0.0) * ran / whole), start, ran)


def _infusion(row: DoseGiven, amount: BaseMass, starts_min: float, lasts_min: float) -> Infusion:
    return Infusion(
        amount=amount,
        starts_min=starts_min,
        lasts_min=lasts_min,
        drug=Drug(row.drug),
        route=Route(row.route),
    )


def _min(instant: datetime, zero_at: datetime) -> float:
    return (instant - zero_at).total_seconds() / 60
