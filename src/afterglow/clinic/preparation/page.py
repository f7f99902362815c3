"""All that the go/no-go page shows, read once."""

from dataclasses import dataclass
from datetime import datetime

from afterglow.clinic.people.models import Patient, Role, User
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.planning.queries import is_usable, unused_plan
from afterglow.clinic.planning.since import OtherMedicines, other_medicines
from afterglow.clinic.preparation.models import GoNoGo
from afterglow.clinic.preparation.queries import decided, go_for, newest_check
from afterglow.clinic.releases.queries import policy_in_use
from afterglow.core.care.checks import Check, Decision, OverrideBy, State
from afterglow.core.care.preparing import Preparation as Made
from afterglow.core.care.preparing import prepare
from afterglow.core.refusal import Refusal

WORDS = {
    Decision.GO: ("ok", "Go"),
    Decision.CARE: ("hold", "Go, with care"),
    Decision.INCOMPLETE: ("unknown", "Not complete yet"),
    Decision.HOLD: ("stop", "Hold: do not start"),
}
SHOWN_AS = {
    State.PASS: "ok",
    State.WARN: "hold",
    State.MISSING: "unknown",
    State.HOLD: "stop",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One check as `{% checklist %}` draws it."""

    text: str
    state: str
    value: str
    reason: str
    source: str
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The plan that stands, how it is drawn up, and the newest checks."""

    plan: Plan | None
    plan_usable: bool
    other_medicines: OtherMedicines | None
    made: Made | None
    checked: GoNoGo | None
    go: GoNoGo | None
    kind: str
    words: str
    open_lines: list[Line]
    passed_lines: list[Line]
    liftable: list[Check]
    pressure_open: bool
    may_override: bool
    may_sign_second: bool
    signed_by: list[str]


def page_for(patient: Patient, user: User, *, at: datetime) -> Page:
    """Read everything the page needs."""
    plan = unused_plan(patient)
    checked = newest_check(plan) if plan else None
    checks = decided(checked).checks if checked else ()
    kind, words = WORDS[Decision(checked.decision)] if checked else ("unknown", "Not checked yet")
    unsettled = [one for one in checks if one.state is not State.PASS]
    return Page(
        plan=plan,
        plan_usable=plan is not None and is_usable(plan),
        other_medicines=other_medicines(plan, at=at) if plan else None,
        made=_made(plan) if plan else None,
        checked=checked,
        go=go_for(plan, at) if plan else None,
        kind=kind,
        words=words,
        open_lines=[_line(one) for one in sorted(unsettled, key=lambda c: -c.state.rank)],
        passed_lines=[_line(one) for one in checks if one.state is State.PASS],
        liftable=[one for one in checks if _is_liftable(one)],
        pressure_open=any(one.id == "pressure" for one in unsettled),
        may_override=user.role == Role.PRESCRIBER,
        may_sign_second=_may_sign_second(checked, user),
        signed_by=[f"{one['name']}" for one in checked.signers] if checked else [],
    )


def _made(plan: Plan) -> Made | None:
    made = prepare(
        plan.amount_mg,
        lasts_min=plan.duration_min,
        concentration_mg_per_ml=plan.concentration_mg_per_ml,
        made_up_to_ml=plan.made_up_to_ml,
        policy=policy_in_use(),
    )
    return None if isinstance(made, Refusal) else made


def _line(check: Check) -> Line:
    lifted = check.overridden
    over = f" {lifted.by} goes on: {lifted.reason}" if lifted else ""
    return Line(
        text=check.label,
        state="hold" if lifted else SHOWN_AS[check.state],
        value=check.value,
        reason=f"Wanted: {check.limit}. {check.remedy}{over}".strip(),
        source=check.source,
        grade=check.grade.value,
    )


def _is_liftable(check: Check) -> bool:
    lifted = check.overridden is not None
    by_prescriber = check.override_by is OverrideBy.PRESCRIBER
    return check.state is State.HOLD and by_prescriber and not lifted


def _may_sign_second(checked: GoNoGo | None, user: User) -> bool:
    return checked is not None and all(one["user"] != user.pk for one in checked.signers)
