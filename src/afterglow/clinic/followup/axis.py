"""The course as a picture: scores over the weeks, with the sessions marked."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max

from afterglow.clinic.chart.models import Rating
from afterglow.clinic.followup.queries import scores, sessions_begun
from afterglow.clinic.people.models import Patient
from afterglow.clinic.treatment.models import Session
from afterglow.core.care.instruments import instrument

SHORTEST_DAYS = 42


def course_axis(patient: Patient, *, at: datetime) -> dict[str, Any]:
    """The document that `mountCourseAxis` draws. Days count from the first score or session."""
    form = instrument("phq-9")
    taken = list(scores(patient, form.id))
    sessions = list(sessions_begun(patient).select_related("plan"))
    peaks = _peaks(sessions)
    instants = [score.happened_at for score in taken]
    instants += [session.started_at for session in sessions]
    start = min(instants, default=at)

    def day(when: datetime) -> float:
        return round((when - start) / timedelta(days=1), 2)

    return {
        "start_date": start.date().isoformat(),
        "days": max(SHORTEST_DAYS, int(day(at)) + 7),
        "today": day(at),
        "scale": {
            "name": form.title,
            "min": form.min_total,
            "max": form.max_total,
            "limits": [{"v": 10, "label": "10: moderate"}, {"v": 5, "label": "below 5: remission"}],
        },
        "points": [
            {"day": day(score.happened_at), "v": score.total, "label": score.band}
            for score in taken
        ],
        "sessions": [
            {
                "day": day(session.started_at),
                "n": number,
                "dose_mg": session.plan.amount_mg,
                "cadss": peaks.get(session.pk),
            }
            for number, session in enumerate(sessions, start=1)
        ],
    }


def _peaks(sessions: list[Session]) -> dict[UUID | None, float]:
    """The highest rating of each session on the full scale, where there was one."""
    ids = [session.pk for session in sessions]
    rated = Rating.objects.filter(encounter__in=ids, scale="cadss-23", corrected_by=None)
    return dict(rated.values_list("encounter").annotate(peak=Max("value")))
