"""The days of the visits still to come in a course."""

from datetime import date

from afterglow.clinic.releases.queries import policy_in_use
from afterglow.core.care.protocol import intravenous, series


def visits(first_day: date, session_number: int) -> list[date]:
    """From the planned session on, the days of the course that remain; that day alone after it."""
    policy = policy_in_use()
    regimen = intravenous(policy)
    remaining = max(1, regimen.sessions - session_number + 1)
    return list(series(first_day, regimen, policy=policy)[:remaining])
