"""A session's luck, summed over: scores of one session all run high, or all run low.

What is expected of n scores is f times a course d, above what they are without drug, and ln f is
normal around 0 with an SD of `spread`. With independent errors the likelihood of all of them is

    exp(-sum(y^2 / sd^2) / 2) * E[exp(b f - a f^2 / 2)],   a = sum(d^2 / sd^2), b = sum(d y / sd^2)

so however many scores there are, one integral over f is left. It is taken around its peak.
"""

from __future__ import annotations

import math

import numpy as np

from afterglow.core.pharmacology.compiled import compiled
from afterglow.core.pharmacology.modes import Floats

APART, LEAST, MOST_PLACES = 0.55, 1e-13, 60  # in widths of the peak; of its height
MOST_STEPS, NEAR = 40, 1e-6  # to the peak, in its widths


@compiled
def over_luck(a: Floats, b: Floats, spread: float) -> tuple[Floats, Floats, Floats]:
    """Log of that mean (N,), and what f and f^2 are on average given the scores, (N,) each."""
    log_mean, first, second = np.empty(a.size), np.empty(a.size), np.empty(a.size)
    for n in range(a.size):
        log_mean[n], first[n], second[n] = _integral(a[n], b[n], spread)
    return log_mean, first, second


@compiled
def _integral(a: float, b: float, spread: float) -> tuple[float, float, float]:
    """By steps of equal length from the peak down both sides, until nothing is left to add."""
    peak, width = _peak(a, b, spread)
    at_peak = math.exp(spread * peak)
    top = _height(a, b, at_peak, peak)
    total, first, second = 1.0, at_peak, at_peak**2
    for side in (-1, 1):
        z, f, more = peak, at_peak, math.exp(side * spread * APART * width)
        for _ in range(MOST_PLACES):
            z += side * APART * width
            f *= more
            part = math.exp(_height(a, b, f, z) - top)
            total += part
            first += part * f
            second += part * f * f
            if part < LEAST:
                break
    log_mean = top + math.log(total * APART * width / math.sqrt(2 * math.pi))
    return log_mean, first / total, second / total


@compiled
def _height(a: float, b: float, f: float, z: float) -> float:
    return b * f - 0.5 * a * f * f - 0.5 * z * z


@compiled
def _peak(a: float, b: float, spread: float) -> tuple[float, float]:
    """Where the integrand is highest, and how wide it is there. Each step is uphill."""
    z = 0.0
    for _ in range(MOST_STEPS):
        f = math.exp(spread * z)
        curve = 1 + spread**2 * a * f * f
        curve = max(curve + spread**2 * f * (a * f - b), 0.5 * curve)
        step = (spread * f * (b - a * f) - z) / curve
        z += min(max(step, -1.0), 1.0)
        if abs(step) * math.sqrt(curve) < NEAR:
            break
    return z, 1 / math.sqrt(curve)
