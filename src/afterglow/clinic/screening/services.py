"""Everything that screening adds to the record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.chart.models import Encounter, Finding
from afterglow.clinic.people.models import Patient, Role, User
from afterglow.clinic.people.queries import who
from afterglow.clinic.record.again import FORM_USED, sent_before
from afterglow.clinic.releases.queries import NothingSigned, policy_in_use
from afterglow.clinic.screening import consent_text, queries
from afterglow.clinic.screening.models import Assessment, Clearance, Consent
from afterglow.clinic.screening.words import CAN_BE_CLEARED
from afterglow.core.care import eligibility, saved
from afterglow.core.care.questions import read_answers
from afterglow.core.quantity import Drug, Route
from afterglow.core.refusal import Refusal


def answer(
    *,
    patient: Patient,
    answers: Mapping[str, Any],
    by: User,
    at: datetime,
    fact_id: UUID,
    after: UUID | None,
) -> Encounter | Refusal:
    """Store what changed since the last intake, as findings of a new intake.

    `answers` maps a question's id to what was said: "yes", "no", "unknown", a number, a date, or
    "" to take an answer back. `after` is the intake that the form was filled from: if somebody
    answered since, nothing is stored. Sending the same form twice stores it once. Raises BadInput,
    naming the question, for an answer that cannot be meant.
    """
    said = saved.dump(read_answers(answers))
    said |= {question: queries.TAKEN_BACK for question in answers if question not in said}
    with transaction.atomic():
        _one_at_a_time(patient)
        known = sent_before(Encounter, fact_id, patient_id=patient.pk)
        if known is not None:
            return FORM_USED if _changes(said, queries.answers(patient)) else known
        newest = queries.newest_intake(patient)
        if (newest.pk if newest else None) != after:
            return _answered_meanwhile(newest)
        return _write(patient, said, by=by, at=at, fact_id=fact_id)


def _write(
    patient: Patient, said: Mapping[str, Any], *, by: User, at: datetime, fact_id: UUID
) -> Encounter:
    before = queries.answers(patient)
    intake = Encounter.objects.create(
        pk=fact_id,
        patient=patient,
        kind=Encounter.Kind.INTAKE,
        note=queries.INTAKE_NOTE,
        happened_at=at,
        recorded_by=by,
    )
    Finding.objects.bulk_create(
        Finding(
            patient=patient,
            encounter=intake,
            question=question,
            answer=said[question],
            happened_at=at,
            recorded_by=by,
        )
        for question in _changes(said, before)
    )
    return intake


def _changes(said: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    return [one for one in said if said[one] != before.get(one, queries.TAKEN_BACK)]


def _answered_meanwhile(newest: Encounter | None) -> Refusal:
    by = newest.recorded_by.name if newest and newest.recorded_by else "Someone"
    return Refusal(
        code="answered-meanwhile",
        because=f"{by} stored answers for this patient since you opened these questions.",
        remedy="Open the questions again, look at the newer answers, then enter yours.",
    )


def assess(
    *,
    patient: Patient,
    by: User,
    at: datetime,
    fact_id: UUID,
    drug: Drug = Drug.KETAMINE,
    route: Route = Route.INTRAVENOUS,
) -> Assessment | Refusal:
    """Judge the newest answers by the policy in use, and keep the verdict with all it rests on."""
    if (known := sent_before(Assessment, fact_id, patient_id=patient.pk)) is not None:
        return known
    try:
        policy = policy_in_use()
    except NothingSigned as error:
        return Refusal(code="no-policy", because=str(error), remedy="Sign one, then assess again.")
    raw = queries.answers(patient)
    cleared = {rule: queries.as_core(one) for rule, one in queries.clearances(patient, raw).items()}
    today = at_clinic(at).date()
    age_years = float(who(patient).age_years(today))
    found = eligibility.assess(
        read_answers(raw),
        at=today,
        age_years=age_years,
        policy=policy,
        drug=drug,
        route=route,
        clearances=cleared,
    )
    return Assessment.objects.create(
        pk=fact_id,
        patient=patient,
        happened_at=at,
        recorded_by=by,
        verdict=found.verdict,
        reasons=saved.dump(found.reasons),
        answers=raw,
        clearances=saved.dump(cleared),
        age_years=age_years,
        drug=drug,
        route=route,
        policy_version=found.policy_version,
    )


def clear(
    *,
    assessment: Assessment,
    rule: str,
    reason: str,
    signed_name: str,
    by: User,
    at: datetime,
    fact_id: UUID,
) -> Assessment | Refusal:
    """Record a specialist's decision to lift one hold, and assess again with it.

    Only a prescriber, only a rule that allows it, only on the newest assessment, with a reason.
    """
    known = sent_before(
        Clearance, fact_id, patient_id=assessment.patient_id, rule=rule, reason=reason.strip()
    )
    if isinstance(known, Refusal):
        return known
    if known is not None:
        return queries.newest_assessment(assessment.patient) or assessment
    if refusal := _may_not_clear(assessment, rule, reason, signed_name, by):
        return refusal
    asked = {q for one in queries.reasons_of(assessment) if one.rule == rule for q in one.questions}
    try:
        with transaction.atomic():
            Clearance.objects.create(
                pk=fact_id,
                patient_id=assessment.patient_id,
                assessment=assessment,
                rule=rule,
                reason=reason.strip(),
                signed_name=signed_name.strip(),
                answers={q: assessment.answers[q] for q in asked if q in assessment.answers},
                happened_at=at,
                recorded_by=by,
            )
            return assess(
                patient=assessment.patient, by=by, at=at, fact_id=uuid5(fact_id, "assessment")
            )
    except IntegrityError:
        return _ALREADY_CLEARED


_ALREADY_CLEARED = Refusal(
    code="already-cleared",
    because="Another prescriber cleared this rule a moment ago.",
    remedy="Open the screening page again and read their reason.",
)


def _may_not_clear(
    assessment: Assessment, rule: str, reason: str, signed_name: str, by: User
) -> Refusal | None:
    if by.role != Role.PRESCRIBER:
        return Refusal(
            code="prescriber-only",
            because="Only a prescriber clears a hold.",
            remedy="Ask a prescriber to read the reason and decide.",
        )
    if not reason.strip() or not signed_name.strip():
        return Refusal(
            code="clearance-empty",
            because="A clearance needs the specialist's name and the reason.",
            remedy="Write who decided, on what grounds, and what will be watched.",
        )
    newest = queries.newest_assessment(assessment.patient)
    if newest is None or newest.pk != assessment.pk:
        return Refusal(
            code="assessed-meanwhile",
            because="The patient was assessed again since you opened this page.",
            remedy="Read the newest assessment, then decide.",
        )
    mine = [one for one in queries.reasons_of(assessment) if one.rule == rule]
    if not any(one.weight in CAN_BE_CLEARED and one.cleared_by is None for one in mine):
        return Refusal(
            code="rule-cannot-be-cleared",
            because=f"The rule {rule} holds nothing here, or nobody may clear it.",
            remedy="Choose one of the rules that hold. A hard stop and a missing answer stay.",
            source=f"policy {assessment.policy_version}",
        )
    return None


def consent(
    *,
    patient: Patient,
    signed_name: str,
    text_version: str,
    touch_ok: bool | None,
    by: User,
    at: datetime,
    fact_id: UUID,
) -> Consent | Refusal:
    """Store the patient's yes to the current text, signed by their printed name."""
    said = {"patient_id": patient.pk, "given": True, "touch_ok": touch_ok}
    if (known := sent_before(Consent, fact_id, **said)) is not None:
        return known
    if text_version != consent_text.CURRENT:
        return Refusal(
            code="consent-text-changed",
            because=f"The text is now {consent_text.CURRENT}; this page showed {text_version}.",
            remedy="Open the consent page again and read the newer text with the patient.",
        )
    name = who(patient).name
    if _plain(signed_name) != _plain(name):
        return Refusal(
            code="name-differs",
            because=f'"{signed_name}" was printed; this record belongs to {name}.',
            remedy="Check that this is the right patient, then print the name as it stands here.",
        )
    return Consent.objects.create(
        pk=fact_id,
        patient=patient,
        text_version=text_version,
        given=True,
        signed_name=signed_name.strip(),
        touch_ok=touch_ok,
        happened_at=at,
        recorded_by=by,
    )


def withdraw(
    *, patient: Patient, remark: str, by: User, at: datetime, fact_id: UUID
) -> Consent | Refusal:
    """Take consent back. It needs no reason and works at once."""
    if (known := sent_before(Consent, fact_id, patient_id=patient.pk, given=False)) is not None:
        return known
    with transaction.atomic():
        _one_at_a_time(patient)
        newest = queries.newest_consent(patient)
        if newest is None or not newest.given:
            return Refusal(
                code="nothing-to-withdraw",
                because="There is no consent that stands.",
                remedy="Nothing needs doing: no session can start without consent.",
            )
        return Consent.objects.create(
            pk=fact_id,
            patient=patient,
            text_version=newest.text_version,
            given=False,
            signed_name=newest.signed_name,
            remark=remark.strip(),
            happened_at=at,
            recorded_by=by,
        )


def _one_at_a_time(patient: Patient) -> None:
    Patient.objects.select_for_update().get(pk=patient.pk)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
