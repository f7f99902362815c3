"""One person's levels and how they change with each of the person's parameters, exactly.

The modes of `modes.py` once more, each number with its slopes beside it: column 0 of an array is a
value, columns 1 ... D its derivatives. Compiled, for the few calls in a row that finding a best fit
needs; crowds are followed by `levels.py`, against which this is tested.

Modes of two near rates cancel, and a slope cancels once more than a level does. So where a rate
meets another, the level is asked for at places around the meeting, in the complex plane, where all
rates are apart: a level is an analytic function, and their mean is its value in the middle.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from afterglow.core.pharmacology.compiled import compiled
from afterglow.core.pharmacology.modes import TWIN_APART, Floats

NG_PER_ML = 1000.0  # per mg/L
LOWEST = 1e-12  # ng/mL, where a logarithm is cut off

# Rows of a body: (parameters, 1 + D), in L, L/min, 1/min.
ROWS = (
    "v1", "cl", "q2", "v2", "q3", "v3", "venous_direct", "venous_per_min", "ke0",
    "pressure_per_min", "fraction_nk", "molar_nk", "mtt_nk", "cl_nk", "q_nk", "v2_nk",
)  # fmt: skip
V1, CL, Q2, V2, Q3, V3, DIRECT, VENOUS_K = range(8)
KE0, PRESSURE_K, F_NK, MOLAR_NK, MTT, CL_NK, Q_NK, V2_NK = range(8, 16)
# What a level is asked of.
ARTERIAL, VENOUS, DISSOCIATION_SITE, PRESSURE_SITE, NORKETAMINE = range(5)

Numbers: TypeAlias = NDArray[Any]  # float64; complex128 around a meeting of rates
Modes: TypeAlias = tuple[Numbers, Numbers]  # rates and coefficients, (modes, 1 + D) each

# Where less than this is left of the gaps between rates, a slope is followed in the complex plane.
LEAST_LEFT = 2e-9
AROUND, HALF_THE_PLACES = 1e-2, 4  # the other half mirrors them; what is left out is AROUND^8


@compiled
def _product(a: Numbers, b: Numbers) -> Numbers:
    out = np.empty_like(a)
    out[0] = a[0] * b[0]
    for d in range(1, a.size):
        out[d] = a[d] * b[0] + a[0] * b[d]
    return out


@compiled
def _ratio(a: Numbers, b: Numbers) -> Numbers:
    out = np.empty_like(a)
    out[0] = a[0] / b[0]
    for d in range(1, a.size):
        out[d] = (a[d] - out[0] * b[d]) / b[0]
    return out


@compiled
def link(shape: Modes, per_min: Numbers) -> Modes:
    """What follows a shape at one rate (1 + D,), which must not be one of the shape's own."""
    rates, coefficients = shape
    modes, width = rates.shape
    k = per_min[0]
    out_rates, out = (
        np.empty((modes + 1, width), rates.dtype),
        np.zeros((modes + 1, width), rates.dtype),
    )
    out_rates[:modes] = rates
    out_rates[modes] = per_min
    for m in range(modes):
        rate, gap = rates[m, 0], k - rates[m, 0]
        out[m, 0] = coefficients[m, 0] * k / gap
        for d in range(1, width):
            moved = (k * rates[m, d] - rate * per_min[d]) / gap**2
            out[m, d] = coefficients[m, d] * k / gap + coefficients[m, 0] * moved
        for d in range(width):
            out[modes, d] -= out[m, d]
    return out_rates, out


@compiled
def scaled(shape: Modes, factor: Numbers) -> Modes:
    """A shape times a factor (1 + D,)."""
    rates, coefficients = shape
    out = np.empty_like(coefficients)
    for m in range(coefficients.shape[0]):
        out[m] = _product(coefficients[m], factor)
    return rates, out


@compiled
def through(shape: Modes, organ: Modes) -> Modes:
    """The response of an organ to an input of this shape."""
    modes, width = shape[0].shape
    others = organ[0].shape[0]
    rates = np.zeros((modes + others, width), shape[0].dtype)
    out = np.zeros_like(rates)
    rates[:modes] = shape[0]
    for n in range(others):
        linked_rates, linked = link(shape, organ[0][n])
        scale = _ratio(organ[1][n], linked_rates[modes])
        rates[modes + n] = linked_rates[modes]
        out[modes + n] = _product(linked[modes], scale)
        for m in range(modes):
            out[m] += _product(linked[m], scale)
    return rates, out


@compiled
def two_compartments(v1: Floats, cl: Floats, q2: Floats, v2: Floats) -> Modes:
    """ng/mL in the centre after 1 mg there. A root's slope comes from its own equation."""
    k10, k12, k21 = _ratio(cl, v1), _ratio(q2, v1), _ratio(q2, v2)
    b, c = k10 + k12 + k21, _product(k10, k21)
    fast = (b[0] + math.sqrt(b[0] ** 2 - 4 * c[0])) / 2
    rates = np.empty((2, b.size))
    rates[0, 0], rates[1, 0] = fast, c[0] / fast
    for m in range(2):
        r = rates[m, 0]
        for d in range(1, b.size):
            rates[m, d] = (b[d] * r - c[d]) / (2 * r - b[0])
    out, gap = np.empty_like(rates), rates[0] - rates[1]
    out[0] = _ratio(_ratio(rates[0] - k21, gap), v1) * NG_PER_ML
    out[1] = _ratio(_ratio(k21 - rates[1], gap), v1) * NG_PER_ML
    return rates, out


@compiled
def three_compartments(body: Floats) -> Modes:
    """The same with a third compartment."""
    v1, q2, q3 = body[V1], body[Q2], body[Q3]
    k10, k12, k13 = _ratio(body[CL], v1), _ratio(q2, v1), _ratio(q3, v1)
    k21, k31 = _ratio(q2, body[V2]), _ratio(q3, body[V3])
    b = k10 + k12 + k13 + k21 + k31
    c = _product(k10 + k13, k21) + _product(k10 + k12 + k21, k31)
    d = _product(_product(k10, k21), k31)
    rates = _roots(b, c, d)
    out = np.empty_like(rates)
    for m in range(3):
        one, other = rates[(m + 1) % 3], rates[(m + 2) % 3]
        gaps = _product(one - rates[m], other - rates[m])
        held = _product(k21 - rates[m], k31 - rates[m])
        out[m] = _ratio(_ratio(held, gaps), v1) * NG_PER_ML
    return rates, out


@compiled
def _roots(b: Floats, c: Floats, d: Floats) -> Floats:
    """The three roots of r^3 - b r^2 + c r - d, and their slopes by the equation itself."""
    p = b[0] ** 2 / 9 - c[0] / 3
    q = b[0] ** 3 / 27 - b[0] * c[0] / 6 + d[0] / 2
    angle = math.acos(min(max(q / p**1.5, -1.0), 1.0))
    rates = np.empty((3, b.size))
    for m in range(3):
        r = b[0] / 3 + 2 * math.sqrt(p) * math.cos((angle + 2 * math.pi * (m - 1)) / 3)
        for _ in range(2):
            r -= (((r - b[0]) * r + c[0]) * r - d[0]) / ((3 * r - 2 * b[0]) * r + c[0])
        rates[m, 0] = r
        steep = (3 * r - 2 * b[0]) * r + c[0]
        for n in range(1, b.size):
            rates[m, n] = ((b[n] * r - c[n]) * r + d[n]) / steep
    return rates


@compiled
def seen(body: Floats, three: bool) -> Modes:
    """ng/mL after 1 mg of one enantiomer at once, where the model was fitted."""
    if three:
        return three_compartments(body)
    return two_compartments(body[V1], body[CL], body[Q2], body[V2])


@compiled
def _before_link(seen: Modes, body: Floats, turn: complex) -> Modes:
    """The venous link turned round, for a model fitted to venous blood."""
    direct, late = body[DIRECT], -body[DIRECT]
    late[0] += 1.0
    per_min = _ratio(body[VENOUS_K], direct) * (1 - 2 * turn)
    rates, slow = scaled(link(seen, per_min), late)
    out, modes = -slow, seen[0].shape[0]
    out[:modes] += seen[1]
    for m in range(modes + 1):
        out[m] = _ratio(out[m], direct)
    return rates, out


@compiled
def _venous(arterial: Modes, body: Floats, turn: complex) -> Modes:
    """Part of arterial blood at once, the rest late."""
    late = -body[DIRECT]
    late[0] += 1.0
    rates, out = scaled(link(arterial, body[VENOUS_K] * (1 + turn)), late)
    for m in range(arterial[0].shape[0]):
        out[m] += _product(arterial[1][m], body[DIRECT])
    return rates, out


@compiled
def _metabolite(arterial: Modes, body: Floats, turn: complex) -> Modes:
    """Norketamine: formed through two transit steps, in two compartments."""
    formed = _product(_product(body[F_NK], body[CL]), body[MOLAR_NK])
    two = np.zeros_like(formed)
    two[0] = 2.0
    step = _ratio(two, body[MTT])
    once = link(scaled(arterial, formed), step * (1 - TWIN_APART - turn))
    arriving = link(once, step * (1 + TWIN_APART + turn))
    rates, out = two_compartments(body[V1], body[CL_NK], body[Q_NK], body[V2_NK])
    return through(arriving, (rates * (1 + 2 * turn), out / NG_PER_ML + 0 * turn))


@compiled
def response(
    shape: Modes, body: Floats, in_vein: bool, uptake: Floats, output: int, turn: complex
) -> Modes:
    """What an output makes of 1 mg, from what the model's own blood makes of it.

    Rates in line are turned differently far, so that at no `turn` but 0 two of them can meet.
    """
    if in_vein:
        shape = _before_link(shape, body, turn)
    if uptake[1, 0] > 0:
        shape = scaled(link(shape, uptake[1] * (1 + 3 * turn)), uptake[0])
    if output == VENOUS:
        return _venous(shape, body, turn)
    if output == DISSOCIATION_SITE:
        return link(shape, body[KE0] * (1 + turn))
    if output == PRESSURE_SITE:
        return link(shape, body[PRESSURE_K] * (1 + turn))
    if output == NORKETAMINE:
        return _metabolite(shape, body, turn)
    return shape


@compiled
def _crowded(rates: Floats) -> bool:
    """Whether some of these rates (modes,) lie so near others that slopes lose their digits."""
    for m in range(rates.size):
        left, least = 1.0, 1.0
        for n in range(rates.size):
            if n != m:
                gap = abs(rates[m] - rates[n]) / max(rates[m], rates[n])
                left, least = left * gap, min(least, gap)
        if left * least < LEAST_LEFT:
            return True
    return False


@compiled
def _given(doses: Floats, way: int, enantiomer: int) -> Floats:
    """The doses (n, 3) of one enantiomer by one way: mg, start, minutes."""
    mine = doses[(doses[:, 0] == way) & (doses[:, 1 + enantiomer] > 0)]
    out = np.empty((mine.shape[0], 3))
    out[:, 0], out[:, 1], out[:, 2] = mine[:, 1 + enantiomer], mine[:, 3], mine[:, 4]
    return out


@compiled
def add_doses(out: Floats, shape: Modes, given: Floats, t_min: Floats) -> None:
    """Add to levels (T, 1 + D) what doses (n, 3) make of a shape."""
    for n in range(given.shape[0]):
        add_dose(out, shape, given[n], t_min)


@compiled
def add_dose(out: Floats, shape: Modes, dose: Floats, t_min: Floats) -> None:
    """Add to levels (T, 1 + D) what one dose makes of a shape."""
    rates, coefficients = shape
    mg, starts_min, lasts_min = dose
    for n in range(t_min.size):
        since = t_min[n] - starts_min
        if since < 0:
            continue
        for m in range(rates.shape[0]):
            held, moved = _held(rates[m, 0], since, lasts_min)
            out[n, 0] += mg * (coefficients[m, 0] * held).real
            for d in range(1, out.shape[1]):
                change = coefficients[m, d] * held + coefficients[m, 0] * moved * rates[m, d]
                out[n, d] += mg * change.real


@compiled
def _held(rate: complex, since: float, lasts: float) -> tuple[complex, complex]:
    """How much of 1 mg a mode holds, and its slope in the mode's rate."""
    if lasts <= 0:
        left = np.exp(-rate * since)
        return left, -since * left
    entered = min(since, lasts)
    after = since - entered
    faded, gone = np.exp(-rate * after), -np.expm1(-rate * entered)
    held = faded * gone / (rate * lasts)
    moved = faded * (entered * (1 - gone) - after * gone) / (rate * lasts) - held / rate
    return held, moved


@compiled
def level(
    bodies: tuple[Floats, Floats],
    kind: tuple[bool, bool],
    absorbed: Floats,
    doses: Floats,
    t_min: Floats,
    output: int,
    only_s: bool,
) -> Floats:
    """An output at each time and its slopes, (T, 1 + D), ng/mL.

    `bodies` as S and as R meet them; `kind`: three compartments, fitted in a vein. `absorbed`
    (ways, 2, 1 + D): share and rate of each way in, a rate of 0 for a vein. `doses` (n, 5): way, mg
    of S, mg of R, start, minutes.
    """
    out = np.zeros((t_min.size, bodies[0].shape[1]))
    for enantiomer in range(1 if only_s else 2):
        body = bodies[enantiomer]
        own = seen(body, kind[0])
        for way in range(absorbed.shape[0]):
            given = _given(doses, way, enantiomer)
            shape = response(own, body, kind[1], absorbed[way], output, 0.0)
            if not _crowded(shape[0][:, 0]):
                add_doses(out, shape, given, t_min)
                continue
            given[:, 0] /= HALF_THE_PLACES
            wide = own[0].astype(np.complex128), own[1].astype(np.complex128)
            for place in range(HALF_THE_PLACES):
                turn = AROUND * np.exp(1j * math.pi * (place + 0.5) / HALF_THE_PLACES)
                shape_there = response(wide, body, kind[1], absorbed[way], output, turn)
                add_doses(out, shape_there, given, t_min)
    return out


@compiled
def logarithm(level: Floats) -> Floats:
    """Natural logarithm of levels (T, 1 + D), with its slopes: none where it is cut off."""
    out = np.zeros_like(level)
    for n in range(level.shape[0]):
        if level[n, 0] > LOWEST:
            out[n] = level[n] / level[n, 0]
        out[n, 0] = math.log(max(level[n, 0], LOWEST))
    return out


@compiled
def sigmoid(site: Floats, c50: Floats, gamma: float, top: Floats) -> Floats:
    """A sigmoid effect of levels (T, 1 + D) with its top (1 + D,), and its slopes."""
    out = np.empty_like(site)
    for n in range(site.shape[0]):
        c = max(site[n, 0], LOWEST)
        powered = (c / c50[0]) ** gamma
        share = powered / (1 + powered)
        steep = top[0] * gamma * share * (1 - share)
        out[n] = share * top + steep * (site[n] / c - c50 / c50[0])
        out[n, 0] = share * top[0]
    return out


@compiled
def rise(site: Floats, slope: Floats, highest: float, resting: float) -> Floats:
    """A rise in step with levels (T, 1 + D) up to the level `highest`, and its slopes."""
    out = np.empty_like(site)
    for n in range(site.shape[0]):
        level = min(max(site[n, 0], 0.0), highest)
        follows = slope[0] if level == site[n, 0] else 0.0
        out[n] = level * slope + follows * site[n]
        out[n, 0] = level * slope[0] + resting
    return out
