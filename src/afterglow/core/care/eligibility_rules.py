"""The eligibility rules that turn on one answer, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from afterglow.core.care.reasons import Reason, Weight
from afterglow.core.care.words import Grade, YesNo

US_LABEL = "US label, esketamine nasal spray: contraindications"
EU_LEAFLET = "EU package leaflet, esketamine nasal spray"
EU_CAUTION = "EU package leaflet, esketamine nasal spray: caution list"
TRIALS = "Exclusions of VA programme and trials"
OWN = "Afterglow project default"
CSSRS = "Columbia-Suicide Severity Rating Scale triage"

CARDIOLOGY = "Hold for a cardiologist's opinion; record who cleared it and why."
SPECIALIST = "A specialist decides and records why; otherwise do not treat."
ADDICTION = "Hold for an addiction review; record who cleared it and why."


Basis: TypeAlias = tuple[str, Grade]  # source and its grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Simple:
    """If `question` is answered with `concern`, this is what follows."""

    rule: str
    question: str
    weight: Weight
    found: str
    remedy: str
    source: str
    grade: Grade
    concern: YesNo = YesNo.YES
    specialist_may_decide: bool = False  # racemic ketamine into vein or muscle

    def reason(self, weight: Weight) -> Reason:
        return Reason(
            rule=self.rule,
            weight=weight,
            found=self.found,
            remedy=self.remedy,
            source=self.source,
            grade=self.grade,
            questions=(self.question,),
        )


def _stop(question: str, found: str, remedy: str, basis: Basis) -> Simple:
    return Simple(
        rule=question.replace("_", "-"),
        question=question,
        weight=Weight.HARD_STOP,
        found=found,
        remedy=remedy,
        source=basis[0],
        grade=basis[1],
    )


def _vessel(question: str, found: str) -> Simple:
    return Simple(
        rule=question.replace("_", "-"),
        question=question,
        weight=Weight.HARD_STOP,
        found=found,
        remedy="Do not give esketamine. Racemic ketamine into vein or muscle only with a "
        "specialist's recorded override.",
        source=US_LABEL,
        grade=Grade.A,
        specialist_may_decide=True,
    )


def _of(weight: Weight, question: str, found: str, remedy: str, basis: Basis) -> Simple:
    return Simple(
        rule=question.replace("_", "-"),
        question=question,
        weight=weight,
        found=found,
        remedy=remedy,
        source=basis[0],
        grade=basis[1],
    )


def _heart(question: str, found: str) -> Simple:
    return _of(Weight.HOLD, question, found, CARDIOLOGY, (EU_CAUTION, Grade.A))


def _unless(question: str, found: str, remedy: str, basis: Basis) -> Simple:
    """A hold when the answer is no."""
    return Simple(
        rule="no-" + question.replace("_", "-"),
        question=question,
        weight=Weight.HOLD,
        found=found,
        remedy=remedy,
        source=basis[0],
        grade=basis[1],
        concern=YesNo.NO,
    )


def _risk(question: str, found: str) -> Simple:
    remedy = "Make a safety plan today with a named clinician. This alone does not exclude."
    return _of(Weight.PLAN, question, found, remedy, (f"{CSSRS}; {OWN}", Grade.A))


A, B, C, OWN_GRADE = Grade.A, Grade.B, Grade.C, Grade.OWN
HOLD, CAUTION = Weight.HOLD, Weight.CAUTION

SIMPLE: tuple[Simple, ...] = (
    _vessel("aneurysm", "Aneurysm."),
    _vessel("avm", "Arteriovenous malformation."),
    _vessel("brain_bleed", "Bleeding inside the brain in the past."),
    _stop("hypersensitivity", "Allergy to ketamine, esketamine or an excipient.",
          "Do not treat with ketamine or esketamine.", (US_LABEL, A)),
    _heart("hypertension_uncontrolled", "High blood pressure that is not controlled."),
    _heart("unstable_angina", "Unstable or poorly controlled angina."),
    _heart("valve_disease", "Serious valve disease."),
    _heart("arrhythmia", "Slow, fast or irregular heart rhythm."),
    _of(Weight.SPECIALIST, "psychosis", "Psychosis now, or a schizophrenia-spectrum illness.",
        SPECIALIST, (f"{EU_CAUTION}; {TRIALS}", B)),
    _of(Weight.SPECIALIST, "mania", "Mania or hypomania now.",
        SPECIALIST, (f"{EU_CAUTION}; {TRIALS}", B)),
    _of(Weight.SPECIALIST, "bipolar", "Bipolar disorder.",
        "A specialist decides; mood stabiliser cover, and YMRS at each visit.", (EU_CAUTION, B)),
    _unless("mood_stabiliser", "Bipolar disorder without a mood stabiliser.",
            "Establish cover first.", ("Threshold table of the project reference", C)),
    _stop("dementia_or_delirium", "Dementia or delirium.", "Do not treat.", (TRIALS, B)),
    Simple(rule="no-capacity", question="has_capacity", weight=Weight.HARD_STOP,
           concern=YesNo.NO, found="Not able to decide about this treatment.",
           remedy="Do not treat. Assess again when capacity may have returned.",
           source=TRIALS, grade=B),
    _stop("pregnant", "Pregnant.", "Do not treat in pregnancy.", (EU_LEAFLET, A)),
    _stop("breastfeeding", "Breast-feeding.", "Do not treat while breast-feeding.",
          (EU_LEAFLET, A)),
    _unless("contraception", "Could become pregnant, without reliable contraception.",
            "Agree contraception, or record the discussion of risk.", (EU_LEAFLET, A)),
    _of(HOLD, "substance_use", "Active substance use disorder.", ADDICTION, (EU_CAUTION, B)),
    _of(HOLD, "ketamine_misuse", "Misuse of ketamine or PCP.", ADDICTION, (TRIALS, B)),
    _of(HOLD, "positive_screen", "Drug screen positive, not explained.", ADDICTION, (TRIALS, B)),
    _of(CAUTION, "benzodiazepine", "Takes a benzodiazepine: it may blunt the response.",
        "Discuss the timing. Never stop it abruptly.", ("A published clinic page", A)),
    _of(CAUTION, "sedative", "Takes an opioid or another sedating medicine.",
        "Expect more sedation; watch breathing.", (EU_LEAFLET + ": interactions", A)),
    _of(CAUTION, "pressor", "Takes a stimulant, MAOI or a medicine that raises pressure.",
        "Expect a higher pressure; agree what is taken on the day.",
        (EU_LEAFLET + ": interactions", A)),
    _of(HOLD, "severe_liver", "Severe liver disease.",
        "Hold for a specialist's opinion.", (EU_CAUTION, A)),
    _of(HOLD, "intracranial_pressure", "Raised intracranial pressure or recent head injury.",
        "Hold for a specialist's opinion.", (EU_CAUTION, A)),
    _of(HOLD, "glaucoma", "Glaucoma.", "Hold for an eye specialist's opinion.",
        ("Threshold table of the project reference", C)),
    _of(HOLD, "porphyria", "Porphyria.", "Hold for a specialist's opinion.",
        ("Threshold table of the project reference", C)),
    _of(HOLD, "thyrotoxicosis", "Overactive thyroid, not treated.",
        "Treat it first.", (EU_CAUTION, A)),
    _of(HOLD, "bladder", "Active bladder symptoms.",
        "Take a baseline bladder score; wait until settled or explained.",
        (f"EU leaflet warns of urinary pain and blood; {OWN}", OWN_GRADE)),
    _of(CAUTION, "lung_disease", "COPD or another lung insufficiency.",
        "Record the baseline saturation; watch breathing.", (EU_CAUTION, A)),
    _of(CAUTION, "sleep_apnoea", "Sleep apnoea, or marked obesity.",
        "Watch breathing; have airway equipment at hand.", (EU_CAUTION, A)),
    _risk("cssrs_intent", "Suicidal thoughts with intent in the past month."),
    _risk("cssrs_plan", "Suicidal intent with a plan in the past month."),
    _risk("cssrs_behaviour", "Suicidal behaviour in the past 3 months."),
    _unless("escort", "Nobody to take the patient home.",
            "Name an adult; no dose can start without one.", ("EU leaflet and REMS", A)),
)  # fmt: skip
