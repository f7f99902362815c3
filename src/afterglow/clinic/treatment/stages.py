"""A session begins, goes on to recovery, and ends."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.chart.flags import stopped
from afterglow.clinic.chart.models import DoseGiven, Encounter
from afterglow.clinic.chart.queries import is_still_running
from afterglow.clinic.people.models import Patient, User
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.planning.queries import is_usable
from afterglow.clinic.planning.since import other_medicines
from afterglow.clinic.preparation.models import GoNoGo
from afterglow.clinic.preparation.queries import go_for
from afterglow.clinic.record.again import sent_before
from afterglow.clinic.screening.queries import standing
from afterglow.clinic.treatment import notices
from afterglow.clinic.treatment.alarming import CHANGE_DUE, end_of, open_alarms
from afterglow.clinic.treatment.models import Alarm, Remark, Session, StageChange
from afterglow.clinic.treatment.rules import limits_now, policy_now, pump_of
from afterglow.core.care.silence import quiet_after
from afterglow.core.care.watch import load_watch
from afterglow.core.refusal import Refusal


def start(*, plan: Plan, bed: str, by: User, at: datetime, fact_id: UUID) -> Session | Refusal:
    """Open the watch over a patient in a bed, under one signed plan. No drug is given by this.

    `fact_id` becomes the id of the session: the same form sent twice starts one session.
    """
    if (known := sent_before(Session, fact_id, plan_id=plan.pk)) is not None:
        return known
    try:
        with transaction.atomic():
            # One at a time: nobody signs another dose between the look at this plan and its use.
            Patient.objects.select_for_update().get(pk=plan.patient_id)
            if refusal := _may_not_start(plan, at=at):
                return refusal
            return _open(plan, bed.strip(), by=by, at=at, fact_id=fact_id)
    except IntegrityError:
        # The database refused: another start came first, in this room or for this patient.
        return Session.objects.filter(pk=fact_id).first() or _taken(plan, bed.strip())


def begin_recovery(session: Session, *, by: User, at: datetime, fact_id: UUID) -> Session | Refusal:
    """No more drug today. A pump that still runs in the record is recorded as stopped."""
    with transaction.atomic():
        held = lock(session)
        if held.stage != Session.Stage.RUNNING:
            return _not(held, "running", fact_id)
        if is_still_running(held.encounter, at=at):
            ends_at = pump_of(held, at=at).ends_at
            stop_pump(held, by=by, at=min(at, ends_at or at))
        held = _go_on(held, Session.Stage.RECOVERY, by=by, at=at, fact_id=fact_id)
        notices.changed(held.pk, "doses", "alarms")
        return held


def end(session: Session, *, by: User, at: datetime, fact_id: UUID) -> Session | Refusal:
    """Close the watch: the patient has left, or goes on elsewhere. The bed is free."""
    with transaction.atomic():
        held = lock(session)
        if held.stage != Session.Stage.RECOVERY:
            return _not(held, "recovery", fact_id)
        if refusal := unanswered(held):
            return refusal
        held.ended_at = at
        held = _go_on(held, Session.Stage.ENDED, by=by, at=at, fact_id=fact_id)
        notices.changed(held.pk, "ended")
        return held


def end_early(
    session: Session, *, why: str, by: User, at: datetime, fact_id: UUID
) -> Session | Refusal:
    """Close the watch of somebody who goes without a discharge, and keep in words why."""
    if not why.strip():
        return Refusal(
            code="end-without-reason",
            because="The watch would end without a discharge, and nothing says why.",
            remedy="Say where the patient goes, or check whether they may leave.",
        )
    with transaction.atomic():
        ended = end(session, by=by, at=at, fact_id=fact_id)
        if isinstance(ended, Session):
            Remark.objects.get_or_create(
                pk=uuid5(fact_id, "why"),
                defaults={
                    "patient_id": ended.patient_id,
                    "encounter_id": ended.pk,
                    "text": f"The watch ended without a discharge: {why.strip()}",
                    "happened_at": at,
                    "recorded_by": by,
                },
            )
        return ended


def unanswered(session: Session) -> Refusal | None:
    """Why nobody may turn away yet: an alarm of high priority that nobody has taken on."""
    high = open_alarms(session).filter(priority=Alarm.Priority.HIGH, acknowledgement=None)
    first = high.first()
    if first is None:
        return None
    return Refusal(
        code="high-alarm-open",
        because=f"An alarm of high priority is not answered: {first.what}.",
        remedy="Look at the patient, and answer the alarm on the bedside page first.",
    )


def lock(session: Session) -> Session:
    """The session's row as it is now, held until the transaction ends."""
    mine = Session.objects.select_for_update(of=("self",)).select_related("plan")
    return mine.get(pk=session.pk)


def rewatch(session: Session, *, at: datetime) -> None:
    """Set the silence deadline anew, after what is expected of the monitor has changed."""
    session.silent_after = (
        None
        if session.is_ended
        else quiet_after(
            load_watch(session.watch),
            limits_now(session, at=at),
            started_at=session.started_at,
            heard_at=at,
        )
    )
    session.save(update_fields=["silent_after"])


def stop_pump(session: Session, *, by: User | None, at: datetime, id: UUID | None = None) -> None:
    """Record that nothing runs from `at` on."""
    named = {} if id is None else {"pk": id}
    end_of(session, CHANGE_DUE, at=at)
    DoseGiven.objects.create(
        **named,
        patient_id=session.patient_id,
        encounter_id=session.pk,
        happened_at=at,
        recorded_by=by,
        drug=session.plan.drug,
        route=session.plan.route,
        rate_mg_per_min=0.0,
    )


def _open(plan: Plan, bed: str, *, by: User, at: datetime, fact_id: UUID) -> Session:
    encounter = Encounter.objects.create(
        pk=fact_id,
        patient_id=plan.patient_id,
        kind=Encounter.Kind.SESSION,
        happened_at=at,
        recorded_by=by,
    )
    session = Session(
        encounter=encounter, patient_id=plan.patient_id, plan=plan, bed=bed, started_at=at
    )
    session.silent_after = quiet_after({}, limits_now(session, at=at), started_at=at, heard_at=at)
    session.save(force_insert=True)
    session.care_team.add(by)
    _change(session, by=by, at=at)
    notices.changed(session.pk, "started")
    return session


def _go_on(
    session: Session, stage: Session.Stage, *, by: User, at: datetime, fact_id: UUID
) -> Session:
    session.stage = stage
    session.save(update_fields=["stage", "ended_at"])
    _change(session, by=by, at=at, fact_id=fact_id)
    rewatch(session, at=at)
    return session


def _change(session: Session, *, by: User, at: datetime, fact_id: UUID | None = None) -> None:
    named = {} if fact_id is None else {"pk": fact_id}
    StageChange.objects.create(
        **named,
        patient_id=session.patient_id,
        encounter_id=session.pk,
        stage=session.stage,
        happened_at=at,
        recorded_by=by,
    )


def _may_not_start(plan: Plan, *, at: datetime) -> Refusal | None:
    if Plan.objects.filter(corrects_id=plan.pk).exists():
        return Refusal(
            code="plan-superseded",
            because="A newer plan has been signed since this one.",
            remedy="Open the patient's page again and start under the newer plan.",
        )
    if not is_usable(plan):
        return Refusal(
            code="plan-not-signed",
            because=f"The plan of {plan} is above the ceiling and waits for a second prescriber.",
            remedy="Ask a second prescriber to sign it, or sign a lower dose.",
        )
    if Session.objects.filter(plan=plan).exists():
        return _spent(plan)
    go = go_for(plan, at)
    if go is None:
        return Refusal(
            code="no-go-decision",
            because="The checks before this session do not say go today.",
            remedy="Finish the go or no-go checks; a hold needs what it says, or an override.",
        )
    if refusal := no_longer_go(plan, go, at=at):
        return refusal
    # Consent may have been withdrawn, or something found, after the checks said go.
    return stopped(plan.patient) or standing(plan.patient, at).refusal


def no_longer_go(plan: Plan, go: GoNoGo, *, at: datetime) -> Refusal | None:
    """Why a go of today does not count any more, if so."""
    return too_long_ago(go.happened_at, at=at) or _medicines_since(plan, go, at=at)


def too_long_ago(said_go_at: datetime, *, at: datetime) -> Refusal | None:
    """A go rests on vital signs, and does not outlive them: pressure may have risen since."""
    valid = policy_now().checks.vitals_valid_min
    minutes = (at - said_go_at).total_seconds() / 60
    if minutes <= valid.value:
        return None
    return Refusal(
        code="go-out-of-date",
        because=f"The checks said go {minutes:.0f} min ago; vital signs count for {valid.text}.",
        remedy="Measure again and repeat the go or no-go checks.",
        source=valid.source,
    )


def _medicines_since(plan: Plan, go: GoNoGo, *, at: datetime) -> Refusal | None:
    """A change told before the checks was held by them; one told after, nobody has reviewed."""
    other = other_medicines(plan, at=at)
    if other is None or other.told_at <= go.happened_at:
        return None
    return Refusal(
        code="medicines-changed",
        because=f"After the checks said go, other medicines were told: {other.now}; the plan was "
        f"proposed for: {other.then}.",
        remedy="Repeat the checks; a prescriber reviews the change, or signs a new plan.",
    )


def _taken(plan: Plan, bed: str) -> Refusal:
    if Session.objects.filter(plan=plan).exists():
        return _spent(plan)
    if Session.objects.in_progress().filter(patient_id=plan.patient_id).exists():
        return Refusal(
            code="patient-in-session",
            because="This patient is in a session now.",
            remedy="Open that session. End it before another one starts.",
        )
    return Refusal(
        code="bed-taken",
        because=f"Another session is in progress in {bed}.",
        remedy="Choose another room, or end the session there first.",
    )


def _spent(plan: Plan) -> Refusal:
    session = Session.objects.get(plan=plan)
    return Refusal(
        code="already-started",
        because=f"A session under this plan was started at {at_clinic(session.started_at):%H:%M} "
        f"in {session.bed}.",
        remedy="Open that session. Another dose needs another signed plan.",
    )


def _not(session: Session, wanted: str, fact_id: UUID) -> Session | Refusal:
    if StageChange.objects.filter(pk=fact_id, encounter_id=session.pk).exists():
        return session  # the same form came twice
    return Refusal(
        code=f"not-in-{wanted}",
        because=f"The session stands at: {session.get_stage_display().lower()}.",
        remedy="Begin recovery before ending the session."
        if wanted == "recovery"
        else "Look at the session again: someone has moved it on.",
    )
