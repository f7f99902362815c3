"""Who can tell a case's levels: the arterial core here, library models in `by_model`.

A follower gives scenes, of the typical person or of some of the people drawn, so that any number
of people can be gone through a part at a time. The same seed gives the same people in any parts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from afterglow.core.body import Baseline, Covariates
from afterglow.core.dosing import outlook
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.bodies import effect_numbers
from afterglow.core.dosing.case import Case
from afterglow.core.dosing.outlook import Visit
from afterglow.core.dosing.population import DEFAULT_MODEL, prior_for
from afterglow.core.dosing.scene import Luck, Scene
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology import metabolites as mb
from afterglow.core.pharmacology import routes
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.liver import medicines_of
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.refusal import Refusal

# Rises are relative to a resting value; the caps alone need one, and this is theirs.
RESTING = Baseline(systolic_mmhg=120, pulse_per_min=70)
APART = 1_000_003  # between the seeds of two streams
CLONIDINE = "clonidine"
BY_CORE = (lv.ARTERIAL, lv.ARTERIAL_S, lv.VENOUS, lv.VENOUS_S)
SITES = (lv.DISSOCIATION_SITE, lv.PRESSURE_SITE)
METABOLITES = (mb.ARTERIAL, mb.ARTERIAL_S, mb.HYDROXY)

Bodies = Mapping[str, Floats]
Levels = dict[str, Floats]


class Follower(Protocol):
    """What tells levels of one case."""

    @property
    def gives(self) -> Collection[str]:
        """The levels it can tell."""

    def model_of(self, level: str) -> str:
        """The id of the model behind a level."""

    def scene(self, wanted: Collection[str], part: slice | None = None) -> Scene:
        """Those levels at every instant of the grid; without a part, of the typical person."""

    def areas(self) -> Mapping[str, float]:
        """Areas of the typical person from 0 to infinity, ng*min/mL."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Whom a case is told of: the typical person and everyone, on one day with its luck."""

    case: Case
    grid: Floats  # (T,), minutes
    usual: Bodies
    people: Bodies
    luck: Luck

    @classmethod
    def of(cls, case: Case, grid: Floats, belief: Belief) -> Drawn:
        usual, people = _drawn(case, belief)
        return cls(case, grid, usual, people, Luck.drawn(case.patients, case.seed))

    def scene(self, told: Callable[[Bodies], Levels], part: slice | None) -> Scene:
        """What `told` makes of some of the people; without a part, of the typical one."""
        bodies, luck = some_of(self.usual, self.people, self.luck, part)
        return Scene(bodies, told(bodies), visit_of(self.case), luck)


@dataclass(frozen=True, slots=True)
class Core:
    """The arterial core of simons_2022, by any way in that is no device of its own."""

    drawn: Drawn

    @property
    def gives(self) -> Collection[str]:
        return (*BY_CORE, *SITES, *METABOLITES)

    def model_of(self, level: str) -> str:
        return DEFAULT_MODEL

    def scene(self, wanted: Collection[str], part: slice | None = None) -> Scene:
        return self.drawn.scene(lambda bodies: self._levels(bodies, wanted), part)

    def _levels(self, bodies: Bodies, wanted: Collection[str]) -> Levels:
        doses, grid = self.drawn.case.doses, self.drawn.grid
        line = timeline(doses, grid)
        found: Levels = {}
        if by_core := [one for one in (*BY_CORE, *SITES) if one in wanted]:
            every = lv.levels(bodies, line, *by_core)
            found = {one: level[line.asked] for one, level in every.items()}
        if set(METABOLITES) & set(wanted):
            found |= mb.arterial(bodies, doses, grid)
        return found

    def areas(self) -> Mapping[str, float]:
        usual, doses = self.drawn.usual, self.drawn.case.doses
        every = {**lv.areas(usual, doses), **mb.areas(usual, doses)}
        # An effect site has the area of what it follows.
        every |= dict.fromkeys(SITES, every[lv.ARTERIAL_S])
        return {one: float(area[0]) for one, area in every.items()}


@dataclass(frozen=True, slots=True)
class VenousNorketamine:
    """Norketamine in venous blood by otto_2021, which the arterial core tells too low."""

    drawn: Drawn

    @property
    def gives(self) -> Collection[str]:
        return (mb.VENOUS,)

    def model_of(self, level: str) -> str:
        return "otto_2021"

    def scene(self, wanted: Collection[str], part: slice | None = None) -> Scene:
        doses, grid = self.drawn.case.doses, self.drawn.grid
        return self.drawn.scene(lambda bodies: dict(mb.venous(bodies, doses, grid)), part)

    def areas(self) -> Mapping[str, float]:
        found = mb.areas(self.drawn.usual, self.drawn.case.doses, in_vein=True)
        return {one: float(area[0]) for one, area in found.items()}


def core(case: Case, grid: Floats) -> Core | Refusal:
    """Levels, dissociation and pressure from arterial blood, by any route.

    `grid` (T,) in minutes; levels in ng/mL, (T,) and (T, N).
    """
    belief = case.belief or prior_for(case.covariates, unverified=True)
    if isinstance(belief, Refusal):
        return belief
    if refusal := outlook.not_trusted(belief):
        return refusal
    return Core(Drawn.of(case, grid, belief))


def venous_norketamine(case: Case, grid: Floats) -> VenousNorketamine | Refusal:
    """Norketamine in venous blood, by Otto 2021: ng/mL at `grid` (T,), minutes."""
    belief = prior_for(case.covariates, model="otto_2021", unverified=True)
    if isinstance(belief, Refusal):
        return belief
    return VenousNorketamine(Drawn.of(case, grid, belief))


def _drawn(case: Case, belief: Belief) -> tuple[Bodies, Bodies]:
    """The typical person and everyone, with what differs on the day."""
    usual = _by_device(case, belief.bodies(np.array(belief.mean)[:, None]))
    people = _by_device(case, belief.bodies(belief.sample(case.patients, case.seed)))
    if not routes.WHOLE.issuperset(way for way, _ in routes.entering(case.doses)):
        people = routes.scattered(people, case.seed)
    people = mb.varied(belief.model, people, case.seed)
    return eased(usual, case.covariates), eased(people, case.covariates)


def eased(people: Bodies, covariates: Covariates) -> Bodies:
    """Clonidine damps the rise of pressure [own]: good enough to look ahead, not to plan by."""
    if CLONIDINE not in medicines_of(covariates):
        return people
    share = effect_numbers()["clonidine_share"]
    return {**people, "systolic_slope": share * people["systolic_slope"]}


def _by_device(case: Case, people: dict[str, Floats]) -> dict[str, Floats]:
    share = case.nasal_bioavailability
    return people if share is None else people | {"f_nose": np.full(people["cl"].size, share)}


def some_of(usual: Bodies, people: Bodies, luck: Luck, part: slice | None) -> tuple[Bodies, Luck]:
    if part is None:
        return usual, Luck.none(1)
    return part_of(people, part), luck.part(part)


def part_of(people: Bodies, part: slice) -> Bodies:
    return {name: np.ascontiguousarray(values[part]) for name, values in people.items()}


def visit_of(case: Case) -> Visit:
    return Visit(number=case.session_number, baseline=RESTING, idle_days=case.idle_days)
