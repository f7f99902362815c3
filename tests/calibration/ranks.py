"""Whether ranks are even, and what is luck.

Ranks of true values among their draws, one a person: people are independent, so the number of
people is the size of the sample. Coverage is judged by its binomial error; the whole distribution
by the largest departure of its steps from a straight line that simultaneous bounds allow
(Sailynoja, Buerkner, Vehtari, Stat Comput 2022).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.stats import binom, norm

from tests.calibration.hidden import Dice, Floats

WIDTHS = (0.5, 0.8, 0.95)
LOOKED_AT = 100  # places along the line
IMAGINED = 20_000  # sets of even ranks, to know luck by
SLIP = 0.05  # chance that a whole table of true intervals shows one "NO"


@dataclass(frozen=True, slots=True)
class Ranked:
    """Where one true quantity fell among its draws, (people,), 0 to 1."""

    kind: str
    name: str
    ranks: Floats
    refused: int

    def inside(self, width: float) -> float:
        """Share of true values within the middle `width` of their draws."""
        return float(np.mean(np.abs(self.ranks - 0.5) < width / 2))

    def off(self) -> float:
        """The largest difference from what was promised, in standard errors of so many people."""
        return max(abs(self.inside(w) - w) / _error(w, self.ranks.size) for w in WIDTHS)

    def chance(self) -> float:
        """How often even ranks of so many people would look as uneven as these."""
        imagined = _imagined(self.ranks.size)
        return float((1 + np.sum(imagined <= _steepest(self.ranks[None])[0])) / (1 + imagined.size))

    def kept(self, among: int) -> bool:
        """Whether luck explains what is seen here, in a table of `among` such lines."""
        bound = norm.isf(SLIP / among / 2 / len(WIDTHS) / 2)
        return self.chance() > SLIP / among / 2 and self.off() < bound


def rank(truth: Floats, draws: Floats, dice: Dice) -> Floats:
    """Where each truth (Q,) lies among its draws (Q, N), 0 to 1; even if it is one of them."""
    below = np.sum(draws < truth[:, None], axis=1)
    equal = np.sum(draws == truth[:, None], axis=1)
    luck = dice.random(truth.size)
    return np.asarray((below + luck * (equal + 1)) / (draws.shape[1] + 1))


def _error(width: float, people: int) -> float:
    return float(np.sqrt(width * (1 - width) / people))


@cache
def _tails(people: int) -> Floats:
    """Two-sided chance of every count below every place, (places, 1 + people)."""
    counts, places = np.arange(people + 1), _places()[:, None]
    below, above = binom.cdf(counts, people, places), binom.sf(counts - 1, people, places)
    return np.asarray(np.minimum(1.0, 2 * np.minimum(below, above)))


def _places() -> Floats:
    return np.asarray(np.arange(1, LOOKED_AT) / LOOKED_AT)


def _steepest(ranks: Floats) -> Floats:
    """The least likely step of each row of ranks (sets, people)."""
    sets, people = ranks.shape
    cells = np.minimum((ranks * LOOKED_AT).astype(int), LOOKED_AT - 1)
    flat = (np.arange(sets)[:, None] * LOOKED_AT + cells).ravel()
    counts = np.bincount(flat, minlength=sets * LOOKED_AT).reshape(sets, LOOKED_AT)
    below = np.cumsum(counts, axis=1)[:, :-1]
    return np.asarray(_tails(people)[np.arange(LOOKED_AT - 1), below].min(axis=1))


@cache
def _imagined(people: int) -> Floats:
    """The least likely step of sets of even ranks, ascending."""
    dice = np.random.default_rng(people)
    parts = [_steepest(dice.random((500, people))) for _ in range(IMAGINED // 500)]
    return np.sort(np.concatenate(parts))
