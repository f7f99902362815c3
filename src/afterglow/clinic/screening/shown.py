"""An assessment as its page draws it: reasons grouped by what they do, worst first."""

from dataclasses import dataclass
from itertools import count

from afterglow.clinic.screening.forms import ClearForm
from afterglow.clinic.screening.models import Assessment
from afterglow.clinic.screening.queries import reasons_of
from afterglow.clinic.screening.words import CAN_BE_CLEARED, VERDICT, WEIGHT
from afterglow.core.care.eligibility import Reason, Verdict, Weight

LIST_AT_MOST = 6  # missing answers shown before the rest are folded away


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One reason, and the form that clears it where somebody may."""

    reason: Reason
    kind: str
    basis: str  # source, rule and policy, as one line
    form: ClearForm | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The reasons of one weight."""

    kind: str
    title: str
    lines: tuple[Line, ...]
    is_folded: bool


def verdict(assessment: Assessment) -> tuple[str, str]:
    """The state to draw, and the words."""
    return VERDICT[Verdict(assessment.verdict)]


def groups(assessment: Assessment, *, may_clear: bool, sent: ClearForm | None) -> list[Group]:
    """Every reason, worst first; cleared ones last. `sent` is a form to show again with errors."""
    numbers = count()
    reasons = reasons_of(assessment)
    open_ones = [one for one in reasons if one.cleared_by is None]
    shown = []
    for weight, (kind, title) in WEIGHT.items():
        mine = [one for one in open_ones if one.weight is weight]
        lines = tuple(
            Line(
                reason=one,
                kind=kind,
                basis=_basis(one, assessment),
                form=_form(one, assessment, next(numbers), sent) if may_clear else None,
            )
            for one in mine
        )
        folded = weight is Weight.MISSING and len(lines) > LIST_AT_MOST
        shown.append(Group(kind=kind, title=title, lines=lines, is_folded=folded))
    cleared = tuple(
        Line(reason=one, kind="ok", basis=_basis(one, assessment), form=None)
        for one in reasons
        if one.cleared_by is not None
    )
    shown.append(Group(kind="ok", title="Cleared by a specialist", lines=cleared, is_folded=False))
    return [group for group in shown if group.lines]


def _basis(reason: Reason, assessment: Assessment) -> str:
    return f"{reason.source}. Rule {reason.rule}, policy {assessment.policy_version}"


def _form(
    reason: Reason, assessment: Assessment, number: int, sent: ClearForm | None
) -> ClearForm | None:
    if reason.weight not in CAN_BE_CLEARED:
        return None
    if sent is not None and sent.data.get("rule") == reason.rule:
        return sent
    # Ids must differ: there is one form a rule on the page.
    hidden = {"assessment_id": assessment.pk, "rule": reason.rule}
    return ClearForm(initial=hidden, auto_id=f"id_{number}_%s")
