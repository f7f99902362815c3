"""How far two answers are apart, and what is compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tests.agreement.solver import Floats

TIMES = np.array([1.0, 5, 10, 20, 40, 45, 60, 65, 80, 90, 120, 180, 240])
FAINT = 1e-4  # of a person's own peak: below it, differences are counted against this level
AGREED = 1e-6


class Compared(Protocol):
    """A shape of network with people in it, answered in both ways."""

    @property
    def name(self) -> str: ...

    def answers(self, people: int, seed: int) -> tuple[Floats, Floats]:
        """The fast path's and the solver's, (outputs, T, N) each."""
        ...


@dataclass(frozen=True, slots=True)
class Agreement:
    """The worst of all outputs, instants and people."""

    name: str
    people: int
    worst: float


def compare(one: Compared, people: int, seed: int = 1) -> Agreement:
    fast, solved = one.answers(people, seed)
    assert fast.shape == solved.shape
    assert np.all(np.isfinite(fast))
    peak = np.abs(solved).max(axis=1, keepdims=True)
    assert np.all(peak > 0), f"{one.name}: nothing arrives somewhere"
    off = np.abs(fast - solved) / np.maximum(np.abs(solved), FAINT * peak)
    return Agreement(one.name, people, float(off.max()))
