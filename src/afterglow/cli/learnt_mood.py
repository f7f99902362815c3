"""What was learnt of how one patient's mood answers, and what is expected without more sessions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.mood_ahead import look_ahead
from afterglow.core.dosing.mood_belief import MoodBelief, learn_mood
from afterglow.core.refusal import Refusal

if TYPE_CHECKING:
    from afterglow.cli.course_file import PatientCourse

LATER_DAYS = (1.0, 7.0, 14.0, 28.0)  # after the last session or score


def learn(course: PatientCourse, belief: Belief) -> MoodBelief | Refusal | None:
    """None where the file holds no score."""
    if course.seen is None:
        return None
    return learn_mood(belief, course.seen, seed=course.seed)


def plain(known: MoodBelief | Refusal | None) -> dict[str, Any] | None:
    if known is None:
        return None
    if isinstance(known, Refusal):
        return {"refusal": asdict(known)}
    seen = known.seen
    last = max(one.day for one in seen.sessions)
    scale = max(seen.scores, key=lambda one: one.at_day).scale
    last = max(last, *(one.at_day for one in seen.scores))
    expected = look_ahead(known, [last + days for days in LATER_DAYS], scale=scale)
    return {
        "scores": len(seen.scores),
        "scores_since_treatment": len(seen.after),
        "responder_chance": expected.responder_chance,
        "scale": str(scale),
        "without_more_sessions": [
            {
                "day": day,
                "p5": expected.p5[k],
                "p50": expected.p50[k],
                "p95": expected.p95[k],
                "response": expected.response[k],
                "remission": expected.remission[k],
                "relapse": expected.relapse[k],
            }
            for k, day in enumerate(expected.days)
        ],
        "trust": {**asdict(known.trust), "words": known.trust.words},
        "notes": list(expected.notes),
        "refusal": None,
    }


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    if refused := found["refusal"]:
        yield f"\nMood was not learnt: {refused['because']} {refused['remedy']}"
        return
    since = found["scores_since_treatment"]
    yield (
        f"\nMood, {found['scores']} scores, {since} since treatment began: the chance of being one "
        f"whom the drug itself helps most is {found['responder_chance']:.0%}."
    )
    yield f"Expected {found['scale']} without another session:"
    yield f"  {'day':>6}{'median':>9}{'90 %':>14}{'response':>11}{'remission':>11}{'relapse':>9}"
    for one in found["without_more_sessions"]:
        band = f"{one['p5']:.0f} to {one['p95']:.0f}"
        yield (
            f"  {one['day']:>6g}{one['p50']:>9.0f}{band:>14}{one['response']:>11.0%}"
            f"{one['remission']:>11.0%}{one['relapse']:>9.0%}"
        )
    yield f"Trust: {found['trust']['words']}."
