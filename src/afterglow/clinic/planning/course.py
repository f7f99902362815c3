"""The course so far: what was given, session by session, and how mood was scored along the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from afterglow.clinic.chart.models import Encounter, Score
from afterglow.clinic.chart.queries import doses_given, encounters_with_doses, first_dose_at
from afterglow.clinic.people.models import Patient
from afterglow.clinic.record.models import CURRENT
from afterglow.core.care.policy import Policy
from afterglow.core.dosing.given import GivenBefore, given_in
from afterglow.core.dosing.mood_seen import LONGEST_DAYS, CourseSeen, MoodScored, TreatedOn
from afterglow.core.pharmacology.scales import Scale
from afterglow.core.quantity import Dose

# The questionnaires that the mood model reads, by their id here.
SCALES = {"phq-9": Scale.PHQ9, "madrs": Scale.MADRS, "qids-sr16": Scale.QIDS}
BEFORE = timedelta(days=60)  # an older score says little of how the course was begun [own]
# Ten years, less room for the session ahead and the weeks after it.
FOLLOWED = timedelta(days=LONGEST_DAYS - 60)


@dataclass(frozen=True, slots=True)
class Given:
    """What one session gave, and when it began."""

    at: datetime
    doses: tuple[Dose, ...]


def sessions_given(patient: Patient, *, at: datetime) -> tuple[Given, ...]:
    """Every session in which something was given by `at`, oldest first."""
    found = (
        Given(_begun(one, at=at), tuple(doses_given(one, at=at)))
        for one in encounters_with_doses(patient, at=at)
    )
    return tuple(one for one in found if one.doses)


def course_so_far(
    patient: Patient, given: Sequence[Given], policy: Policy, *, at: datetime
) -> CourseSeen | None:
    """This course's sessions and depression scores; days count from its first. None before it.

    It begins after the last pause that the policy takes for the end of a course. One longer than
    the mood model follows teaches nothing.
    """
    course = _since_the_pause(given, timedelta(days=policy.exposure.course_break_days.value))
    if not course or at - course[0].at > FOLLOWED:
        return None
    begun_at = course[0].at
    sessions = [TreatedOn(day=_days(one.at, begun_at), doses=one.doses) for one in course]
    # A form sent twice in one moment is one rating, not two witnesses.
    scores = dict.fromkeys(_scores(patient, begun_at=begun_at, at=at))
    return CourseSeen(sessions=tuple(sessions), scores=tuple(scores))


def given_before(
    given: Sequence[Given], weight_kg: float, *, at: datetime
) -> tuple[GivenBefore, ...]:
    """What each session gave by route and drug, told by today's weight, with the days since."""
    return tuple(
        part
        for one in given
        for part in given_in(one.doses, weight_kg=weight_kg, days_ago=_days(at, one.at))
    )


def _since_the_pause(given: Sequence[Given], pause: timedelta) -> list[Given]:
    course: list[Given] = []
    for one in given:
        if course and one.at - course[-1].at > pause:
            course = []
        course.append(one)
    return course


def _begun(encounter: Encounter, *, at: datetime) -> datetime:
    return first_dose_at(encounter, at=at) or encounter.happened_at


def _scores(patient: Patient, *, begun_at: datetime, at: datetime) -> Iterator[MoodScored]:
    """The newest of each scale from before the course, and all since."""
    mine = Score.objects.filter(
        CURRENT, patient=patient, instrument__in=SCALES, total__isnull=False
    ).order_by("happened_at")
    before = mine.filter(happened_at__range=(begun_at - BEFORE, begun_at))
    newest = {score.instrument: score for score in before}
    since = mine.filter(happened_at__gt=begun_at, happened_at__lte=at)
    for score in (*sorted(newest.values(), key=lambda one: one.happened_at), *since):
        yield MoodScored(
            at_day=_days(score.happened_at, begun_at),
            scale=SCALES[score.instrument],
            score=score.total or 0.0,
        )


def _days(later: datetime, earlier: datetime) -> float:
    return round((later - earlier) / timedelta(days=1), 4)
