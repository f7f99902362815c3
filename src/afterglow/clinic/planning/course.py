"""The course so far: what was given, session by session, and how mood was scored along the way."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from afterglow.clinic.chart.models import Encounter, Score
from afterglow.clinic.chart.queries import doses_given, encounters_with_doses, first_dose_at
from afterglow.clinic.people.models import Patient
from afterglow.clinic.record.models import CURRENT
from afterglow.core.dosing.given import GivenBefore
from afterglow.core.dosing.mood_seen import CourseSeen, MoodScored, TreatedOn
from afterglow.core.pharmacology.scales import Scale
from afterglow.core.quantity import Dose

# The questionnaires that the mood model reads, by their id here.
SCALES = {"phq-9": Scale.PHQ9, "madrs": Scale.MADRS, "qids-sr16": Scale.QIDS}
BEFORE = timedelta(days=60)  # an older score says little of how the course was begun [own]


def course_so_far(patient: Patient, *, at: datetime) -> CourseSeen | None:
    """Sessions and depression scores; days count from the first session. None before it."""
    given = [one for one in _sessions(patient, at=at) if one[1]]
    if not given:
        return None
    begun_at = given[0][0]
    sessions = [TreatedOn(day=_days(when, begun_at), doses=tuple(doses)) for when, doses in given]
    return CourseSeen(
        sessions=tuple(sessions), scores=tuple(_scores(patient, begun_at=begun_at, at=at))
    )


def given_before(patient: Patient, weight_kg: float, *, at: datetime) -> tuple[GivenBefore, ...]:
    """What each session gave, told by today's weight, with the days since."""
    return tuple(
        GivenBefore(
            days_ago=_days(at, when),
            amount_mg=(mg := round(sum(dose.amount.mg for dose in doses), 6)),
            mg_per_kg=round(mg / weight_kg, 6),
            route=doses[0].route,
        )
        for when, doses in _sessions(patient, at=at)
        if doses
    )


def _sessions(patient: Patient, *, at: datetime) -> Iterator[tuple[datetime, list[Dose]]]:
    for encounter in encounters_with_doses(patient, at=at):
        yield _begun(encounter, at=at), doses_given(encounter, at=at)


def _begun(encounter: Encounter, *, at: datetime) -> datetime:
    return first_dose_at(encounter, at=at) or encounter.happened_at


def _scores(patient: Patient, *, begun_at: datetime, at: datetime) -> Iterator[MoodScored]:
    mine = Score.objects.filter(
        CURRENT, patient=patient, instrument__in=SCALES, total__isnull=False
    )
    for score in mine.filter(happened_at__range=(begun_at - BEFORE, at)).order_by("happened_at"):
        yield MoodScored(
            at_day=_days(score.happened_at, begun_at),
            scale=SCALES[score.instrument],
            score=score.total or 0.0,
        )


def _days(later: datetime, earlier: datetime) -> float:
    return round((later - earlier) / timedelta(days=1), 4)
