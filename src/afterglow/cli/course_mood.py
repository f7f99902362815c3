"""Scores of mood in a course's file, with what else bears on mood: docs/command-line.md."""

from __future__ import annotations

from collections.abc import Sequence

from afterglow.cli.input_table import Table
from afterglow.cli.trial_arm import therapies_of
from afterglow.core.dosing.mood_seen import LONGEST_DAYS, CourseSeen, MoodScored, TreatedOn
from afterglow.core.dosing.observed import SessionObserved
from afterglow.core.pharmacology.mood import Expectancy
from afterglow.core.pharmacology.scales import Scale, link


def course_seen(
    file: Table, sessions: Sequence[SessionObserved], days: Sequence[float]
) -> CourseSeen | None:
    """None where the file holds no [[score]]. Raises BadInput naming file, line and field."""
    if not file.has("score"):
        return None
    about = file.table("mood", needed=False)
    about.only("expectancy", "new_antidepressant")
    usual = Expectancy.STRONG_BELIEF  # treated openly
    return CourseSeen(
        sessions=tuple(
            TreatedOn(day=day, doses=one.doses) for day, one in zip(days, sessions, strict=True)
        ),
        scores=_scores(file),
        expectancy=Expectancy(about.one_of("expectancy", list(Expectancy), default=usual)),
        new_antidepressant=bool(about.flag("new_antidepressant", default=False)),
        therapy=therapies_of(file),
    )


def _scores(file: Table) -> tuple[MoodScored, ...]:
    once: dict[MoodScored, Table] = {}
    for row in file.tables("score"):
        row.unlike_before(once, _score(row), "a second rating has a day of its own")
    return tuple(once)


def _score(row: Table) -> MoodScored:
    row.only("day", "scale", "score")
    scale = Scale(row.one_of("scale", list(Scale)))
    return MoodScored(
        at_day=row.number("day", -LONGEST_DAYS, LONGEST_DAYS, "days"),
        scale=scale,
        score=row.number("score", 0, link(scale).top, f"points on {scale}"),
    )
