"""One person's levels and how they change with each of the person's parameters, exactly.

The modes of `modes.py` once more, each number with its slopes beside it: column 0 of an array is a
value, columns 1 ... D its derivatives. Compiled, for the few calls in a row that finding a best fit
needs; crowds are followed by `levels.py`, against which this is tested.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np

from afterglow.core.pharmacology.compiled import compiled
from afterglow.core.pharmacology.modes import APART, TWIN_APART, Floats

NG_PER_ML = 1000.0  # per mg/L

# Rows of a body: (parameters, 1 + D), in L, L/min, 1/min.
ROWS = (
    "v1", "cl", "q2", "v2", "q3", "v3", "venous_direct", "venous_per_min", "ke0",
    "pressure_per_min", "fraction_nk", "molar_nk", "mtt_nk", "cl_nk", "q_nk", "v2_nk",
)  # fmt: skip
V1, CL, Q2, V2, Q3, V3, DIRECT, VENOUS_K = range(8)
KE0, PRESSURE_K, F_NK, MOLAR_NK, MTT, CL_NK, Q_NK, V2_NK = range(8, 16)
# What a level is asked of.
ARTERIAL, VENOUS, DISSOCIATION_SITE, PRESSURE_SITE, NORKETAMINE = range(5)

Modes: TypeAlias = tuple[Floats, Floats]  # rates and coefficients, (modes, 1 + D) each


@compiled
def _product(a: Floats, b: Floats) -> Floats:
    out = np.empty_like(a)
    out[0] = a[0] * b[0]
    for d in range(1, a.size):
        out[d] = a[d] * b[0] + a[0] * b[d]
    return out


@compiled
def _ratio(a: Floats, b: Floats) -> Floats:
    out = np.empty_like(a)
    out[0] = a[0] / b[0]
    for d in range(1, a.size):
        out[d] = (a[d] - out[0] * b[d]) / b[0]
    return out


@compiled
def link(shape: Modes, per_min: Floats) -> Modes:
    """What follows a shape at one rate (1 + D,)."""
    rates, coefficients = shape
    modes, width = rates.shape
    k = per_min[0]
    for m in range(modes):
        if abs((k - rates[m, 0]) / k) < APART:
            k *= 1 + 2.5 * APART  # two equal rates have no separate modes
            break
    out_rates, out = np.empty((modes + 1, width)), np.empty((modes + 1, width))
    out_rates[:modes] = rates
    out_rates[modes] = per_min
    out_rates[modes, 0] = k
    out[modes] = 0.0
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
def scaled(shape: Modes, factor: Floats) -> Modes:
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
    rates, out = np.zeros((modes + others, width)), np.zeros((modes + others, width))
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
def parent(body: Floats, three: bool, in_vein: bool) -> Modes:
    """Arterial ng/mL after 1 mg of one enantiomer at once; see `levels.parent`."""
    if three:
        shape = three_compartments(body)
    else:
        shape = two_compartments(body[V1], body[CL], body[Q2], body[V2])
    return _before_link(shape, body) if in_vein else shape


@compiled
def _before_link(seen: Modes, body: Floats) -> Modes:
    """The venous link turned round, for a model fitted to venous blood."""
    direct, late = body[DIRECT], -body[DIRECT]
    late[0] += 1.0
    rates, slow = scaled(link(seen, _ratio(body[VENOUS_K], direct)), late)
    out, modes = -slow, seen[0].shape[0]
    out[:modes] += seen[1]
    for m in range(modes + 1):
        out[m] = _ratio(out[m], direct)
    return rates, out


@compiled
def _venous(arterial: Modes, body: Floats) -> Modes:
    """Part of arterial blood at once, the rest late."""
    late = -body[DIRECT]
    late[0] += 1.0
    rates, out = scaled(link(arterial, body[VENOUS_K]), late)
    for m in range(arterial[0].shape[0]):
        out[m] += _product(arterial[1][m], body[DIRECT])
    return rates, out


@compiled
def _metabolite(arterial: Modes, body: Floats) -> Modes:
    """Norketamine: formed through two transit steps, in two compartments."""
    formed = _product(_product(body[F_NK], body[CL]), body[MOLAR_NK])
    two = np.zeros_like(formed)
    two[0] = 2.0
    step = _ratio(two, body[MTT])
    once = link(scaled(arterial, formed), step * (1 - TWIN_APART))
    arriving = link(once, step * (1 + TWIN_APART))
    rates, out = two_compartments(body[V1], body[CL_NK], body[Q_NK], body[V2_NK])
    return through(arriving, (rates, out / NG_PER_ML))


@compiled
def response(arterial: Modes, body: Floats, output: int) -> Modes:
    """What an output makes of 1 mg, from what arterial blood makes of it."""
    if output == VENOUS:
        return _venous(arterial, body)
    if output == DISSOCIATION_SITE:
        return link(arterial, body[KE0])
    if output == PRESSURE_SITE:
        return link(arterial, body[PRESSURE_K])
    if output == NORKETAMINE:
        return _metabolite(arterial, body)
    return arterial


@compiled
def add_dose(
    out: Floats, shape: Modes, mg: float, starts_min: float, lasts_min: float, t_min: Floats
) -> None:
    """Add to levels (T, 1 + D) what one dose makes of a shape."""
    rates, coefficients = shape
    for n in range(t_min.size):
        since = t_min[n] - starts_min
        if since < 0:
            continue
        for m in range(rates.shape[0]):
            held, moved = _held(rates[m, 0], since, lasts_min)
            out[n, 0] += mg * coefficients[m, 0] * held
            for d in range(1, out.shape[1]):
                change = coefficients[m, d] * held + coefficients[m, 0] * moved * rates[m, d]
                out[n, d] += mg * change


@compiled
def _held(rate: float, since: float, lasts: float) -> tuple[float, float]:
    """How much of 1 mg a mode holds, and its slope in the mode's rate."""
    if lasts <= 0:
        left = math.exp(-rate * since)
        return left, -since * left
    entered = min(since, lasts)
    after = since - entered
    faded, gone = math.exp(-rate * after), -math.expm1(-rate * entered)
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
        arterial = parent(body, kind[0], kind[1])
        for way in range(absorbed.shape[0]):
            entered = arterial
            if absorbed[way, 1, 0] > 0:
                entered = scaled(link(arterial, absorbed[way, 1]), absorbed[way, 0])
            shape = response(entered, body, output)
            for n in range(doses.shape[0]):
                mg = doses[n, 1 + enantiomer]
                if doses[n, 0] == way and mg > 0:
                    add_dose(out, shape, mg, doses[n, 3], doses[n, 4], t_min)
    return out


@compiled
def logarithm(level: Floats) -> Floats:
    """Natural logarithm of levels (T, 1 + D), with its slopes."""
    out = np.empty_like(level)
    for n in range(level.shape[0]):
        held = max(level[n, 0], 1e-12)
        out[n] = level[n] / held
        out[n, 0] = math.log(held)
    return out


@compiled
def sigmoid(site: Floats, c50: Floats, gamma: float, top: Floats) -> Floats:
    """A sigmoid effect of levels (T, 1 + D) with its top (1 + D,), and its slopes."""
    out = np.empty_like(site)
    for n in range(site.shape[0]):
        c = max(site[n, 0], 1e-12)
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
