"""What a patient may read of their own record, in words that need no explaining."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from afterglow.clinic.chart.models import Encounter, Rating
from afterglow.clinic.followup.queries import scores, sessions_begun
from afterglow.clinic.people.models import Patient
from afterglow.clinic.record.models import CURRENT
from afterglow.clinic.treatment.models import Session

DUE_EVERY = timedelta(days=7)
FELT_FROM = 4  # a CADSS-23 above this is usually called dissociation; see docs/science


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSession:
    """One session as its patient would tell it."""

    number: int
    on: datetime
    minutes_floaty: int | None
    strongest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """The first page of a patient."""

    next_visit: Encounter | None
    questionnaire_due: bool
    first_total: float | None
    newest_total: float | None
    newest_at: datetime | None
    sessions: tuple[PastSession, ...]

    @property
    def change(self) -> str:
        """Whether the answers became better, said without promising anything."""
        if self.first_total is None or self.newest_total is None:
            return ""
        points = self.first_total - self.newest_total
        if points == 0:
            return "Your answers add up to the same as at the start."
        direction = "lower (better)" if points > 0 else "higher (worse)"
        return f"Your answers add up to {abs(points):g} points {direction} than at the start."


def mine(patient: Patient, *, at: datetime) -> Mine:
    """Everything on the patient's first page."""
    taken = list(scores(patient, "phq-9"))
    upcoming = patient.encounters.filter(CURRENT, happened_at__gt=at)
    return Mine(
        next_visit=upcoming.order_by("happened_at").first(),
        questionnaire_due=not taken or at - taken[-1].happened_at >= DUE_EVERY,
        first_total=taken[0].total if len(taken) > 1 else None,
        newest_total=taken[-1].total if taken else None,
        newest_at=taken[-1].happened_at if taken else None,
        sessions=tuple(
            _told(number, session)
            for number, session in enumerate(sessions_begun(patient), start=1)
        ),
    )


def _told(number: int, session: Session) -> PastSession:
    rated = Rating.objects.filter(CURRENT, encounter_id=session.pk, scale="cadss-23").order_by(
        "happened_at"
    )
    felt = [one for one in rated if one.value > FELT_FROM]
    floaty = (felt[-1].happened_at - felt[0].happened_at) if felt else None
    return PastSession(
        number=number,
        on=session.started_at,
        minutes_floaty=round(floaty / timedelta(minutes=1)) if floaty is not None else None,
        strongest=_in_words(max((one.value for one in rated), default=None)),
    )


def _in_words(peak: float | None) -> str:
    if peak is None:
        return "not written down"
    if peak <= FELT_FROM:
        return "hardly any floaty feeling"
    return "some floaty feeling" if peak <= 20 else "a strong floaty feeling"
