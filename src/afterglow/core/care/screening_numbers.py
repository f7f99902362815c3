"""The eligibility rules that read a number or a date against the policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from afterglow.core.care.eligibility_rules import CARDIOLOGY, SPECIALIST
from afterglow.core.care.policy import Policy, Threshold
from afterglow.core.care.questions import Answers
from afterglow.core.care.reasons import Reason, Weight
from afterglow.core.care.words import YesNo


def measured(
    answers: Answers, *, today: date, age_years: float, policy: Policy
) -> Iterator[Reason]:
    """All reasons that come from a value beyond its threshold."""
    yield from _age(age_years, policy)
    yield from _events(answers, today, policy)
    yield from _pressure(answers, policy)
    yield from _failure(answers, policy)
    yield from _need(answers, policy)
    yield from _benzodiazepine(answers, policy)


def _age(age_years: float, policy: Policy) -> Iterator[Reason]:
    adult, elderly = policy.eligibility.adult_from_years, policy.eligibility.elderly_from_years
    if age_years < adult.value:
        yield _reason(
            "under-age", Weight.HARD_STOP, adult, f"Age {age_years:g} years, from {adult.text}.",
            "Do not treat.",
        )  # fmt: skip
    if age_years >= elderly.value:
        yield _reason(
            "elderly", Weight.CAUTION, elderly, f"Age {age_years:g} years: a fall is likelier.",
            "Help with walking; start low where the label says so.",
        )  # fmt: skip


def _events(answers: Answers, today: date, policy: Policy) -> Iterator[Reason]:
    weeks, days = policy.eligibility.heart_event_weeks, policy.eligibility.stroke_days
    six_weeks, half_a_year = timedelta(weeks=weeks.value), timedelta(days=days.value)
    if (on := _too_recent(answers, "heart_event", today, six_weeks)) is not None:
        yield _reason(
            "recent-heart-event", Weight.HARD_STOP, weeks,
            f"Cardiovascular event on {on}, {_ago(on, today)}; the limit is {weeks.text}.",
            f"Wait until {on + six_weeks}, then assess again.", ("heart_event", "heart_event_on"),
        )  # fmt: skip
    if (on := _too_recent(answers, "stroke", today, half_a_year)) is not None:
        yield _reason(
            "recent-stroke", Weight.SPECIALIST, days,
            f"Stroke or attack on {on}, {_ago(on, today)}; the limit is {days.text}.",
            f"Wait until {on + half_a_year}, or: {SPECIALIST}", ("stroke", "stroke_on"),
        )  # fmt: skip


def _too_recent(answers: Answers, what: str, today: date, least: timedelta) -> date | None:
    """The event's date if it is not yet long enough ago.

    An event dated in the future is a slip of the pen: it counts as recent, never as long ago.
    """
    on = answers.get(f"{what}_on")
    if answers.get(what) != YesNo.YES or not isinstance(on, date):
        return None
    return on if today - on < least else None


def _ago(on: date, today: date) -> str:
    days = (today - on).days
    return f"{days} days ago" if days >= 0 else "a date still to come"


def _pressure(answers: Answers, policy: Policy) -> Iterator[Reason]:
    limits = policy.eligibility
    for name, caution, hold in (
        ("systolic", limits.systolic_caution_mmhg, limits.systolic_hold_mmhg),
        ("diastolic", limits.diastolic_caution_mmhg, limits.diastolic_hold_mmhg),
    ):
        value = _number(answers, f"{name}_mmhg")
        if value is None or value <= caution.value:
            continue
        over, weight = (hold, Weight.HOLD) if value > hold.value else (caution, Weight.CAUTION)
        yield _reason(
            f"{name}-at-rest",
            weight,
            over,
            f"{name.capitalize()} pressure {value:g} mmHg at rest, above {over.text}.",
            CARDIOLOGY if weight is Weight.HOLD else "Weigh delay; measure again at rest.",
            (f"{name}_mmhg",),
        )


def _failure(answers: Answers, policy: Policy) -> Iterator[Reason]:
    nyha, limit = _number(answers, "nyha_class"), policy.eligibility.nyha_hold_from
    if answers.get("heart_failure") != YesNo.YES or nyha is None:
        return
    weight = Weight.HOLD if nyha >= limit.value else Weight.CAUTION
    yield _reason(
        "heart-failure", weight, limit,
        f"Heart failure, NYHA class {nyha:g}; hold from class {limit.value:g}.",
        CARDIOLOGY, ("heart_failure", "nyha_class"),
    )  # fmt: skip


def _need(answers: Answers, policy: Policy) -> Iterator[Reason]:
    trials, enough = _number(answers, "adequate_trials"), policy.eligibility.adequate_trials
    if trials is not None and trials < enough.value:
        yield _reason(
            "too-few-trials", Weight.HOLD, enough,
            f"{trials:g} adequate antidepressant trials in this episode; {enough.text} are needed.",
            "Treat with an established medicine first, or record why not.", ("adequate_trials",),
        )  # fmt: skip
    phq9, severe = _number(answers, "phq9"), policy.eligibility.phq9_from
    if phq9 is not None and phq9 < severe.value:
        yield _reason(
            "not-severe", Weight.HOLD, severe,
            f"PHQ-9 {phq9:g}, below {severe.text}.",
            "Confirm the severity with a clinician's scale, or record why to treat.", ("phq9",),
        )  # fmt: skip


def _benzodiazepine(answers: Answers, policy: Policy) -> Iterator[Reason]:
    limit = policy.eligibility.lorazepam_equivalent_mg_per_day
    daily = _number(answers, "lorazepam_equivalent_mg")
    if answers.get("benzodiazepine") == YesNo.YES and daily is not None and daily > limit.value:
        yield _reason(
            "benzodiazepine-amount", Weight.CAUTION, limit,
            f"{daily:g} mg/day as lorazepam, above {limit.text}.",
            "The prescriber reviews it; never stop it abruptly.",
            ("benzodiazepine", "lorazepam_equivalent_mg"),
        )  # fmt: skip


def _number(answers: Answers, id: str) -> float | None:
    value = answers.get(id)
    return float(value) if isinstance(value, int | float) else None


def _reason(
    rule: str,
    weight: Weight,
    limit: Threshold,
    found: str,
    remedy: str,
    questions: tuple[str, ...] = (),
) -> Reason:
    return Reason(
        rule=rule, weight=weight, found=found, remedy=remedy, source=limit.source,
        grade=limit.grade, questions=questions,
    )  # fmt: skip
