"""The screening questions as data: the form is built from them, the rules read the answers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

from afterglow.core.body import within
from afterglow.core.care.words import YesNo
from afterglow.core.errors import BadInput

Answer: TypeAlias = YesNo | date | float
Answers: TypeAlias = Mapping[str, Answer]


class AnswerKind(StrEnum):
    YES_NO = "yes-no"
    DATE = "date"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, worded for the clinician who asks it."""

    id: str
    ask: str
    group: str
    kind: AnswerKind = AnswerKind.YES_NO
    unit: str = ""
    low: float | None = None
    high: float | None = None
    only_if: tuple[str, YesNo] | None = None  # asked when that question has that answer
    help: str = ""


def _yes_no(id: str, ask: str, group: str, only_if: str = "", help: str = "") -> Question:
    after = (only_if, YesNo.YES) if only_if else None
    return Question(id=id, ask=ask, group=group, only_if=after, help=help)


def _number(
    id: str, ask: str, group: str, *, unit: str, low: float, high: float, only_if: str = ""
) -> Question:
    after = (only_if, YesNo.YES) if only_if else None
    return Question(
        id=id, ask=ask, group=group, kind=AnswerKind.NUMBER, unit=unit, low=low, high=high,
        only_if=after,
    )  # fmt: skip


def _date(id: str, ask: str, group: str, only_if: str) -> Question:
    return Question(id=id, ask=ask, group=group, kind=AnswerKind.DATE, only_if=(only_if, YesNo.YES))


VESSELS, HEART, MIND, WOMEN = "Blood vessels", "Heart", "Mind", "Pregnancy"
SUBSTANCES, ORGANS, NEED, SAFETY = "Substances and medicines", "Organs", "Need", "Safety"

QUESTIONS: tuple[Question, ...] = (
    _yes_no("aneurysm", "Aneurysm now or in the past: aorta, brain or limbs?", VESSELS),
    _yes_no("avm", "Arteriovenous malformation?", VESSELS),
    _yes_no("brain_bleed", "Bleeding inside the brain, ever?", VESSELS),
    _yes_no("stroke", "Stroke or transient ischaemic attack, ever?", VESSELS),
    _date("stroke_on", "Date of the latest stroke or attack", VESSELS, "stroke"),
    _yes_no("hypersensitivity", "Allergy to ketamine, esketamine or an excipient?", VESSELS),
    _yes_no("heart_event", "Heart attack or other cardiovascular event, ever?", HEART),
    _date("heart_event_on", "Date of the latest event", HEART, "heart_event"),
    _yes_no("hypertension_uncontrolled", "High blood pressure that is not controlled?", HEART),
    _number("systolic_mmhg", "Systolic pressure at rest", HEART, unit="mmHg", low=50, high=300),
    _number("diastolic_mmhg", "Diastolic pressure at rest", HEART, unit="mmHg", low=20, high=200),
    _yes_no("heart_failure", "Heart failure?", HEART),
    _number("nyha_class", "NYHA class", HEART,
            unit="class", low=1, high=4, only_if="heart_failure"),
    _yes_no("unstable_angina", "Unstable or poorly controlled angina?", HEART),
    _yes_no("valve_disease", "Serious valve disease?", HEART),
    _yes_no("arrhythmia", "Slow, fast or irregular rhythm that matters?", HEART),
    _yes_no("psychosis", "Psychosis now, or a schizophrenia-spectrum illness?", MIND),
    _yes_no("mania", "Mania or hypomania now?", MIND),
    _yes_no("bipolar", "Bipolar disorder?", MIND),
    _yes_no("mood_stabiliser", "Covered by a mood stabiliser?", MIND, "bipolar"),
    _yes_no("dementia_or_delirium", "Dementia or delirium?", MIND),
    _yes_no("has_capacity", "Able to decide about this treatment (has capacity)?", MIND),
    _yes_no("could_be_pregnant", "Could the patient be or become pregnant?", WOMEN),
    _yes_no("pregnant", "Pregnant now, or test positive?", WOMEN, "could_be_pregnant"),
    _yes_no("contraception", "Reliable contraception?", WOMEN, "could_be_pregnant"),
    _yes_no("breastfeeding", "Breast-feeding?", WOMEN),
    _yes_no("substance_use", "Active substance use disorder?", SUBSTANCES),
    _yes_no("ketamine_misuse", "Misuse of ketamine or PCP, now or in the past?", SUBSTANCES),
    _yes_no("positive_screen", "Drug screen positive without an explanation?", SUBSTANCES),
    _yes_no("benzodiazepine", "Takes a benzodiazepine?", SUBSTANCES),
    _number("lorazepam_equivalent_mg", "Daily amount as lorazepam", SUBSTANCES,
            unit="mg/day", low=0, high=100, only_if="benzodiazepine"),
    _yes_no("sedative", "Takes an opioid or another sedating medicine?", SUBSTANCES),
    _yes_no("pressor", "Takes a stimulant, MAOI or another medicine that raises pressure?",
            SUBSTANCES),
    _yes_no("severe_liver", "Severe liver disease?", ORGANS),
    _yes_no("intracranial_pressure", "Raised intracranial pressure or recent head injury?", ORGANS),
    _yes_no("glaucoma", "Glaucoma?", ORGANS),
    _yes_no("porphyria", "Porphyria?", ORGANS),
    _yes_no("thyrotoxicosis", "Overactive thyroid that is not treated?", ORGANS),
    _yes_no("bladder", "Cystitis, or pain, urgency or blood on passing urine now?", ORGANS),
    _yes_no("lung_disease", "COPD or another lung insufficiency?", ORGANS),
    _yes_no("sleep_apnoea", "Sleep apnoea, or marked obesity?", ORGANS),
    _number("adequate_trials", "Adequate antidepressant trials in this episode", NEED,
            unit="trials", low=0, high=30),
    _number("phq9", "PHQ-9 total at screening", NEED, unit="points", low=0, high=27),
    _yes_no("cssrs_intent", "C-SSRS 4: thoughts with some intent to act, past month?", SAFETY),
    _yes_no("cssrs_plan", "C-SSRS 5: intent with a plan, past month?", SAFETY),
    _yes_no("cssrs_behaviour", "C-SSRS 6: suicidal behaviour in the past 3 months?", SAFETY),
    _yes_no("escort", "An adult who will take the patient home after each session?", SAFETY),
)  # fmt: skip

QUESTION: Mapping[str, Question] = MappingProxyType({q.id: q for q in QUESTIONS})


def applies(question: Question, answers: Answers) -> bool:
    """Whether this question is asked, given the answers so far.

    A question that hangs on an unanswered one waits for it: the unanswered one is what is missing.
    """
    if question.only_if is None:
        return True
    first, wanted = question.only_if
    return answers.get(first) == wanted


def check_answers(answers: Mapping[str, Any]) -> None:
    """Raise BadInput for an unknown question, a wrong kind of answer or a number out of range."""
    for id, answer in answers.items():
        if id not in QUESTION:
            raise BadInput(f"{id} is not a screening question.")
        _check(QUESTION[id], answer)


def read_answers(raw: Mapping[str, Any]) -> Answers:
    """Answers from a form or from JSON. Empty text and None leave the question unanswered."""
    given = {id: text for id, text in raw.items() if text is not None and text != ""}
    for id in given:
        if id not in QUESTION:
            raise BadInput(f"{id} is not a screening question.")
    answers = {id: _read(QUESTION[id], text) for id, text in given.items()}
    check_answers(answers)
    return answers


def _read(question: Question, raw: Any) -> Answer:
    try:
        if question.kind is AnswerKind.YES_NO:
            return YesNo(raw)
        if question.kind is AnswerKind.NUMBER:
            return float(raw)
        return raw if isinstance(raw, date) else date.fromisoformat(raw)
    except (TypeError, ValueError) as error:
        raise BadInput(f"{question.id} must be {_ACCEPTED[question.kind]}, got {raw!r}.") from error


def _check(question: Question, answer: Any) -> None:
    is_number = isinstance(answer, int | float) and not isinstance(answer, bool)
    fits = {
        AnswerKind.YES_NO: isinstance(answer, YesNo),
        AnswerKind.DATE: isinstance(answer, date),
        AnswerKind.NUMBER: is_number,
    }[question.kind]
    if not fits:
        raise BadInput(f"{question.id} must be {_ACCEPTED[question.kind]}, got {answer!r}.")
    if is_number:
        low = -math.inf if question.low is None else question.low
        high = math.inf if question.high is None else question.high
        within(question.id, answer, low, high, question.unit)


_ACCEPTED = {
    AnswerKind.YES_NO: "yes, no or unknown",
    AnswerKind.DATE: "a date as 2026-01-31",
    AnswerKind.NUMBER: "a number",
}
