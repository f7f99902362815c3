"""What the pump gives, as a person set it. The software does not drive the pump."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from afterglow.clinic.chart.models import DoseGiven
from afterglow.clinic.people.models import Role, User
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.record.again import FORM_USED, sent_before
from afterglow.clinic.treatment import notices
from afterglow.clinic.treatment.alarming import CHANGE_DUE, end_of, technical
from afterglow.clinic.treatment.models import Session
from afterglow.clinic.treatment.prompting import not_this_step
from afterglow.clinic.treatment.pump import Pump
from afterglow.clinic.treatment.rules import pump_of, steps_of
from afterglow.clinic.treatment.stages import lock, rewatch, stop_pump
from afterglow.clinic.treatment.steps import Steps
from afterglow.core.care.protocol import check_change
from afterglow.core.care.schedule import shown
from afterglow.core.quantity import Route
from afterglow.core.refusal import Refusal


def give_as_planned(
    session: Session, *, by: User, at: datetime, fact_id: UUID
) -> DoseGiven | Refusal:
    """The pump was started as the plan says; or, for a route without a pump, the dose was given."""
    with transaction.atomic():
        held = lock(session)
        plan, pumped = held.plan, held.plan.route == Route.INTRAVENOUS
        given = (
            {"rate_mg_per_min": plan.first_mg_per_min, **_by_step(plan, 1)}
            if pumped
            else {"amount_mg": plan.amount_mg, "duration_min": plan.duration_min}
        )
        if known := sent_before(DoseGiven, fact_id, encounter_id=held.pk, **given):
            return known
        if refusal := _no_dose_now(held):
            return refusal
        if pump_of(held, at=at).begun_at is not None:
            return _refuse("dose-begun", "The planned dose has already been started.",
                           "Pause or resume it instead.")  # fmt: skip
        return _write(held, by=by, at=at, fact_id=fact_id, **given)


def pause(session: Session, *, by: User, at: datetime, fact_id: UUID) -> DoseGiven | Refusal:
    """The pump was paused."""
    return _set_rate(session, 0.0, by=by, at=at, fact_id=fact_id)


def resume(session: Session, *, by: User, at: datetime, fact_id: UUID) -> DoseGiven | Refusal:
    """The pump runs again at the rate it had. A plan in steps goes on by a step: `follow_step`."""
    return _set_rate(session, None, by=by, at=at, fact_id=fact_id)


def change_rate(
    session: Session, *, rate_mg_per_min: float, by: User, at: datetime, fact_id: UUID
) -> DoseGiven | Refusal:
    """The pump was set to another rate by hand: never faster than the signed plan, at this amount.

    The steps of a plan are then off until one is confirmed again.
    """
    return _set_rate(session, rate_mg_per_min, by=by, at=at, fact_id=fact_id)


def follow_step(
    session: Session,
    *,
    step: int,
    taken_up: bool = False,
    by: User,
    at: datetime,
    fact_id: UUID,
) -> DoseGiven | Refusal:
    """The pump was set to the rate of a step: a change that was due, or the steps taken up again.

    `step` is the one the page showed: if the plan stands at another by now, nothing is recorded.
    `taken_up`: the page showed the steps off. Who confirms a change has not seen a pause since.
    Only the amount that is left goes in: what a pause or a late change moved is not made up for.
    """
    with transaction.atomic():
        held = lock(session)
        if known := sent_before(DoseGiven, fact_id, encounter_id=held.pk, plan_step=step):
            return known
        pump = pump_of(held, at=at)
        finish(held, pump, at=at)
        steps = steps_of(held, pump, at=at)
        if refusal := _no_dose_now(held) or _not_begun_or_over(pump):
            return refusal
        if refusal := _put_off(steps, taken_up) or not_this_step(steps, step):
            return refusal
        rate = steps.schedule.steps[step - 1].rate_mg_per_min
        return _write(held, by=by, at=at, fact_id=fact_id, rate_mg_per_min=rate, plan_step=step)


def push(
    session: Session,
    *,
    amount_mg: float,
    duration_min: float,
    by: User,
    at: datetime,
    fact_id: UUID,
) -> DoseGiven | Refusal:
    """A part of the planned amount was given by hand. Into a vein only a prescriber does so."""
    with transaction.atomic():
        held = lock(session)
        given = {"amount_mg": amount_mg, "duration_min": duration_min}
        if known := sent_before(DoseGiven, fact_id, encounter_id=held.pk, **given):
            return known
        if refusal := _no_dose_now(held) or _no_push_by_steps(held):
            return refusal
        if held.plan.route == Route.INTRAVENOUS and by.role != Role.PRESCRIBER:
            return _refuse("push-by-prescriber", "A push into the vein is given by a prescriber.",
                           "Ask the prescriber to give and record it.")  # fmt: skip
        given_mg = pump_of(held, at=at).given_mg
        if over := check_change(
            given_mg=given_mg, wanted_mg=amount_mg, plan_mg=held.plan.amount_mg
        ):
            return over
        return _write(held, by=by, at=at, fact_id=fact_id, **given)


def finish(session: Session, pump: Pump, *, at: datetime) -> None:
    """The planned amount is in: record the end of the infusion at that instant, and say so.

    Reckoned, not measured: the pump was set to stop there, and a person must look that it did.
    """
    if pump.ends_at is None or pump.ends_at > at or pump.begun_at is None:
        return
    id = uuid5(session.pk, f"all in {pump.ends_at.isoformat()}")
    if DoseGiven.objects.filter(pk=id).exists():
        return
    stop_pump(session, by=None, at=pump.ends_at, id=id)
    technical(
        session,
        "planned-amount-in",
        f"The planned {session.plan.amount_mg:g} mg are in",
        action="Look that the pump has stopped. Flush the line by your own protocol.",
        source="Reckoned from the recorded rates and the signed plan",
        at=pump.ends_at,
    )
    rewatch(session, at=at)
    notices.changed(session.pk, "doses")


def _set_rate(
    session: Session, rate: float | None, *, by: User, at: datetime, fact_id: UUID
) -> DoseGiven | Refusal:
    with transaction.atomic():
        held = lock(session)
        if known := sent_before(DoseGiven, fact_id, encounter_id=held.pk):
            return known if _says_the_same(known, rate) else FORM_USED
        pump = pump_of(held, at=at)
        finish(held, pump, at=at)
        steps = steps_of(held, pump, at=at)
        rate = _as_signed(steps, rate)
        if refusal := _no_dose_now(held) or _not_now(steps, rate) or _too_fast(steps, rate):
            return refusal
        wanted = pump.last_rate_mg_per_min if rate is None else rate
        return _run(held, wanted, by=by, at=at, fact_id=fact_id)


def _says_the_same(known: DoseGiven | Refusal, rate: float | None) -> bool:
    """Whether a rate sent before was this one; a pause sent before resumed nothing."""
    if isinstance(known, Refusal) or known.rate_mg_per_min is None:
        return False
    was = known.rate_mg_per_min
    if rate is None:
        return was > 0
    return (was > 0) == (rate > 0) and shown(was) == shown(rate)


def _as_signed(steps: Steps, rate: float | None) -> float | None:
    """A rate typed as the page rounds the signed one means that one: no faster, and no refusal."""
    most = steps.most_mg_per_min
    return most if rate is not None and most < rate <= float(shown(most)) else rate


def _no_dose_now(session: Session) -> Refusal | None:
    if session.stage == Session.Stage.RUNNING:
        return None
    return _refuse(
        "session-not-running",
        f"The session stands at: {session.get_stage_display().lower()}.",
        "No drug is given after recovery has begun.",
    )


def _not_begun_or_over(pump: Pump) -> Refusal | None:
    if pump.begun_at is None:
        return _refuse("dose-not-begun", "No dose has been started yet.",
                       "Start the planned dose first.")  # fmt: skip
    if pump.is_all_in:
        return _refuse("dose-over-plan", f"All of the planned {pump.planned_mg:g} mg are in.",
                       "More drug needs another signed plan.")  # fmt: skip
    return None


def _not_now(steps: Steps, rate: float | None) -> Refusal | None:
    pump = steps.pump
    if refusal := _not_begun_or_over(pump):
        return refusal
    if rate is None and not pump.last_rate_mg_per_min:
        return _refuse("pump-not-begun", "Only a push was given: the pump has had no rate yet.",
                       "Set the rate that the pump runs at.")  # fmt: skip
    if rate is None and pump.is_running:
        return _refuse("pump-running", "The pump runs already.", "Nothing to resume.")
    if rate is None and steps.is_stepped:
        return _refuse("steps-off", "This plan is given in steps; the pause put them off.",
                       "Set the pump to the step shown on the page, and confirm it.")  # fmt: skip
    if rate == 0 and not pump.is_running:
        return _refuse("pump-paused", "The pump is paused already.", "Resume it, or go on.")
    return None


def _put_off(steps: Steps, taken_up: bool) -> Refusal | None:
    if taken_up or not steps.is_off:
        return None
    return _refuse(
        "steps-put-off",
        "Somebody paused the pump or set a rate by hand since this page was drawn.",
        "Ask why; the page now shows how the steps go on, if they should.",
    )


def _too_fast(steps: Steps, rate: float | None) -> Refusal | None:
    most = steps.most_mg_per_min
    if rate is None or 0 <= rate <= most:
        return None
    where = f" of step {steps.fastest.number}" if steps.is_stepped else ""
    return _refuse(
        "rate-over-plan",
        f"{rate:g} mg/min is not between 0 and the signed {most:.3g} mg/min{where}.",
        "Set a slower rate, or ask a prescriber for another plan.",
    )


def _no_push_by_steps(session: Session) -> Refusal | None:
    if not session.plan.schedule.is_stepped:
        return None
    return _refuse(
        "push-by-steps",
        "This plan is given in steps; a push would bring a later step forward.",
        "Go on by the steps, or slower.",
    )


def _by_step(plan: Plan, step: int) -> dict[str, int]:
    return {"plan_step": step} if plan.schedule.is_stepped else {}


def _run(session: Session, rate: float, *, by: User, at: datetime, fact_id: UUID) -> DoseGiven:
    return _write(session, by=by, at=at, fact_id=fact_id, rate_mg_per_min=rate)


def _write(session: Session, *, by: User, at: datetime, fact_id: UUID, **given: float) -> DoseGiven:
    end_of(session, CHANGE_DUE, at=at)  # what was now set on the pump answers it
    dose = DoseGiven.objects.create(
        pk=fact_id,
        patient_id=session.patient_id,
        encounter_id=session.pk,
        happened_at=at,
        recorded_by=by,
        drug=session.plan.drug,
        route=session.plan.route,
        **given,
    )
    rewatch(session, at=at)
    notices.changed(session.pk, "doses")
    return dose


def _refuse(code: str, because: str, remedy: str) -> Refusal:
    return Refusal(code=code, because=because, remedy=remedy)
