"""What stops a course until somebody has looked: raised and lowered by people, with a reason."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from afterglow.clinic.chart.models import Finding
from afterglow.clinic.people.models import Patient, Role, User
from afterglow.clinic.record.again import sent_before
from afterglow.core.care.course import Flag
from afterglow.core.refusal import Refusal

RAISED, LOWERED = "raised", "lowered"
WORDS: Mapping[Flag, str] = {
    Flag.BLADDER: "Bladder: pain, urgency, frequency, blood",
    Flag.COGNITION: "Thinking or memory is worse",
    Flag.MISUSE: "Misuse, or ketamine from elsewhere",
    Flag.PRESSURE: "Blood pressure is not under control",
}


def raised(patient: Patient) -> dict[Flag, Finding]:
    """The flags that stand, each with the row that raised it."""
    asked = {_question(flag): flag for flag in Flag}
    rows = Finding.objects.filter(patient=patient, question__in=asked).select_related("recorded_by")
    newest = {row.question: row for row in rows.order_by("happened_at", "recorded_at")}
    return {asked[q]: row for q, row in newest.items() if row.answer == RAISED}


def set_flag(
    *, patient: Patient, flag: Flag, to: str, why: str, by: User, at: datetime, fact_id: UUID
) -> Finding | Refusal:
    """Raise a flag, or lower it. Both need a reason; a prescriber lowers."""
    told = {"patient_id": patient.pk, "question": _question(flag), "answer": to}
    told["note"] = why.strip()
    if (known := sent_before(Finding, fact_id, **told)) is not None:
        return known
    if to == LOWERED and by.role != Role.PRESCRIBER:
        return Refusal(
            code="not-a-prescriber",
            because="A prescriber lowers what stops a course.",
            remedy="Ask one to look into it.",
        )
    if not why.strip():
        return Refusal(
            code="flag-without-reason",
            because=f"{WORDS[flag]}: {to}, and nothing says why.",
            remedy="Say what was found.",
        )
    return Finding.objects.create(pk=fact_id, **told, happened_at=at, recorded_by=by)


def stopped(patient: Patient) -> Refusal | None:
    """Why nobody may treat this patient now, if a flag stands."""
    standing = raised(patient)
    if not standing:
        return None
    said = "; ".join(f"{WORDS[flag]} ({row.note})" for flag, row in standing.items())
    return Refusal(
        code="course-flag-raised",
        because=f"The course is stopped. {said}.",
        remedy="A prescriber looks into it, and lowers the flag on the follow-up page.",
        source="Afterglow project default",
    )


def _question(flag: Flag) -> str:
    return f"flag-{flag.value}"
