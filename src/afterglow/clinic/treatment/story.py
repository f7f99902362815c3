"""What happened in a session, in one list: the facts of several tables in order of time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from afterglow.clinic.chart.models import DoseGiven, Rating, Reading
from afterglow.clinic.people.models import User
from afterglow.clinic.record.models import CURRENT
from afterglow.clinic.treatment.answering import SCALES
from afterglow.clinic.treatment.models import Alarm, Remark, Session, StageChange
from afterglow.core.care.signs import Sign
from afterglow.core.care.symptoms import Symptom


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line: when, what, and who recorded it."""

    at: datetime
    what: str
    by: str
    typed: Reading | None = None  # a number that a person may put right


def story(session: Session) -> list[Told]:
    """Everything people did and every alarm, newest first. A monitor's numbers are curves."""
    lines = [
        *_stages(session),
        *_doses(session),
        *_typed(session),
        *_said(session),
        *_alarms(session),
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _stages(session: Session) -> Iterator[Told]:
    words = {"running": "The watch began", "recovery": "Recovery began", "ended": "The watch ended"}
    for one in StageChange.objects.filter(encounter_id=session.pk).select_related("recorded_by"):
        yield Told(at=one.happened_at, what=words[one.stage], by=_name(one.recorded_by))


def _doses(session: Session) -> Iterator[Told]:
    rows = DoseGiven.objects.filter(CURRENT, encounter_id=session.pk).select_related("recorded_by")
    for one in rows:
        what = "The pump stopped" if one.rate_mg_per_min == 0 else f"Dose: {one}"
        by = _name(one.recorded_by) or "reckoned: the planned amount was in"
        yield Told(at=one.happened_at, what=what, by=by)


def _typed(session: Session) -> Iterator[Told]:
    mine = Reading.objects.filter(CURRENT, encounter_id=session.pk, device="")
    for one in mine.exclude(recorded_by=None).select_related("recorded_by", "corrects"):
        sign = Sign(one.sign)
        was = getattr(one.corrects, "value", None)
        instead = "" if was is None else f", not {was:g}"
        what = f"{sign.label} {one.value:g} {sign.unit}{instead}"
        yield Told(at=one.happened_at, what=what, by=_name(one.recorded_by), typed=one)


def _said(session: Session) -> Iterator[Told]:
    mine = {"encounter_id": session.pk}
    for rating in Rating.objects.filter(CURRENT, **mine).select_related("recorded_by"):
        what = f"{SCALES[rating.scale].label} {rating.value:g}"
        yield Told(at=rating.happened_at, what=what, by=_name(rating.recorded_by))
    for remark in Remark.objects.filter(**mine).select_related("recorded_by"):
        symptom = Symptom(remark.symptom).label if remark.symptom else ""
        what = " ".join(part for part in (symptom, remark.text) if part)
        yield Told(at=remark.happened_at, what=what, by=_name(remark.recorded_by))


def _alarms(session: Session) -> Iterator[Told]:
    mine = Alarm.objects.filter(encounter_id=session.pk)
    for one in mine.select_related("acknowledgement__recorded_by"):
        yield Told(at=one.happened_at, what=f"Alarm, {one.priority}: {one.what}", by="")
        if hasattr(one, "acknowledgement"):
            seen = one.acknowledgement
            what = f"Acknowledged, {one.what}: {seen.reason}"
            yield Told(at=seen.happened_at, what=what, by=_name(seen.recorded_by))


def _name(person: User | None) -> str:
    return person.name if person else ""
