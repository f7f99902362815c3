"""Whether weighted draws may be trusted: Pareto-smoothed importance sampling.

Vehtari, Simpson, Gelman, Yao, Gabry, J Mach Learn Res 2024; tail fit after Zhang and Stephens 2009.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from afterglow.core.pharmacology.modes import Floats

SHORTEST_TAIL = 5


def smoothed(log_weights: Floats) -> tuple[Floats, float]:
    """Normalised weights (N,) with their tail smoothed, and Pareto k of the tail."""
    weights = np.exp(log_weights - log_weights.max())
    n = weights.size
    tail = min(n // 5, int(3 * np.sqrt(n)))
    order = np.argsort(weights, kind="stable")
    cut = weights[order[-tail - 1]]
    beyond = weights[order[-tail:]] - cut
    if tail < SHORTEST_TAIL or beyond[-1] <= 0 or np.ptp(beyond) < 1e-12:
        return np.asarray(weights / weights.sum()), 0.0 if np.ptp(weights) < 1e-12 else np.inf
    k, sigma = _pareto(np.maximum(beyond, 1e-300))
    weights[order[-tail:]] = np.minimum(cut + _quantiles(k, sigma, tail), 1.0)
    return np.asarray(weights / weights.sum()), k


def effective(weights: Floats) -> float:
    """How many equal draws the normalised weights (N,) are worth."""
    return float(1 / np.sum(weights**2))


def resampled(weights: Floats, n: int, offset: float) -> NDArray[np.intp]:
    """`n` places of weights (N,), each drawn in proportion to its weight.

    Evenly spaced from `offset` in [0, 1).
    """
    marks = (np.arange(n) + offset) / n
    places = np.searchsorted(np.cumsum(weights), marks, side="right")
    return np.asarray(np.minimum(places, weights.size - 1))


def _pareto(beyond: Floats) -> tuple[float, float]:
    """Shape k and scale of a generalised Pareto tail; `beyond` ascending and positive."""
    n = beyond.size
    m = 30 + int(np.sqrt(n))
    grid = 1 - np.sqrt(m / (np.arange(1, m + 1) - 0.5))
    grid = grid / (3 * beyond[int(n / 4 + 0.5) - 1]) + 1 / beyond[-1]
    shapes = np.log1p(-grid[:, None] * beyond).mean(axis=1)
    score = n * (np.log(-grid / shapes) - shapes - 1)
    share = np.exp(score - score.max())
    b = float(np.sum(grid * share) / share.sum())
    k = float(np.log1p(-b * beyond).mean())
    return (n * k + 5) / (n + 10), -k / b


def _quantiles(k: float, sigma: float, n: int) -> Floats:
    p = (np.arange(n) + 0.5) / n
    if abs(k) < 1e-8:
        return np.asarray(-sigma * np.log1p(-p))
    return np.asarray(sigma * np.expm1(-k * np.log1p(-p)) / k)
