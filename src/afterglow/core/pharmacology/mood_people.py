"""Typical and drawn people of the mood model: responders and others (M10)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.mood import MADRS_TOP, Array, Expectancy, MoodParams
from afterglow.core.pharmacology.sourced import sheet

LOWEST_BASELINE_MADRS = 7.0  # below it there is no depression to treat (band 0-6)


def typical(
    *,
    baseline_madrs: float = 32.0,
    responder: bool = True,
    expectancy: Expectancy = Expectancy.ACTIVE_COMPARATOR,
    new_antidepressant: bool = False,
) -> MoodParams:
    """One typical person, as arrays of length 1. Baseline in MADRS points."""
    numbers = sheet("mood")
    kind = "sensitivity_responder" if responder else "sensitivity_other"
    fields = {
        "baseline_madrs": baseline_madrs,
        "sensitivity": numbers.value(kind),
        "expectancy": expectancy_share(expectancy),
        "slow_recovery": numbers.value("new_antidepressant_share") if new_antidepressant else 0.0,
        **_rates(),
    }
    return MoodParams(**{name: np.array([value]) for name, value in fields.items()})


def draw(
    people: int,
    seed: int,
    *,
    baseline_madrs: tuple[float, float] = (32.0, 5.0),
    expectancy: Expectancy = Expectancy.ACTIVE_COMPARATOR,
    new_antidepressant: bool = False,
    responder_share: float | None = None,
    dissociation_z: Array | None = None,
    dissociation_correlation: float | None = None,
) -> MoodParams:
    """Virtual people: baseline as mean and SD (MADRS); the same seed gives the same people.

    `dissociation_z` (n,) are the standard normal values behind these people's susceptibility to
    dissociation; with them, benefit is drawn with the published correlation. It is a correlation
    of samples: giving somebody more dissociation does not give them more benefit.
    """
    if people < 1:
        raise BadInput(f"people must be 1 or more, got {people}.")
    numbers, rng = sheet("mood"), np.random.default_rng(seed)
    z = rng.standard_normal((7, people))
    share = numbers.value("responder_share") if responder_share is None else responder_share
    leaning = z[0]
    if dissociation_z is not None:
        rho = dissociation_correlation
        rho = numbers.value("dissociation_correlation") if rho is None else rho
        leaning = rho * dissociation_z + np.sqrt(1.0 - rho**2) * z[0]
    return MoodParams(
        baseline_madrs=np.clip(
            baseline_madrs[0] + baseline_madrs[1] * z[1], LOWEST_BASELINE_MADRS, MADRS_TOP
        ),
        sensitivity=_sensitivity(leaning, rng.standard_normal(people), share),
        expectancy=_around(expectancy_share(expectancy), "expectancy_spread", z[2]),
        slow_recovery=np.full(
            people, numbers.value("new_antidepressant_share") if new_antidepressant else 0.0
        ),
        **_drawn_rates(z[3:7]),
    )


def expectancy_share(expectancy: Expectancy) -> float:
    """The typical share of the starting score that goes without drug."""
    if expectancy is Expectancy.NONE:
        return 0.0
    return sheet("mood").value(f"expectancy_{expectancy.value}")


def _sensitivity(leaning: Array, z: Array, share: float) -> Array:
    """Responders are those whose leaning is in the top `share` of the population."""
    from scipy.special import ndtri  # noqa: PLC0415 - scipy.special is slow to load

    numbers = sheet("mood")
    responds = leaning > ndtri(1.0 - share)
    high = _around(numbers.value("sensitivity_responder"), "sensitivity_spread", z)
    low = _around(numbers.value("sensitivity_other"), "sensitivity_spread", z)
    return np.where(responds, high, low)


def _around(middle: float, spread: str, z: Array) -> Array:
    """Values between 0 and 1 with this median, normal on the logit."""
    if middle <= 0:
        return np.zeros_like(z)
    logit = np.log(middle / (1.0 - middle)) + sheet("mood").value(spread) * z
    return np.asarray(1.0 / (1.0 + np.exp(-logit)))


def _rates() -> dict[str, float]:
    """The rest of MoodParams at its typical value."""
    numbers = sheet("mood")
    sheet_names = {
        "potential_per_hour": "potential_per_hour",
        "trigger_half_life_h": "trigger_half_life",
        "rapid_half_life_d": "rapid_half_life",
        "consolidation_per_day": "consolidation_per_day",
        "consolidated_half_life_d": "consolidated_half_life",
        "rapid_share": "rapid_share",
        "expectancy_half_rise_d": "expectancy_half_rise",
        "slow_recovery_half_rise_d": "new_antidepressant_half_rise",
        "residual_madrs": "residual_madrs",
    }
    return {field: numbers.value(name) for field, name in sheet_names.items()}


def _drawn_rates(z: NDArray[np.float64]) -> dict[str, Array]:
    """The rates with spread between people, log-normal around the typical; z (4, n)."""
    spread = sheet("mood").value("rate_spread")
    drawn = {name: np.full(z.shape[1], value) for name, value in _rates().items()}
    varying = (
        "potential_per_hour",
        "rapid_half_life_d",
        "consolidation_per_day",
        "consolidated_half_life_d",
    )
    for name, row in zip(varying, z, strict=True):
        drawn[name] = drawn[name] * np.exp(spread * row)
    return drawn
