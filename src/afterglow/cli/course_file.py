"""The file of one patient's course, which `afterglow update` and `plan` read: docs/command-line.md.

Who it is, the sessions so far with the doses given and what was seen, the session ahead, and the
clinic's limits for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from afterglow.cli.course_mood import course_seen
from afterglow.cli.input_file import read
from afterglow.cli.input_table import Table
from afterglow.cli.medicines_row import medicines_of
from afterglow.cli.observation_rows import observation_of
from afterglow.core.body import Ancestry, Baseline, Covariates, Hepatic, Sex
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.case import IN_BASE, MOST_MG, drug_named
from afterglow.core.dosing.mood_seen import CourseSeen
from afterglow.core.dosing.observed import Observation, SessionObserved
from afterglow.core.dosing.population import DEFAULT_MODEL
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.doses import LONGEST_MIN
from afterglow.core.pharmacology.library import drug_models
from afterglow.core.quantity import BaseMass, Bolus, Dose, Drug, Infusion, Route, SaltMass

LAST_DAY = 36500
TABLES = (
    "patient",
    "session",
    "dose",
    "observation",
    "score",
    "mood",
    "therapy",
    "next",
    "limits",
    "exposure",
    "candidates",
    "options",
)
BEFORE_DOSE = ("systolic_mmhg", "pulse_per_min", "diastolic_mmhg", "cadss")
IN_SALT = ("amount_mg_hydrochloride", "amount_mg_hcl", "amount_mg_salt", "salt_mg", "hcl_mg")


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientCourse:
    """A course file, checked."""

    covariates: Covariates
    sessions: tuple[SessionObserved, ...]
    models: tuple[str, ...]  # one, or several to be weighed
    draws: int
    seed: int
    days: tuple[float, ...]  # of the sessions in the file
    seen: CourseSeen | None  # sessions and scores of mood, where there are scores
    table: Table

    def held(self, belief: Belief | None = None) -> tuple[SessionObserved, ...]:
        """Every session known, from a belief and from this file, which is the newer."""
        known = {one.number: one for one in (*(belief.observed if belief else ()), *self.sessions)}
        return tuple(known[number] for number in sorted(known))


def read_course(path: Path, belief: Belief | None = None) -> PatientCourse:
    """Raises BadInput naming file, line, field and accepted range."""
    file = read(path)
    file.only(*TABLES)
    sessions, days = _sessions(file)
    if belief is not None and file.has("score"):
        _whole_course(file, belief, sessions)
    options = file.table("options", needed=False)
    options.only("models", "draws", "seed")
    return PatientCourse(
        covariates=_covariates(file, belief),
        sessions=sessions,
        models=_models(options),
        draws=options.whole("draws", 200, 20_000, default=1000),
        seed=options.whole("seed", 0, 2**31 - 1, default=1),
        days=days,
        seen=course_seen(file, sessions, days),
        table=file,
    )


def _models(options: Table) -> tuple[str, ...]:
    models = tuple(dict.fromkeys(options.some_of("models"))) or (DEFAULT_MODEL,)
    for model in models:
        if model not in drug_models():
            known = ", ".join(drug_models())
            raise options.wrong(f"models must be of {known}; got {model!r}.", "models")
    return models


def _covariates(file: Table, belief: Belief | None) -> Covariates:
    if belief is not None and not file.has("patient"):
        return belief.covariates
    found = patient_of(file.table("patient"))
    if belief is not None and found != belief.covariates:
        of = belief.covariates
        raise file.table("patient").wrong(
            f"the belief was learnt of another: {of.age_years:g} years, {of.weight_kg:g} kg, "
            f"{of.sex}. Leave [patient] out, or learn again."
        )
    return found


def patient_of(table: Table) -> Covariates:
    """[patient], as in a case of `predict`."""
    table.only(
        "age_years",
        "weight_kg",
        "sex",
        "height_cm",
        "hypertension",
        "ancestry",
        "hepatic",
        "medicines",
    )
    return Covariates(
        age_years=table.number("age_years", 0, 120, "years"),
        weight_kg=table.number("weight_kg", 20, 350, "kg"),
        sex=Sex(table.one_of("sex", list(Sex), default=Sex.OTHER)),
        height_cm=table.number("height_cm", 100, 250, "cm") if table.has("height_cm") else None,
        hypertension=table.flag("hypertension", default=None),
        ancestry=Ancestry(table.one_of("ancestry", list(Ancestry)))
        if table.has("ancestry")
        else None,
        hepatic=Hepatic(table.one_of("hepatic", list(Hepatic))) if table.has("hepatic") else None,
        medicines=medicines_of(table),
    )


def _whole_course(file: Table, belief: Belief, sessions: Sequence[SessionObserved]) -> None:
    """A score stands on the days of the course: a belief keeps no days."""
    missing = {one.number for one in belief.observed} - {one.number for one in sessions}
    if missing:
        raise file.tables("score")[0].wrong(
            f"scores need every session in this file; the belief holds {len(missing)} more."
        )


def _sessions(file: Table) -> tuple[tuple[SessionObserved, ...], tuple[float, ...]]:
    """Every session with its doses and what was seen, and their days."""
    told = file.tables("session") if file.has("session") else []
    numbers = [one.whole("number", 1, 1000) for one in told]
    days = [one.number("day", 0, LAST_DAY, "days") for one in told]
    for k, ((first, early), (then, late)) in enumerate(
        pairwise(zip(numbers, days, strict=True)), 1
    ):
        if not (first < then and early <= late):
            raise told[k].wrong("number and day must rise from session to session.", "day")
    doses, seen = _doses(file, numbers), _observations(file, numbers)
    found = []
    for k, one in enumerate(told):
        one.only("number", "day", *BEFORE_DOSE)
        given, observed = doses[numbers[k]], seen[numbers[k]]
        if not given:
            raise one.wrong(f"session {numbers[k]} has no dose: add a [[dose]] of it.", "number")
        _after_first_dose(observed, given)
        with one.naming():
            found.append(
                SessionObserved(
                    number=numbers[k],
                    doses=tuple(given),
                    baseline=baseline_of(one),
                    observations=tuple(observation for _, observation in observed),
                    idle_days=days[k] - days[k - 1] if k else 0.0,
                )
            )
    return tuple(found), tuple(days)


def baseline_of(table: Table) -> Baseline:
    diastolic = table.has("diastolic_mmhg")
    return Baseline(
        systolic_mmhg=table.number("systolic_mmhg", 60, 260, "mmHg"),
        pulse_per_min=table.number("pulse_per_min", 25, 220, "beats/min"),
        diastolic_mmhg=table.number("diastolic_mmhg", 30, 160, "mmHg") if diastolic else None,
        cadss=table.number("cadss", 0, 92, "points", default=0.0),
    )


def _session_of(row: Table, numbers: list[int]) -> int:
    number = row.whole("session", 1, 1000)
    if number not in numbers:
        known = ", ".join(map(str, numbers)) or "none"
        raise row.wrong(f"session must be one of the [[session]] numbers: {known}.", "session")
    return number


def _doses(file: Table, numbers: list[int]) -> dict[int, list[Dose]]:
    found: dict[int, list[Dose]] = {number: [] for number in numbers}
    for row in file.tables("dose") if file.has("dose") else []:
        found[_session_of(row, numbers)].append(dose_of(row))
    return found


def dose_of(row: Table) -> Dose:
    """One dose as given. Amounts are mg of base unless `form` says hydrochloride."""
    if salty := [field for field in IN_SALT if row.has(field)]:
        raise row.wrong(f"{salty[0]} is not known here: {IN_BASE}.", salty[0])
    row.only("session", "drug", "route", "amount_mg", "form", "start_min", "duration_min")
    mg = row.number("amount_mg", 0.01, MOST_MG, "mg")
    form = row.one_of("form", ("base", "hydrochloride"), default="base")
    amount = SaltMass(mg).to_base() if form == "hydrochloride" else BaseMass(mg)
    drug, route = drug_of(row), Route(row.one_of("route", list(Route)))
    starts = row.number("start_min", 0, LONGEST_MIN, "min")
    lasts = row.number("duration_min", 0, LONGEST_MIN, "min")
    if lasts == 0:
        return Bolus(amount=amount, starts_min=starts, drug=drug, route=route)
    return Infusion(amount=amount, starts_min=starts, lasts_min=lasts, drug=drug, route=route)


def drug_of(table: Table) -> Drug:
    with table.naming():
        return drug_named(table.data.get("drug"), "drug")


def _observations(file: Table, numbers: list[int]) -> dict[int, list[tuple[Table, Observation]]]:
    found: dict[int, list[tuple[Table, Observation]]] = {number: [] for number in numbers}
    once: dict[tuple[int, Observation], Table] = {}
    for row in file.tables("observation", most=10_000) if file.has("observation") else []:
        number, seen = _session_of(row, numbers), observation_of(row)
        row.unlike_before(once, (number, seen), "a second reading has an at_min of its own")
        found[number].append((row, seen))
    return found


def _after_first_dose(observed: list[tuple[Table, Observation]], given: list[Dose]) -> None:
    """A level before any drug was given is a slip of the clock."""
    begun = min(dose.starts_min for dose in given)
    for row, _ in observed:
        if row.has("site") and row.number("at_min", 0, LONGEST_MIN, "min") <= begun:
            raise row.wrong(
                f"at_min of a sample must be later than the session's first dose, at {begun:g} "
                f"min; got {row.data['at_min']:g}.",
                "at_min",
            )


def same_patient(course: PatientCourse, belief: Belief) -> None:
    """Stop a belief of one model being asked for another."""
    if course.models not in ((DEFAULT_MODEL,), (belief.model,)):
        raise BadInput(f"models: the belief was learnt with {belief.model}; leave models out.")
