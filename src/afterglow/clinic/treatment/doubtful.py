"""What a monitor says that may be old, or of somebody else."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from afterglow.clinic.chart.models import AGE_UNKNOWN, Reading
from afterglow.clinic.people.models import Patient
from afterglow.clinic.treatment.alarming import technical
from afterglow.clinic.treatment.models import Alarm, Session
from afterglow.clinic.treatment.rules import policy_now
from afterglow.core.care.signs import Reading as Measured

OTHER_PATIENT = "monitor-of-another"


class FromCuff(Protocol):
    """One number of a device, with what a reader must know about it."""

    @property
    def reading(self) -> Measured: ...

    @property
    def flags(self) -> tuple[str, ...]: ...


Told = TypeVar("Told", bound=FromCuff)


def measured_anew(told: Sequence[Told], of_bed: Sequence[Session]) -> list[Told]:
    """Leave out a cuff's numbers that only repeat the last ones heard in this bed.

    A cuff value without a time of its own is sent again and again until the cuff is next inflated.
    Taken as new each time, one old pressure would keep the watch content for an hour, and the
    pressure of the patient before would stand for this one's. Should a new measurement come out
    the same to the last digit, the watch asks for another: the safe side.
    """
    undated = {one.reading.sign for one in told if AGE_UNKNOWN in one.flags}
    if not undated:
        return list(told)
    before = Reading.objects.filter(
        encounter_id__in=[one.pk for one in of_bed],
        sign__in=[sign.value for sign in undated],
        flags__contains=[AGE_UNKNOWN],
    ).order_by("-recorded_at")
    last: dict[str, float] = {}
    for sign, value in before.values_list("sign", "value")[: 4 * len(undated)]:
        last.setdefault(sign, value)
    same = {one.reading.sign for one in told if last.get(one.reading.sign) == one.reading.value}
    if not undated <= same:
        return list(told)  # one of the cuff's numbers moved, so all of them were measured anew
    return [one for one in told if AGE_UNKNOWN not in one.flags]


def heed_whom_it_watches(session: Session, named: str, *, at: datetime) -> None:
    """Alarm when the monitor in this bed is admitted to another patient of this clinic.

    A number we do not know says nothing: most monitors carry one of their own, or the hospital's.
    An answered alarm comes back after the longest silence allowed, while the monitor says the same.
    """
    if session.is_ended or named in ("", session.patient.number):
        return
    if not Patient.objects.filter(number=named).exclude(pk=session.patient_id).exists():
        return
    pause = timedelta(seconds=policy_now().watch.silence_most_s.value)
    mine = Alarm.objects.filter(encounter_id=session.pk, code=OTHER_PATIENT)
    if mine.filter(end=None).exists() or mine.filter(end__happened_at__gt=at - pause).exists():
        return
    technical(
        session,
        OTHER_PATIENT,
        f"The monitor in {session.bed} is admitted to patient {named}, not to "
        f"{session.patient.number}",
        action="Look whose numbers these are, then admit the right patient on the monitor.",
        source="Afterglow project default",
        at=at,
        priority=Alarm.Priority.MEDIUM,
    )
