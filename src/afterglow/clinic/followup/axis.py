"""The course as a picture: scores over the weeks, with the sessions marked."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max

from afterglow.clinic.chart.models import Rating
from afterglow.clinic.followup.queries import scores, sessions_begun
from afterglow.clinic.people.models import Patient
from afterglow.clinic.record.models import CURRENT
from afterglow.core.care.instruments import instrument

SHORTEST_DAYS = 42


def course_axis(patient: Patient, *, at: datetime) -> dict[str, Any]:
    """The document that `mountCourseAxis` draws. Days count from the first score or session."""
    form = instrument("phq-9")
    # Columns and not rows: after years of treatment these are a thousand.
    taken = scores(patient, form.id).values_list("happened_at", "total", "band")
    sessions = sessions_begun(patient).values_list("pk", "started_at", "plan__amount_mg")
    peaks = _peaks(patient)
    instants = [at for at, _, _ in taken] + [at for _, at, _ in sessions]
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
            {"day": day(scored_at), "v": total, "label": band} for scored_at, total, band in taken
        ],
        "sessions": [
            {"day": day(started_at), "n": number, "dose_mg": amount_mg, "cadss": peaks.get(pk)}
            for number, (pk, started_at, amount_mg) in enumerate(sessions, start=1)
        ],
    }


def _peaks(patient: Patient) -> dict[UUID | None, float]:
    """The highest rating of each session on the full scale, where there was one."""
    rated = Rating.objects.filter(CURRENT, patient=patient, scale="cadss-23")
    return dict(rated.values_list("encounter").annotate(peak=Max("value")))
