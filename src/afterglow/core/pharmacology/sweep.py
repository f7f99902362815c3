"""Blood levels of very many people on an even grid of minutes, at about the speed of memory.

For populations: research and trials. Between two changes of input, each mode of a person is a
geometric series on an even grid, so a level costs three multiplications and no exponential. What
need not wait is done side by side: 32 neighbours in time, and the modes of 64 people.

People are shared out over threads in equal runs; a person's levels do not depend on how.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.compiled import compiled
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.past_cache import LARGE_BYTES, put, settle
from afterglow.core.pharmacology.threads import shared_out
from afterglow.core.quantity import Bolus, Dose, Infusion, Route

Places = NDArray[np.intp]
Place = np.uint64  # no place is counted from the end: the loops need not ask
Three = tuple[float, float, float]

NG_PER_ML = 1000.0  # per mg/L
LANES = 32  # 16 to 64 were tried; a fixed number is unrolled and vectorised
BLOCK = 64  # people whose modes are found together
ROOM = 16  # people followed before their levels are handed over: whole lines of memory
SIDE, FIRST, SECOND, THIRD = Place(LANES), Place(0), Place(LANES), Place(2 * LANES)
ON_GRID = 1e-9  # of a step
NAMES = ("v1", "cl", "q2", "v2", "q3", "v3")
START, JUMP, RATE, END = 0, 1, 2, 3  # columns of the segments
ROOT_3 = math.sqrt(3.0)
DEGREE = 8  # 4e-8 at worst; two of Newton's steps carry it to the last digits


def _near(curve: Callable[[Floats], Floats]) -> tuple[float, ...]:
    """Coefficients of a polynomial through a smooth curve over 0 to 1."""
    through = np.polynomial.Chebyshev.interpolate(curve, DEGREE, domain=(0.0, 1.0))
    return tuple(float(one) for one in through.convert(kind=np.polynomial.Polynomial).coef)


# cos(a / 3), and sin(a / 3) / sin(a / 2), of s = cos(a / 2): smooth in s, where arccosine is not.
THIRD_COS = _near(lambda s: np.cos(2 / 3 * np.arccos(s)))
THIRD_SIN = _near(lambda s: np.sin(2 / 3 * np.arccos(s)) / np.sqrt(1 - s * s))


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
    if any(one.shape != (people,) for one in columns):
        raise BadInput(f"bodies must hold one number a person of each parameter, {people} of v1.")
    # Fresh memory was just cleared and lies in the cache: a streamed store is slower there.
    streamed = out is not None and out.nbytes >= LARGE_BYTES
    if out is None:
        out = np.empty((people, points))
    if out.shape != (people, points) or out.dtype != np.float64 or not out.flags.carray:
        raise BadInput(f"out must be a contiguous float64 array of {people} x {points}.")
    segments = _segments(doses, step_min * (points - 1))

    def follow(first: int, last: int) -> None:
        mine = tuple(one[first:last] for one in columns)
        _follow(mine, segments, step_min, out[first:last], streamed)

    shared_out(people, BLOCK, follow, threads)
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
    columns: tuple[Floats, ...], segments: Floats, step_min: float, out: Floats, streamed: bool
) -> None:
    """Everything about a mode is held in ng/mL: what it adds to the level."""
    points = out.shape[1]
    modes, ends = np.ones((6, BLOCK)), _ends(segments, step_min, points)
    powers, room = np.empty(3 * LANES), np.empty(ROOM * points + LANES)
    answer = out.reshape(out.size)
    for first in range(0, out.shape[0], BLOCK):
        people = min(BLOCK, out.shape[0] - first)
        for k, column in enumerate(columns):
            modes[k, :people] = column[first : first + people]
        _to_modes(modes.reshape(6 * BLOCK))
        for n in range(people):
            rates, weights = (
                (modes[0, n], modes[1, n], modes[2, n]),
                (modes[3, n], modes[4, n], modes[5, n]),
            )
            here = (n % ROOM) * points
            _follow_one(rates, weights, powers, segments, ends, step_min, room, here)
            if n % ROOM == ROOM - 1 or n == people - 1:
                done = (first + n + 1) * points
                put(answer[done - here - points : done], room[: here + points], streamed)
    settle()


@compiled
def _ends(segments: Floats, step_min: float, points: int) -> Places:
    """The first place on the grid that no longer belongs to each segment."""
    ends = np.empty(segments.shape[0], np.intp)
    for k in range(ends.size):
        ends[k] = points
        if segments[k, END] < step_min * points:
            ends[k] = min(points, int(np.ceil(segments[k, END] / step_min - ON_GRID)))
    return ends


@compiled
def _follow_one(
    rates: Three,
    weights: Three,
    powers: Floats,
    segments: Floats,
    ends: Places,
    step_min: float,
    room: Floats,
    here: int,
) -> None:
    """Write one person's levels to `room` from `here` on. `powers` is a place to work in."""
    leaps = (
        _powers(math.exp(-rates[0] * step_min), powers, FIRST),
        _powers(math.exp(-rates[1] * step_min), powers, SECOND),
        _powers(math.exp(-rates[2] * step_min), powers, THIRD),
    )
    a = b = c = 0.0  # how far each mode is from steady when a segment starts
    at = 0
    for k in range(ends.size):
        start, jump, rate = segments[k, START], segments[k, JUMP], segments[k, RATE]
        goal_a, goal_b, goal_c = (
            weights[0] / rates[0] * rate,
            weights[1] / rates[1] * rate,
            weights[2] / rates[2] * rate,
        )
        a += weights[0] * jump - goal_a
        b += weights[1] * jump - goal_b
        c += weights[2] * jump - goal_c
        waits = at * step_min - start
        seen = a, b, c
        if waits > 0:
            seen = (
                a * math.exp(-rates[0] * waits),
                b * math.exp(-rates[1] * waits),
                c * math.exp(-rates[2] * waits),
            )
        _write(
            room,
            Place(here + at),
            Place(here + ends[k]),
            goal_a + goal_b + goal_c,
            seen,
            powers,
            leaps,
        )
        at = ends[k]
        if k + 1 < ends.size:
            lasts = segments[k, END] - start
            a = a * math.exp(-rates[0] * lasts) + goal_a
            b = b * math.exp(-rates[1] * lasts) + goal_b
            c = c * math.exp(-rates[2] * lasts) + goal_c


@compiled
def _powers(decay: float, powers: Floats, mode: np.uint64) -> float:
    """Fill LANES places from `mode` on with decay to the power of 0, 1, 2 ...; returns the next."""
    squared = decay * decay
    powers[mode], powers[mode + Place(1)] = 1.0, decay
    powers[mode + Place(2)], powers[mode + Place(3)] = squared, squared * decay
    leap: float = squared * squared
    width = Place(4)
    while width < SIDE:  # each half from the one before it: few products wait for each other
        for n in range(width):
            powers[mode + width + n] = powers[mode + n] * leap
        leap *= leap
        width += width
    return leap


@compiled
def _write(
    room: Floats,
    at: np.uint64,
    end: np.uint64,
    steady: float,
    seen: Three,
    powers: Floats,
    leaps: Three,
) -> None:
    """One stretch of one person's levels, whole lanes at a time.

    What is written past the end is overwritten by the next stretch or the next person, who follow
    in order; `room` is LANES longer than what is asked for.
    """
    a, b, c = seen
    while at < end:
        for n in range(SIDE):
            room[at + n] = steady + a * powers[n] + b * powers[SECOND + n] + c * powers[THIRD + n]
        a *= leaps[0]
        b *= leaps[1]
        c *= leaps[2]
        at += SIDE


@compiled
def _to_modes(x: Floats) -> None:
    """Turn v1, cl, q2, v2, q3, v3 of a block, laid end to end, into three rates and three weights.

    1/min, and ng/mL that 1 mg at once gives each mode; as `mammillary3` does, but without
    arccosine, which cannot be done for several people at once. Both live in one array, so that
    the compiler sees that nobody's numbers are another's.
    """
    for n in range(BLOCK):
        per_l = 1 / x[n]
        k10, k12, k13 = x[BLOCK + n] * per_l, x[2 * BLOCK + n] * per_l, x[4 * BLOCK + n] * per_l
        k21, k31 = x[2 * BLOCK + n] / x[3 * BLOCK + n], x[4 * BLOCK + n] / x[5 * BLOCK + n]
        b = k10 + k12 + k13 + k21 + k31
        c = k10 * k21 + k10 * k31 + k12 * k31 + k13 * k21 + k21 * k31
        d = k10 * k21 * k31
        p, q = b * b / 9 - c / 3, b * b * b / 27 - b * c / 6 + d / 2
        root = math.sqrt(p)
        turned = min(max(q / (p * root), -1.0), 1.0)  # cosine of the angle
        half = math.sqrt((1 + turned) / 2)
        along = root * _polynomial(half, THIRD_COS)
        across = root * math.sqrt((1 - turned) / 2) * _polynomial(half, THIRD_SIN) * ROOT_3
        fast = _newton(_newton(b / 3 + 2 * along, b, c, d), b, c, d)
        middle = _newton(_newton(b / 3 - along + across, b, c, d), b, c, d)
        slow = _newton(_newton(b / 3 - along - across, b, c, d), b, c, d)
        scale = NG_PER_ML * per_l
        x[n], x[BLOCK + n], x[2 * BLOCK + n] = fast, middle, slow
        x[3 * BLOCK + n] = scale * (k21 - fast) * (k31 - fast) / ((middle - fast) * (slow - fast))
        x[4 * BLOCK + n] = (
            scale * (k21 - middle) * (k31 - middle) / ((fast - middle) * (slow - middle))
        )
        x[5 * BLOCK + n] = scale * (k21 - slow) * (k31 - slow) / ((fast - slow) * (middle - slow))


@compiled
def _newton(r: float, b: float, c: float, d: float) -> float:
    """A root of r^3 - b r^2 + c r - d, nearer by one step."""
    return r - (((r - b) * r + c) * r - d) / ((3 * r - 2 * b) * r + c)


@compiled
def _polynomial(s: float, k: tuple[float, ...]) -> float:
    low = k[0] + s * (k[1] + s * (k[2] + s * k[3]))
    high = k[4] + s * (k[5] + s * (k[6] + s * (k[7] + s * k[8])))
    squared = s * s
    return low + squared * squared * high
