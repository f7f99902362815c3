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
MOST_STEPS, NEAR = 40, 1e-2  # to the peak, in its widths: it is only where the steps begin
BLOCK = 32  # people whose integrals are taken side by side
# Rows of a block, laid end to end: the compiler then sees that nobody's numbers are another's.
ROWS = 13
A, B, PEAK, CURVE, STEP, TOP, Z, F, MORE, GOES, TOTAL, FIRST, SECOND = (
    n * BLOCK for n in range(ROWS)
)
FOLDS, LOWEST, HIGHEST = 6, -45.0, 12.0  # e^x is (e^(x/64))^64


def _near_exponential() -> tuple[float, ...]:
    """Coefficients of a polynomial through e^x, from the lowest to the highest x/64."""
    ends = (LOWEST / 2**FOLDS, HIGHEST / 2**FOLDS)
    through = np.polynomial.Chebyshev.interpolate(np.exp, 11, domain=ends)
    return tuple(float(one) for one in through.convert(kind=np.polynomial.Polynomial).coef)


EXPONENTIAL = _near_exponential()


@compiled
def over_luck(a: Floats, b: Floats, spread: float) -> tuple[Floats, Floats, Floats]:
    """Log of that mean (N,), and what f and f^2 are on average given the scores, (N,) each."""
    log_mean, first, second = np.empty(a.size), np.empty(a.size), np.empty(a.size)
    x = np.ones(ROWS * BLOCK)
    for begin in range(0, a.size, BLOCK):
        people = min(BLOCK, a.size - begin)
        x[A : A + people] = a[begin : begin + people]
        x[B : B + people] = b[begin : begin + people]
        _to_peak(x, spread)
        _integrate(x, spread)
        for n in range(people):
            area = x[TOTAL + n] * x[STEP + n] / math.sqrt(2 * math.pi)
            log_mean[begin + n] = x[TOP + n] + math.log(area)
            first[begin + n] = x[FIRST + n] / x[TOTAL + n]
            second[begin + n] = x[SECOND + n] / x[TOTAL + n]
    return log_mean, first, second


@compiled
def _to_peak(x: Floats, spread: float) -> None:
    """Find where each integrand is highest, and how sharp it is there. Each step is uphill."""
    for n in range(BLOCK):
        x[PEAK + n], x[GOES + n] = 0.0, 1.0
    for _ in range(MOST_STEPS):
        for n in range(BLOCK):
            a, b = x[A + n], x[B + n]
            f = _exp(spread * x[PEAK + n])
            curve = 1 + spread**2 * a * f * f
            curve = max(curve + spread**2 * f * (a * f - b), 0.5 * curve)
            step = x[GOES + n] * (spread * f * (b - a * f) - x[PEAK + n]) / curve
            x[CURVE + n] = curve if x[GOES + n] > 0 else x[CURVE + n]
            x[PEAK + n] += min(max(step, -1.0), 1.0)
            x[GOES + n] = 1.0 if step * step * curve > NEAR**2 else 0.0
        if not _any_goes(x):
            break


@compiled
def _any_goes(x: Floats) -> bool:
    going = 0.0
    for n in range(BLOCK):
        going = max(going, x[GOES + n])
    return going > 0.0


@compiled
def _integrate(x: Floats, spread: float) -> None:
    """By steps of equal length from the peak down both sides, until nothing is left to add."""
    for n in range(BLOCK):
        f = _exp(spread * x[PEAK + n])
        x[STEP + n] = APART / math.sqrt(x[CURVE + n])
        x[TOP + n] = _height(x[A + n], x[B + n], f, x[PEAK + n])
        x[TOTAL + n], x[FIRST + n], x[SECOND + n] = 1.0, f, f * f
    for side in (-1.0, 1.0):
        for n in range(BLOCK):
            x[Z + n], x[F + n] = x[PEAK + n], _exp(spread * x[PEAK + n])
            x[MORE + n], x[GOES + n] = _exp(side * spread * x[STEP + n]), 1.0
        for _ in range(MOST_PLACES):
            _go_down(x, side)
            if not _any_goes(x):
                break


@compiled
def _go_down(x: Floats, side: float) -> None:
    """One step down a side of every peak. Who has nothing left to add waits for the others."""
    for n in range(BLOCK):
        z, f = x[Z + n] + side * x[STEP + n], x[F + n] * x[MORE + n]
        part = x[GOES + n] * _exp(_height(x[A + n], x[B + n], f, z) - x[TOP + n])
        x[Z + n], x[F + n] = z, f
        x[TOTAL + n] += part
        x[FIRST + n] += part * f
        x[SECOND + n] += part * f * f
        x[GOES + n] = 1.0 if part > LEAST else 0.0


@compiled
def _height(a: float, b: float, f: float, z: float) -> float:
    return b * f - 0.5 * a * f * f - 0.5 * z * z


@compiled
def _exp(x: float) -> float:
    """e^x to 1e-13 of itself; below 1e-19 it stays there. Unlike libm's, for several at once."""
    y = min(max(x, LOWEST), HIGHEST) / 2**FOLDS
    k = EXPONENTIAL
    low = k[0] + y * (k[1] + y * (k[2] + y * k[3]))
    middle = k[4] + y * (k[5] + y * (k[6] + y * k[7]))
    high = k[8] + y * (k[9] + y * (k[10] + y * k[11]))
    fourth = y * y * y * y
    out: float = low + fourth * (middle + fourth * high)
    for _ in range(FOLDS):
        out *= out
    return out
