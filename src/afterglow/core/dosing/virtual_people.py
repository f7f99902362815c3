"""Many people who do not exist: ages, weights and bodies that differ, all from one seed.

A model sees size, age and known hypertension; ancestry, the liver and medicines are those of all.
Sex is drawn and recorded, and moves nothing yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from afterglow.core.body import Ancestry, Covariates, Hepatic, Sex, within
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.bodies import (
    bodies,
    effect_numbers,
    own_first_pass,
    spread_parameters,
)
from afterglow.core.dosing.courses import eased
from afterglow.core.dosing.medicines import OTHER_MEDICINES
from afterglow.core.dosing.population import DEFAULT_MODEL, covariance, liver_words, outside
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology import crowd as many
from afterglow.core.pharmacology import liver, spray
from afterglow.core.pharmacology.library import Parameter, load
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.normal import chance_below, quantile
from afterglow.core.refusal import Refusal

MOST_PEOPLE = 100_000  # at once; more are drawn in blocks
YOUNGER_YEARS = 40.0  # an age that changes nothing; what age changes is put on top
OLDER_YEARS = liver.OLDER_FROM_YEARS
SPRAYED = 14  # a stream of dice of its own: uptake from a device is no part of clearance


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A normal distribution cut off at both ends; `sd` 0 means everybody has the mean."""

    mean: float
    sd: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise BadInput(f"low must be at most high, {self.high:g}, got {self.low:g}.")
        if not self.low <= self.mean <= self.high:
            raise BadInput(f"mean must be {self.low:g} to {self.high:g}, got {self.mean:g}.")
        within("sd", self.sd, 0, self.high - self.low, "")

    def at(self, u: Floats) -> Floats:
        """Values at these shares of the population, 0 to 1; the same shape."""
        if self.sd == 0:
            return np.full(u.shape, self.mean)
        first, last = chance_below((np.array([self.low, self.high]) - self.mean) / self.sd)
        drawn = self.mean + self.sd * quantile(first + u * (last - first))
        return np.asarray(np.clip(drawn, self.low, self.high))


@dataclass(frozen=True, slots=True)
class Crowd:
    """People drawn: each field one value a person, (n,)."""

    weight_kg: Floats
    age_years: Floats
    female: NDArray[np.bool_]
    bodies: dict[str, Floats]  # every parameter in L, L/min, min, ng/mL, mmHg
    leaning: Floats  # standard normal value behind the susceptibility to dissociation
    usual: Covariates  # whose ancestry, liver and medicines are those of all
    seed: tuple[int, ...] | None  # None: nobody differs from the typical

    @property
    def size(self) -> int:
        return int(self.weight_kg.size)

    def by_spray(self) -> dict[str, Floats]:
        """These people to the model of esketamine by device or swallowed, which has its own spread.

        Every parameter of its file, (n,), in L, L/min and 1/min.
        """
        model = load(spray.MODEL)
        young = replace(self.usual, age_years=OLDER_YEARS)
        older = model.for_person(replace(young, age_years=OLDER_YEARS + 1))
        beyond = np.maximum(self.age_years - OLDER_YEARS, 0.0)
        typical = {
            name: value + (older[name] - value) * beyond
            for name, value in model.for_person(young).items()
        }
        typical = liver.on_library(model, typical, self.usual)
        if self.seed is None:
            return typical
        return many.draw(model, typical, self.size, [*self.seed, SPRAYED])


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Whom to draw from, by the model whose bodies they have."""

    age_years: Spread
    weight_kg: Spread
    female_share: float
    hypertension_share: float = 0.0
    ancestry: Ancestry | None = None
    hepatic: Hepatic | None = None
    medicines: tuple[str, ...] = ()
    model: str = DEFAULT_MODEL

    def __post_init__(self) -> None:
        within("female_share", self.female_share, 0, 1, "")
        within("hypertension_share", self.hypertension_share, 0, 1, "")

    @property
    def usual(self) -> Covariates:
        """What all share, and the middle of what they do not."""
        return Covariates(
            age_years=self.age_years.mean,
            weight_kg=self.weight_kg.mean,
            sex=Sex.OTHER,
            ancestry=self.ancestry,
            hepatic=self.hepatic,
            medicines=self.medicines,
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        said = ["Age, weight, sex and hypertension are drawn apart from each other [own]."]
        if self.age_years.high > OLDER_YEARS:
            said.append("Beyond 60 years, liver flow is taken to fall by 1.45 % a year [B].")
        said += liver_words(replace(self.usual, age_years=YOUNGER_YEARS))
        for name in sorted(liver.medicines_of(self.usual) - set(liver.MEDICINES)):
            known = OTHER_MEDICINES.get(name)
            said.append(known or f"{name}: nothing is known of it here; it changes nothing.")
        return (*said, *load(self.model).caveats)

    def refusal(self) -> Refusal | None:
        """Why this model may not stand for these people, if so."""
        library = load(self.model)
        if refusal := outside(library, self.usual, unverified=True):
            return refusal
        for field, spread in (("age_years", self.age_years), ("weight_kg", self.weight_kg)):
            low, high = library.limits[field]
            if spread.low < low or spread.high > high:
                return Refusal(
                    code="outside-model",
                    because=f"{field} runs from {spread.low:g} to {spread.high:g}; "
                    f"{library.title} is used for {low:g} to {high:g}.",
                    remedy=f"Set {field} low and high within {low:g} to {high:g}.",
                    source=str(library.limits["why"]),
                )
        return None

    def crowd(self, n: int, seed: int | Sequence[int]) -> Crowd:
        """`n` people. The same seed gives the same people."""
        within("people", n, 1, MOST_PEOPLE, "")
        dice = np.random.default_rng(seed)
        u = dice.random((4, n))
        half = np.linalg.cholesky(covariance(self.model))
        deviations = np.einsum("ij,jn->in", half, dice.standard_normal((half.shape[0], n)))
        seeds = (seed,) if isinstance(seed, int) else tuple(seed)
        return self._of(self.age_years.at(u[0]), self.weight_kg.at(u[1]), u[2:], deviations, seeds)

    def typical(self) -> Crowd:
        """One person of the middle age and weight, from whom nobody is drawn."""
        age, weight = np.array([self.age_years.mean]), np.array([self.weight_kg.mean])
        spread = np.zeros((len(spread_parameters(self.model)), 1))
        return self._of(age, weight, np.ones((2, 1)), spread, None)

    def _of(
        self,
        age: Floats,
        weight: Floats,
        u: Floats,
        deviations: Floats,
        seed: tuple[int, ...] | None,
    ) -> Crowd:
        names = list(spread_parameters(self.model))
        leaning = deviations[names.index("dmax")] / spread_parameters(self.model)["dmax"].sd
        hypertension = u[1] < self.hypertension_share
        rises_more = (age >= effect_numbers()["older_from_years"]) | hypertension
        own = _bodies(self, age, weight, names, deviations)
        steeper = np.where(rises_more, effect_numbers()["older_or_hypertensive"], 1.0)
        own["systolic_slope"] = own["systolic_slope"] * steeper
        return Crowd(
            weight_kg=weight,
            age_years=age,
            female=u[0] < self.female_share,
            bodies=dict(eased(own, self.usual)),
            leaning=leaning,
            usual=self.usual,
            seed=seed,
        )


def like(belief: Belief, n: int, seed: int) -> Crowd:
    """`n` versions of one patient, as believed: all of one age and weight."""
    deviations = belief.sample(n, seed)
    top = deviations[belief.parameters.index("dmax")]
    spread = top.std()
    who = belief.covariates
    return Crowd(
        weight_kg=np.full(n, who.weight_kg),
        age_years=np.full(n, who.age_years),
        female=np.full(n, who.sex == "female"),
        bodies=belief.bodies(deviations),
        leaning=(top - top.mean()) / (spread if spread > 0 else 1.0),
        usual=who,
        seed=(seed,),
    )


def _bodies(
    people: Population, age: Floats, weight_kg: Floats, names: Sequence[str], deviations: Floats
) -> dict[str, Floats]:
    """Every parameter of each person: that of a middle-sized one, scaled to their own weight.

    Parameters that grow with weight are log-normal, so size and deviation are factors apart.
    """
    library = load(people.model)
    middle = replace(people.usual, age_years=YOUNGER_YEARS, weight_kg=library.reference_weight_kg)
    own = bodies(people.model, middle, names, deviations)
    size = weight_kg / library.reference_weight_kg
    for parameter in library.parameters.values():
        if parameter.weight_power:
            own[parameter.name] = own[parameter.name] * size**parameter.weight_power
    if np.any(age > OLDER_YEARS):
        _grow_old(own, middle, age, library.parameters, deviations[list(names).index("cl")])
    return own


def _grow_old(
    own: dict[str, Floats],
    middle: Covariates,
    age: Floats,
    parameters: Mapping[str, Parameter],
    clearing: Floats,
) -> None:
    """Less blood through the liver beyond 60: slower clearance, and a first pass that spares less.

    `clearing` are the deviations of clearance (n,), which move each one's first pass.
    """
    slower = parameters.get("r_over_s_cl")
    older = liver.older(middle, age, slower.value if slower else 1.0)
    own["cl"] = own["cl"] * older["cl"]
    own["r_over_s_cl"] = own["r_over_s_cl"] * older["r_over_s_cl"]
    own_first_pass(own, older, clearing)
