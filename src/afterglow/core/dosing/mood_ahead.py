"""What a course ahead is expected to do to this patient's mood, and what one more session adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from afterglow.core.dosing import codec
from afterglow.core.dosing.mood_belief import MoodBelief
from afterglow.core.dosing.mood_seen import TreatedOn
from afterglow.core.dosing.shown import percentiles
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.mood import MoodCourse, MoodParams, course_along
from afterglow.core.pharmacology.outcomes import (
    chance_of_relapse,
    chance_of_remission,
    chance_of_response,
)
from afterglow.core.pharmacology.scales import Scale, from_madrs
from afterglow.core.pharmacology.sourced import sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodAhead:
    """The expected score at each day, and the chances of being rated so; one value a day."""

    days: tuple[float, ...]
    scale: Scale
    p5: tuple[float, ...]
    p25: tuple[float, ...]
    p50: tuple[float, ...]
    p75: tuple[float, ...]
    p95: tuple[float, ...]
    response: tuple[float, ...]
    remission: tuple[float, ...]
    relapse: tuple[float, ...]  # of a response, counted from the day after the last session
    responder_chance: float
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        raw: dict[str, Any] = codec.plain(self)
        return raw


def look_ahead(
    known: MoodBelief, days: Sequence[float], *, scale: Scale, more: Sequence[TreatedOn] = ()
) -> MoodAhead:
    """The course at `days` (ascending, on the course's own clock), with sessions still to come.

    Bands are of the expected score: a rating scatters around it by the rating's own error.
    """
    every = np.asarray(days, dtype=np.float64)
    if every.size == 0 or np.any(np.diff(every) <= 0):
        raise BadInput("days must be ascending, one or more.")
    last = max(one.day for one in (*known.seen.sessions, *more)) + 1.0
    daily = np.unique(np.concatenate([every, np.arange(last, max(every[-1], last) + 1.0)]))
    people, followed = _followed(known, daily, more)
    at = np.searchsorted(daily, every)
    bands = np.round(percentiles(from_madrs(followed.madrs, scale).T[at].copy()), 2).tolist()
    p5, p25, p50, p75, p95 = map(tuple, bands)
    oral = known.seen.new_antidepressant
    chances = (
        chance_of_response(people, followed, scale),
        chance_of_remission(people, followed, scale),
        chance_of_relapse(followed, last, oral_antidepressant=oral),
    )
    response, remission, relapse = (np.round(one.mean(axis=0)[at], 4) for one in chances)
    return MoodAhead(
        days=tuple(every.tolist()),
        scale=scale,
        p5=p5,
        p25=p25,
        p50=p50,
        p75=p75,
        p95=p95,
        response=tuple(response.tolist()),
        remission=tuple(remission.tolist()),
        relapse=tuple(relapse.tolist()),
        responder_chance=round(known.responder_chance, 3),
        notes=(_rests_on(known), *sheet("mood").caveats),
    )


def gained(known: MoodBelief, session: TreatedOn, *, at_day: float) -> Floats:
    """MADRS points that the drug of one more session takes away by a day, in each draw (N,).

    Against the same session without drug, so that what it lets a patient hope does not count.
    """
    people, given = known.people(), known.drives((session,))
    undriven = [replace(one, drive=one.drive * (one.at_day < session.day)) for one in given]
    left = [
        course_along(people, drives, np.array([at_day]), known.seen.therapy).madrs[:, 0]
        for drives in (undriven, given)
    ]
    return np.asarray(left[0] - left[1])


def _followed(
    known: MoodBelief, days: Floats, more: Sequence[TreatedOn]
) -> tuple[MoodParams, MoodCourse]:
    people = known.people()
    return people, course_along(people, known.drives(more), days, known.seen.therapy)


def _rests_on(known: MoodBelief) -> str:
    scores = len(known.seen.after)
    if not scores:
        return "No score since treatment began: the spread is a population's."
    return (
        f"Rests on {scores} score{'s' if scores > 1 else ''} since treatment began. Exploratory: a "
        "patient's own scores narrow a model that was set on groups."
    )
