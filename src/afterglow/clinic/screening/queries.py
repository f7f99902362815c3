"""Where a patient stands: newest answers, newest verdict, consent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from afterglow.clinic.chart.models import Encounter, Finding
from afterglow.clinic.people.models import Patient
from afterglow.clinic.record.models import CURRENT
from afterglow.clinic.releases.queries import NothingSigned, policy_release
from afterglow.clinic.screening import consent_text
from afterglow.clinic.screening.models import Assessment, Clearance, Consent
from afterglow.clinic.screening.words import STANDS_IN_THE_WAY, VERDICT
from afterglow.core.care import saved
from afterglow.core.care.eligibility import Reason, Verdict
from afterglow.core.care.questions import QUESTION
from afterglow.core.care.words import Clearance as Cleared
from afterglow.core.refusal import Refusal

TAKEN_BACK = ""  # an answer that was withdrawn: the question counts as never answered
INTAKE_NOTE = "Intake questions"  # on the encounter that the intake form makes


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What later steps need to know of screening. `refusal` says why there is nothing to plan."""

    assessment: Assessment | None
    verdict: Verdict | None
    reasons: tuple[Reason, ...]
    is_current: bool  # made from the newest answers, by the policy in use
    consent_current: bool
    refusal: Refusal | None

    @property
    def may_plan(self) -> bool:
        return self.refusal is None


def findings(patient: Patient) -> dict[str, Finding]:
    """The newest answer to each question, by question id, taken-back ones left out."""
    mine = Finding.objects.filter(CURRENT, patient=patient)
    newest = mine.order_by("question", "-happened_at", "-recorded_at").distinct("question")
    return {
        one.question: one
        for one in newest.select_related("recorded_by")
        if one.question in QUESTION and one.answer != TAKEN_BACK
    }


def answers(patient: Patient) -> dict[str, Any]:
    """The newest answers as stored, ready for `eligibility.read_answers`."""
    return {question: one.answer for question, one in findings(patient).items()}


def newest_intake(patient: Patient) -> Encounter | None:
    """The newest time someone went through the intake questions."""
    asked = Encounter.objects.filter(patient=patient, note=INTAKE_NOTE)
    return asked.select_related("recorded_by").order_by("-recorded_at").first()


def newest_assessment(patient: Patient) -> Assessment | None:
    """The verdict that stands, however old."""
    return (
        Assessment.objects.filter(CURRENT, patient=patient)
        .select_related("recorded_by")
        .order_by("-happened_at", "-recorded_at")
        .first()
    )


def reasons_of(assessment: Assessment) -> tuple[Reason, ...]:
    """The reasons as they were given."""
    return tuple(saved.load(Reason, one) for one in assessment.reasons)


def clearances(patient: Patient, known: Mapping[str, Any]) -> dict[str, Clearance]:
    """The clearances that still hold: what they were given for is still what is answered."""
    mine = Clearance.objects.filter(CURRENT, patient=patient).order_by("happened_at")
    return {
        one.rule: one
        for one in mine.select_related("recorded_by")
        if all(known.get(question) == answer for question, answer in one.answers.items())
    }


def as_core(clearance: Clearance) -> Cleared:
    """A stored clearance in the words of the rules."""
    by = clearance.recorded_by
    return Cleared(
        by=clearance.signed_name,
        role=by.role if by else "",
        reason=clearance.reason,
        on=clearance.happened_at.date(),
    )


def newest_consent(patient: Patient) -> Consent | None:
    """The patient's newest word on treatment: given or withdrawn."""
    return (
        Consent.objects.filter(CURRENT, patient=patient, kind=Consent.Kind.TREATMENT)
        .select_related("recorded_by")
        .order_by("-happened_at", "-recorded_at")
        .first()
    )


def standing(patient: Patient, at: datetime) -> Standing:
    """Whether a session may be planned: verdict current, nothing held, consent to the newest text.

    `at` keeps facts from later out of a past question; now, it leaves nothing out.
    """
    assessment, consent = newest_assessment(patient), newest_consent(patient)
    current = assessment is not None and _is_current(assessment, patient)
    consented = (
        consent is not None
        and consent.given
        and consent.text_version == consent_text.CURRENT
        and consent.happened_at <= at
    )
    return Standing(
        assessment=assessment,
        verdict=Verdict(assessment.verdict) if assessment else None,
        reasons=reasons_of(assessment) if assessment else (),
        is_current=current,
        consent_current=consented,
        refusal=_why_not(assessment, current=current) or (None if consented else _NO_CONSENT),
    )


def _is_current(assessment: Assessment, patient: Patient) -> bool:
    known = answers(patient)
    still = {rule: saved.dump(as_core(one)) for rule, one in clearances(patient, known).items()}
    return (
        assessment.answers == known
        and assessment.clearances == still
        and assessment.policy_version == _policy_version()
    )


def _policy_version() -> str | None:
    try:
        return policy_release().version
    except NothingSigned:
        return None


def _why_not(assessment: Assessment | None, *, current: bool) -> Refusal | None:
    if assessment is None:
        return Refusal(
            code="not-assessed",
            because="Nobody has assessed yet whether this patient may be treated.",
            remedy="Go through the intake questions.",
        )
    if not current:
        return Refusal(
            code="assessment-out-of-date",
            because="The answers, a clearance or the policy changed after the last assessment.",
            remedy="Assess again on the screening page.",
            source=f"policy {assessment.policy_version}",
        )
    if Verdict(assessment.verdict) is Verdict.ELIGIBLE:
        return None
    _, word = VERDICT[Verdict(assessment.verdict)]
    return Refusal(
        code=f"screening-{assessment.verdict}",
        because=f"Screening says: {word.lower()}. {_against(assessment)}",
        remedy="Open the screening page: each reason says what would change it.",
        source=f"policy {assessment.policy_version}",
    )


def _against(assessment: Assessment) -> str:
    """What stands in the way, shortened where it is long."""
    found = [
        one.found
        for one in reasons_of(assessment)
        if one.weight in STANDS_IN_THE_WAY and one.cleared_by is None
    ]
    more = f" And {len(found) - 3} more." if len(found) > 3 else ""
    return " ".join(found[:3]) + more


_NO_CONSENT = Refusal(
    code="no-consent",
    because="The patient has not consented to the current text, or has withdrawn.",
    remedy="Go through the consent page with the patient.",
    source=f"consent text {consent_text.CURRENT}",
)
