"""Sums of exponentials: the shape every linear compartment model gives to a unit dose.

A `Shape` holds, for N people at once, response(t) = sum_i coefficient_i exp(-rate_i t). Volumes,
links, absorption and metabolites are small operations on it, so a model of any size stays exact and
needs no solver. All arrays are (modes, N); rates are per min.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Two equal rates have no separate modes. They are moved apart by this fraction: far below what any
# blood level can tell, far above what rounding can blur.
APART = 1e-7
TWIN_APART = 1e-4  # both ways, so that the error is its square


@dataclass(frozen=True, slots=True)
class Shape:
    """The response to a unit dose at time 0."""

    rates: Floats
    coefficients: Floats

    def times(self, factor: Floats | float) -> Shape:
        return Shape(self.rates, self.coefficients * factor)

    def at(self, t_min: Floats) -> Floats:
        """Response at each time, (len(t), N)."""
        faded = np.exp(-self.rates * t_min[:, None, None])
        return np.asarray(np.einsum("mn,tmn->tn", self.coefficients, faded))

    def area(self) -> Floats:
        """Area under the response from 0 to infinity, (N,)."""
        total: Floats = np.sum(self.coefficients / self.rates, axis=0)
        return total


def link(shape: Shape, per_min: Floats) -> Shape:
    """What follows `shape` at one rate (N,), 1/min: dy/dt = k (shape - y).

    Effect site, venous lag, transit.
    """
    per_min = _kept_apart(shape.rates, np.broadcast_to(per_min, shape.rates.shape[1:]))
    through = shape.coefficients * per_min / (per_min - shape.rates)
    own = -np.sum(through, axis=0, keepdims=True)
    return Shape(np.vstack([shape.rates, per_min[None]]), np.vstack([through, own]))


def through(shape: Shape, organ: Shape) -> Shape:
    """The response of `organ` to an input of the shape `shape` (their convolution)."""
    rates, coefficients = [shape.rates], np.zeros_like(shape.coefficients)
    own = []
    for rate, coefficient in zip(organ.rates, organ.coefficients, strict=True):
        linked = link(shape, rate)
        scale = coefficient / linked.rates[-1]
        coefficients = coefficients + linked.coefficients[:-1] * scale
        rates.append(linked.rates[-1:])
        own.append(linked.coefficients[-1:] * scale)
    return Shape(np.vstack(rates), np.vstack([coefficients, *own]))


def twin_transit(shape: Shape, per_min: Floats) -> Shape:
    """Two transit compartments in a row with the same rate (N,), in 1/min."""
    return link(link(shape, per_min * (1 - TWIN_APART)), per_min * (1 + TWIN_APART))


def mammillary(*, v1: Floats, cl: Floats, q2: Floats, v2: Floats) -> Shape:
    """Concentration in the centre of two compartments, mg/L per mg given there. Arguments (N,)."""
    k10, k12, k21 = cl / v1, q2 / v1, q2 / v2
    half = (k10 + k12 + k21) / 2
    fast = half + np.sqrt(half**2 - k10 * k21)
    slow = k10 * k21 / fast  # not half - sqrt: that cancels
    rates = np.stack(np.broadcast_arrays(fast, slow))
    return Shape(rates, np.stack([(fast - k21), (k21 - slow)]) / (fast - slow) / v1)


def mammillary3(*, v1: Floats, cl: Floats, q2: Floats, v2: Floats, q3: Floats, v3: Floats) -> Shape:
    """The same with a third compartment."""
    k21, k31 = q2 / v2, q3 / v3
    rates = _three_rates(np.stack(np.broadcast_arrays(cl / v1, q2 / v1, k21, q3 / v1, k31)))
    first, second, third = rates
    gaps = np.stack(
        [
            (second - first) * (third - first),
            (first - second) * (third - second),
            (first - third) * (second - third),
        ]
    )
    return Shape(rates, (k21 - rates) * (k31 - rates) / gaps / v1)


def _three_rates(micro: Floats) -> Floats:
    """The three roots of the characteristic cubic, real and positive, then two Newton steps.

    `micro` holds k10, k12, k21, k13, k31 in its rows.
    """
    k10, k12, k21, k13, k31 = micro
    b = k10 + k12 + k13 + k21 + k31
    c = k10 * k21 + k10 * k31 + k12 * k31 + k13 * k21 + k21 * k31
    d = k10 * k21 * k31
    p, q = b**2 / 9 - c / 3, b**3 / 27 - b * c / 6 + d / 2
    angle = np.arccos(np.clip(q / p**1.5, -1.0, 1.0))
    turns = np.array([[0.0], [-2.0], [2.0]]) * np.pi
    roots = b / 3 + 2 * np.sqrt(p) * np.cos((angle + turns) / 3)
    for _ in range(2):
        value = ((roots - b) * roots + c) * roots - d
        roots = roots - value / ((3 * roots - 2 * b) * roots + c)
    return np.asarray(roots)


def _kept_apart(rates: Floats, per_min: Floats) -> Floats:
    gap = (per_min - rates) / per_min
    near = np.abs(gap) < APART
    if not near.any():
        return np.array(per_min)
    return np.asarray(np.where(near.any(axis=0), per_min * (1 + 2.5 * APART), per_min))
