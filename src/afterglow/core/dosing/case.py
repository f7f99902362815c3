"""A case as written in a file: a patient, doses and what is asked. Read field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from afterglow.core.body import Ancestry, Covariates, Hepatic, Sex
from afterglow.core.dosing import asked
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.medicines import misnamed
from afterglow.core.dosing.population import DEFAULT_MODEL
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.doses import LONGEST_MIN, checked_times
from afterglow.core.pharmacology.library import drug_models
from afterglow.core.quantity import BaseMass, Bolus, Dose, Drug, Infusion, Route, SaltMass

E = TypeVar("E", bound=StrEnum)
ALLOWED = {
    "patient": {
        "age_years",
        "weight_kg",
        "sex",
        "height_cm",
        "hypertension",
        "ancestry",
        "hepatic",
        "medicines",
    },
    "drug": {"name"},
    "dose": {"route", "amount_mg", "start_min", "duration_min", "form", "bioavailability"},
    "output": {"times_min", "quantities", "percentiles", "auc_to_min"},
    "options": {"model", "patients", "seed", "session_number", "idle_days", "residual"},
}
MOST_MG = 2000.0
MOST_DOSES = 1000
IN_BASE = 'amounts are mg of base; write form = "hydrochloride" beside an amount of the salt'


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is asked. `model` is "default" or a library id."""

    covariates: Covariates
    doses: tuple[Dose, ...]
    times_min: tuple[float, ...]
    quantities: tuple[str, ...]
    percentiles: tuple[float, ...]
    model: str
    patients: int
    seed: int
    session_number: int
    idle_days: float = 0.0  # since the session before
    auc_to_min: float | None = None  # areas are also wanted from 0 to here
    residual: bool = False  # predict what an assay, a cuff or a rater would show
    nasal_bioavailability: float | None = None  # of a compounded spray; None: not told
    belief: Belief | None = None  # what was learnt of this patient; None: a population's spread


def read_case(raw: Mapping[str, Any], *, belief: Belief | None = None) -> Case:
    """A case from parsed TOML or JSON. BadInput names the field and what is accepted.

    With a belief, the case is of the patient it was learnt of, by the default model.
    """
    _only(raw, set(ALLOWED), "the case")
    drug = drug_named(_table(raw, "drug").get("name"), "drug.name")
    output, options = _table(raw, "output"), _table(raw, "options", needed=False)
    times = _times(_numbers(output.get("times_min"), "output.times_min", 0, LONGEST_MIN, "min"))
    percentiles = _numbers(output.get("percentiles", [5, 50, 95]), "output.percentiles", 0, 100)
    model = options.get("model", "default")
    if model not in ("default", *drug_models()):
        known = ", ".join(("default", *drug_models()))
        raise BadInput(f"options.model must be one of {known}; got {model!r}.")
    covariates = _covariates(_table(raw, "patient"))
    if belief is not None:
        _same_patient(belief, covariates, model)
    return Case(
        belief=belief,
        covariates=covariates,
        doses=_doses(raw.get("dose"), drug),
        times_min=times,
        quantities=_quantities(output.get("quantities")),
        percentiles=tuple(percentiles),
        model=model,
        patients=_whole(options.get("patients", 1000), "options.patients", 100, 100_000),
        seed=_whole(options.get("seed", 1), "options.seed", 0, 2**31),
        session_number=_whole(options.get("session_number", 1), "options.session_number", 1, 1000),
        idle_days=_between(options.get("idle_days", 0), "options.idle_days", 0, 36500, "days"),
        auc_to_min=_area_to(output.get("auc_to_min")),
        residual=bool(_yes_or_no(options.get("residual"), "options.residual")),
        nasal_bioavailability=_of_the_spray(raw["dose"], drug),
    )


def _times(asked: list[float]) -> tuple[float, ...]:
    try:
        return tuple(checked_times(asked).tolist())
    except BadInput as error:
        raise BadInput(str(error).replace("t_min", "output.times_min", 1)) from error


def _quantities(value: Any) -> tuple[str, ...]:
    names = _texts(value, "output.quantities")
    if not names:
        raise BadInput("output.quantities must name at least one quantity.")
    for name in names:
        asked.read(name)
    return tuple(dict.fromkeys(names))


def _area_to(value: Any) -> float | None:
    return None if value is None else _between(value, "output.auc_to_min", 1, LONGEST_MIN, "min")


def drug_named(value: Any, field: str) -> Drug:
    """A drug. A salt's name is stopped: it does not say what its amounts are counted as."""
    if isinstance(value, str) and re.search(r"\b(hydrochloride|hcl|salt)\b", value.lower()):
        raise BadInput(f"{field} must be one of {', '.join(Drug)}, got {value!r}: {IN_BASE}.")
    return _enum(Drug, value, field)


def _of_the_spray(doses: list[Mapping[str, Any]], drug: Drug) -> float | None:
    """The share of a compounded nasal spray that reaches blood, the same for all doses."""
    told = {
        _between(dose["bioavailability"], "bioavailability", 0.05, 0.95, "(a share of the dose)")
        for dose in doses
        if "bioavailability" in dose
    }
    if not told:
        return None
    if drug is Drug.ESKETAMINE or any(dose["route"] != Route.NASAL for dose in doses):
        raise BadInput("bioavailability is for racemic nasal sprays; other routes have their own.")
    if len(told) > 1 or any("bioavailability" not in dose for dose in doses):
        raise BadInput("bioavailability must be the same for every dose of a case.")
    return told.pop()


def _same_patient(belief: Belief, covariates: Covariates, model: str) -> None:
    if belief.covariates != covariates:
        of = belief.covariates
        raise BadInput(
            f"patient must be the one the belief was learnt of: {of.age_years:g} years, "
            f"{of.weight_kg:g} kg, {of.sex}, and all else the same."
        )
    if belief.model != DEFAULT_MODEL or model not in ("default", DEFAULT_MODEL):
        raise BadInput(f"options.model must be {DEFAULT_MODEL}, as must the belief's own model.")


def _covariates(patient: Mapping[str, Any]) -> Covariates:
    height = patient.get("height_cm")
    return Covariates(
        age_years=_between(patient.get("age_years"), "patient.age_years", 0, 120, "years"),
        weight_kg=_between(patient.get("weight_kg"), "patient.weight_kg", 20, 350, "kg"),
        sex=_enum(Sex, patient.get("sex", "other"), "patient.sex"),
        height_cm=None if height is None else _between(height, "patient.height_cm", 100, 250, "cm"),
        hypertension=_yes_or_no(patient.get("hypertension"), "patient.hypertension"),
        ancestry=_perhaps(Ancestry, patient, "ancestry"),
        hepatic=_perhaps(Hepatic, patient, "hepatic"),
        medicines=_medicines(patient.get("medicines", [])),
    )


def _medicines(value: Any) -> tuple[str, ...]:
    medicines = _texts(value, "patient.medicines")
    if why := misnamed(medicines):
        raise BadInput(f"patient.medicines {why}")
    return medicines


def _doses(raw: Any, drug: Drug) -> tuple[Dose, ...]:
    if not isinstance(raw, list) or not all(isinstance(one, Mapping) for one in raw):
        raise BadInput("dose must be tables, each written [[dose]].")
    if not 1 <= len(raw) <= MOST_DOSES:
        raise BadInput(f"[[dose]] must be there 1 to {MOST_DOSES} times, got {len(raw)}.")
    return tuple(_dose(one, drug, f"dose {n}") for n, one in enumerate(raw, start=1))


def _dose(raw: Mapping[str, Any], drug: Drug, where: str) -> Dose:
    if salty := [field for field in raw if re.search(r"hydrochloride|hcl|salt", field.lower())]:
        raise BadInput(f"{where}: {salty[0]} is not known: {IN_BASE}.")
    _only(raw, ALLOWED["dose"], where)
    mg = _between(raw.get("amount_mg"), f"{where}: amount_mg", 0, MOST_MG, "mg")
    form = raw.get("form", "base")
    if form not in ("base", "hydrochloride"):
        raise BadInput(f"{where}: form must be base or hydrochloride, got {form!r}: {IN_BASE}.")
    amount = SaltMass(mg).to_base() if form == "hydrochloride" else BaseMass(mg)
    route = _enum(Route, raw.get("route"), f"{where}: route")
    starts, lasts = (
        _between(raw.get(field, 0), f"{where}: {field}", 0, LONGEST_MIN, "min")
        for field in ("start_min", "duration_min")
    )
    if lasts == 0:
        return Bolus(amount=amount, starts_min=starts, drug=drug, route=route)
    return Infusion(amount=amount, starts_min=starts, lasts_min=lasts, drug=drug, route=route)


def _table(raw: Mapping[str, Any], name: str, *, needed: bool = True) -> Mapping[str, Any]:
    found = raw.get(name)
    if found is None and not needed:
        return {}
    if not isinstance(found, Mapping):
        raise BadInput(f"[{name}] is missing.")
    _only(found, ALLOWED[name], f"[{name}]")
    return found


def _only(raw: Mapping[str, Any], allowed: set[str], where: str) -> None:
    if stray := sorted(set(raw) - allowed):
        raise BadInput(
            f"{where}: {', '.join(stray)} is not known. Known: {', '.join(sorted(allowed))}."
        )


def _between(value: Any, field: str, low: float, high: float, unit: str = "") -> float:
    expected = f"{low:g} to {high:g} {unit}".rstrip()
    if value is None:
        raise BadInput(f"{field} is missing: a number, {expected}.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(f"{field} must be a number, {expected}, got {value!r}.")
    if not low <= value <= high:
        raise BadInput(f"{field} must be {expected}, got {value!r}.")
    return float(value)


def _numbers(value: Any, field: str, low: float, high: float, unit: str = "") -> list[float]:
    if not isinstance(value, list) or not value:
        expected = f"a list of numbers, {low:g} to {high:g} {unit}".rstrip()
        raise BadInput(f"{field} must be {expected}, got {value!r}.")
    return [_between(one, field, low, high, unit) for one in value]


def _texts(value: Any, field: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadInput(f"{field} must be a list of names, got {value!r}.")
    return tuple(value)


def _whole(value: Any, field: str, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadInput(f"{field} must be a whole number, {low} to {high}, got {value!r}.")
    if not low <= value <= high:
        raise BadInput(f"{field} must be {low} to {high}, got {value}.")
    return value


def _yes_or_no(value: Any, field: str) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise BadInput(f"{field} must be true or false, got {value!r}.")
    return value


def _perhaps(kind: type[E], patient: Mapping[str, Any], field: str) -> E | None:
    value = patient.get(field)
    return None if value is None else _enum(kind, value, f"patient.{field}")


def _enum(kind: type[E], value: Any, field: str) -> E:
    if value is None:
        raise BadInput(f"{field} is missing: one of {', '.join(kind)}.")
    if value not in [one.value for one in kind]:
        raise BadInput(f"{field} must be one of {', '.join(kind)}; got {value!r}.")
    return kind(value)
