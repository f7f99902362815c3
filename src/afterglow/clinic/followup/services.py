"""Everything that follow-up adds to the record."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from afterglow.clinic.chart.models import AdverseEvent, Encounter, Score
from afterglow.clinic.followup.models import Review, RiskAnswer, RiskResponse
from afterglow.clinic.followup.queries import suggestion
from afterglow.clinic.people.models import Patient, User
from afterglow.clinic.record.again import sent_before
from afterglow.core.care import saved
from afterglow.core.care.instruments import dangers, instrument, score
from afterglow.core.refusal import Refusal


def record_score(
    *,
    patient: Patient,
    instrument_id: str,
    answers: Mapping[str, int],
    by: User,
    at: datetime,
    fact_id: UUID,
    encounter: Encounter | None = None,
) -> Score | Refusal:
    """Store a questionnaire with its score; route a dangerous answer to a person first.

    A questionnaire with answers missing is kept too when one of its answers is dangerous: the
    refusal to score it must not lose that. Sending the same form twice stores one score; the same
    form with other answers is another questionnaire, for a corrected answer must not be lost.
    Raises BadInput for an answer outside the questionnaire.
    """
    form = instrument(instrument_id)
    found = dangers(form, answers)
    scored = score(form, answers)
    mine = {"patient_id": patient.pk, "instrument": form.id, "answers": dict(answers)}
    known = sent_before(Score, fact_id, **mine)
    if isinstance(known, Refusal):
        fact_id = uuid5(fact_id, f"{patient.pk} {sorted(answers.items())}")
        known = Score.objects.filter(pk=fact_id).first()
    if known is not None:
        return scored if isinstance(scored, Refusal) else known
    if isinstance(scored, Refusal) and not found:
        return scored
    counted = None if isinstance(scored, Refusal) else scored
    with transaction.atomic():
        stored = Score.objects.create(
            pk=fact_id,
            patient=patient,
            encounter=encounter,
            happened_at=at,
            recorded_by=by,
            instrument=form.id,
            version=form.version,
            answers=dict(answers),
            total=counted.total if counted else None,
            band=(counted.band or "") if counted else "",
            band_set=(counted.band_set or "") if counted else "",
        )
        RiskAnswer.objects.bulk_create(
            RiskAnswer(
                patient=patient,
                score=stored,
                happened_at=at,
                recorded_by=by,
                item=danger.item,
                value=danger.value,
                because=danger.because,
            )
            for danger in found
        )
    return scored if isinstance(scored, Refusal) else stored


def respond_to_risk(
    *, risk: RiskAnswer, done: str, by: User, at: datetime
) -> RiskResponse | Refusal:
    """Record that a clinician dealt with a dangerous answer. The first response stands."""
    if not done.strip():
        return Refusal(
            code="response-empty",
            because="A dangerous answer was marked as dealt with, without saying how.",
            remedy="Write whom you spoke to and what was agreed.",
        )
    try:
        with transaction.atomic():
            return RiskResponse.objects.create(
                patient_id=risk.patient_id, risk=risk, done=done, happened_at=at, recorded_by=by
            )
    except IntegrityError:
        first = RiskResponse.objects.select_related("recorded_by").get(risk=risk)
        who = first.recorded_by.name if first.recorded_by else "someone"
        return Refusal(
            code="risk-already-answered",
            because=f"{who} already dealt with this answer: {first.done}",
            remedy="Read what was done. Add a remark to the chart if there is more.",
        )


def review(
    *, patient: Patient, decided: str, by: User, at: datetime, fact_id: UUID
) -> Review | Refusal:
    """Store what a clinician decided, beside what the rules suggested from the scores."""
    told = {"patient_id": patient.pk, "decided": decided}
    if (known := sent_before(Review, fact_id, **told)) is not None:
        return known
    suggested = suggestion(patient, at=at)
    if isinstance(suggested, Refusal):
        return suggested
    return Review.objects.create(
        pk=fact_id,
        patient=patient,
        happened_at=at,
        recorded_by=by,
        suggested=suggested.step.kind,
        reasons=saved.dump(suggested.step.reasons),
        decided=decided,
        policy_version=suggested.policy_version,
    )


def report_event(
    *,
    patient: Patient,
    what: str,
    severity: str,
    serious: bool,
    done: str,
    by: User,
    at: datetime,
    fact_id: UUID,
) -> AdverseEvent | Refusal:
    """Record something unwanted that happened after a session."""
    said = {"what": what, "severity": severity, "serious": serious, "done": done}
    known = sent_before(AdverseEvent, fact_id, patient_id=patient.pk, **said)
    return known or AdverseEvent.objects.create(
        pk=fact_id,
        patient=patient,
        **said,
        happened_at=at,
        recorded_by=by,
    )
