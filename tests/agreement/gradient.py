"""The slopes the best fit walks along, against differences of a density that knows no slopes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from afterglow.core.dosing.population import covariance
from afterglow.core.dosing.posterior import Target
from afterglow.core.quantity import Dose
from tests.agreement.compare import Agreement
from tests.agreement.solver import Floats
from tests.core.dosing.test_slopes import WAYS_IN, target

WIDER = 2.0  # people differ by so many times their published spread: a walk looks further, too
STEPS = 0.02 / 2.0 ** np.arange(10)  # deviations; the narrow miss the corner of a full scale
AGREED = 1e-6
FAINT = 1e-3  # of a person's steepest slope: below it, a slope counts against this level


@dataclass(frozen=True, slots=True)
class Slope:
    """One model and one way in, with every kind of observation over two sessions."""

    model: str
    way: str
    doses: tuple[Dose, ...]

    @property
    def name(self) -> str:
        return f"{self.model}, {self.way}"

    def compared(self, people: int, seed: int = 1) -> Agreement:
        """`people` drawn from the seed."""
        followed = self.model == "simons_2022" and self.way != "under the tongue"
        known = target(self.model, self.doses, metabolite=followed)
        half = np.linalg.cholesky(covariance(self.model))
        dice = np.random.default_rng(seed)
        drawn = WIDER * (half @ dice.standard_normal((half.shape[0], people)))
        return Agreement(self.name, people, max(off(known, at) for at in drawn.T))


def every_slope() -> Iterator[Slope]:
    for way, doses in WAYS_IN.items():
        yield Slope("simons_2022", way, doses)
    for model in ("otto_2021", "kamp_2020_meta"):
        yield Slope(model, "an infusion", WAYS_IN["an infusion"])


def off(known: Target, at: Floats) -> float:
    """The worst of all slopes there. The density is the crowd's, which takes no derivative."""
    slope, reference = known.walker().at(at).slope, differences(known, at)
    scale = np.maximum(np.abs(reference), FAINT * np.abs(reference).max())
    return float((np.abs(slope - reference) / scale).max())


def differences(known: Target, at: Floats) -> Floats:
    """Slopes of the density (P,) by central differences over many steps, drawn out to none.

    Ridders 1982: wide steps bend, narrow ones round, so each slope is read where the table of
    extrapolations differs least from its neighbours.
    """
    sides = np.eye(at.size)[None] * STEPS[:, None, None]
    asked = at + np.stack([sides, -sides])  # (2, steps, P, P)
    heights = known.log_density(asked.reshape(-1, at.size).T).reshape(asked.shape[:3])
    row = (heights[0] - heights[1]) / (2 * STEPS[:, None])
    best, doubt = row[0], np.full(at.size, np.inf)
    for order in range(1, STEPS.size):
        finer = row[1:] + (row[1:] - row[:-1]) / (4.0**order - 1)
        apart = np.maximum(np.abs(finer - row[1:]), np.abs(finer - row[:-1]))
        for found, differs in zip(finer, apart, strict=True):
            best = np.where(differs < doubt, found, best)
            doubt = np.minimum(doubt, differs)
        row = finer
    return np.asarray(best)
