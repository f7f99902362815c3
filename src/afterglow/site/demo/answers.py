"""What the invented people answer: to the intake questions, and to PHQ-9."""

from typing import Any

from afterglow.core.care.questions import QUESTIONS, AnswerKind, applies
from afterglow.core.care.words import YesNo
from afterglow.site.demo.people import Person, Point

# What most of them say. A question that is not here is answered "no".
USUAL: dict[str, Any] = {
    "has_capacity": "yes",
    "escort": "yes",
    "adequate_trials": 3,
    "hypertension": "no",
}
OF_SOME: dict[Point, dict[str, Any]] = {
    Point.HELD: {"hypertension": "yes", "hypertension_uncontrolled": "yes"},
    Point.EXCLUDED: {"hypersensitivity": "yes"},
}
HALF = 18  # how far the half-answered intake got
ITEMS, MOST = 9, 3


def intake(person: Person) -> dict[str, Any]:
    """Everything this person says at intake."""
    said = {**USUAL, **OF_SOME.get(person.point, {})}
    said |= {
        "systolic_mmhg": person.systolic_mmhg,
        "diastolic_mmhg": round(0.62 * person.systolic_mmhg),
        "phq9": person.phq9[0],
        "could_be_pregnant": "no",
    }
    answers: dict[str, Any] = {}
    asked = QUESTIONS[:HALF] if person.point is Point.INTAKE else QUESTIONS
    for question in asked:
        known = {id: YesNo(text) for id, text in answers.items() if text in ("yes", "no")}
        if not applies(question, known):
            continue
        if question.id in said:
            answers[question.id] = said[question.id]
        elif question.kind is AnswerKind.YES_NO:
            answers[question.id] = "no"
    return answers


def phq9(total: int, *, dark: bool = False) -> dict[str, int]:
    """Nine answers that add up to `total`; the last is 0 unless `dark`."""
    last = 1 if dark else 0
    rest, items = total - last, ITEMS - 1
    each, over = divmod(rest, items)
    answers = {str(n): min(MOST, each + (1 if n <= over else 0)) for n in range(1, ITEMS)}
    return {**answers, str(ITEMS): last}
