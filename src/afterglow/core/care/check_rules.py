"""The go/no-go checks that read what was asked, signed and arranged."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import MappingProxyType

from afterglow.core.care.check_parts import (
    Check,
    Found,
    OverrideBy,
    Rule,
    Rules,
    State,
    Topic,
    topic,
)
from afterglow.core.care.instruments.cssrs import Risk
from afterglow.core.care.policy import Policy, Threshold
from afterglow.core.care.words import Grade, YesNo
from afterglow.core.quantity import Drug, Route

_OWN = "Afterglow project default"
_ASK = "Ask the patient."


def _own(id: str, label: str, remedy: str, override_by: OverrideBy = OverrideBy.NOBODY) -> Topic:
    return Topic(
        id=id, label=label, remedy=remedy, source=_OWN, grade=Grade.OWN, override_by=override_by
    )


def solids(found: Found, policy: Policy, at: datetime) -> Check:
    return _fasting("solids", "Last food", found.solids_at, _solids_h(found.route, policy), at)


def fluids(found: Found, policy: Policy, at: datetime) -> Check:
    return _fasting("fluids", "Last fluids", found.fluids_at, _fluids_h(found.route, policy), at)


def _solids_h(route: Route, policy: Policy) -> Threshold:
    c = policy.checks
    if route is Route.NASAL:
        return c.solids_nasal_h
    return c.solids_oral_h if route in (Route.ORAL, Route.SUBLINGUAL) else c.solids_h


def _fluids_h(route: Route, policy: Policy) -> Threshold:
    c = policy.checks
    if route is Route.NASAL:
        return c.fluids_nasal_h
    return c.fluids_oral_h if route in (Route.ORAL, Route.SUBLINGUAL) else c.fluids_h


def _fasting(
    id: str, label: str, last_at: datetime | None, limit: Threshold, at: datetime
) -> Check:
    says = topic(
        id, label, limit, "Wait, or let a prescriber decide with a reason.", OverrideBy.PRESCRIBER
    ).says
    text = f"{limit.text} or longer ago"
    if last_at is None:
        return says(State.MISSING, "not asked", text, _ASK)
    hours = (at - last_at) / timedelta(hours=1)
    state = State.PASS if hours >= limit.value else State.HOLD
    return says(state, f"{hours:.1f} h ago", text)


def pregnancy(found: Found, policy: Policy, at: datetime) -> Check:
    c = policy.checks
    esketamine = found.drug is Drug.ESKETAMINE
    days = c.pregnancy_test_valid_esketamine_days if esketamine else c.pregnancy_test_valid_days
    says = topic("pregnancy", "Pregnancy test", days, "Do not treat in pregnancy.").says
    limit = "negative, today" if days.value == 0 else f"negative, within {days.text}"
    if found.could_be_pregnant is YesNo.NO:
        return says(State.PASS, "could not be pregnant", limit)
    if found.could_be_pregnant is YesNo.UNKNOWN:
        return says(State.MISSING, "not asked", limit, _ASK)
    test = found.pregnancy_test
    if test is None or test.positive is YesNo.UNKNOWN:
        return says(State.MISSING, "no result", limit, "Test today.")
    if test.positive is YesNo.YES:
        return says(State.HOLD, "positive", limit)
    age = (at.date() - test.taken_at.date()).days
    if not 0 <= age <= days.value:
        return says(State.MISSING, f"negative, {age} days ago", limit, "Test today.")
    return says(State.PASS, f"negative, {age} days ago", limit)


def _answered(said: Topic, answer: YesNo, *, good: YesNo, bad: State, limit: str) -> Check:
    if answer is YesNo.UNKNOWN:
        return said.says(State.MISSING, "not asked", limit, _ASK)
    return said.says(State.PASS if answer is good else bad, answer.value, limit)


def medicines(found: Found, policy: Policy, at: datetime) -> Check:
    said = _own("medicines", "Medicines changed since the last visit", "A prescriber reviews "
                "the change before the dose.", OverrideBy.PRESCRIBER)  # fmt: skip
    return _answered(
        said, found.medicines_changed, good=YesNo.NO, bad=State.HOLD, limit="no, or reviewed"
    )


def alcohol(found: Found, policy: Policy, at: datetime) -> Check:
    said = _own("alcohol", "Alcohol in the last 24 h", "Wait; it adds to sedation.",
                OverrideBy.PRESCRIBER)  # fmt: skip
    return _answered(said, found.alcohol_24h, good=YesNo.NO, bad=State.HOLD, limit="no")


def cannabis(found: Found, policy: Policy, at: datetime) -> Check:
    said = _own("cannabis", "Cannabis in the last 24 h", "Expect more sedation and anxiety.")
    return _answered(said, found.cannabis_24h, good=YesNo.NO, bad=State.WARN, limit="no")


def benzodiazepine(found: Found, policy: Policy, at: datetime) -> Check:
    said = _own("benzodiazepine", "Benzodiazepine in the last 24 h",
                "It may blunt the response and adds to sedation; never stop it abruptly."
                )  # fmt: skip
    return _answered(said, found.benzodiazepine_24h, good=YesNo.NO, bad=State.WARN, limit="no")


def stimulant(found: Found, policy: Policy, at: datetime) -> Check:
    said = _own("stimulant", "Stimulant today", "Expect a higher pressure.")
    return _answered(said, found.stimulant_today, good=YesNo.NO, bad=State.WARN, limit="no")


_RISK_STATE = {
    Risk.NONE: State.PASS,
    Risk.LOW: State.WARN,
    Risk.MODERATE: State.WARN,
    Risk.HIGH: State.HOLD,
}


def suicide_risk(found: Found, policy: Policy, at: datetime) -> Check:
    """Asked at every session. A high risk is for a prescriber today, not a reason to send home."""
    said = Topic(
        id="suicide-risk", label="Suicide risk since the last visit (C-SSRS)",
        remedy="A clinician makes a safety plan today; the prescriber decides on treatment.",
        source=f"Columbia triage; {_OWN}", grade=Grade.A, override_by=OverrideBy.PRESCRIBER,
    )  # fmt: skip
    item9 = "" if not found.phq9_item9 else f", PHQ-9 item 9 is {found.phq9_item9}"
    if found.suicide_risk is None:
        return said.says(State.MISSING, f"not asked{item9}", "asked, not high", "Ask the C-SSRS.")
    state = _RISK_STATE[found.suicide_risk]
    if found.phq9_item9 and state is State.PASS:
        state = State.WARN  # the two answers disagree: somebody must ask again
    return said.says(state, f"{found.suicide_risk.value}{item9}", "asked, not high")


def consent(found: Found, policy: Policy, at: datetime) -> Check:
    said = _own("consent", "Consent", "Go through the current text with the patient and sign it.")
    seen, limit = found.consent, "given, current text"
    if seen is None:
        return said.says(State.MISSING, "none", limit)
    if not seen.given:
        return said.says(State.HOLD, "withdrawn", limit, "The patient has withdrawn. Do not treat.")
    if seen.signed_at > at:
        return said.says(State.HOLD, "dated in the future", limit)
    current = seen.text_version == seen.current_text_version
    text = f"given, text {seen.text_version}"
    return said.says(State.PASS if current else State.HOLD, text, limit)


def plan(found: Found, policy: Policy, at: datetime) -> Check:
    said = _own("plan", "Signed plan", "A prescriber signs a plan for today.")
    limit = f"signed, for {at:%-d %b %Y}"
    if found.plan_signed_at is None or found.plan_for is None:
        return said.says(State.MISSING, "not signed", limit)
    fits = found.plan_signed_at <= at and found.plan_for == at.date()
    value = f"signed, for {found.plan_for:%-d %b %Y}"
    return said.says(State.PASS if fits else State.HOLD, value, limit)


def escort(found: Found, policy: Policy, at: datetime) -> Check:
    said = Topic(
        id="escort", label="Who takes the patient home", remedy="Name an adult before the dose.",
        source="EU leaflet and REMS: arrange a safe way home", grade=Grade.A,
    )  # fmt: skip
    name = found.escort_name.strip()
    return said.says(State.PASS if name else State.MISSING, name or "nobody named", "named")


def phone(found: Found, policy: Policy, at: datetime) -> Check:
    said = _own("phone", "Phone off", "Offer to put it away.")
    return _answered(said, found.phone_off, good=YesNo.YES, bad=State.WARN, limit="yes")


def bladder(found: Found, policy: Policy, at: datetime) -> Check:
    said = _own("bladder", "Bladder emptied", "Offer the bathroom.")
    return _answered(said, found.bladder_emptied, good=YesNo.YES, bad=State.WARN, limit="yes")


def iv_site(found: Found, policy: Policy, at: datetime) -> Check:
    said = _own("iv-site", "Cannula in place and working", "Place or replace the cannula.")
    if found.route is not Route.INTRAVENOUS:
        return said.says(State.PASS, "not needed", "yes")
    return _answered(said, found.iv_site_ready, good=YesNo.YES, bad=State.HOLD, limit="yes")


def signatures(found: Found, policy: Policy, at: datetime) -> Check:
    """Two different people for a needle. The same name twice is one person."""
    c = policy.checks
    needed = c.people_to_sign_parenteral if found.is_parenteral else c.people_to_sign_other
    people = {name.strip().casefold() for name in found.signed_by if name.strip()}
    says = topic("signatures", "Signed by", needed, "Another person checks and signs.").says
    state = State.PASS if len(people) >= needed.value else State.MISSING
    return says(state, f"{len(people)} people", needed.text)


_ALL: dict[str, Rule] = {
    "solids": solids,
    "fluids": fluids,
    "pregnancy": pregnancy,
    "medicines": medicines,
    "alcohol": alcohol,
    "cannabis": cannabis,
    "benzodiazepine": benzodiazepine,
    "stimulant": stimulant,
    "suicide-risk": suicide_risk,
    "consent": consent,
    "plan": plan,
    "iv-site": iv_site,
    "escort": escort,
    "phone": phone,
    "bladder": bladder,
    "signatures": signatures,
}
PAPERS: Rules = MappingProxyType(_ALL)
