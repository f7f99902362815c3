"""From the chart's facts to what the model may learn from: one `SessionObserved` a session."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.chart.models import LEADING, Encounter, Rating, Reading, Sample
from afterglow.clinic.chart.queries import (
    before_dose,
    doses_given,
    encounters_with_doses,
    first_dose_at,
    is_still_running,
)
from afterglow.clinic.people.models import Patient
from afterglow.clinic.record.models import CURRENT
from afterglow.core.body import Baseline
from afterglow.core.care.watch import Sign
from afterglow.core.dosing.observed import (
    Observation,
    Pressure,
    Pulse,
    Sampled,
    Scored,
    SessionObserved,
    in_words,
    twice,
)
from afterglow.core.quantity import Analyte, ArterialLevel, VenousLevel
from afterglow.core.refusal import Refusal

CADSS = "cadss-23"
BASELINE_WITHIN = timedelta(hours=24)  # measured on the day of the session
WATCHED_MIN = 240.0  # later readings belong to the rest of the day
# A monitor's pulse comes every second. One middle value in five minutes says as much to the
# model, and keeps a thousand like readings from counting as a thousand witnesses.
PULSE_EVERY_MIN = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """All past sessions as the model sees them, and what it could not use."""

    sessions: tuple[SessionObserved, ...]
    given: int  # sessions in which something was given, used here or not
    last_at: datetime | None  # the first dose of the newest of them
    left_out: tuple[str, ...]

    def idle_days(self, at: datetime) -> float:
        """Days since the newest session; 0 before the first."""
        return 0.0 if self.last_at is None else max(0.0, (at - self.last_at) / timedelta(days=1))


def observed(patient: Patient, *, at: datetime) -> Observed | Refusal:
    """Every session given before `at`, in order."""
    sessions, left_out, last_at = [], [], None
    encounters = encounters_with_doses(patient, at=at)
    for number, encounter in enumerate(encounters, start=1):
        if is_still_running(encounter, at=at):
            return _never_ended(encounter)
        zero_at = first_dose_at(encounter, at=at) or encounter.happened_at
        idle = (zero_at - last_at) / timedelta(days=1) if last_at else 0.0
        seen = _session(encounter, number=number, zero_at=zero_at, idle_days=idle, at=at)
        if isinstance(seen, str):
            left_out.append(seen)
        else:
            sessions.append(replace(seen, observations=tuple(dict.fromkeys(seen.observations))))
            left_out += [_told_twice(number, one) for one in twice(seen.observations)]
        last_at = zero_at
    return Observed(
        sessions=tuple(sessions), given=len(encounters), last_at=last_at, left_out=tuple(left_out)
    )


def baseline_before(patient: Patient, zero_at: datetime) -> Baseline | None:
    """What was measured before the dose of that day. None without a pressure and a pulse."""

    def value(sign: Sign) -> float | None:
        found = before_dose(patient, sign, zero_at=zero_at, within=BASELINE_WITHIN)
        return found.value if found else None

    systolic, pulse = value(Sign.SYSTOLIC), value(Sign.PULSE)
    if systolic is None or pulse is None:
        return None
    return Baseline(
        systolic_mmhg=systolic,
        pulse_per_min=pulse,
        diastolic_mmhg=value(Sign.DIASTOLIC),
        cadss=_cadss_before(patient, zero_at),
    )


def _cadss_before(patient: Patient, zero_at: datetime) -> float:
    """The dissociation score before any drug; 0 where none was taken, as Baseline means it."""
    span = (zero_at - BASELINE_WITHIN, zero_at)
    mine = Rating.objects.filter(CURRENT, patient=patient, scale=CADSS)
    newest = mine.filter(happened_at__range=span).order_by("-happened_at").first()
    return newest.value if newest else 0.0


def _session(
    encounter: Encounter, *, number: int, zero_at: datetime, idle_days: float, at: datetime
) -> SessionObserved | str:
    day = f"Session {number} ({at_clinic(zero_at):%d %b %Y})"
    baseline = baseline_before(encounter.patient, zero_at)
    if baseline is None:
        return f"{day} not used: no pressure and pulse were measured before its dose."
    seen = tuple(observations(encounter, zero_at=zero_at, at=at))
    if not seen:
        return f"{day} not used: no dissociation score, pressure, pulse or level was recorded."
    return SessionObserved(
        number=number,
        doses=tuple(doses_given(encounter, at=at)),
        baseline=baseline,
        observations=seen,
        idle_days=idle_days,
    )


def observations(encounter: Encounter, *, zero_at: datetime, at: datetime) -> Iterator[Observation]:
    """What was seen after the first dose, in the model's own words and minutes."""
    until = min(at, zero_at + timedelta(minutes=WATCHED_MIN))
    span = {"encounter": encounter, "happened_at__range": (zero_at, until)}

    def minute(row: Rating | Reading | Sample) -> float:
        return (row.happened_at - zero_at).total_seconds() / 60

    for rating in Rating.objects.filter(CURRENT, **span, scale=CADSS).order_by("happened_at"):
        yield Scored(at_min=minute(rating), cadss=rating.value)
    cuff = Reading.objects.filter(CURRENT, LEADING, **span, sign=Sign.SYSTOLIC.value).order_by(
        "happened_at"
    )
    for reading in cuff:
        yield Pressure(at_min=minute(reading), systolic_mmhg=reading.value)
    pulses = Reading.objects.filter(CURRENT, LEADING, **span, sign=Sign.PULSE.value).order_by(
        "happened_at"
    )
    yield from _thinned((minute(one), one.value) for one in pulses)
    for sample in Sample.objects.filter(CURRENT, **span, ng_per_ml__isnull=False).order_by(
        "happened_at"
    ):
        yield Sampled(at_min=minute(sample), level=_level(sample))


def _told_twice(number: int, one: Observation) -> str:
    return f"Session {number}: {in_words(one)} stands in the chart more than once and counts once."


def _thinned(pulses: Iterable[tuple[float, float]]) -> Iterator[Pulse]:
    for _, together in groupby(pulses, key=lambda one: one[0] // PULSE_EVERY_MIN):
        minutes, rates = zip(*together, strict=True)
        yield Pulse(at_min=median(minutes), per_min=median(rates))


def _level(sample: Sample) -> ArterialLevel | VenousLevel:
    kind = ArterialLevel if sample.site == Sample.Site.ARTERIAL else VenousLevel
    return kind(ng_per_ml=sample.ng_per_ml or 0.0, analyte=Analyte(sample.analyte))


def _never_ended(encounter: Encounter) -> Refusal:
    return Refusal(
        code="dose-never-ended",
        because=f"The infusion of {at_clinic(encounter.happened_at):%d %b %Y} has no recorded end, "
        "so the dose that was given is not known.",
        remedy="Record the pump's stop on that session's page, then plan.",
    )
