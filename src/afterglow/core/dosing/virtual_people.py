"""Many people who do not exist: ages, weights and bodies that differ, all from one seed.

A model sees size, age and known hypertension; sex is drawn and recorded, and moves nothing yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterglow.core.body import Covariates, Sex, within
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.bodies import bodies, effect_numbers, spread_parameters
from afterglow.core.dosing.population import DEFAULT_MODEL, covariance
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.library import load
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.quantity import Dose
from afterglow.core.refusal import Refusal

MOST_PEOPLE = 100_000  # at once; more are drawn in blocks
YOUNGER_YEARS = 40.0  # an age that changes nothing; what age changes is put on top


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A normal distribution cut off at both ends; `sd` 0 means everybody has the mean."""

    mean: float
    sd: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.mean <= self.high:
            raise BadInput(f"mean must be {self.low:g} to {self.high:g}, got {self.mean:g}.")
        within("sd", self.sd, 0, self.high - self.low, "")

    def at(self, u: Floats) -> Floats:
        """Values at these shares of the population, 0 to 1; the same shape."""
        from scipy.special import ndtr, ndtri  # noqa: PLC0415 - scipy.special is slow to load

        if self.sd == 0:
            return np.full(u.shape, self.mean)
        first, last = ndtr((np.array([self.low, self.high]) - self.mean) / self.sd)
        drawn = self.mean + self.sd * ndtri(first + u * (last - first))
        return np.asarray(np.clip(drawn, self.low, self.high))


@dataclass(frozen=True, slots=True)
class Crowd:
    """People drawn: each field one value a person, (n,)."""

    weight_kg: Floats
    age_years: Floats
    female: NDArray[np.bool_]
    bodies: dict[str, Floats]  # every parameter in L, L/min, min, ng/mL, mmHg
    leaning: Floats  # standard normal value behind the susceptibility to dissociation

    @property
    def size(self) -> int:
        return int(self.weight_kg.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Whom to draw from, by the model whose bodies they have."""

    age_years: Spread
    weight_kg: Spread
    female_share: float
    hypertension_share: float = 0.0
    model: str = DEFAULT_MODEL

    def __post_init__(self) -> None:
        within("female_share", self.female_share, 0, 1, "")
        within("hypertension_share", self.hypertension_share, 0, 1, "")

    @property
    def assumptions(self) -> tuple[str, ...]:
        return (
            "Age, weight, sex and hypertension are drawn apart from each other [own].",
            *load(self.model).caveats,
        )

    def refusal(self) -> Refusal | None:
        """Why this model may not stand for these people, if so."""
        library = load(self.model)
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
        age, weight = self.age_years.at(u[0]), self.weight_kg.at(u[1])
        half = np.linalg.cholesky(covariance(self.model))
        deviations = np.einsum("ij,jn->in", half, dice.standard_normal((half.shape[0], n)))
        names = list(spread_parameters(self.model))
        leaning = deviations[names.index("dmax")] / spread_parameters(self.model)["dmax"].sd
        hypertension = u[3] < self.hypertension_share
        rises_more = (age >= effect_numbers()["older_from_years"]) | hypertension
        return Crowd(
            weight_kg=weight,
            age_years=age,
            female=u[2] < self.female_share,
            bodies=_bodies(self.model, weight, rises_more, names, deviations),
            leaning=leaning,
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
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The doses of one session, in mg or per kg of body weight, with a ceiling on their sum."""

    doses: tuple[Dose, ...]
    per_kg: bool = False
    most_mg: float | None = None

    def __post_init__(self) -> None:
        if self.most_mg is not None:
            within("most_mg", self.most_mg, 1, 2000, "mg")

    def factor(self, weight_kg: Floats) -> Floats:
        """By how much each person's doses are those written, (n,)."""
        size = weight_kg if self.per_kg else np.ones_like(weight_kg)
        written = sum(dose.amount.mg for dose in self.doses)
        if self.most_mg is None or written == 0:
            return np.asarray(size, dtype=np.float64)
        return np.asarray(np.minimum(size, self.most_mg / written))

    def total_mg(self, weight_kg: Floats) -> Floats:
        """What each person is given in one session, mg of base."""
        return self.factor(weight_kg) * sum(dose.amount.mg for dose in self.doses)


def _bodies(
    model_id: str,
    weight_kg: Floats,
    rises_more: NDArray[np.bool_],
    names: Sequence[str],
    deviations: Floats,
) -> dict[str, Floats]:
    """Every parameter of each person: that of a middle-sized one, scaled to their own weight.

    Parameters that grow with weight are log-normal, so size and deviation are factors apart.
    """
    library, effects = load(model_id), effect_numbers()
    middle = Covariates(
        age_years=YOUNGER_YEARS, weight_kg=library.reference_weight_kg, sex=Sex.OTHER
    )
    own = bodies(model_id, middle, names, deviations)
    size = weight_kg / library.reference_weight_kg
    for parameter in library.parameters.values():
        if parameter.weight_power:
            own[parameter.name] = own[parameter.name] * size**parameter.weight_power
    steeper = np.where(rises_more, effects["older_or_hypertensive"], 1.0)
    own["systolic_slope"] = own["systolic_slope"] * steeper
    return own
