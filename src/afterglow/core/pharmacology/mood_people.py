"""Typical and drawn people of the mood model: responders and others (M10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.mood import MADRS_TOP, Array, Expectancy, MoodParams
from afterglow.core.pharmacology.normal import quantile
from afterglow.core.pharmacology.sourced import sheet

# In which people differ: leaning, baseline, expectancy, four rates, sensitivity, oral drug.
DIRECTIONS = 9
MOST_RECOVERED = 0.95  # of the score, by an oral drug that helps
NODES, HALVINGS = 48, 50  # of the mean over a normal distribution; of a bracket of 80
LOWEST_BASELINE_MADRS = 7.0  # below it there is no depression to treat (band 0-6)

# MoodParams field -> number of the sheet.
SHEET_NAMES = {
    "potential_per_hour": "potential_per_hour",
    "trigger_half_life_h": "trigger_half_life",
    "rapid_half_life_d": "rapid_half_life",
    "consolidation_per_day": "consolidation_per_day",
    "consolidated_half_life_d": "consolidated_half_life",
    "rapid_share": "rapid_share",
    "expectancy_half_rise_d": "expectancy_half_rise",
    "expectancy_half_life_d": "expectancy_half_life",
    "slow_recovery_half_rise_d": "new_antidepressant_half_rise",
    "residual_madrs": "residual_madrs",
}
VARYING = (
    "potential_per_hour",
    "rapid_half_life_d",
    "consolidation_per_day",
    "consolidated_half_life_d",
)


def typical(
    *,
    baseline_madrs: float = 32.0,
    responder: bool = True,
    expectancy: Expectancy = Expectancy.ACTIVE_COMPARATOR,
    new_antidepressant: bool = False,
) -> MoodParams:
    """One typical person, as arrays of length 1. Baseline in MADRS points."""
    numbers = sheet("mood").typical()
    kind = "sensitivity_responder" if responder else "sensitivity_other"
    fields = {
        "baseline_madrs": baseline_madrs,
        "sensitivity": numbers[kind],
        "expectancy": expectancy_share(expectancy, numbers),
        "slow_recovery": numbers["new_antidepressant_share"] if new_antidepressant else 0.0,
        **_rates(numbers),
    }
    return MoodParams(**{name: np.array([value]) for name, value in fields.items()})


def draw(
    people: int,
    seed: int,
    *,
    baseline_madrs: tuple[float, float] = (32.0, 5.0),
    expectancy: Expectancy = Expectancy.ACTIVE_COMPARATOR,
    new_antidepressant: bool = False,
    dissociation_z: Array | None = None,
    numbers: Mapping[str, float] | None = None,
) -> MoodParams:
    """Virtual people: baseline as mean and SD (MADRS); the same seed gives the same people.

    `dissociation_z` (n,) are the standard normal values behind these people's susceptibility to
    dissociation; with them, benefit is drawn with the published correlation. It is a correlation
    of samples: giving somebody more dissociation does not give them more benefit. `numbers` are
    those of the mood sheet, changed where a caller wants (`sheet("mood").drawn(seed)`).
    """
    if people < 1:
        raise BadInput(f"people must be 1 or more, got {people}.")
    numbers = sheet("mood").typical() if numbers is None else numbers
    return people_of(
        np.random.default_rng(seed).standard_normal((DIRECTIONS, people)),
        baseline_madrs=baseline_madrs,
        expectancy=expectancy,
        new_antidepressant=new_antidepressant,
        dissociation_z=dissociation_z,
        numbers=numbers,
    )


def _by_oral_drug(z: Array, numbers: Mapping[str, float]) -> Array:
    """The share of the starting score that a new oral drug takes away: of some much, of others 0.

    The mean over people is that of the sheet; the published spread of change asks for a few who
    gain nearly all and many who gain nothing.
    """
    helped, mean = numbers["new_antidepressant_helped"], numbers["new_antidepressant_share"]
    return np.where(z > quantile(1.0 - helped), min(mean / helped, MOST_RECOVERED), 0.0)


def people_of(
    z: Array,
    *,
    baseline_madrs: tuple[float, float] = (32.0, 5.0),
    expectancy: Expectancy = Expectancy.ACTIVE_COMPARATOR,
    new_antidepressant: bool = False,
    dissociation_z: Array | None = None,
    numbers: Mapping[str, float] | None = None,
) -> MoodParams:
    """The people at these places (9, n), each direction standard normal in the population."""
    numbers = sheet("mood").typical() if numbers is None else numbers
    leaning = z[0]
    if dissociation_z is not None:
        rho = numbers["dissociation_correlation"]
        leaning = rho * dissociation_z + np.sqrt(1.0 - rho**2) * z[0]
    return MoodParams(
        baseline_madrs=np.clip(
            baseline_madrs[0] + baseline_madrs[1] * z[1], LOWEST_BASELINE_MADRS, MADRS_TOP
        ),
        sensitivity=_sensitivity(leaning, z[7], numbers),
        expectancy=_hoped(
            expectancy_share(expectancy, numbers), numbers["expectancy_spread"], z[2]
        ),
        slow_recovery=_by_oral_drug(z[8], numbers) if new_antidepressant else np.zeros(z.shape[1]),
        **_drawn_rates(z[3:7], numbers),
    )


def picked(people: MoodParams, each: NDArray[np.intp]) -> MoodParams:
    """The people at these places, (m,); one may be picked more than once."""
    return MoodParams(**{f.name: getattr(people, f.name)[each] for f in fields(people)})


def expectancy_share(expectancy: Expectancy, numbers: Mapping[str, float]) -> float:
    """The share of the starting score that goes without drug, as a mean of people."""
    if expectancy is Expectancy.NONE:
        return 0.0
    return numbers[f"expectancy_{expectancy.value}"]


def _sensitivity(leaning: Array, z: Array, numbers: Mapping[str, float]) -> Array:
    """Responders are those whose leaning is in the top share of the population."""
    responds = leaning > quantile(1.0 - numbers["responder_share"])
    # A sensitivity of exactly 0 or 1 has no logit to spread around.
    high = min(numbers["sensitivity_responder"], 0.99)
    spread = numbers["sensitivity_spread"]
    low = _around(numbers["sensitivity_other"], spread, z)
    return np.where(responds, _around(high, spread, z), low)


def _hoped(mean: float, spread: float, z: Array) -> Array:
    """What each hopes, 0 to 1: a share whose mean over people is that of a published arm."""
    return _around(_middle(mean, spread), spread, z)


@lru_cache(maxsize=256)
def _middle(mean: float, spread: float) -> float:
    """The median of shares normal on the logit that have this mean; 0 for 0."""
    if mean <= 0:
        return 0.0
    places, weights = np.polynomial.hermite_e.hermegauss(NODES)
    weights = weights / weights.sum()
    low, high = -40.0, 40.0  # of the median, on the logit
    for _ in range(HALVINGS):
        logit = 0.5 * (low + high)
        below = float(weights @ (1.0 / (1.0 + np.exp(-(logit + spread * places))))) < mean
        low, high = (logit, high) if below else (low, logit)
    return float(1.0 / (1.0 + np.exp(-low)))


def _around(middle: float, spread: float, z: Array) -> Array:
    """Values between 0 and 1 with this median, normal on the logit."""
    if middle <= 0:
        return np.zeros_like(z)
    logit = np.log(middle / (1.0 - middle)) + spread * z
    return np.asarray(1.0 / (1.0 + np.exp(-logit)))


def _rates(numbers: Mapping[str, float]) -> dict[str, float]:
    """The rest of MoodParams, one value each."""
    return {field: numbers[name] for field, name in SHEET_NAMES.items()}


def _drawn_rates(z: Array, numbers: Mapping[str, float]) -> dict[str, Array]:
    """The rates with spread between people, log-normal around the typical; z (4, n)."""
    drawn = {name: np.full(z.shape[1], value) for name, value in _rates(numbers).items()}
    for name, row in zip(VARYING, z, strict=True):
        drawn[name] = drawn[name] * np.exp(numbers["rate_spread"] * row)
    # Nobody's plasticity fades faster than the trigger that makes it.
    floor_days = 4.0 * drawn["trigger_half_life_h"] / 24.0
    drawn["rapid_half_life_d"] = np.maximum(drawn["rapid_half_life_d"], floor_days)
    return drawn
