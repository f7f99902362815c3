"""Blood levels of very many people on an even grid of minutes, at about the speed of memory.

For populations: research and trials. Between two changes of input, each mode of a person is a
geometric series on an even grid, so a level costs three multiplications and no exponential. Forty
neighbours in time are made side by side, because they need not wait for each other.

People are shared out over threads in equal runs; a person's levels do not depend on how.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.compiled import compiled
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.threads import shared_out
from afterglow.core.quantity import Bolus, Dose, Infusion, Route

NG_PER_ML = 1000.0  # per mg/L
LANES, FIRST = 40, 8  # 16 to 64 were tried; a fixed number is unrolled and vectorised
ON_GRID = 1e-9  # of a step
NAMES = ("v1", "cl", "q2", "v2", "q3", "v3")
START, JUMP, RATE, END = 0, 1, 2, 3  # columns of the segments


def sweep(
    bodies: Mapping[str, Floats],
    doses: Sequence[Dose],
    *,
    step_min: float,
    points: int,
    out: Floats | None = None,
    threads: int | None = None,
) -> Floats:
    """Levels in the centre of three compartments, (N, points), ng/mL, at 0, step, 2 step ... min.

    Shapes: v1, v2, v3 (N,) in L; cl, q2, q3 (N,) in L/min. Doses go into a vein, in mg, and count
    as one drug: a model that keeps S and R apart is swept once for each. `out` (N, points) is
    written and returned when given, which saves the system from finding fresh memory for each run.
    """
    if not (0 < step_min < math.inf):
        raise BadInput(f"step_min must be above 0 min and finite, got {step_min}.")
    if points < 1:
        raise BadInput(f"points must be 1 or more, got {points}.")
    columns = [np.ascontiguousarray(bodies[name], dtype=np.float64) for name in NAMES]
    people = columns[0].size
    if out is None:
        out = np.empty((people, points))
    if out.shape != (people, points) or not out.flags.c_contiguous:
        raise BadInput(f"out must be a contiguous array of {people} x {points}.")
    segments = _segments(doses, step_min * (points - 1))

    def follow(first: int, last: int) -> None:
        v1, cl, q2, v2, q3, v3 = (column[first:last] for column in columns)
        _follow(v1, cl, q2, v2, q3, v3, segments, step_min, out[first:last])

    shared_out(people, 1, follow, threads)
    return out


def _segments(doses: Sequence[Dose], last_min: float) -> Floats:
    """Stretches of constant input, (K, 4): start, mg at once, mg/min from then on, end."""
    if any(dose.route is not Route.INTRAVENOUS for dose in doses):
        raise BadInput("route must be intravenous: other routes are followed by `levels`.")
    edges = sorted({0.0, *(e for d in doses for e in (d.starts_min, d.ends_min) if e <= last_min)})
    found = np.zeros((len(edges), 4))
    found[:, START] = edges
    found[:, END] = [*edges[1:], math.inf]
    for dose in doses:
        match dose:
            case Bolus():
                found[found[:, START] == dose.starts_min, JUMP] += dose.amount.mg
            case Infusion():
                running = (found[:, START] >= dose.starts_min) & (found[:, START] < dose.ends_min)
                found[running, RATE] += dose.rate_mg_per_min
    return found


@compiled
def _follow(
    v1: Floats,
    cl: Floats,
    q2: Floats,
    v2: Floats,
    q3: Floats,
    v3: Floats,
    segments: Floats,
    step_min: float,
    out: Floats,
) -> None:
    """Everything about a mode is held in ng/mL: what it adds to the level."""
    rates, weights, decay = np.empty(3), np.empty(3), np.empty(3)
    held, lanes = np.empty(3), np.empty((3, LANES))
    points = out.shape[1]
    for n in range(out.shape[0]):
        _modes(v1[n], cl[n], q2[n], v2[n], q3[n], v3[n], rates, weights)
        for m in range(3):
            decay[m] = math.exp(-rates[m] * step_min)
            held[m] = 0.0
        at = 0
        for k in range(segments.shape[0]):
            start, end = segments[k, START], segments[k, END]
            upto = points
            if end < step_min * points:
                upto = min(points, int(np.ceil(end / step_min - ON_GRID)))
            steady = 0.0
            for m in range(3):
                goal = weights[m] * segments[k, RATE] / rates[m]
                held[m] += weights[m] * segments[k, JUMP] - goal
                steady += goal
            _fill_lanes(held, rates, decay, at * step_min - start, lanes)
            _write(out[n, at:upto], steady, lanes, decay)
            if upto < points:
                for m in range(3):
                    held[m] *= math.exp(-rates[m] * (end - start))
                    held[m] += weights[m] * segments[k, RATE] / rates[m]
            at = upto


@compiled
def _fill_lanes(
    held: Floats, rates: Floats, decay: Floats, waits_min: float, lanes: Floats
) -> None:
    """How far each mode is from steady at the first instants of the grid, `waits_min` later."""
    for m in range(3):
        value, own = held[m], lanes[m]
        if waits_min > 0:
            value *= math.exp(-rates[m] * waits_min)
        for lane in range(FIRST):
            own[lane] = value
            value *= decay[m]
        leap = decay[m] ** FIRST
        for lane in range(FIRST, LANES):
            own[lane] = own[lane - FIRST] * leap


@compiled
def _write(row: Floats, steady: float, lanes: Floats, decay: Floats) -> None:
    """Fill a stretch of one person's levels, whole blocks first."""
    a = b = c = 1.0
    leap_a, leap_b, leap_c = decay[0] ** LANES, decay[1] ** LANES, decay[2] ** LANES
    first, second, third = lanes[0], lanes[1], lanes[2]
    whole = row.size - row.size % LANES
    for at in range(0, whole, LANES):
        block = row[at : at + LANES]
        for n in range(LANES):
            block[n] = steady + a * first[n] + b * second[n] + c * third[n]
        a *= leap_a
        b *= leap_b
        c *= leap_c
    rest = row[whole:]
    for n in range(rest.size):
        rest[n] = steady + a * first[n] + b * second[n] + c * third[n]


@compiled
def _modes(
    v1: float,
    cl: float,
    q2: float,
    v2: float,
    q3: float,
    v3: float,
    rates: Floats,
    weights: Floats,
) -> None:
    """One person's three rates (1/min) and what 1 mg at once gives each, as `mammillary3` does."""
    k10, k12, k21, k13, k31 = cl / v1, q2 / v1, q2 / v2, q3 / v1, q3 / v3
    b = k10 + k12 + k13 + k21 + k31
    c = k10 * k21 + k10 * k31 + k12 * k31 + k13 * k21 + k21 * k31
    d = k10 * k21 * k31
    p, q = b * b / 9 - c / 3, b * b * b / 27 - b * c / 6 + d / 2
    root = math.sqrt(p)
    angle = math.acos(min(max(q / (p * root), -1.0), 1.0)) / 3
    along, across = root * math.cos(angle), root * math.sqrt(3.0) * math.sin(angle)
    rates[0], rates[1], rates[2] = b / 3 + 2 * along, b / 3 - along + across, b / 3 - along - across
    for m in range(3):
        for _ in range(2):
            r = rates[m]
            rates[m] = r - (((r - b) * r + c) * r - d) / ((3 * r - 2 * b) * r + c)
    fast, middle, slow = rates[0], rates[1], rates[2]
    scale = NG_PER_ML / v1
    weights[0] = scale * (k21 - fast) * (k31 - fast) / ((middle - fast) * (slow - fast))
    weights[1] = scale * (k21 - middle) * (k31 - middle) / ((fast - middle) * (slow - middle))
    weights[2] = scale * (k21 - slow) * (k31 - slow) / ((fast - slow) * (middle - slow))
