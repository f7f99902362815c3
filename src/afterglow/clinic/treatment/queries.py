"""What the screens of a session read. One door to a session: `session_for`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

from afterglow.clinic.chart.models import LEADING, Rating, Reading
from afterglow.clinic.people.models import Patient, User
from afterglow.clinic.people.queries import MAY_OPEN_A_RECORD
from afterglow.clinic.record.models import CURRENT
from afterglow.clinic.record.services import look
from afterglow.clinic.treatment.answering import CADSS, MOAAS, SCALES
from afterglow.clinic.treatment.hearing import covered_after
from afterglow.clinic.treatment.models import Alarm, Session
from afterglow.clinic.treatment.notices import WIRE
from afterglow.clinic.treatment.pump import Pump
from afterglow.clinic.treatment.rules import continuous, limits_now, pump_of, steps_of
from afterglow.clinic.treatment.steps import Steps
from afterglow.clinic.treatment.watching import is_listening
from afterglow.core.care.limits import Limits
from afterglow.core.care.schedule import shown
from afterglow.core.care.signs import Sign
from afterglow.core.care.silence import is_stale, quiet_after
from afterglow.core.care.watch import Watch, load_watch

SHOWN = (Sign.SYSTOLIC, Sign.DIASTOLIC, Sign.MEAN, Sign.PULSE, Sign.SPO2, Sign.RESP_RATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """The newest reading of one sign, with the limits it is read against."""

    sign: Sign
    value: float | None
    at: datetime | None
    low: float | None
    high: float | None
    stale: bool
    fresh_for_s: float | None  # older than this it must not look new; None: no pace is expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something to do next, and when."""

    what: str
    at: datetime
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bedside:
    """Everything a person at the bedside sees at once."""

    session: Session
    phase: str
    phase_since: datetime
    numbers: Mapping[Sign, Number]
    pump: Pump
    steps: Steps
    alarms: Sequence[Alarm]
    ratings: Sequence[Rating]
    due: Sequence[Due]
    covered_after: datetime | None
    last_at: datetime | None
    watched: bool  # the loop that listens for silence is alive

    @property
    def sys(self) -> Number:
        return self.numbers[Sign.SYSTOLIC]

    @property
    def dia(self) -> Number:
        return self.numbers[Sign.DIASTOLIC]

    @property
    def mean(self) -> Number:
        return self.numbers[Sign.MEAN]

    @property
    def spo2(self) -> Number:
        return self.numbers[Sign.SPO2]

    @property
    def pulse(self) -> Number:
        return self.numbers[Sign.PULSE]

    @property
    def resp(self) -> Number:
        return self.numbers[Sign.RESP_RATE]

    @property
    def pump_ml_per_h(self) -> float:
        """What the pump shows, at the plan's rate or at the one it runs at now."""
        plan = self.session.plan
        rate = self.pump.rate_mg_per_min or plan.first_mg_per_min
        return float(rate / plan.mg_per_ml * 60)

    @property
    def begin_text(self) -> str:
        plan = self.session.plan
        first = f"{shown(plan.first_mg_per_min)} mg/min"
        if self.steps.is_stepped:
            of = len(self.steps.schedule.steps)
            first = f"step 1 of {of}, {first} = {shown(self.pump_ml_per_h, 1)} mL/h"
        return (
            f"{plan}: {first}, set to stop at {plan.amount_mg:g} mg. "
            "This records that it runs from now."
        )

    @property
    def fresh_for(self) -> dict[str, float]:
        """Seconds after which each number is called old, by the name its tile has."""
        paced = ((WIRE[sign], number.fresh_for_s) for sign, number in self.numbers.items())
        return {name: seconds for name, seconds in paced if seconds is not None}


def session_for(user: User, session_id: UUID, *, page: str, at: datetime) -> Session:
    """The session, if this user may open its patient's record; the look is remembered.

    Raises Http404 for a session that is not here, PermissionDenied for a wrong role. A live
    page's own requests name no page: the page that made them has recorded the look.
    """
    if user.role not in MAY_OPEN_A_RECORD:
        raise PermissionDenied("Your role does not open patients' records.")
    mine = Session.objects.select_related("encounter", "plan", "plan__recorded_by", "patient")
    session = mine.filter(pk=session_id).first()
    if session is None:
        raise Http404("There is no such session here.")
    if page:
        look(user_id=user.pk, patient_id=session.patient_id, page=page, at=at)
    return session


def alarm_for(user: User, alarm_id: UUID, *, at: datetime) -> Alarm:
    """The alarm, if this user may open its patient's record."""
    alarm = Alarm.objects.filter(pk=alarm_id).select_related("encounter").first()
    if alarm is None or alarm.encounter_id is None:
        raise Http404("There is no such alarm here.")
    session_for(user, alarm.encounter_id, page="", at=at)
    return alarm


def newest_session(patient: Patient) -> Session | None:
    """The patient's newest session, in progress or ended."""
    return Session.objects.filter(patient=patient).order_by("-started_at").first()


def known_beds() -> list[str]:
    """The rooms that sessions have been in, for the form that starts one."""
    return list(Session.objects.order_by("bed").values_list("bed", flat=True).distinct())


def bedside(session: Session, *, at: datetime) -> Bedside:
    """The state of one session at `at`, read from the facts."""
    limits, watch = limits_now(session, at=at), load_watch(session.watch)
    pump, numbers = pump_of(session, at=at), newest_numbers(session, watch, limits, at=at)
    phase, since = phase_of(session, pump)
    steps = steps_of(session, pump, at=at)
    streamed = [numbers[sign].at for sign in continuous(limits)]
    ratings = newest_ratings(session)
    return Bedside(
        session=session,
        phase=phase,
        phase_since=since,
        numbers=numbers,
        pump=pump,
        steps=steps,
        alarms=shown_alarms(session),
        ratings=ratings,
        due=() if session.is_ended else due(session, watch, limits, steps, ratings, at=at),
        covered_after=None if session.is_ended else covered_after(session, at=at),
        last_at=max((instant for instant in streamed if instant), default=None),
        watched=is_listening(at),
    )


def newest_numbers(
    session: Session, watch: Watch, limits: Limits, *, at: datetime
) -> dict[Sign, Number]:
    """The newest reading of each sign that is shown; a sign without one is there too."""
    mine = Reading.objects.filter(CURRENT, LEADING, encounter_id=session.pk, sign__in=SHOWN)
    newest = mine.order_by("sign", "-happened_at", "-recorded_at").distinct("sign")
    found = {Sign(reading.sign): reading for reading in newest}
    return {sign: _number(sign, found.get(sign), watch, limits, at=at) for sign in SHOWN}


def _number(
    sign: Sign, reading: Reading | None, watch: Watch, limits: Limits, *, at: datetime
) -> Number:
    rule = limits.get(sign)
    mild = rule.limits[-1] if rule and rule.limits else None
    return Number(
        sign=sign,
        value=reading.value if reading else None,
        at=reading.happened_at if reading else None,
        low=mild.low if mild else None,
        high=mild.high if mild else None,
        stale=reading is not None and is_stale(watch, sign, limits, at),
        fresh_for_s=_fresh_for_s(sign, limits),
    )


def _fresh_for_s(sign: Sign, limits: Limits) -> float | None:
    rule = limits[Sign.SYSTOLIC] if sign.is_cuff else limits.get(sign)
    if rule is None or rule.at_least_every is None:
        return None
    return (rule.at_least_every + rule.grace).total_seconds()


def phase_of(session: Session, pump: Pump) -> tuple[str, datetime]:
    """Where the session is, in a word, and since when."""
    if session.stage != Session.Stage.RUNNING:
        change = session.encounter.stagechanges.filter(stage=session.stage).first()
        word = "Recovery" if session.stage == Session.Stage.RECOVERY else "Ended"
        return word, change.happened_at if change else session.started_at
    if pump.begun_at is None:
        return "Before the dose", session.started_at
    newest = session.encounter.dosegivens.order_by("-happened_at", "-recorded_at").first()
    changed_at = newest.happened_at if newest else session.started_at
    if pump.is_all_in:
        return "Dose is in", pump.ends_at or changed_at
    if pump.is_paused:
        return "Infusion paused", changed_at
    return "Infusion", pump.begun_at


def shown_alarms(session: Session) -> list[Alarm]:
    """What stands, and what ended before anyone saw it. Unanswered first, worst first."""
    unseen = Q(acknowledgement=None, technical=False)
    mine = Alarm.objects.filter(Q(end=None) | unseen, encounter_id=session.pk)
    mine = mine.select_related("acknowledgement__recorded_by", "end").prefetch_related(
        "escalations"
    )
    rank = {"high": 0, "medium": 1, "low": 2}
    return sorted(
        mine, key=lambda a: (hasattr(a, "acknowledgement"), rank[a.priority], a.happened_at)
    )


def newest_ratings(session: Session) -> list[Rating]:
    """The newest rating on each scale, in the order of the scales."""
    mine = Rating.objects.filter(CURRENT, encounter_id=session.pk)
    newest = mine.order_by("scale", "-happened_at", "-recorded_at").distinct("scale")
    found = {rating.scale: rating for rating in newest.select_related("recorded_by")}
    return [found[scale] for scale in SCALES if scale in found]


def due(
    session: Session,
    watch: Watch,
    limits: Limits,
    steps: Steps,
    ratings: Sequence[Rating],
    *,
    at: datetime,
) -> list[Due]:
    """What comes next, soonest first: the pump, the cuff and sedation by the policy, CADSS."""
    paced = [
        Due(what=what, at=when, late=at > when)
        for sign, what in ((Sign.SYSTOLIC, "Blood pressure"), (Sign.SEDATION, SCALES[MOAAS].label))
        if (when := _due_at(session, sign, watch, limits, at)) is not None
    ]
    if steps.due_at is not None:
        rate = f"{shown(steps.change.step.rate_mg_per_min)} mg/min" if steps.change else ""
        paced.append(Due(what=f"Pump to {rate}", at=steps.due_at, late=steps.is_due))
    cadss = _cadss_due(session, steps, ratings)
    if cadss is not None:
        paced.append(Due(what=SCALES[CADSS].label, at=cadss, late=at > cadss))
    return sorted(paced, key=lambda one: one.at)


def _due_at(
    session: Session, sign: Sign, watch: Watch, limits: Limits, at: datetime
) -> datetime | None:
    rule = limits[sign]
    late = quiet_after(watch, {sign: rule}, started_at=session.started_at, heard_at=at)
    return None if late is None else late - rule.grace


def _cadss_due(session: Session, steps: Steps, ratings: Sequence[Rating]) -> datetime | None:
    """Before the dose, near its peak at the end of the infusion, and in recovery."""
    last = next((r.happened_at for r in ratings if r.scale == CADSS), None)
    pump = steps.pump
    if pump.begun_at is None:
        return None if last else session.started_at
    peak = steps.ends_at or pump.begun_at + timedelta(minutes=session.plan.duration_min)
    if last is None or last < peak - timedelta(minutes=10):
        return peak
    return None
