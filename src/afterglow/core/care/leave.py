"""When may the patient leave? Every criterion with its value; a person signs, not the software."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from afterglow.core.care.leave_parts import Criterion, Found, Met, criterion
from afterglow.core.care.policy import Policy, Threshold
from afterglow.core.care.words import Grade, Pressure, Rated, YesNo
from afterglow.core.quantity import Route

__all__ = [
    "Criterion",
    "Found",
    "Leaving",
    "Met",
    "earliest_at",
    "overall",
    "ready_to_leave",
]


class Leaving(StrEnum):
    READY = "ready"
    UNKNOWN = "unknown"
    NOT_YET = "not-yet"


def ready_to_leave(found: Found, *, policy: Policy, at: datetime) -> tuple[Criterion, ...]:
    """All criteria as they stand at `at`. Sources: the policy's leave section."""
    return (
        _time(found, policy, at),
        *_body(found, policy, at),
        *_midpoint(found, policy),
        *_mind(found, policy, at),
        *_way_home(found, at),
    )


def overall(criteria: Iterable[Criterion]) -> Leaving:
    """Ready only if every criterion is met. One that is not met outweighs one not known."""
    states = {each.state for each in criteria}
    if Met.NOT_MET in states:
        return Leaving.NOT_YET
    return Leaving.READY if states == {Met.MET} else Leaving.UNKNOWN


def earliest_at(found: Found, policy: Policy) -> datetime | None:
    """The end of the shortest stay. None while the dose has no end.

    Not known to be escorted and not known to be unsedated means the longer stay.
    """
    starts = found.last_device_at if found.route is Route.NASAL else found.dose_ended_at
    return None if starts is None else starts + timedelta(minutes=_stay(found, policy).value)


def _stay(found: Found, policy: Policy) -> Threshold:
    p = policy.leave
    if found.route is Route.NASAL:
        return p.nasal_after_last_device_min
    if found.route is Route.INTRAVENOUS:
        short = found.escorted is YesNo.YES and found.sedated_during is YesNo.NO
        return p.iv_after_end_min if short else p.iv_unescorted_min
    if found.route in (Route.INTRAMUSCULAR, Route.SUBCUTANEOUS):
        return p.im_after_dose_min
    return p.oral_after_dose_min


def _time(found: Found, policy: Policy, at: datetime) -> Criterion:
    stay, earliest = _stay(found, policy), earliest_at(found, policy)
    starts = "last device" if found.route is Route.NASAL else "end of the dose"
    passed = None if earliest is None else stay.value - (earliest - at) / timedelta(minutes=1)
    return criterion(
        "time", "Shortest stay",
        value="no end of dose recorded" if passed is None else f"{passed:.0f} min",
        limit=f"{stay.text} from the {starts}",
        met=None if earliest is None else at >= earliest,
        remedy="Record when the dose ended." if earliest is None else "Wait.",
        rests_on=stay,
    )  # fmt: skip


def _body(found: Found, policy: Policy, at: datetime) -> Iterator[Criterion]:
    p = policy.leave
    yield _pressure(found, policy, at)
    least = None if found.spo2_baseline is None else (
        found.spo2_baseline - p.spo2_under_baseline_percent.value
    )  # fmt: skip
    yield _rated(
        "saturation", "Oxygen saturation", found.spo2, at, policy, unit="%", least=least,
        limit="baseline not known" if least is None else f"{least:g} % or more, as before",
        rests_on=p.spo2_under_baseline_percent,
    )  # fmt: skip
    yield _rated(
        "sedation", "Sedation (MOAA/S)", found.sedation_moaas, at, policy,
        least=p.moaas_at_least.value, limit=f"{p.moaas_at_least.value:g}: answers readily",
        rests_on=p.moaas_at_least,
    )  # fmt: skip
    yield _rated(
        "nausea", "Nausea 0-10", found.nausea, at, policy, most=p.nausea_at_most.value,
        limit=f"{p.nausea_at_most.value:g} or less", rests_on=p.nausea_at_most,
    )  # fmt: skip
    yield _yes("gait", "Steady gait, timed walk", found.gait_steady, "Help to sit, try again.")


def _rated(
    id: str,
    label: str,
    rated: Rated | None,
    at: datetime,
    policy: Policy,
    *,
    limit: str,
    rests_on: Threshold,
    unit: str = "",
    least: float | None = None,
    most: float | None = None,
) -> Criterion:
    """A rating within its bound. An old good one is not known; an old bad one stays bad."""
    met: bool | None = None
    value, remedy = "not rated", "Rate it now."
    if rated is not None:
        value, remedy = f"{rated.value:g} {unit}".strip(), "Wait, then rate again."
        met = _within(rated.value, least, most)
        if met and _old(rated.at, at, policy):
            met, value, remedy = None, f"{value}, {_ago(rated.at, at)}", "Rate it again."
    return criterion(id, label, value=value, limit=limit, met=met, remedy=remedy, rests_on=rests_on)


def _within(value: float, least: float | None, most: float | None) -> bool | None:
    if least is None and most is None:
        return None  # a baseline nobody took cannot be returned to
    return (least is None or value >= least) and (most is None or value <= most)


def _pressure(found: Found, policy: Policy, at: datetime) -> Criterion:
    p, now, before = policy.leave, found.pressure, found.pressure_baseline
    met: bool | None = None
    value, remedy = "not measured", "Measure it now."
    if now is not None:
        value, remedy = now.text, "Wait, then measure again; tell the prescriber if it stays."
        met = _settled(now, before, policy)
        if met and _old(now.taken_at, at, policy):
            met, value, remedy = None, f"{value}, {_ago(now.taken_at, at)}", "Measure again."
    was = "not known" if before is None else before.text
    return criterion(
        "pressure", "Blood pressure", value=value, met=met, remedy=remedy,
        limit=f"within {p.pressure_within_percent.text} of baseline ({was}) and below "
        f"{p.systolic_below_mmhg.value:g}/{p.diastolic_below_mmhg.value:g} mmHg",
        rests_on=p.systolic_below_mmhg,
    )  # fmt: skip


def _settled(now: Pressure, before: Pressure | None, policy: Policy) -> bool | None:
    p = policy.leave
    if now.systolic_mmhg >= p.systolic_below_mmhg.value:
        return False
    if now.diastolic_mmhg >= p.diastolic_below_mmhg.value:
        return False
    if before is None:
        return None
    share = p.pressure_within_percent.value / 100
    return _near(now.systolic_mmhg, before.systolic_mmhg, share) and _near(
        now.diastolic_mmhg, before.diastolic_mmhg, share
    )


def _near(now: float, before: float, share: float) -> bool:
    return abs(now - before) <= share * before + 1e-9


def _midpoint(found: Found, policy: Policy) -> Iterator[Criterion]:
    """The REMS form asks for the pressure at about 40 min; without it the record has a gap."""
    if found.route is not Route.NASAL:
        return
    p, seen = policy.leave, found.pressure_at_40
    low, high = p.nasal_midpoint_from_min, p.nasal_midpoint_until_min
    limit = f"measured {low.value:g} to {high.text} after the first device"
    in_time: bool | None = None
    if seen is not None and found.first_device_at is not None:
        minutes = (seen.taken_at - found.first_device_at) / timedelta(minutes=1)
        in_time = low.value <= minutes <= high.value
    yield criterion(
        "pressure-at-40", "Pressure at about 40 min", value=seen.text if seen else "missing",
        limit=limit, met=in_time, rests_on=low,
        remedy="Measure now, and record the gap for the REMS form with the reason.",
    )  # fmt: skip


def _mind(found: Found, policy: Policy, at: datetime) -> Iterator[Criterion]:
    over = policy.leave.cadss6_over_baseline
    most = None if found.cadss6_baseline is None else found.cadss6_baseline + over.value
    yield _rated(
        "dissociation", "Dissociation (CADSS-6)", found.cadss6_now, at, policy, most=most,
        limit="baseline not known" if most is None else f"{most:g} or less, as before",
        rests_on=over,
    )  # fmt: skip
    yield _yes("oriented", "Knows person, place and time", found.oriented, "Stay, ask again.")
    yield _risk(found)


def _risk(found: Found) -> Criterion:
    now, before = found.suicide_risk, found.suicide_risk_before
    known = now is not None and before is not None
    value = f"{now.value if now else 'not asked'}, before {before.value if before else 'not asked'}"
    return criterion(
        "suicide-risk", "Suicide risk (C-SSRS)", value=value, limit="no higher than before",
        met=now.rank <= before.rank if known and now and before else None,
        remedy="A clinician sees the patient now; make a safety plan." if known else "Ask now.",
    )  # fmt: skip


def _way_home(found: Found, at: datetime) -> Iterator[Criterion]:
    name = found.escort_name.strip()
    alone = found.escorted is YesNo.NO
    yield criterion(
        "escort", "Who takes the patient home",
        value=name or ("nobody" if alone else "not named"), limit="an adult, named",
        met=bool(name) if name or alone else None,
        remedy="Name an adult. Never drive; not until the next day after sleep.",
        source="Ketamine label: with a responsible adult; REMS", grade=Grade.A,
    )  # fmt: skip
    yield _yes("instructions", "Written instructions", found.instructions_given, "Hand them over.")
    booked = found.next_contact_at
    yield criterion(
        "next-contact", "Next contact",
        value="not booked" if booked is None else booked.strftime("%-d %b %Y"), limit="booked",
        met=None if booked is None else booked > at, remedy="Book it before the patient leaves.",
    )  # fmt: skip
    signed = found.signed_by.strip()
    yield criterion(
        "signature", "Signed by a clinician", value=signed or "not signed", limit="signed",
        met=True if signed else None, remedy="A clinician signs.",
    )  # fmt: skip


def _yes(id: str, label: str, answer: YesNo, remedy: str) -> Criterion:
    met = {YesNo.YES: True, YesNo.NO: False, YesNo.UNKNOWN: None}[answer]
    return criterion(id, label, value=answer.value, limit="yes", met=met, remedy=remedy)


def _old(then: datetime, at: datetime, policy: Policy) -> bool:
    most = timedelta(minutes=policy.leave.observed_within_min.value)
    return then > at or at - then > most


def _ago(then: datetime, at: datetime) -> str:
    minutes = (at - then) / timedelta(minutes=1)
    return f"{minutes:.0f} min ago" if minutes >= 0 else "a time still to come"
