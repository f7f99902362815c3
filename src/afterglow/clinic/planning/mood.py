"""What the scores taught of this patient's mood, and what one more session may add."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from afterglow.clinic.planning.inputs import Inputs
from afterglow.clinic.planning.queries import inputs_of
from afterglow.clinic.planning.risk import percent
from afterglow.clinic.planning.shaped import Shaped
from afterglow.core.dosing.mood_ahead import MoodAhead, look_ahead
from afterglow.core.dosing.mood_belief import MoodBelief
from afterglow.core.dosing.mood_seen import TreatedOn
from afterglow.core.pharmacology.scales import Scale

AFTER_DAYS = (1.0, 7.0, 14.0, 28.0)  # of the session ahead
NAMES = {Scale.PHQ9: "PHQ-9", Scale.MADRS: "MADRS", Scale.QIDS: "QIDS", Scale.HDRS17: "HDRS-17"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Expected scores so many days after the session ahead, without it and with it."""

    after: str
    without: str
    with_it: str
    spread: str  # nine in ten, with it
    responds: str
    remits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodTaught:
    """The panel `planning/_mood.html`."""

    scale: str
    responder: str
    scores: tuple[str, ...]
    days: tuple[Day, ...]
    notes: tuple[str, ...]


@lru_cache(maxsize=64)
def mood_taught(proposal_id: UUID, dose: Shaped) -> MoodTaught | None:
    """By the stored belief, for one dose given at the time of the proposal. None: not learned."""
    inputs = inputs_of(proposal_id)
    known = inputs.mood_belief
    if known is None:
        return None
    last = max(one.day for one in known.seen.sessions)
    ahead = last + max(inputs.idle_days, 1.0)
    days, scale = [ahead + day for day in AFTER_DAYS], _scale(known)
    session = TreatedOn(day=ahead, doses=tuple(dose.doses))
    without = look_ahead(known, days, scale=scale)
    with_it = look_ahead(known, days, scale=scale, more=(session,))
    return MoodTaught(
        scale=NAMES[scale],
        responder=percent(known.responder_chance),
        scores=tuple(_scores(inputs)),
        days=tuple(_days(without, with_it)),
        notes=with_it.notes,
    )


def _scale(known: MoodBelief) -> Scale:
    """The scale of the newest score."""
    return max(known.seen.scores, key=lambda one: one.at_day).scale


def _scores(inputs: Inputs) -> Iterator[str]:
    seen = inputs.facts.course
    for one in seen.scores if seen else ():
        when = "before" if one.at_day <= 0 else f"day {one.at_day:.0f}"
        yield f"{NAMES[one.scale]} {one.score:g} ({when})"


def _days(without: MoodAhead, with_it: MoodAhead) -> Iterator[Day]:
    for n, after in enumerate(AFTER_DAYS):
        yield Day(
            after=f"Day {after:.0f}",
            without=f"{without.p50[n]:.0f}",
            with_it=f"{with_it.p50[n]:.0f}",
            spread=f"{with_it.p5[n]:.0f} to {with_it.p95[n]:.0f}",
            responds=percent(with_it.response[n]),
            remits=percent(with_it.remission[n]),
        )
