"""Prepare a patient for a session, and decide whether it may start."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.chart.services import measure
from afterglow.clinic.people.models import Patient, Role, User
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.planning.queries import signed_plan
from afterglow.clinic.preparation.found import found_now
from afterglow.clinic.preparation.models import GoNoGo, Preparation
from afterglow.clinic.preparation.queries import newest_check, overrides_of
from afterglow.clinic.record.again import sent_before
from afterglow.clinic.releases.queries import policy_in_use
from afterglow.core.care import saved
from afterglow.core.care.checks import Found, OverrideBy, State, go_no_go
from afterglow.core.care.watch import Sign
from afterglow.core.care.words import Override
from afterglow.core.refusal import Refusal


def record(
    *, patient: Patient, said: Mapping[str, Any], by: User, at: datetime, fact_id: UUID
) -> Preparation | Refusal:
    """Store set and setting. Sending the same form twice stores it once."""
    known = sent_before(Preparation, fact_id, patient_id=patient.pk, **said)
    return known or Preparation.objects.create(
        pk=fact_id, patient=patient, happened_at=at, recorded_by=by, **said
    )


def check(
    *,
    plan: Plan,
    said: Mapping[str, Any],
    measured: Mapping[Sign, float],
    by: User,
    at: datetime,
    fact_id: UUID,
) -> GoNoGo | Refusal:
    """Run every check on what was found, and keep all of it, with the first signature.

    `measured` enters the chart as readings, so that the session's baseline is a fact of the body
    and not of a form. Raises BadInput for a number no body has: nothing is written.
    """
    if (known := sent_before(GoNoGo, fact_id, plan_id=plan.pk)) is not None:
        return known
    with transaction.atomic():
        if refusal := _not_standing(plan):
            return refusal
        told = measure(patient=plan.patient, values=measured, by=by, at=at, fact_id=fact_id)
        if isinstance(told, Refusal):
            return told
        found = found_now(plan, dict(said), at=at, signed_by=(by.name,))
        return _decide(plan, found, {}, [_signature(by, at)], by=by, at=at, fact_id=fact_id)


def measure_again(
    *, checked: GoNoGo, systolic: float, diastolic: float, by: User, at: datetime, fact_id: UUID
) -> GoNoGo | Refusal:
    """One more pressure. The other findings stand as they were; earlier signatures do not.

    Raises BadInput for a pressure no body has: nothing is written.
    """
    values = {Sign.SYSTOLIC: systolic, Sign.DIASTOLIC: diastolic}
    with transaction.atomic():
        told = measure(patient=checked.patient, values=values, by=by, at=at, fact_id=fact_id)
        if isinstance(told, Refusal):
            return told
        signers = [_signature(by, at)]
        return _again(checked, overrides_of(checked), signers, by=by, at=at, fact_id=fact_id)


def second_signature(*, checked: GoNoGo, by: User, at: datetime, fact_id: UUID) -> GoNoGo | Refusal:
    """Another person has looked at the checks and signs. They are judged anew, at this instant."""
    if any(one["user"] == by.pk for one in checked.signers):
        return Refusal(
            code="second-signer-is-first",
            because=f"{by.name} has signed these checks already.",
            remedy="Ask another member of staff to check and sign.",
        )
    signers = [*checked.signers, _signature(by, at)]
    return _again(checked, overrides_of(checked), signers, by=by, at=at, fact_id=fact_id)


def override(
    *, checked: GoNoGo, check_id: str, reason: str, by: User, at: datetime, fact_id: UUID
) -> GoNoGo | Refusal:
    """A prescriber goes on despite one hold, with a reason. The hold stays to be read."""
    refusal = _may_not_override(checked, check_id, reason, by)
    if refusal:
        return refusal
    added = Override(by=by.name, role=by.role, reason=reason.strip(), at=at)
    overrides = {**overrides_of(checked), check_id: added}
    return _again(checked, overrides, list(checked.signers), by=by, at=at, fact_id=fact_id)


def _again(
    checked: GoNoGo,
    overrides: Mapping[str, Override],
    signers: list[dict[str, Any]],
    *,
    by: User,
    at: datetime,
    fact_id: UUID,
) -> GoNoGo | Refusal:
    """The same findings with more behind them, if nobody has moved on since."""
    with transaction.atomic():
        Patient.objects.select_for_update().get(pk=checked.patient_id)
        if (known := sent_before(GoNoGo, fact_id, plan_id=checked.plan_id)) is not None:
            return known
        if refusal := _not_standing(checked.plan) or _not_newest(checked):
            return refusal
        names = tuple(one["name"] for one in signers)
        found = found_now(
            checked.plan, _said(saved.load(Found, checked.found)), at=at, signed_by=names
        )
        return _decide(checked.plan, found, overrides, signers, by=by, at=at, fact_id=fact_id)


def _said(found: Found) -> dict[str, Any]:
    """What was entered by hand; `found_now` reads the rest from the record again."""
    return {name: getattr(found, name) for name in ENTERED}


ENTERED = (
    "solids_at", "fluids_at", "pulse_per_min", "spo2_percent", "spo2_baseline_percent",
    "resp_per_min", "temperature_c", "vitals_at", "could_be_pregnant", "pregnancy_test",
    "medicines_changed", "alcohol_24h", "cannabis_24h", "benzodiazepine_24h", "stimulant_today",
    "suicide_risk", "escort_name", "phone_off", "bladder_emptied", "iv_site_ready",
)  # fmt: skip


def _decide(
    plan: Plan,
    found: Found,
    overrides: Mapping[str, Override],
    signers: list[dict[str, Any]],
    *,
    by: User,
    at: datetime,
    fact_id: UUID,
) -> GoNoGo:
    decided = go_no_go(found, policy=policy_in_use(), at=at_clinic(at), overrides=overrides)
    return GoNoGo.objects.create(
        pk=fact_id,
        patient=plan.patient,
        plan=plan,
        happened_at=at,
        recorded_by=by,
        found=saved.dump(found),
        overrides=saved.dump(dict(overrides)),
        signers=signers,
        results=saved.dump(decided),
        decision=decided.decision.value,
        may_start=decided.may_start,
        policy_version=decided.policy_version,
    )


def _signature(by: User, at: datetime) -> dict[str, Any]:
    return {"user": by.pk, "name": by.name, "role": by.role, "at": at.isoformat()}


def _not_standing(plan: Plan) -> Refusal | None:
    stands = signed_plan(plan.patient)
    if stands is not None and stands.pk == plan.pk:
        return None
    return Refusal(
        code="plan-not-standing",
        because="The plan these checks are for is not signed by all who must, was replaced, or "
        "has been used.",
        remedy="Open the preparation page again: it shows the plan that stands.",
    )


def _not_newest(checked: GoNoGo) -> Refusal | None:
    newest = newest_check(checked.plan)
    if newest is None or newest.pk == checked.pk:
        return None
    return Refusal(
        code="checks-changed",
        because="Someone has checked again or signed since you opened this page.",
        remedy="Look at the newest checks, then sign those.",
    )


def _may_not_override(checked: GoNoGo, check_id: str, reason: str, by: User) -> Refusal | None:
    if by.role != Role.PRESCRIBER:
        return Refusal(
            code="not-a-prescriber",
            because=f"{by.name} is signed in as {Role(by.role).label.lower()}.",
            remedy="Only a prescriber may go on despite a hold. Call one.",
        )
    if not reason.strip():
        return Refusal(
            code="reason-missing",
            because="A hold was overridden without a reason.",
            remedy="Write why it is right to go on. Without a reason it does not count.",
        )
    checks = {one["id"]: one for one in checked.results["checks"]}
    found = checks.get(check_id)
    if found and found["state"] == State.HOLD and found["override_by"] == OverrideBy.PRESCRIBER:
        return None
    return Refusal(
        code="not-overridable",
        because=f"The check {found['label'] if found else check_id} is not a hold that a "
        "prescriber may lift.",
        remedy="A missing value is measured or asked, never overridden.",
    )
