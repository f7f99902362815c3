"""A library model as published, and what follows from it by the link between vein and artery."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from afterglow.core.body import Covariates
from afterglow.core.dosing.bodies import counted_weight_kg, effect_numbers
from afterglow.core.dosing.case import Case
from afterglow.core.dosing.courses import (
    APART,
    BY_CORE,
    SITES,
    Bodies,
    eased,
    part_of,
    some_of,
    visit_of,
)
from afterglow.core.dosing.population import DEFAULT_MODEL, prior_for
from afterglow.core.dosing.scene import Luck, Scene
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology import crowd, liver
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology import metabolites as mb
from afterglow.core.pharmacology.library import Model, load
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.refusal import Refusal

Levels = dict[str, Floats]


@dataclass(frozen=True, slots=True)
class ByModel:
    """A library model as published, at its own site. A pooled (mixed) one counts as arterial."""

    case: Case
    grid: Floats
    model: Model
    usual: Bodies
    people: Bodies
    luck: Luck

    @property
    def site(self) -> str:
        return lv.VENOUS if self.model.site == "venous" else lv.ARTERIAL

    @property
    def site_s(self) -> str:
        return lv.VENOUS_S if self.model.site == "venous" else lv.ARTERIAL_S

    @property
    def gives(self) -> Collection[str]:
        s = (self.site_s,) if crowd.tells_s(self.model, self.case.doses[0].drug) else ()
        return (*s, *self._named_levels().values())

    def model_of(self, level: str) -> str:
        return self.model.id

    def _named_levels(self) -> dict[str, str]:
        """Which of its analytes is which level."""
        in_vein = self.model.site == "venous"
        known = {"ketamine": self.site, "norketamine": mb.VENOUS if in_vein else mb.ARTERIAL}
        if not in_vein:
            known["hydroxynorketamine"] = mb.HYDROXY
        told = {one.analyte for one in self.model.compartments}
        return {analyte: level for analyte, level in known.items() if analyte in told}

    def scene(self, wanted: Collection[str], part: slice | None = None) -> Scene:
        bodies, luck = some_of(self.usual, self.people, self.luck, part)
        asked = self.model, bodies, self.case.doses, self.grid
        found = self._named(crowd.levels(*asked))
        if self.site_s in wanted:
            found[self.site_s] = self._of_s(found, lambda: crowd.levels(*asked, only_s=True))
        return Scene(bodies, found, visit_of(self.case), luck)

    def areas(self) -> Mapping[str, float]:
        asked = self.model, self.usual, self.case.doses
        found = self._named(crowd.areas(*asked))
        if self.site_s in self.gives:
            found[self.site_s] = self._of_s(found, lambda: crowd.areas(*asked, only_s=True))
        return {one: float(area[0]) for one, area in found.items()}

    def _of_s(self, found: Levels, solved: Callable[[], Levels]) -> Floats:
        """The S part of the ketamine found; solved only where it is neither all nor nothing."""
        share = self.case.doses[0].drug.s_fraction
        return share * found[self.site] if share in (0, 1) else solved()["ketamine"]

    def _named(self, found: Mapping[str, Floats]) -> Levels:
        return {level: found[analyte] for analyte, level in self._named_levels().items()}


@dataclass(frozen=True, slots=True)
class Linked:
    """A library model whose other site, and effects, follow by the link between vein and artery.

    The venous link is turned round where the model tells venous blood: its slow part follows
    venous blood itself, at k / f. So both courses agree, whichever model told the first.
    """

    by_model: ByModel
    usual: Bodies  # sensitivities and the link, of the core's people
    people: Bodies

    @property
    def gives(self) -> Collection[str]:
        own = self.by_model.gives
        output = (mb.ARTERIAL_S,) if mb.VENOUS in own else ()
        return {*own, *BY_CORE, *SITES, *output}

    def model_of(self, level: str) -> str:
        return DEFAULT_MODEL if level in SITES else self.by_model.model_of(level)

    def scene(self, wanted: Collection[str], part: slice | None = None) -> Scene:
        first = self.by_model
        told = first.scene({first.site, first.site_s, *wanted}, part)
        bodies = self.usual if part is None else part_of(self.people, part)
        grid, found = first.grid, dict(told.levels)
        turn = to_artery if first.site == lv.VENOUS else to_vein
        other = (lv.ARTERIAL, lv.ARTERIAL_S) if first.site == lv.VENOUS else BY_CORE[2:]
        for seen, name in zip((first.site, first.site_s), other, strict=True):
            found[name] = turn(found[seen], grid, bodies)
        for site, per_min in zip(SITES, ("ke0", "pressure_per_min"), strict=True):
            if site in wanted:
                found[site] = following(found[lv.ARTERIAL_S], grid, bodies[per_min])
        # Where only venous norketamine is told, of esketamine, it stands for arterial S.
        if mb.ARTERIAL_S in wanted:
            found[mb.ARTERIAL_S] = found[mb.VENOUS]
        return Scene(bodies, found, told.visit, told.luck)

    def areas(self) -> Mapping[str, float]:
        own = dict(self.by_model.areas())
        whole, s = own[self.by_model.site], own[self.by_model.site_s]
        both = {lv.ARTERIAL: whole, lv.VENOUS: whole, lv.ARTERIAL_S: s, lv.VENOUS_S: s}
        return {**own, **both, **dict.fromkeys(SITES, s)}


def to_artery(venous: Floats, grid: Floats, bodies: Bodies) -> Floats:
    """Arterial blood from venous, (T, N): the link turned round."""
    direct = bodies["venous_direct"]
    slow = following(venous, grid, bodies["venous_per_min"] / direct)
    return np.asarray(np.maximum((venous - (1 - direct) * slow) / direct, 0.0))


def to_vein(arterial: Floats, grid: Floats, bodies: Bodies) -> Floats:
    """Venous blood from arterial, (T, N): part at once, the rest late."""
    direct = bodies["venous_direct"]
    slow = following(arterial, grid, bodies["venous_per_min"])
    return np.asarray(direct * arterial + (1 - direct) * slow)


def following(curve: Floats, t_min: Floats, per_min: Floats) -> Floats:
    """What follows a curve (T, N) at one rate (N,), exactly where the curve is straight lines."""
    out = np.zeros_like(curve)
    for t, step in enumerate(np.diff(t_min), start=1):
        faded = np.exp(-per_min * step)
        gained = (1 - faded) / (per_min * step)
        straight = curve[t] * (1 - gained) + curve[t - 1] * (gained - faded)
        out[t] = out[t - 1] * faded + straight
    return out


def as_published(case: Case, model: Model, grid: Floats) -> ByModel:
    """A model of the library as published, with this person's size, age, ancestry and liver.

    Levels at its own site, ng/mL, at `grid` (T,), minutes.
    """
    typical = typical_of(model, case.covariates)
    people = crowd.draw(model, typical, case.patients, case.seed)
    usual = {name: np.array([value]) for name, value in typical.items()}
    return ByModel(case, grid, model, usual, people, Luck.drawn(case.patients, case.seed))


def typical_of(model: Model, covariates: Covariates) -> dict[str, float]:
    """Every parameter of the typical person of this size, age, ancestry and liver."""
    who = replace(covariates, weight_kg=counted_weight_kg(covariates))
    return liver.on_library(model, model.for_person(who), who)


def linked(case: Case, first: ByModel) -> Linked:
    """Effects and the other site of what a library model says."""
    belief = prior_for(_as_known(case.covariates))
    if isinstance(belief, Refusal):
        raise BadInput(str(belief))
    usual: dict[str, Floats] = belief.bodies(np.zeros((len(belief.parameters), 1)))
    # Another stream than the model's own people: sensitivity is no part of clearance.
    people = belief.bodies(belief.sample(case.patients, case.seed + APART))
    own = {
        f"venous_{name}": effect_numbers().get(f"{first.model.id}_{name}")
        for name in ("direct", "per_min")
    }
    for name, value in own.items():
        if value is not None:
            usual[name] = np.full_like(usual[name], value)
            people[name] = np.full_like(people[name], value)
    who = case.covariates
    return Linked(first, eased(usual, who), eased(people, who))


def _as_known(covariates: Covariates) -> Covariates:
    """Only the sensitivities are used: they know neither size nor liver, and age as 50 or more."""
    limits = load(DEFAULT_MODEL).limits
    (low, high), (light, heavy) = limits["age_years"], limits["weight_kg"]
    return replace(
        covariates,
        age_years=min(max(covariates.age_years, low), high),
        weight_kg=min(max(covariates.weight_kg, light), heavy),
        hepatic=None,
        medicines=(),
    )
