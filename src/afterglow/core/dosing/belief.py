"""What is believed of one patient's body: a spread of parameter values, and what it rests on.

Parameters are held as deviations from the typical person of this weight, on the log (or logit)
scale, so that zero is typical and every draw is possible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from afterglow.core.body import Covariates
from afterglow.core.dosing import codec
from afterglow.core.dosing.bodies import bodies
from afterglow.core.dosing.fit import Misfit
from afterglow.core.dosing.label import by_device
from afterglow.core.dosing.observed import SessionObserved
from afterglow.core.pharmacology.modes import Floats

LEAST_EFFECTIVE_DRAWS = 200.0
WORST_PARETO_K = 0.7  # above it, importance weights have no finite variance (Vehtari 2024)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Whether the draws may be believed: by their own statistics, and by what they explain."""

    effective_draws: float
    pareto_k: float
    converged: bool
    misfit: Misfit | None = None  # None: not judged

    @property
    def settled(self) -> bool:
        """Whether the draws are those of the posterior."""
        enough = self.effective_draws >= LEAST_EFFECTIVE_DRAWS
        return self.converged and enough and self.pareto_k < WORST_PARETO_K

    @property
    def explained(self) -> bool:
        """Whether the posterior explains what was seen."""
        return self.misfit is None or self.misfit.believed

    @property
    def trusted(self) -> bool:
        return self.settled and self.explained

    @property
    def words(self) -> str:
        return (
            f"{self.effective_draws:.0f} effective draws (at least {LEAST_EFFECTIVE_DRAWS:.0f}), "
            f"Pareto k {self.pareto_k:.2f} (below {WORST_PARETO_K}), "
            f"best fit {'found' if self.converged else 'not found'}"
            f"{'' if self.misfit is None else f', {self.misfit.words}'}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """A prior (`draws` is None) or a posterior. Plain numbers: it can be stored and replayed."""

    model: str
    covariates: Covariates
    parameters: tuple[str, ...]
    mean: tuple[float, ...]  # deviations, (P,); the best fit once something was observed
    cov: tuple[tuple[float, ...], ...]  # (P, P)
    draws: tuple[tuple[float, ...], ...] | None = None  # (N, P)
    observed: tuple[SessionObserved, ...] = ()
    trust: Trust | None = None
    assumptions: tuple[str, ...] = ()

    @property
    def taught_by(self) -> tuple[SessionObserved, ...]:
        """The sessions so far, without those by nasal device: they teach nothing."""
        return tuple(one for one in self.observed if not by_device(one.doses))

    def sample(self, n: int, seed: int) -> Floats:
        """`n` people like this one, as deviations (P, n)."""
        dice = np.random.default_rng(seed)
        if self.draws is None:
            half = np.linalg.cholesky(np.array(self.cov))
            noise = dice.standard_normal((len(self.mean), n))
            spread: Floats = np.einsum("ij,jn->in", half, noise)
            return np.array(self.mean)[:, None] + spread
        values = np.fromiter(chain.from_iterable(self.draws), np.float64)  # half of `array`'s time
        held = values.reshape(len(self.draws), -1).T
        if held.shape[1] == n:
            return held
        chosen: Floats = np.ascontiguousarray(held[:, dice.integers(held.shape[1], size=n)])
        return chosen

    def typical(self) -> dict[str, float]:
        """The best single value of each parameter, in its own unit (L, L/min, ng/mL ...)."""
        values = self.bodies(np.array(self.mean)[:, None])
        return {name: float(values[name][0]) for name in self.parameters}

    def bodies(self, deviations: Floats) -> dict[str, Floats]:
        """Every parameter of N people in its own unit, from their deviations (P, N)."""
        return bodies(self.model, self.covariates, self.parameters, deviations)

    def to_json(self) -> dict[str, Any]:
        """A dict of plain JSON values."""
        raw: dict[str, Any] = codec.plain(self)
        return raw

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Belief:
        return codec.read(cls, raw)
