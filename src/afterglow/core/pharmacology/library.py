"""Published models, one TOML file each: every number with its unit, source and grade.

A file is read once, checked for what it must say (`library_rules`), and turned into values in mg,
L, min and ng/mL. To add a model, add one file: to the packaged folder, or to a folder of a clinic's
own that a door names with `also_from` before anything is loaded.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from afterglow.core.body import Covariates
from afterglow.core.errors import BadLibrary
from afterglow.core.pharmacology import library_rules, library_shapes, units

GRADES = {
    "A": "primary source",
    "B": "transcribed from the primary by others",
    "C": "unverified",
    "D": "derived here",
    "own": "our assumption",
}
SPREADS = ("omega2", "cv", "sd_log", "sd_logit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One published number, in the core's units, for a person of the reference weight."""

    name: str
    value: float
    printed: float  # as in the file, in its unit
    unit: str
    grade: str
    source: str
    note: str = ""
    weight_power: float = 0.0
    sd: float = 0.0  # between patients, on the log or logit scale
    logit: bool = False
    occasion_sd: float = 0.0  # between occasions of one person, on the log scale

    @property
    def unverified(self) -> bool:
        return self.grade == "C"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compartment:
    """A place for drug; `per` turns its mg into mg/L of `analyte`, where that can be measured."""

    name: str
    analyte: str = ""
    per: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absorption:
    """One way a dose by this route enters: a share of it, at once or over so many minutes."""

    route: str
    into: str  # a compartment
    share: str  # a formula; may use `first_device` and `further_devices`, parts of a dose
    over_min: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A worked example the file must reproduce: concentrations in ng/mL by analyte."""

    about: str
    drug: str
    weight_kg: float
    amount_mg: float
    lasts_min: float
    t_min: tuple[float, ...]
    expected: Mapping[str, tuple[float, ...]]
    within: float
    grade: str
    source: str
    route: str = "intravenous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One file of the library. Effects have parameters only; drug models have a structure too."""

    id: str
    title: str
    parameters: Mapping[str, Parameter]
    sources: Mapping[str, Mapping[str, Any]]
    caveats: tuple[str, ...]
    drugs: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    site: str = ""
    reference_weight_kg: float = 70.0
    fitted_to: Mapping[str, Any]
    limits: Mapping[str, Any]
    residual: Mapping[str, Parameter]
    compartments: tuple[Compartment, ...] = ()
    flows: Mapping[str, str]
    absorption: tuple[Absorption, ...] = ()
    covariances: Mapping[str, float]  # of deviations, "a b" -> value
    covariates: Mapping[str, Mapping[str, float]]  # factors by ancestry; per year over 60
    liver: Mapping[str, Any]  # its rates of intrinsic clearance, and its share past the gut wall
    checks: tuple[Check, ...] = ()

    def value(self, name: str) -> float:
        return self.parameters[name].value

    def for_weight(self, weight_kg: float) -> dict[str, float]:
        """Typical values for a person of this weight."""
        size = weight_kg / self.reference_weight_kg
        return {p.name: p.value * size**p.weight_power for p in self.parameters.values()}

    def for_person(self, covariates: Covariates) -> dict[str, float]:
        """Typical values for this weight, age and ancestry, where the model has a term for it."""
        values = self.for_weight(covariates.weight_kg)
        for name, factor in self.covariates.get(covariates.ancestry or "", {}).items():
            values[name] *= factor
        older = max(0.0, covariates.age_years - 60)
        for name, per_year in self.covariates.get("per_year_over_60", {}).items():
            factor = units.factor_of(self.parameters[name].unit, name)
            values[name] += older * per_year * factor
        return values


_added: list[Path] = []  # folders beside the packaged one; filled once, when a door opens


def also_from(folder: Path) -> None:
    """Also take drug models from this folder. A file may not stand in for a packaged model."""
    if not folder.is_dir():
        raise BadLibrary(f"The folder of added models must exist; got {folder}.")
    for file in sorted(folder.glob("*.toml")):
        if file.stem in _packaged("models"):
            raise BadLibrary(f"{file.name}: id {file.stem} is that of a packaged model.")
    if folder not in _added:
        _added.append(folder)
    load.cache_clear()


def drug_models() -> tuple[str, ...]:
    """Ids of the models in the library, sorted."""
    return tuple(sorted({*_packaged("models"), *_own()}))


def effect_models() -> tuple[str, ...]:
    return _packaged("models", "effects")


@cache
def load(model_id: str) -> Model:
    """A drug model by id."""
    if file := _own().get(model_id):
        return parse(file.read_text(encoding="utf-8"), file.name)
    return _loaded(model_id, drug_models(), "models")


@cache
def load_effect(model_id: str) -> Model:
    """An effect, or a link between models, by id."""
    return _loaded(model_id, effect_models(), "models", "effects")


def parse(text: str, name: str) -> Model:
    """A library file from its text. Raises BadLibrary, naming the file and the line's key."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadLibrary(f"{name}: {error}") from error
    return _model(raw, name)


def texts() -> dict[str, str]:
    """The text of every file of the library, drug models and effects, by file name."""
    root = files("afterglow.core.pharmacology").joinpath("models")
    packaged = [*root.iterdir(), *root.joinpath("effects").iterdir()]
    named = {f.name: f for f in (*packaged, *_own().values()) if f.name.endswith(".toml")}
    return {name: named[name].read_text(encoding="utf-8") for name in sorted(named)}


def _own() -> dict[str, Path]:
    """Added files by id."""
    return {file.stem: file for folder in _added for file in sorted(folder.glob("*.toml"))}


def _packaged(*folder: str) -> tuple[str, ...]:
    inside = files("afterglow.core.pharmacology").joinpath(*folder).iterdir()
    return tuple(sorted(f.name.removesuffix(".toml") for f in inside if f.name.endswith(".toml")))


def _loaded(model_id: str, known: tuple[str, ...], *folder: str) -> Model:
    if model_id not in known:
        raise BadLibrary(f"model must be one of {', '.join(known)}; got {model_id!r}.")
    file = files("afterglow.core.pharmacology").joinpath(*folder, f"{model_id}.toml")
    return parse(file.read_text(encoding="utf-8"), f"{model_id}.toml")


def _model(raw: dict[str, Any], name: str) -> Model:
    for key in ("id", "title", "sources", "parameters", "caveats"):
        if key not in raw:
            raise BadLibrary(f"{name}: {key} is missing.")
    library_shapes.of_model(raw, name)
    if raw["id"] != name.removesuffix(".toml"):
        raise BadLibrary(f"{name}: id must be the file's name, got {raw['id']!r}.")
    library_rules.only_known(raw, name)
    _sources(raw["sources"], name)
    model = Model(
        id=raw["id"],
        title=raw["title"],
        parameters=_parameters(raw["parameters"], raw["sources"], f"{name} [parameters]"),
        sources=raw["sources"],
        caveats=tuple(raw["caveats"]),
        drugs=tuple(raw.get("drugs", ())),
        routes=tuple(raw.get("routes", ())),
        site=raw.get("site", ""),
        reference_weight_kg=float(raw.get("reference_weight_kg", 70)),
        fitted_to=raw.get("fitted_to", {}),
        limits=raw.get("limits", {}),
        residual=_parameters(raw.get("residual", {}), raw["sources"], f"{name} [residual]"),
        compartments=tuple(Compartment(**one) for one in raw.get("compartments", ())),
        flows=raw.get("flows", {}),
        absorption=tuple(Absorption(**one) for one in raw.get("absorption", ())),
        covariances=raw.get("covariances", {}),
        covariates=raw.get("covariates", {}),
        liver=raw.get("liver", {}),
        checks=tuple(_check(one, raw["sources"], name) for one in raw.get("checks", ())),
    )
    library_rules.hold(model, name)
    return model


def _sources(sources: dict[str, Any], name: str) -> None:
    for key, source in sources.items():
        if not str(source.get("citation", "")).strip():
            raise BadLibrary(f"{name} [sources.{key}]: citation is missing.")


def _parameters(raw: dict[str, Any], sources: dict[str, Any], where: str) -> dict[str, Parameter]:
    return {key: _parameter(key, one, sources, f"{where} {key}") for key, one in raw.items()}


def _parameter(name: str, raw: dict[str, Any], sources: dict[str, Any], where: str) -> Parameter:
    for key in ("value", "unit", "grade", "source"):
        if key not in raw:
            raise BadLibrary(f"{where}: {key} is missing.")
    _graded(raw, sources, where)
    factor = units.factor_of(raw["unit"], where)
    return Parameter(
        name=name,
        value=float(raw["value"]) * factor,
        printed=float(raw["value"]),
        unit=raw["unit"],
        grade=raw["grade"],
        source=raw["source"],
        note=raw.get("note", ""),
        weight_power=float(raw.get("weight_power", 0)),
        sd=_sd(raw, where),
        logit="sd_logit" in raw,
        occasion_sd=math.sqrt(raw.get("nu2", 0)),
    )


def _graded(raw: dict[str, Any], sources: dict[str, Any], where: str) -> None:
    if raw["grade"] not in GRADES:
        raise BadLibrary(
            f"{where}: grade must be one of {', '.join(GRADES)}; got {raw['grade']!r}."
        )
    for key in ("source", "spread_source"):
        if key in raw and raw[key] not in sources:
            raise BadLibrary(f"{where}: {key} {raw[key]!r} is not among [sources].")


def _sd(raw: dict[str, Any], where: str) -> float:
    given = [key for key in SPREADS if key in raw]
    if len(given) > 1:
        raise BadLibrary(f"{where}: give one of {', '.join(SPREADS)}, got {', '.join(given)}.")
    if not given:
        return 0.0
    spread = float(raw[given[0]])
    if given[0] == "omega2":
        return math.sqrt(spread)
    return math.sqrt(math.log1p(spread**2)) if given[0] == "cv" else spread


def _check(raw: dict[str, Any], sources: dict[str, Any], name: str) -> Check:
    if raw["unit"] != "ng/mL":
        raise BadLibrary(f"{name} [[checks]] {raw['about']}: unit must be ng/mL.")
    known = {key: raw[key] for key in Check.__slots__ if key in raw}
    expected = {
        analyte: tuple(float(v) for v in values)
        for analyte, values in raw.items()
        if analyte not in known and isinstance(values, list)
    }
    _graded(raw, sources, f"{name} [[checks]] {raw.get('about', '')}")
    known["t_min"] = tuple(float(t) for t in raw["t_min"])
    return Check(**known, expected=expected)
