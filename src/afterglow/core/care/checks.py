"""Go or no-go before a session: every check with its value, its limit and who may overrule it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from afterglow.core.care.check_parts import (
    Check,
    ConsentSeen,
    Found,
    OverrideBy,
    PregnancyTest,
    State,
)
from afterglow.core.care.check_rules import PAPERS
from afterglow.core.care.check_vitals import VITALS
from afterglow.core.care.policy import Policy
from afterglow.core.care.words import Override

__all__ = [
    "CHECKS",
    "Check",
    "ConsentSeen",
    "Decision",
    "Found",
    "GoNoGo",
    "OverrideBy",
    "PregnancyTest",
    "State",
    "go_no_go",
]


class Decision(StrEnum):
    """Mildest first."""

    GO = "go"
    CARE = "go-with-care"
    INCOMPLETE = "incomplete"
    HOLD = "hold"


_RULES = MappingProxyType({**VITALS, **PAPERS})
CHECKS: tuple[str, ...] = tuple(_RULES)
_NONE: Mapping[str, Override] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class GoNoGo:
    """All checks, and what they come to. Stored as it stands before the first drop is given."""

    checks: tuple[Check, ...]
    decision: Decision
    policy_version: str
    at: datetime

    @property
    def may_start(self) -> bool:
        return self.decision in (Decision.GO, Decision.CARE)

    @property
    def day(self) -> date:
        return self.at.date()


def go_no_go(
    found: Found, *, policy: Policy, at: datetime, overrides: Mapping[str, Override] = _NONE
) -> GoNoGo:
    """Judge what was found at `at`. `overrides` maps a check's id to a prescriber's reasons.

    An override lifts only a hold that a prescriber may lift; it never stands in for a missing
    value, so nobody can be waved through unmeasured.
    """
    checks = tuple(
        _overridden(rule(found, policy, at), overrides.get(id)) for id, rule in _RULES.items()
    )
    return GoNoGo(checks=checks, decision=_decide(checks), policy_version=policy.version, at=at)


def _overridden(check: Check, override: Override | None) -> Check:
    liftable = check.state is State.HOLD and check.override_by is OverrideBy.PRESCRIBER
    if override is None or not override.counts or not liftable:
        return check
    return replace(check, overridden=override)


def _decide(checks: Iterable[Check]) -> Decision:
    states = {State.WARN if check.overridden else check.state for check in checks}
    if State.HOLD in states:
        return Decision.HOLD
    if State.MISSING in states:
        return Decision.INCOMPLETE
    return Decision.CARE if State.WARN in states else Decision.GO
