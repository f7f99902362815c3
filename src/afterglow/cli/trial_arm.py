"""An [[arm]] of a trial, or a [[regimen]] of a simulation: docs/trial-format.md."""

from __future__ import annotations

import re
from collections.abc import Sequence

from afterglow.cli.input_table import Table
from afterglow.cli.trial_dose import AMOUNTS, COMPARATORS, DOSE_FIELDS, given_of, ladder_of
from afterglow.core.dosing.case import IN_BASE
from afterglow.core.dosing.trial_plan import Arm, Flexible, Only, Qualifying, Step
from afterglow.core.dosing.virtual_given import Given
from afterglow.core.pharmacology.mood import Expectancy, Therapy
from afterglow.core.quantity import Drug

GIVES = (*(drug.value for drug in Drug), *COMPARATORS)
ARM_FIELDS = (
    "name",
    "gives",
    "patients",
    *DOSE_FIELDS,
    "session_days",
    "dose",
    "step",
    "flexible",
    "only",
    "at_day",
    "at_least",
    "against",
    "expectancy",
    "new_antidepressant",
    "therapy",
)
OF_A_TRIAL = ("patients", "only", "at_day", "at_least", "against")  # nothing that a regimen has
LAST_DAY = 730
MOST_PATIENTS, MOST_STEPS = 100_000, 200


def arm_of(table: Table, patients: int | None = None) -> Arm:
    """One [[arm]], or one [[regimen]], which names no patients of its own."""
    table.only(*(one for one in ARM_FIELDS if patients is None or one not in OF_A_TRIAL))
    gives = _gives(table)
    own, steps = _sessions(table, gives)
    given = own[1] if own else Given(doses=())
    with table.naming():
        return Arm(
            name=table.words("name"),
            patients=patients or table.whole("patients", 2, MOST_PATIENTS),
            doses=given.doses,
            per_kg=given.per_kg,
            most_mg=given.most_mg,
            bioavailability=given.bioavailability,
            session_days=own[0] if own else (),
            steps=tuple(steps),
            flexible=_flexible(table, gives) if table.has("flexible") else None,
            only=_only(table),
            against=table.words("against") if table.has("against") else None,
            expectancy=_expectancy(table, gives),
            new_antidepressant=bool(table.flag("new_antidepressant", default=False)),
            therapy=therapies_of(table),
        )


def assumed_of(table: Table) -> str:
    """What an arm left out and was taken for granted, in words."""
    if table.has("expectancy"):
        return ""
    usual = _usual_expectancy(table, str(table.data["gives"]))
    return f"expectancy of {table.data['name']!r} was not given: {usual} is assumed [own]."


def _gives(table: Table) -> str:
    if re.search(r"\b(hydrochloride|hcl)\b", str(table.data.get("gives")).lower()):
        raise table.wrong(f"gives must be one of {', '.join(GIVES)}: {IN_BASE}.", "gives")
    return table.one_of("gives", GIVES)


Alike = tuple[tuple[float, ...], Given]  # days, and what is given on each


def _sessions(table: Table, gives: str) -> tuple[Alike | None, list[Step]]:
    """Sessions given alike on the arm's own days, and those of steps."""
    if table.has("step"):
        for field in ("session_days", "dose", "flexible"):
            if table.has(field):
                raise table.wrong(f"{field} stands in each [[step]] or in the arm alone.", field)
        parts = [
            part for one in table.tables("step", most=MOST_STEPS) for part in _step(table, one)
        ]
        return None, [Step(session_days=days, given=given) for days, given in parts]
    if table.has("flexible"):
        return (days_of(table), _flexible(table, gives).rungs[0]), []
    parts = _by_day(table, gives)
    if len(parts) == 1:
        return parts[0], []
    return None, [Step(session_days=days, given=given) for days, given in parts]


def _step(arm: Table, step: Table) -> list[Alike]:
    """A step takes from its arm what it leaves out; with its own route, nothing but `gives`."""
    step.only("gives", *DOSE_FIELDS, "session_days", "dose")
    inherited = {"gives": arm.data["gives"]}
    own_dose = any(step.has(one) for one in AMOUNTS)
    if not any(step.has(one) for one in ("route", "dose", "gives")):
        left = [one for one in DOSE_FIELDS if not (own_dose and one in AMOUNTS)]
        inherited |= {one: arm.data[one] for one in left if arm.has(one)}
    whole = Table(step.file, step.path, {**inherited, **step.data}, step.places)
    return _by_day(whole, _gives(whole))


def _by_day(table: Table, gives: str) -> list[Alike]:
    """The days of a table with what is given on them: `dose_mg` may list one amount for each."""
    days = days_of(table)
    listed = next((one for one in AMOUNTS if _is_list(table, one)), None)
    if listed is None:
        return [(days, given_of(table, gives))]
    ladder = ladder_of(table, gives, listed)
    if len(ladder) != len(days):
        raise table.wrong(
            f"{listed} must be one number or {len(days)}, one for each of session_days; "
            f"got {len(ladder)}.",
            listed,
        )
    return [((day,), given) for day, given in zip(days, ladder, strict=True)]


def _is_list(table: Table, field: str) -> bool:
    return isinstance(table.data.get(field), list)


def days_of(table: Table) -> tuple[float, ...]:
    """`session_days`: a list, or { from_day = , to_day = , every_days = }."""
    if not isinstance(table.data.get("session_days"), dict):
        return table.numbers("session_days", 0, LAST_DAY, "days")
    one = table.table("session_days")
    one.only("from_day", "to_day", "every_days")
    first, last = (
        one.number("from_day", 0, LAST_DAY, "days"),
        one.number("to_day", 0, LAST_DAY, "days"),
    )
    every = one.number("every_days", 1, LAST_DAY, "days")
    if last < first:
        raise one.wrong("from_day must come before to_day.", "from_day")
    return tuple(first + n * every for n in range(int((last - first) / every + 1e-9) + 1))


def _flexible(table: Table, gives: str) -> Flexible:
    """[arm.flexible]: amounts in ascending order, when a step is considered, and unless what."""
    one = table.table("flexible")
    one.only("dose_mg", "dose_mg_per_kg", "at_sessions", "unless_fallen_by")
    if stray := [field for field in (*AMOUNTS, "dose") if table.has(field)]:
        raise table.wrong(f"{stray[0]} stands in [flexible] where that is given.", stray[0])
    rest = {field: table.data[field] for field in DOSE_FIELDS if table.has(field)}
    whole = Table(one.file, one.path, {**rest, **one.data}, one.places)
    amounts = "dose_mg_per_kg" if one.has("dose_mg_per_kg") else "dose_mg"
    one.numbers(amounts, 0.01, 2000, "mg")  # ascending, one or more
    sessions = len(days_of(table))
    usual = range(2, sessions + 1)
    at = one.numbers("at_sessions", 2, max(2, sessions), default=list(usual) or [2])
    if any(k != int(k) for k in at):
        raise one.wrong(f"at_sessions must be whole numbers, got {list(at)}.", "at_sessions")
    with one.naming():
        return Flexible(
            rungs=tuple(ladder_of(whole, gives, amounts)),
            at_sessions=tuple(int(k) for k in at),
            fall=one.number("unless_fallen_by", 0.05, 0.95, default=0.5),
        )


def _only(table: Table) -> Only | None:
    if not table.has("only"):
        if stray := [field for field in ("at_day", "at_least") if table.has(field)]:
            raise table.wrong(f"{stray[0]} means nothing without only.", stray[0])
        return None
    who = Qualifying(table.one_of("only", list(Qualifying)))
    days: Sequence[float] = (
        table.numbers("at_day", 0.01, LAST_DAY, "days")
        if isinstance(table.data.get("at_day"), list)
        else (table.number("at_day", 0.01, LAST_DAY, "days"),)
    )
    with table.naming():
        return Only(
            who=who,
            at_days=tuple(days),
            at_least=table.whole("at_least", 1, len(days), default=len(days)),
        )


def _expectancy(table: Table, gives: str) -> Expectancy:
    usual = _usual_expectancy(table, gives)
    return Expectancy(table.one_of("expectancy", list(Expectancy), default=usual))


def _usual_expectancy(table: Table, gives: str) -> Expectancy:
    """Who begins an oral drug has something to hope from, whatever else is given."""
    if table.data.get("new_antidepressant") is True:
        return Expectancy.ACTIVE_COMPARATOR
    return COMPARATORS.get(gives, Expectancy.ACTIVE_COMPARATOR)


def therapies_of(table: Table) -> tuple[Therapy, ...]:
    """Every [[therapy]] of a table, none where there is none."""
    rows = table.tables("therapy", most=20) if table.has("therapy") else []
    return tuple(_therapy(one) for one in rows)


def _therapy(table: Table) -> Therapy:
    table.only("from_day", "to_day", "slowing")
    with table.naming():
        return Therapy(
            from_day=table.number("from_day", 0, LAST_DAY, "days"),
            to_day=table.number("to_day", 0, LAST_DAY, "days"),
            slowing=table.number("slowing", 0.05, 1),
        )
