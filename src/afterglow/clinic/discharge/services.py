"""Look whether a patient may leave, book the next contact, and let them go."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.chart.models import Encounter
from afterglow.clinic.discharge import queries
from afterglow.clinic.discharge.found import NAUSEA, Said
from afterglow.clinic.discharge.models import Discharge, LeavingCheck
from afterglow.clinic.discharge.queries import Leave, leave_now
from afterglow.clinic.people.models import Role, User
from afterglow.clinic.record.again import sent_before
from afterglow.clinic.treatment.answering import CADSS6, MOAAS
from afterglow.clinic.treatment.models import Session
from afterglow.clinic.treatment.services import end, enter_readings, rate
from afterglow.clinic.treatment.stages import lock, unanswered
from afterglow.core.care import saved
from afterglow.core.care.watch import Sign
from afterglow.core.refusal import Refusal

MAY_SIGN = (Role.PRESCRIBER, Role.NURSE)
SCALES = {"moaas": MOAAS, "cadss6": CADSS6, "nausea": NAUSEA}
SIGNS = {"systolic": Sign.SYSTOLIC, "diastolic": Sign.DIASTOLIC, "spo2": Sign.SPO2}


def check(
    *,
    session: Session,
    said: Said,
    measured: dict[str, float],
    by: User,
    at: datetime,
    fact_id: UUID,
) -> LeavingCheck | Refusal:
    """Record one look: ratings and numbers go into the chart, then every criterion is judged.

    `measured` may hold moaas, cadss6, nausea, systolic and diastolic (mmHg), spo2 (%). All or
    nothing is stored; the same form twice is one look. Raises BadInput for an impossible number.
    """
    if (known := sent_before(LeavingCheck, fact_id, encounter_id=session.pk)) is not None:
        return known
    if ("systolic" in measured) != ("diastolic" in measured):
        return Refusal(
            code="half-a-pressure",
            because="Only one of the two numbers of the pressure was entered.",
            remedy="Enter both, or neither.",
        )
    with transaction.atomic():
        held = lock(session)
        if refusal := _may_not_change(held):
            return refusal
        refusal = _chart(held, measured, by=by, at=at, fact_id=fact_id)
        if refusal is not None:
            transaction.set_rollback(True)
            return refusal
        return _keep(leave_now(held, at=at, said=said), by=by, at=at, fact_id=fact_id)


def _chart(
    session: Session, measured: dict[str, float], *, by: User, at: datetime, fact_id: UUID
) -> Refusal | None:
    """Put what was rated and measured into the chart, where it belongs. Rules see it too."""
    for name, scale in SCALES.items():
        if name in measured:
            result = rate(
                session,
                scale=scale,
                value=measured[name],
                by=by,
                at=at,
                fact_id=uuid5(fact_id, scale),
            )
            if isinstance(result, Refusal):
                return result
    values = {sign: measured[name] for name, sign in SIGNS.items() if name in measured}
    if values:
        read = enter_readings(
            session, values=values, by=by, at=at, fact_id=uuid5(fact_id, "readings")
        )
        return read if isinstance(read, Refusal) else None
    return None


def _keep(leave: Leave, *, by: User, at: datetime, fact_id: UUID) -> LeavingCheck:
    return LeavingCheck.objects.create(
        pk=fact_id,
        patient_id=leave.session.patient_id,
        encounter_id=leave.session.pk,
        happened_at=at,
        recorded_by=by,
        found=saved.dump(leave.found),
        criteria=saved.dump(leave.criteria),
        overall=leave.leaving,
        policy_version=leave.policy_version,
    )


def book(
    *, session: Session, kind: str, due_at: datetime, by: User, at: datetime, fact_id: UUID
) -> Encounter | Refusal:
    """Book when the clinic and the patient meet or talk next."""
    told = {"patient_id": session.patient_id, "kind": kind, "happened_at": due_at}
    if (known := sent_before(Encounter, fact_id, **told)) is not None:
        return known
    if due_at <= at:
        return Refusal(
            code="contact-in-the-past",
            because="The next contact was entered for "
            f"{at_clinic(due_at):%d %b %Y %H:%M}, which is past.",
            remedy="Enter a time still to come.",
        )
    return Encounter.objects.create(
        pk=fact_id,
        patient_id=session.patient_id,
        kind=kind,
        happened_at=due_at,
        recorded_by=by,
    )


def discharge(
    *,
    session: Session,
    signed_as: str,
    by: User,
    at: datetime,
    fact_id: UUID,
    override_reason: str = "",
) -> Discharge | Refusal:
    """Let the patient go, if every criterion is met now, or a prescriber says why not to wait.

    Judged anew at `at`: a check that was ready an hour ago is not enough. Closes the session.
    """
    if (known := sent_before(Discharge, fact_id, encounter_id=session.pk)) is not None:
        return known
    try:
        with transaction.atomic():
            held = lock(session)
            leave = leave_now(held, at=at)
            if refusal := _may_not_leave(leave, signed_as, override_reason, by):
                return refusal
            return _let_go(leave, signed_as, override_reason, by=by, at=at, fact_id=fact_id)
    except IntegrityError:
        return _left(queries.discharge_of(session))


def _let_go(
    leave: Leave, signed_as: str, reason: str, *, by: User, at: datetime, fact_id: UUID
) -> Discharge:
    since = queries.ready_since(leave.session, at=at) if leave.is_ready else None
    contact_at = leave.found.next_contact_at
    assert contact_at is not None, "refused before: nobody goes without a next contact"
    used = _keep(leave, by=by, at=at, fact_id=uuid5(fact_id, "check"))
    left = Discharge.objects.create(
        pk=fact_id,
        patient_id=leave.session.patient_id,
        encounter_id=leave.session.pk,
        check_used=used,
        ready_at=since,
        escort_name=leave.found.escort_name,
        next_contact_at=contact_at,
        signed_as=signed_as.strip(),
        override_reason="" if leave.is_ready else reason.strip(),
        happened_at=at,
        recorded_by=by,
    )
    if not leave.session.is_ended:
        end(leave.session, by=by, at=at, fact_id=uuid5(fact_id, "end"))
    return left


def _may_not_change(session: Session) -> Refusal | None:
    if (left := queries.discharge_of(session)) is not None:
        return _left(left)
    if session.stage == Session.Stage.RUNNING:
        return Refusal(
            code="still-in-session",
            because="The session still runs: drug may be going in.",
            remedy="Begin recovery on the bedside page first.",
        )
    return None


def _may_not_leave(leave: Leave, signed_as: str, reason: str, by: User) -> Refusal | None:
    if refusal := _may_not_change(leave.session) or unanswered(leave.session):
        return refusal
    if by.role not in MAY_SIGN:
        return Refusal(
            code="not-a-signer",
            because="A nurse or a prescriber signs a discharge.",
            remedy="Ask one of them to look at the patient and sign.",
        )
    if not signed_as.strip():
        return Refusal(
            code="not-signed",
            because="The discharge is not signed.",
            remedy="Print your name. It stands beside the decision.",
        )
    if leave.is_ready:
        return None
    return _not_ready(leave, reason, by)


def _not_ready(leave: Leave, reason: str, by: User) -> Refusal | None:
    if leave.found.next_contact_at is None:
        return Refusal(
            code="no-next-contact",
            because="No next contact is booked, and nobody may go without one.",
            remedy="Book a call or a visit first.",
        )
    if by.role == Role.PRESCRIBER and reason.strip():
        return None
    open_ones = "; ".join(f"{one.label.lower()}: {one.value}" for one in leave.unmet)
    return Refusal(
        code="not-ready-to-leave",
        because=f"Not every criterion is met: {open_ones}.",
        remedy="Do what each one says and look again. A prescriber may decide otherwise, in words.",
        source=f"policy {leave.policy_version}",
    )


def _left(left: Discharge | None) -> Refusal:
    by = left.recorded_by.name if left and left.recorded_by else "Someone"
    when = f" at {at_clinic(left.happened_at):%H:%M}" if left else ""
    return Refusal(
        code="already-left",
        because=f"{by} already recorded that the patient left{when}.",
        remedy="Open the page again to read it.",
    )
