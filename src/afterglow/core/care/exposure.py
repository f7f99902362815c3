"""How much has been given over a week, a year and a life."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from afterglow.core.body import within
from afterglow.core.care.policy import Policy, Threshold
from afterglow.core.care.words import Grade
from afterglow.core.quantity import Drug, Route

_WEEK, _YEAR = timedelta(days=7), timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What entered the body in one session, in mg of base."""

    at: datetime
    amount_mg: float
    mg_per_kg: float
    drug: Drug
    route: Route

    def __post_init__(self) -> None:
        within("amount_mg", self.amount_mg, 0, 10_000, "mg")
        within("mg_per_kg", self.mg_per_kg, 0, 200, "mg/kg")

    @property
    def is_parenteral(self) -> bool:
        return self.route not in (Route.ORAL, Route.SUBLINGUAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureFlag:
    code: str
    found: str
    limit: str
    source: str
    grade: Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Counters for the screen. mg of different drugs are added as they are: read with care."""

    lifetime_mg: float
    lifetime_sessions: int
    year_mg: float
    year_sessions: int
    week_mg_per_kg: float
    week_sessions: int
    flags: tuple[ExposureFlag, ...]


def exposure(doses: Sequence[Given], *, at: datetime, policy: Policy) -> Exposure:
    """Count what was given up to `at`. Doses of one day are one session."""
    past = sorted((d for d in doses if d.at <= at), key=lambda d: d.at)
    year = [d for d in past if at - d.at < _YEAR]
    week = [d for d in past if at - d.at < _WEEK]
    return Exposure(
        lifetime_mg=sum(d.amount_mg for d in past),
        lifetime_sessions=_sessions(past),
        year_mg=sum(d.amount_mg for d in year),
        year_sessions=_sessions(year),
        week_mg_per_kg=sum(d.mg_per_kg for d in week),
        week_sessions=_sessions(week),
        flags=tuple(_flags(past, policy)),
    )


def _sessions(doses: Sequence[Given]) -> int:
    return len({d.at.date() for d in doses})


def _flags(past: Sequence[Given], policy: Policy) -> Iterator[ExposureFlag]:
    yield from _too_frequent(past, policy)
    yield from _daily(past, policy)
    yield from _too_much(past, policy)


def _too_frequent(past: Sequence[Given], policy: Policy) -> Iterator[ExposureFlag]:
    """More than so many in a week, counted only after the first weeks of the course."""
    p = policy.exposure
    first_weeks = timedelta(days=p.induction_days.value)
    pause = timedelta(days=p.course_break_days.value)
    later = [d for d in past if d.at - _course_start(past, d, pause) >= first_weeks]
    most = max((_sessions(_week_up_to(later, d)) for d in later), default=0)
    if most > p.per_week.value:
        limit = f"{p.per_week.value:g} a week beyond {p.induction_days.text}"
        yield _flag("too-frequent", f"{most} sessions in 7 days", limit, p.per_week)


def _course_start(past: Sequence[Given], dose: Given, pause: timedelta) -> datetime:
    """The first dose before which there was a longer pause."""
    start = previous = dose.at
    for earlier in reversed([d.at for d in past if d.at <= dose.at]):
        if previous - earlier > pause:
            break
        start = previous = earlier
    return start


def _daily(past: Sequence[Given], policy: Policy) -> Iterator[ExposureFlag]:
    days, run, longest = sorted({d.at.date() for d in past}), 0, 0
    for n, day in enumerate(days):
        run = run + 1 if n and day - days[n - 1] == timedelta(days=1) else 1
        longest = max(longest, run)
    limit = policy.exposure.consecutive_days
    if longest >= limit.value:
        yield _flag("daily-use", f"{longest} days running", f"fewer than {limit.text}", limit)


def _too_much(past: Sequence[Given], policy: Policy) -> Iterator[ExposureFlag]:
    parenteral = [d for d in past if d.is_parenteral]
    most = max(
        (sum(x.mg_per_kg for x in _week_up_to(parenteral, d)) for d in parenteral), default=0
    )
    limit = policy.exposure.week_mg_per_kg
    if most > limit.value + 1e-9:
        yield _flag("too-much-per-week", f"{most:.3g} mg/kg in 7 days", limit.text, limit)


def _week_up_to(doses: Sequence[Given], last: Given) -> list[Given]:
    return [d for d in doses if timedelta(0) <= last.at - d.at < _WEEK]


def _flag(code: str, found: str, limit: str, rests_on: Threshold) -> ExposureFlag:
    return ExposureFlag(
        code=code, found=found, limit=limit, source=rests_on.source, grade=rests_on.grade
    )
