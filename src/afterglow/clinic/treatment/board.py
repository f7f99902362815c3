"""All rooms at once, each in its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from afterglow.clinic.people.queries import Who, who
from afterglow.clinic.treatment.models import Alarm, Session
from afterglow.clinic.treatment.queries import Bedside, Due, bedside
from afterglow.clinic.treatment.watching import is_listening


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One room: who is in it, how they are, what is wrong and what comes next."""

    person: Who
    bed: Bedside

    @property
    def worst(self) -> Alarm | None:
        return next((a for a in self.bed.alarms if not hasattr(a, "acknowledgement")), None)

    @property
    def passed_on(self) -> bool:
        """An alarm nobody in the room has answered in time: whoever reads this is called."""
        return any(
            alarm.escalations.all() and not hasattr(alarm, "acknowledgement")
            for alarm in self.bed.alarms
        )

    @property
    def next(self) -> Due | None:
        return self.bed.due[0] if self.bed.due else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    cards: Sequence[Card]
    watched: bool


def board(*, at: datetime) -> Board:
    """Every session in progress, by room."""
    going = Session.objects.in_progress().select_related("encounter", "plan", "patient")
    cards = [card_of(session, at=at) for session in going.order_by("bed")]
    return Board(cards=cards, watched=is_listening(at))


def card_of(session: Session, *, at: datetime) -> Card:
    """One room of the board."""
    return Card(person=who(session.patient), bed=bedside(session, at=at))
