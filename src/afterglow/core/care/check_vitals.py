"""The go/no-go checks that read the body: pressure, pulse, breathing, temperature, weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from types import MappingProxyType

from afterglow.core.care.check_parts import Check, Found, OverrideBy, Rule, Rules, State, topic
from afterglow.core.care.policy import Policy, Threshold
from afterglow.core.care.words import Pressure


def pressure(found: Found, policy: Policy, at: datetime) -> Check:
    """The newest pressure decides; over the warning line it is measured again, twice."""
    c = policy.checks
    systolic, diastolic = _warn_lines(found, policy)
    says = topic(
        "pressure", "Blood pressure", c.systolic_hold_mmhg,
        "Let the patient rest; measure again. A prescriber may go on, with a reason.",
        OverrideBy.PRESCRIBER,
    ).says  # fmt: skip
    limit = (
        f"warn above {systolic.value:g}/{diastolic.value:g}, "
        f"hold above {c.systolic_hold_mmhg.value:g}/{c.diastolic_hold_mmhg.value:g} mmHg"
    )
    taken = sorted((p for p in found.pressures if p.taken_at <= at), key=lambda p: p.taken_at)
    if not taken:
        return says(State.MISSING, "not measured", limit, "Measure it now.")
    last, minutes = taken[-1], _minutes(at - taken[-1].taken_at)
    if minutes > c.vitals_valid_min.value:
        return says(State.MISSING, f"{last.text}, {minutes:.0f} min old", limit, "Measure again.")
    if _above(last, c.systolic_hold_mmhg, c.diastolic_hold_mmhg):
        return says(State.HOLD, last.text, limit)
    if not _above(last, systolic, diastolic):
        return says(State.PASS, last.text, limit)
    repeats, wanted = _repeats(taken, policy), round(c.pressure_repeats.value)
    if repeats < wanted:
        gap = c.pressure_repeat_gap_min.value
        remedy = f"Measure again {gap:g} min apart: {repeats} of {wanted} repeats done."
        return says(State.MISSING, last.text, limit, remedy)
    remedy = "Weigh delay; the prescriber decides."
    return says(State.WARN, f"{last.text} after {repeats} repeats", limit, remedy)


def _warn_lines(found: Found, policy: Policy) -> tuple[Threshold, Threshold]:
    c = policy.checks
    if found.age_years >= c.elderly_from_years.value:
        return c.systolic_warn_elderly_mmhg, c.diastolic_warn_elderly_mmhg
    return c.systolic_warn_mmhg, c.diastolic_warn_mmhg


def _above(pressure: Pressure, systolic: Threshold, diastolic: Threshold) -> bool:
    return pressure.systolic_mmhg > systolic.value or pressure.diastolic_mmhg > diastolic.value


def _repeats(taken: Sequence[Pressure], policy: Policy) -> int:
    """How many readings of today's set count as a repeat: far enough from the one before."""
    valid = timedelta(minutes=policy.checks.vitals_valid_min.value)
    gap = timedelta(minutes=policy.checks.pressure_repeat_gap_min.value)
    recent = [p.taken_at for p in taken if taken[-1].taken_at - p.taken_at <= valid]
    return sum(later - earlier >= gap for earlier, later in pairwise(recent))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vital:
    """One number that must lie between two limits of the policy."""

    id: str
    label: str
    field: str
    unit: str
    low: str = ""
    high: str = ""
    below: str = ""

    def check(self, found: Found, policy: Policy, at: datetime) -> Check:
        held = getattr(policy.checks, self.low or self.below)
        says = topic(
            self.id, self.label, held, "Look at the patient; measure again. A prescriber may go "
            "on, with a reason.", OverrideBy.PRESCRIBER,
        ).says  # fmt: skip
        value, limit = getattr(found, self.field), self._limit(policy)
        if value is None:
            return says(State.MISSING, "not measured", limit, "Measure it now.")
        text = f"{value:g} {self.unit}"
        if (stale := _stale(found, policy, at)) is not None:
            return says(State.MISSING, f"{text}, {stale}", limit, "Measure again.")
        return says(State.PASS if self._fits(value, policy) else State.HOLD, text, limit)

    def _fits(self, value: float, policy: Policy) -> bool:
        c = policy.checks
        if self.low and not value >= getattr(c, self.low).value:
            return False
        if self.high and not value <= getattr(c, self.high).value:
            return False
        return not self.below or value < getattr(c, self.below).value

    def _limit(self, policy: Policy) -> str:
        c = policy.checks
        if self.below:
            return f"below {getattr(c, self.below).text}"
        return f"{getattr(c, self.low).value:g} to {getattr(c, self.high).text}"


def saturation(found: Found, policy: Policy, at: datetime) -> Check:
    """On room air, against the usual limit or the patient's own documented baseline."""
    low = policy.checks.spo2_low_percent
    baseline = found.spo2_baseline_percent
    least = low.value if baseline is None else min(low.value, baseline)
    limit = f"{least:g} % or more" + (" (own baseline)" if least < low.value else "")
    says = topic(
        "saturation", "Oxygen saturation", low, "Reposition the probe, look at the patient.",
        OverrideBy.PRESCRIBER,
    ).says  # fmt: skip
    if found.spo2_percent is None:
        return says(State.MISSING, "not measured", limit, "Measure it now.")
    text = f"{found.spo2_percent:g} %"
    if (stale := _stale(found, policy, at)) is not None:
        return says(State.MISSING, f"{text}, {stale}", limit, "Measure again.")
    return says(State.PASS if found.spo2_percent >= least else State.HOLD, text, limit)


def weight(found: Found, policy: Policy, at: datetime) -> Check:
    """A recent weight, close to the one the dose was computed from."""
    c = policy.checks
    says = topic(
        "weight", "Weight", c.weight_change_percent, "Compute the dose anew and sign a new plan.",
        OverrideBy.PRESCRIBER,
    ).says  # fmt: skip
    limit = f"within {c.weight_valid_days.text}, change up to {c.weight_change_percent.text}"
    if found.weight_kg is None or found.weighed_on is None or not found.plan_weight_kg:
        return says(
            State.MISSING, "not known", limit, "Weigh the patient; check the plan's weight."
        )
    days = (at.date() - found.weighed_on).days
    text = f"{found.weight_kg:g} kg, plan {found.plan_weight_kg:g} kg"
    if not 0 <= days <= c.weight_valid_days.value:
        return says(State.MISSING, f"{text}, {days} days old", limit, "Weigh the patient.")
    change = 100 * abs(found.weight_kg / found.plan_weight_kg - 1)
    too_much = change > c.weight_change_percent.value + 1e-9
    return says(State.HOLD if too_much else State.PASS, f"{text} ({change:.1f} %)", limit)


def _stale(found: Found, policy: Policy, at: datetime) -> str | None:
    """Why the vital signs do not count as current, if they do not."""
    if found.vitals_at is None:
        return "time not recorded"
    minutes = _minutes(at - found.vitals_at)
    if minutes < 0:
        return "a time still to come"
    return f"{minutes:.0f} min old" if minutes > policy.checks.vitals_valid_min.value else None


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60


_PULSE = _Vital(
    id="pulse", label="Pulse", field="pulse_per_min", unit="/min",
    low="pulse_low_per_min", high="pulse_high_per_min",
)  # fmt: skip
_BREATHING = _Vital(
    id="breathing", label="Breathing rate", field="resp_per_min", unit="/min",
    low="resp_low_per_min", high="resp_high_per_min",
)  # fmt: skip
_TEMPERATURE = _Vital(
    id="temperature", label="Temperature", field="temperature_c", unit="°C",
    below="temperature_below_c",
)  # fmt: skip

_ALL: dict[str, Rule] = {
    "pressure": pressure,
    "pulse": _PULSE.check,
    "saturation": saturation,
    "breathing": _BREATHING.check,
    "temperature": _TEMPERATURE.check,
    "weight": weight,
}
VITALS: Rules = MappingProxyType(_ALL)
