"""What a discharge check reads: what the clinician sees now, and what the record knows already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from afterglow.clinic.chart.models import DoseGiven, Encounter, Rating
from afterglow.clinic.chart.queries import before_dose, dose_rows, first_dose_at, readings
from afterglow.clinic.preparation.found import pressures_today
from afterglow.clinic.preparation.queries import newest_check
from afterglow.clinic.record.models import CURRENT
from afterglow.clinic.treatment.answering import CADSS6, MOAAS
from afterglow.clinic.treatment.models import Session
from afterglow.clinic.treatment.rules import pump_of
from afterglow.core.care import saved
from afterglow.core.care.checks import Found as FoundBefore
from afterglow.core.care.instruments.cssrs import Risk
from afterglow.core.care.leave import Found
from afterglow.core.care.policy import Policy
from afterglow.core.care.watch import Sign
from afterglow.core.care.words import Pressure, Rated, YesNo
from afterglow.core.quantity import Drug, Route

NAUSEA = "nrs-nausea"
FULLY_AWAKE = 5  # MOAA/S
BASELINE_WITHIN = timedelta(hours=12)  # the same visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a clinician saw and arranged. Unknown is not "no"."""

    gait_steady: YesNo = YesNo.UNKNOWN
    oriented: YesNo = YesNo.UNKNOWN
    suicide_risk: Risk | None = None
    escorted: YesNo = YesNo.UNKNOWN
    escort_name: str = ""
    instructions_given: YesNo = YesNo.UNKNOWN

    def grown_old(self) -> "Said":
        """What was arranged still holds; what was seen must be looked at again."""
        return Said(
            escorted=self.escorted,
            escort_name=self.escort_name,
            instructions_given=self.instructions_given,
        )


def said_in(found: Mapping[str, object]) -> Said:
    """What was said at an earlier check, out of all that it had found."""
    return saved.load(Said, {name: found[name] for name in Said.__dataclass_fields__})


def still_holds(said: Said, *, said_at: datetime, policy: Policy, at: datetime) -> Said:
    """What was said, without what has grown too old to judge by."""
    window = timedelta(minutes=policy.leave.observed_within_min.value)
    return said if at - said_at <= window else said.grown_old()


def found_now(session: Session, said: Said, *, at: datetime, signed_by: str = "") -> Found:
    """What was said, completed from the record."""
    patient, encounter = session.patient, Encounter(pk=session.pk)
    begun_at = first_dose_at(encounter, at=at) or at
    ratings = _ratings(session.pk, at=at)
    before = readings(patient, Sign.SPO2).filter(happened_at__lte=at)
    spo2_before = before_dose(patient, Sign.SPO2, zero_at=begun_at, within=BASELINE_WITHIN)
    return Found(
        drug=Drug(session.plan.drug),
        route=Route(session.plan.route),
        dose_ended_at=dose_ended_at(session, at=at),
        escorted=said.escorted,
        escort_name=said.escort_name,
        sedated_during=_sedated(ratings, since=begun_at),
        sedation_moaas=_newest(ratings, MOAAS),
        cadss6_now=_newest(ratings.filter(happened_at__gt=begun_at), CADSS6),
        cadss6_baseline=_value(ratings.filter(happened_at__lte=begun_at), CADSS6),
        pressure=_last(p for p in pressures_today(patient, at=at) if p.taken_at > begun_at),
        pressure_baseline=_last(pressures_today(patient, at=begun_at)),
        spo2=_rated(before.filter(happened_at__gt=begun_at).first()),
        spo2_baseline=spo2_before.value if spo2_before else None,
        gait_steady=said.gait_steady,
        oriented=said.oriented,
        nausea=_newest(ratings, NAUSEA),
        suicide_risk=said.suicide_risk,
        suicide_risk_before=_risk_before(session),
        instructions_given=said.instructions_given,
        next_contact_at=next_contact_at(session, at=at),
        signed_by=signed_by,
    )


def dose_ended_at(session: Session, *, at: datetime) -> datetime | None:
    """When the last of the drug went in. None while a pump runs, and where none was given."""
    pump = pump_of(session, at=at)
    rows = dose_rows(Encounter(pk=session.pk), at=at)
    if pump.is_running or first_dose_at(Encounter(pk=session.pk), at=at) is None:
        return None
    ends = [_ends(row) for row in rows]
    if pump.is_all_in and pump.ends_at is not None:
        ends.append(pump.ends_at)
    return max(end for end in ends if end is not None)


def _ends(row: DoseGiven) -> datetime | None:
    if row.duration_min is not None:
        return row.happened_at + timedelta(minutes=row.duration_min)
    return row.happened_at if row.rate_mg_per_min == 0 else None


def next_contact(session: Session, *, at: datetime) -> Encounter | None:
    """The first visit or call that is booked from now on."""
    coming = Encounter.objects.filter(CURRENT, patient=session.patient, happened_at__gt=at)
    return coming.exclude(pk=session.pk).order_by("happened_at").first()


def next_contact_at(session: Session, *, at: datetime) -> datetime | None:
    """When the patient and the clinic meet or talk next."""
    booked = next_contact(session, at=at)
    return booked.happened_at if booked else None


def times_of(found: Found, said_at: datetime | None) -> dict[str, datetime]:
    """When each criterion's value was seen, by the criterion's id."""
    seen = {
        "pressure": found.pressure.taken_at if found.pressure else None,
        "saturation": found.spo2.at if found.spo2 else None,
        "sedation": found.sedation_moaas.at if found.sedation_moaas else None,
        "dissociation": found.cadss6_now.at if found.cadss6_now else None,
        "nausea": found.nausea.at if found.nausea else None,
        "gait": said_at if found.gait_steady is not YesNo.UNKNOWN else None,
        "oriented": said_at if found.oriented is not YesNo.UNKNOWN else None,
        "suicide-risk": said_at if found.suicide_risk else None,
    }
    return {id: at for id, at in seen.items() if at is not None}


def _ratings(encounter_id: UUID, *, at: datetime) -> QuerySet[Rating]:
    mine = Rating.objects.filter(CURRENT, encounter=encounter_id, happened_at__lte=at)
    return mine.order_by("-happened_at", "-recorded_at")


def _newest(ratings: QuerySet[Rating], scale: str) -> Rated | None:
    return _rated(ratings.filter(scale=scale).first())


def _value(ratings: QuerySet[Rating], scale: str) -> float | None:
    newest = ratings.filter(scale=scale).first()
    return newest.value if newest else None


def _rated(row: object) -> Rated | None:
    value, at = getattr(row, "value", None), getattr(row, "happened_at", None)
    return None if value is None or at is None else Rated(value=value, at=at)


def _sedated(ratings: QuerySet[Rating], *, since: datetime) -> YesNo:
    during = ratings.filter(scale=MOAAS, happened_at__gte=since)
    if not during.exists():
        return YesNo.UNKNOWN
    return YesNo.YES if during.filter(value__lt=FULLY_AWAKE).exists() else YesNo.NO


def _last(pressures: Iterable[Pressure]) -> Pressure | None:
    return next(reversed(list(pressures)), None)


def _risk_before(session: Session) -> Risk | None:
    checked = newest_check(session.plan)
    return saved.load(FoundBefore, checked.found).suicide_risk if checked else None
