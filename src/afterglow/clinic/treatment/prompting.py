"""Ask for the change of rate that is due, until it is made. Nothing here drives the pump."""

from datetime import datetime, timedelta

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.treatment import notices
from afterglow.clinic.treatment.alarming import CHANGE_DUE, end_of, open_alarms, technical
from afterglow.clinic.treatment.models import Alarm, Session
from afterglow.clinic.treatment.rules import policy_now
from afterglow.clinic.treatment.steps import Steps
from afterglow.core.care.schedule import Step, shown
from afterglow.core.refusal import Refusal


def prompt(session: Session, steps: Steps, *, at: datetime) -> None:
    """Alarm once when the pump should run at another rate, and again while only the alarm was seen.

    A change that never comes would give the rest at the rate of a step that is over.
    """
    change = steps.change
    if change is None or not steps.is_due or steps.pump.is_all_in:
        end_of(session, CHANGE_DUE, at=at)
        return
    told = open_alarms(session).filter(code=CHANGE_DUE).last()
    what = f"Set the pump to step {change.step.number} now: {in_words(change.step, session)}"
    if told is None:
        _ask(session, what, at=at)
    elif told.what != what or _seen_long_ago(told, at=at):
        end_of(session, CHANGE_DUE, at=at)
        _ask(session, what, at=at, again=told)


def in_words(step: Step, session: Session) -> str:
    """The rate of a step, also as a pump shows it."""
    rate = step.rate_mg_per_min
    ml_per_h = 60 * rate / session.plan.mg_per_ml
    return f"{shown(rate)} mg/min = {shown(ml_per_h, 1)} mL/h"


def not_this_step(steps: Steps, step: int) -> Refusal | None:
    """Why this step may not be confirmed now, if so."""
    offered = steps.offered
    if offered is not None and offered.number == step:
        return None
    if not steps.is_stepped:
        return _refuse(
            "no-steps", "This plan is given at one rate.", "Pause it, resume it or slow it."
        )
    if steps.pump.step == step:
        return _refuse("step-confirmed", f"Step {step} is recorded already, and runs.",
                       "Nothing was recorded twice; look at the next change.")  # fmt: skip
    if offered is not None:
        return _refuse(
            "another-step",
            f"The plan stands at step {offered.number} by now, not at step {step}: "
            f"{shown(offered.rate_mg_per_min)} mg/min.",
            "Set the pump to what the page shows now, and confirm that.",
        )
    return _not_yet(steps)


def _not_yet(steps: Steps) -> Refusal:
    due_at, change = steps.due_at, steps.change
    if due_at is None or change is None:
        return _refuse("last-step", "The last step runs: the rate does not change any more.",
                       "Nothing to confirm.")  # fmt: skip
    return _refuse(
        "change-not-due",
        f"Step {change.step.number} is due at {at_clinic(due_at):%H:%M}, "
        f"in {change.in_min:.0f} min.",
        "Confirm it when it is due. To slow or pause at once, use those.",
    )


def _ask(session: Session, what: str, *, at: datetime, again: Alarm | None = None) -> None:
    technical(
        session,
        CHANGE_DUE,
        what,
        action="Set it on the pump, then confirm it under Dose. This page does not drive the pump.",
        source="The signed plan, and the amount reckoned from the recorded rates",
        at=at,
        priority=Alarm.Priority.MEDIUM,
        again=again,
    )
    notices.changed(session.pk, "doses")


def _seen_long_ago(alarm: Alarm, *, at: datetime) -> bool:
    seen = getattr(alarm, "acknowledgement", None)
    pause = timedelta(seconds=policy_now().watch.silence_most_s.value)
    return seen is not None and seen.happened_at <= at - pause


def _refuse(code: str, because: str, remedy: str) -> Refusal:
    return Refusal(code=code, because=because, remedy=remedy)
