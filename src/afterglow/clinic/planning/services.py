"""Ask the model, and sign. A plan that nobody signed does not exist."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.people.models import Patient, User
from afterglow.clinic.planning.facts import gather
from afterglow.clinic.planning.inputs import Inputs, work_out
from afterglow.clinic.planning.models import Countersignature, Plan, Proposal
from afterglow.clinic.planning.queries import unused_plan
from afterglow.clinic.planning.series import visits
from afterglow.clinic.planning.signing import Wanted, may_sign, not_a_prescriber
from afterglow.clinic.record.again import sent_before
from afterglow.core.quantity import Drug, Route
from afterglow.core.refusal import Refusal


def propose(*, patient: Patient, by: User, at: datetime, fact_id: UUID) -> Proposal | Refusal:
    """Ask the model for the next session's dose and store its answer, a "no" too.

    Returns a Refusal, and stores nothing, only when a fact the model needs is missing. Sending
    the same form twice asks once.
    """
    if (known := sent_before(Proposal, fact_id, patient_id=patient.pk)) is not None:
        return known
    gathered = gather(patient, at=at)
    if isinstance(gathered, Refusal):
        return gathered
    worked = work_out(gathered)
    facts = worked.inputs.facts
    proposal, _ = Proposal.objects.get_or_create(
        pk=fact_id,
        defaults={
            "patient": patient,
            "happened_at": at,
            "recorded_by": by,
            "session_number": facts.session_number,
            "inputs": worked.inputs.to_json(),
            "result": worked.result(),
            "policy_version": facts.policy_version,
            "model_version": facts.model_version,
        },
    )
    return proposal


def sign(
    *,
    proposal: Proposal,
    wanted: Wanted,
    instead_of: UUID | None,
    by: User,
    at: datetime,
    fact_id: UUID,
) -> Plan | Refusal:
    """Sign the dose of the next session. Above the ceiling it waits for a second prescriber.

    `instead_of` is the plan the signer saw standing: when another one stands by now, someone else
    signed in between, and this signature is refused. Sending the same form twice signs once.
    """
    with transaction.atomic():
        Patient.objects.select_for_update().get(pk=proposal.patient_id)  # one signer at a time
        dose = {"amount_mg": wanted.amount_mg, "duration_min": wanted.duration_min}
        shape = wanted.shaped.stored()
        known = sent_before(Plan, fact_id, proposal_id=proposal.pk, shape=shape, **dose)
        if known is not None:
            return known
        stands = unused_plan(proposal.patient)
        if (stands.pk if stands else None) != instead_of:
            return _someone_signed(stands)
        allowed = may_sign(proposal, wanted, by=by, at=at)
        if isinstance(allowed, Refusal):
            return allowed
        return _write(proposal, wanted, stands, allowed.needs_second, by=by, at=at, pk=fact_id)


def countersign(*, plan: Plan, by: User, at: datetime, fact_id: UUID) -> Countersignature | Refusal:
    """A second prescriber agrees to a dose above the ceiling. Never the same person twice."""
    if refusal := not_a_prescriber(by) or _own_signature(plan, by):
        return refusal
    with transaction.atomic():
        Patient.objects.select_for_update().get(pk=plan.patient_id)
        if (known := Countersignature.objects.filter(plan=plan).first()) is not None:
            return known
        stands = unused_plan(plan.patient)
        if stands is None or stands.pk != plan.pk:
            return _someone_signed(stands)
        return Countersignature.objects.create(
            pk=fact_id,
            patient_id=plan.patient_id,
            plan=plan,
            signed_as=by.name,
            happened_at=at,
            recorded_by=by,
        )


def _write(
    proposal: Proposal,
    wanted: Wanted,
    stands: Plan | None,
    needs_second: bool,
    *,
    by: User,
    at: datetime,
    pk: UUID,
) -> Plan:
    facts = Inputs.from_json(proposal.inputs).facts
    return Plan.objects.create(
        pk=pk,
        patient=proposal.patient,
        proposal=proposal,
        corrects=stands,
        happened_at=at,
        recorded_by=by,
        session_number=proposal.session_number,
        planned_for=wanted.planned_for,
        drug=Drug.KETAMINE.value,
        route=Route.INTRAVENOUS.value,
        amount_mg=wanted.amount_mg,
        duration_min=wanted.duration_min,
        shape=wanted.shaped.stored(),
        weight_kg=facts.covariates.weight_kg,
        concentration_mg_per_ml=wanted.concentration_mg_per_ml,
        made_up_to_ml=wanted.made_up_to_ml,
        baseline=asdict(facts.baseline),
        limits=asdict(facts.limits),
        series=[day.isoformat() for day in visits(wanted.planned_for, proposal.session_number)],
        differs_because=wanted.differs_because.strip(),
        needs_second=needs_second,
        signed_as=by.name,
        policy_version=facts.policy_version,
        model_version=facts.model_version,
    )


def _own_signature(plan: Plan, by: User) -> Refusal | None:
    if plan.recorded_by_id != by.pk:
        return None
    return Refusal(
        code="second-signer-is-first",
        because=f"{plan.signed_as} signed this plan and cannot also be the second prescriber.",
        remedy="Ask another prescriber to look at the plan and sign it.",
    )


def _someone_signed(stands: Plan | None) -> Refusal:
    if stands is None:
        found = "The plan you were looking at has been used by a session since."
    else:
        found = (
            f"{stands.signed_as} signed {stands} at {at_clinic(stands.happened_at):%H:%M}, "
            "after you opened this page."
        )
    return Refusal(
        code="plan-changed",
        because=found,
        remedy="Look at the plan that stands now; then sign again if it should be replaced.",
    )
