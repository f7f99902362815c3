"""From the policy in force to the limits one bed is watched against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from afterglow.core.care.policy import Policy, Threshold
from afterglow.core.care.signs import Priority, Sign
from afterglow.core.care.thresholds import WatchLimits
from afterglow.core.care.words import Grade
from afterglow.core.quantity import Route

NOW = timedelta(0)


class Phase(StrEnum):
    """While the drug goes in, or after."""

    DURING = "during"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Outside it alarms. A sign may have several, mild and urgent."""

    code: str
    sign: Sign
    low: float | None = None
    high: float | None = None
    priority: Priority
    must_persist: timedelta = NOW
    at_bound_alarms: bool = False  # 180 or more alarms, not only above 180
    confirm: bool = False  # the first reading only asks for a repeat
    action: str
    source: str
    grade: Grade

    def allows(self, value: float) -> bool:
        if self.at_bound_alarms:
            return not self._reaches(value)
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def _reaches(self, value: float) -> bool:
        return (self.low is not None and value <= self.low) or (
            self.high is not None and value >= self.high
        )

    @property
    def text(self) -> str:
        """The limits in words, as an alarm prints them."""
        if self.low is not None and self.high is not None:
            return f"limits {self.low:g} to {self.high:g} {self.sign.unit}".strip()
        if self.high is not None:
            word, bound = "below" if self.at_bound_alarms else "up to", self.high
        else:
            word, bound = "above" if self.at_bound_alarms else "from", self.low or 0.0
        return f"limit {word} {bound:g} {self.sign.unit}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one sign is watched: its limits, most urgent first, and the pace expected of it."""

    sign: Sign
    limits: tuple[Limit, ...] = ()
    at_least_every: timedelta | None = None  # None: welcome, not expected
    while_out_every: timedelta | None = None  # the faster pace while it alarms
    fast_up_to: float | None = None  # the faster pace also at or below this value
    grace: timedelta = NOW
    medium_after: timedelta = NOW  # overdue by this much, silence turns from low to medium


Limits: TypeAlias = Mapping[Sign, Rule]


def limits_from(
    policy: Policy, *, route: Route = Route.INTRAVENOUS, phase: Phase = Phase.DURING
) -> Limits:
    """The limits for a bed. Source: the policy; intervals depend on route and phase."""
    w = policy.watch
    every = _minutes(_interval(w, route, phase))
    rules = (
        _systolic(w, every),
        _diastolic(w),
        _saturation(w),
        _pulse(w),
        _breathing(w),
        _sedation(w, every),
    )
    return MappingProxyType({rule.sign: rule for rule in rules})


def _interval(w: WatchLimits, route: Route, phase: Phase) -> Threshold:
    during = phase is Phase.DURING
    if route is Route.INTRAVENOUS:
        return w.iv_during_every_min if during else w.iv_after_every_min
    if route in (Route.INTRAMUSCULAR, Route.SUBCUTANEOUS):
        return w.im_during_every_min if during else w.im_after_every_min
    return w.nasal_every_min if route is Route.NASAL else w.oral_every_min


_PRESSURE_HIGH = "Stop the drug. Treat as an emergency if there are symptoms."
_PRESSURE_MEDIUM = "Tell the prescriber, measure every 5 min, pause or slow the infusion."


def _pressure_limits(sign: Sign, high: Threshold, medium: Threshold, w: WatchLimits
                     ) -> tuple[Limit, ...]:  # fmt: skip
    return (
        Limit(code=f"{sign}-high", sign=sign, high=high.value, priority=Priority.HIGH,
              at_bound_alarms=True, action=_PRESSURE_HIGH,
              source=high.source, grade=high.grade),
        Limit(code=f"{sign}-raised", sign=sign, high=medium.value, priority=Priority.MEDIUM,
              must_persist=_minutes(w.pressure_confirm_from_min), at_bound_alarms=True,
              confirm=True, action=_PRESSURE_MEDIUM,
              source=medium.source, grade=medium.grade),
    )  # fmt: skip


def _systolic(w: WatchLimits, every: timedelta) -> Rule:
    return Rule(
        sign=Sign.SYSTOLIC,
        limits=_pressure_limits(Sign.SYSTOLIC, w.systolic_high_mmhg, w.systolic_medium_mmhg, w),
        at_least_every=every,
        while_out_every=_minutes(w.alarming_pressure_every_min),
        grace=_minutes(w.interval_grace_min),
        medium_after=_minutes(w.interval_medium_after_min),
    )


def _diastolic(w: WatchLimits) -> Rule:
    """Comes with the systolic one, so its silence is the systolic's silence."""
    limits = _pressure_limits(Sign.DIASTOLIC, w.diastolic_high_mmhg, w.diastolic_medium_mmhg, w)
    return Rule(sign=Sign.DIASTOLIC, limits=limits)


def _saturation(w: WatchLimits) -> Rule:
    high, medium = w.spo2_high_below_percent, w.spo2_medium_below_percent
    limits = (
        Limit(code="spo2-very-low", sign=Sign.SPO2, low=high.value, priority=Priority.HIGH,
              action="Stop the drug. Open the airway, give oxygen, call for help.",
              source=high.source, grade=high.grade),
        Limit(code="spo2-low", sign=Sign.SPO2, low=medium.value, priority=Priority.MEDIUM,
              must_persist=_seconds(w.spo2_medium_persist_s),
              action="Rouse the patient, reposition, oxygen by order.",
              source=medium.source, grade=medium.grade),
    )  # fmt: skip
    return _continuous(Sign.SPO2, limits, w)


def _pulse(w: WatchLimits) -> Rule:
    low, high = w.pulse_low_per_min, w.pulse_high_per_min
    limit = Limit(
        code="pulse-out", sign=Sign.PULSE, low=low.value, high=high.value,
        priority=Priority.MEDIUM, action="Record an ECG, tell the prescriber.",
        source=high.source, grade=high.grade,
    )  # fmt: skip
    return _continuous(Sign.PULSE, (limit,), w)


def _breathing(w: WatchLimits) -> Rule:
    low = w.resp_high_below_per_min
    limit = Limit(
        code="breathing-slow", sign=Sign.RESP_RATE, low=low.value, priority=Priority.HIGH,
        action="Stop the drug. Open the airway, call for help.",
        source=low.source, grade=low.grade,
    )  # fmt: skip
    return Rule(sign=Sign.RESP_RATE, limits=(limit,))


def _sedation(w: WatchLimits, every: timedelta) -> Rule:
    high, medium = w.sedation_high_at, w.sedation_medium_at
    return Rule(
        sign=Sign.SEDATION,
        limits=(
            Limit(code="sedation-deep", sign=Sign.SEDATION, low=high.value, at_bound_alarms=True,
                  priority=Priority.HIGH, action="Stop the drug. Watch the airway, call for help.",
                  source=high.source, grade=high.grade),
            Limit(code="sedation-marked", sign=Sign.SEDATION, low=medium.value,
                  at_bound_alarms=True, priority=Priority.MEDIUM,
                  action="Pause the drug, watch the airway.",
                  source=medium.source, grade=medium.grade),
        ),
        at_least_every=every,
        while_out_every=_minutes(w.sedation_watch_every_min),
        fast_up_to=w.sedation_watch_from.value,
        grace=_minutes(w.interval_grace_min),
        medium_after=_minutes(w.interval_medium_after_min),
    )  # fmt: skip


def _continuous(sign: Sign, limits: tuple[Limit, ...], w: WatchLimits) -> Rule:
    """A probe that never rests: seconds of silence count."""
    return Rule(
        sign=sign,
        limits=limits,
        at_least_every=_seconds(w.continuous_silent_s),
        medium_after=_seconds(w.continuous_medium_after_s),
    )


def _minutes(threshold: Threshold) -> timedelta:
    return timedelta(minutes=threshold.value)


def _seconds(threshold: Threshold) -> timedelta:
    return timedelta(seconds=threshold.value)
