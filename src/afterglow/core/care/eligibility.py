"""May this person be treated here? Reasons with their sources, never a bare yes or no.

The rules are those of the reference's eligibility table. The worst reason gives the verdict; a
question nobody answered is a reason of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from afterglow.core.body import within
from afterglow.core.care.eligibility_rules import SIMPLE, Simple
from afterglow.core.care.policy import Policy
from afterglow.core.care.questions import QUESTIONS, Answers, applies, check_answers
from afterglow.core.care.reasons import Reason, Weight
from afterglow.core.care.screening_numbers import measured
from afterglow.core.care.words import Clearance, Grade, YesNo
from afterglow.core.quantity import Drug, Route

__all__ = ["Eligibility", "Reason", "Verdict", "Weight", "assess"]


class Verdict(StrEnum):
    ELIGIBLE = "eligible"
    NEEDS_ANSWERS = "needs-answers"
    HOLD = "hold"
    SPECIALIST_OVERRIDE = "specialist-override"
    EXCLUDED = "excluded"


_GIVES = {
    Weight.MISSING: Verdict.NEEDS_ANSWERS,
    Weight.HOLD: Verdict.HOLD,
    Weight.SPECIALIST: Verdict.SPECIALIST_OVERRIDE,
    Weight.HARD_STOP: Verdict.EXCLUDED,
}
_WORST_FIRST = (Weight.HARD_STOP, Weight.SPECIALIST, Weight.HOLD, Weight.MISSING)
_NONE: Mapping[str, Clearance] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """What was concluded, and every reason for it, under which policy and when."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    policy_version: str
    at: date

    def of(self, weight: Weight) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.weight is weight)

    @property
    def same_day_plan(self) -> bool:
        """A person at risk needs a plan today, whatever the verdict is."""
        return bool(self.of(Weight.PLAN))


def assess(
    answers: Answers,
    *,
    at: date,
    age_years: float,
    policy: Policy,
    drug: Drug = Drug.KETAMINE,
    route: Route = Route.INTRAVENOUS,
    clearances: Mapping[str, Clearance] = _NONE,
) -> Eligibility:
    """Judge the answers given. `clearances` maps a rule's id to the specialist's record.

    A clearance lifts a hold or a specialist rule; it never lifts a hard stop and never stands in
    for an answer.
    """
    check_answers(answers)
    within("age_years", age_years, 0, 120, "years")
    today = at.date() if isinstance(at, datetime) else at
    found = (
        *_simple(answers, drug, route),
        *measured(answers, today=today, age_years=age_years, policy=policy),
        *_missing(answers),
    )
    reasons = tuple(_cleared(reason, clearances) for reason in found)
    return Eligibility(
        verdict=_verdict(reasons), reasons=reasons, policy_version=policy.version, at=at
    )


def _simple(answers: Answers, drug: Drug, route: Route) -> Iterator[Reason]:
    for rule in SIMPLE:
        if _asked(rule.question, answers) and answers.get(rule.question) == rule.concern:
            yield rule.reason(_weight(rule, drug, route))


def _weight(rule: Simple, drug: Drug, route: Route) -> Weight:
    """The label binds esketamine; for racemic ketamine into vein or muscle a specialist decides."""
    parenteral = route in (Route.INTRAVENOUS, Route.INTRAMUSCULAR)
    if rule.specialist_may_decide and drug is Drug.KETAMINE and parenteral:
        return Weight.SPECIALIST
    return rule.weight


def _missing(answers: Answers) -> Iterator[Reason]:
    for question in QUESTIONS:
        if not applies(question, answers):
            continue
        if answers.get(question.id, YesNo.UNKNOWN) is YesNo.UNKNOWN:
            yield Reason(
                rule="answer-missing",
                weight=Weight.MISSING,
                found=f"Not known: {question.ask}",
                remedy="Ask, examine or look it up. Unknown is not taken for no.",
                source="Afterglow project default",
                grade=Grade.OWN,
                questions=(question.id,),
            )


def _asked(id: str, answers: Answers) -> bool:
    return any(q.id == id and applies(q, answers) for q in QUESTIONS)


def _cleared(reason: Reason, clearances: Mapping[str, Clearance]) -> Reason:
    clearance = clearances.get(reason.rule)
    liftable = reason.weight in (Weight.HOLD, Weight.SPECIALIST)
    if clearance is None or not clearance.counts or not liftable:
        return reason
    return replace(reason, cleared_by=clearance)


def _verdict(reasons: tuple[Reason, ...]) -> Verdict:
    standing = {reason.weight for reason in reasons if reason.cleared_by is None}
    for weight in _WORST_FIRST:
        if weight in standing:
            return _GIVES[weight]
    return Verdict.ELIGIBLE
