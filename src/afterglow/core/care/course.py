"""What comes next in a course of treatment, and why. A proposal to a clinician, never an action."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from afterglow.core.care.policy import Policy, Threshold
from afterglow.core.care.response import Change, Response, Scale, compare
from afterglow.core.care.words import Grade
from afterglow.core.quantity import Drug, Route

__all__ = [
    "Change",
    "Course",
    "CourseReason",
    "Flag",
    "Next",
    "NextStep",
    "Response",
    "Scale",
    "ScoreAt",
    "compare",
    "next_step",
]

_OWN = "Afterglow project default"


class Flag(StrEnum):
    """What stops a course until somebody has looked."""

    BLADDER = "bladder"
    COGNITION = "cognition"
    MISUSE = "misuse"
    PRESSURE = "pressure"


class Next(StrEnum):
    """Most urgent first."""

    STOP = "stop"
    REVIEW_TODAY = "review-today"
    STOP_OR_CHANGE = "stop-or-change"
    REVIEW = "review"
    MISSING = "missing-scores"
    MAINTENANCE_REVIEW = "maintenance-review"
    SPACE_OUT = "space-out"
    CONTINUE = "continue"

    @property
    def rank(self) -> int:
        """0 is the most urgent."""
        return list(Next).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreAt:
    """One total of the course's scale, and after how many sessions it was taken."""

    total: float
    at: datetime
    after_session: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One course as it stands. `sessions_given` counts this course only."""

    drug: Drug
    route: Route
    scale: Scale
    baseline: float
    scores: tuple[ScoreAt, ...]
    sessions_given: int
    started_on: date
    flags: frozenset[Flag] = frozenset()
    last_review_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseReason:
    rule: str
    step: Next
    found: str
    remedy: str
    source: str
    grade: Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """The most urgent step, every reason that was found, and the change so far."""

    kind: Next
    reasons: tuple[CourseReason, ...]
    change: Change | None
    policy_version: str


def next_step(course: Course, *, at: datetime, policy: Policy) -> NextStep:
    """Judge the course at `at` by the policy's course rules. Sources: the thresholds themselves."""
    scores = sorted((s for s in course.scores if s.at <= at), key=lambda s: s.at)
    latest = scores[-1] if scores else None
    change = compare(course.scale, course.baseline, latest.total, policy) if latest else None
    reasons = [
        *_flags(course),
        *_worsening(course, scores, policy),
        *_stale(course, latest, at, policy),
        *(_by_change(course, latest, change, at, policy) if latest and change else ()),
        *_maintenance(course, at, policy),
    ]
    reasons.sort(key=lambda reason: reason.step.rank)
    kind = reasons[0].step if reasons else _onward(course, change, policy)
    return NextStep(kind=kind, reasons=tuple(reasons), change=change, policy_version=policy.version)


def _onward(course: Course, change: Change | None, policy: Policy) -> Next:
    done = course.sessions_given >= policy.course.course_sessions.value
    better = change is not None and change.response.rank <= Response.RESPONSE.rank
    return Next.SPACE_OUT if done and better else Next.CONTINUE


def _flags(course: Course) -> Iterator[CourseReason]:
    for flag in sorted(course.flags):
        yield CourseReason(
            rule=f"flag-{flag.value}", step=Next.STOP, found=f"Flag raised: {flag.value}.",
            remedy="Stop until a clinician has looked into it and lowered the flag.",
            source=_OWN, grade=Grade.OWN,
        )  # fmt: skip


def _worsening(course: Course, scores: list[ScoreAt], policy: Policy) -> Iterator[CourseReason]:
    """Two rises in a row, each by the policy's points; from baseline on."""
    points = policy.course.worse_points
    totals = [course.baseline, *(score.total for score in scores)][-3:]
    rises = [later - earlier for earlier, later in pairwise(totals)]
    if len(rises) == 2 and min(rises) >= points.value:
        yield _reason(
            "worse-twice", Next.REVIEW_TODAY, points,
            f"{course.scale.value.upper()} rose twice in a row: "
            f"{', then '.join(f'{total:g}' for total in totals)}.",
            "A clinician speaks with the patient today; ask the C-SSRS.",
        )  # fmt: skip


def _stale(
    course: Course, latest: ScoreAt | None, at: datetime, policy: Policy
) -> Iterator[CourseReason]:
    valid = policy.course.score_valid_days
    if course.sessions_given == 0:
        return
    if latest is None or at - latest.at > timedelta(days=valid.value):
        found = "never" if latest is None else f"last on {latest.at.date().isoformat()}"
        yield _reason(
            "score-missing", Next.MISSING, valid,
            f"{course.scale.value.upper()} not taken within {valid.text}: {found}.",
            "Take it before the next step is judged.",
        )  # fmt: skip


def _by_change(
    course: Course, latest: ScoreAt, change: Change, at: datetime, policy: Policy
) -> Iterator[CourseReason]:
    if change.response.rank <= Response.RESPONSE.rank:
        return
    if course.route is Route.NASAL:
        yield from _nasal_week_4(course, change, at, policy)
        return
    c = policy.course
    sessions, percent = latest.after_session, 100 * change.fraction
    if sessions >= c.course_sessions.value:
        yield _reason(
            "no-response", Next.STOP_OR_CHANGE, c.course_sessions,
            f"{change.text} after {sessions} sessions; a response is needed by "
            f"{c.course_sessions.value:g}.",
            "Stop, or change route, dose or treatment.",
        )  # fmt: skip
    elif sessions >= c.early_sessions.value and percent < c.early_percent.value:
        yield _reason(
            "little-change", Next.REVIEW, c.early_percent,
            f"{change.text} after {sessions} sessions, less than {c.early_percent.text}.",
            "Review diagnosis, medicines, dose and setting before going on.",
        )  # fmt: skip


def _nasal_week_4(
    course: Course, change: Change, at: datetime, policy: Policy
) -> Iterator[CourseReason]:
    """The label's own review point; the rules by count of sessions are for a needle."""
    limit, days = policy.course.esketamine_review_days, (at.date() - course.started_on).days
    if days >= limit.value:
        yield _reason(
            "nasal-week-4", Next.STOP_OR_CHANGE, limit,
            f"{change.text} at {days} days of nasal esketamine; reviewed at {limit.text}.",
            "No meaningful benefit by the end of week 4: stop.",
        )  # fmt: skip


def _maintenance(course: Course, at: datetime, policy: Policy) -> Iterator[CourseReason]:
    every = policy.course.maintenance_review_days
    since = course.last_review_on or course.started_on
    days = (at.date() - since).days
    if days >= every.value:
        yield _reason(
            "maintenance-review", Next.MAINTENANCE_REVIEW, every,
            f"{days} days since the last review; one is due every {every.text}.",
            "Review benefit and harm, and try to taper.",
        )  # fmt: skip


def _reason(rule: str, step: Next, rests_on: Threshold, found: str, remedy: str) -> CourseReason:
    return CourseReason(
        rule=rule, step=step, found=found, remedy=remedy,
        source=rests_on.source, grade=rests_on.grade,
    )  # fmt: skip
