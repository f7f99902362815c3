"""What was prepared, and whether today's session may start."""

from datetime import datetime

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.people.models import Patient
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.preparation.models import GoNoGo, Preparation
from afterglow.clinic.record.models import CURRENT
from afterglow.core.care import saved
from afterglow.core.care.checks import GoNoGo as Decided
from afterglow.core.care.words import Override


def newest_preparation(patient: Patient) -> Preparation | None:
    """Set and setting as last recorded."""
    mine = Preparation.objects.filter(CURRENT, patient=patient)
    return mine.select_related("recorded_by").order_by("-happened_at", "-recorded_at").first()


def newest_check(plan: Plan) -> GoNoGo | None:
    """The checks that stand for this plan."""
    mine = GoNoGo.objects.filter(CURRENT, plan=plan)
    return (
        mine.select_related("recorded_by", "plan").order_by("-happened_at", "-recorded_at").first()
    )


def go_for(plan: Plan, at: datetime) -> GoNoGo | None:
    """The newest checks of this plan, if they were made today and say that it may start."""
    newest = newest_check(plan)
    if newest is None or not newest.may_start:
        return None
    return newest if at_clinic(newest.happened_at).date() == at_clinic(at).date() else None


def decided(checked: GoNoGo) -> Decided:
    """The stored result in the core's words."""
    return saved.load(Decided, checked.results)


def overrides_of(checked: GoNoGo) -> dict[str, Override]:
    """Which holds a prescriber went over, and why."""
    return {check_id: saved.load(Override, raw) for check_id, raw in checked.overrides.items()}
