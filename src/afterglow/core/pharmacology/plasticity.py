"""M8: trigger, rapid plasticity and consolidated plasticity over weeks, without an ODE solver.

Each session leaves pulses of trigger A, which dies away within hours. A raises rapid plasticity P,
which fades over days; P builds consolidated plasticity L, which fades over weeks:

    A' = -d_a A            (a pulse adds to A; its potential is k_p A / d_a)
    P' =  k_p A (1 - P) - d_p P
    L' =  k_l P (1 - L) - d_l L

With A a single exponential between pulses, P has a closed form (an incomplete gamma function of
negative order, summed here as a power series in x = exp(-d_a t)). L is linear with a coefficient
known at every instant, so two Gauss nodes a step carry it; between steps it is read off a cubic
through its values and slopes. Checked against an ODE solver in tests/core/pharmacology.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from afterglow.core.pharmacology.compiled import compiled

Array = NDArray[np.float64]

TERMS = 64  # terms of the series kept; a potential of 12 needs 62 of them
LARGEST_POTENTIAL = 12.0  # beyond it P is within 6e-6 of 1, and the series would lose digits
FIRST_STEP = 0.15  # in lifetimes of the trigger
LONGEST_STEP = 0.15  # in lifetimes of all that is slow, together
STEP_GROWTH = 0.25  # of the time since the pulse
NODE = 0.5 - math.sqrt(3.0) / 6.0  # the first of the two Gauss nodes on (0, 1)

# The state carried from step to step, by place in one small array.
RAPID, LEVEL, POTENTIAL, TOTAL, UNBUILT = 0, 1, 2, 3, 4


@compiled
def _open_series(potential: float, ratio: float, coefs: Array) -> float:
    """Fill the power series of the closed form; returns its sum at x = 1."""
    term, total = 1.0, 0.0
    for n in range(TERMS):
        coefs[n] = term / (n - ratio)
        total += coefs[n]
        term *= -potential / (n + 1)
    return total


@compiled
def _rapid_at(days: float, state: Array, d_a: float, d_p: float, coefs: Array) -> float:
    """P, `days` after the event at which the state's series was opened."""
    kept, x = math.exp(-d_p * days), math.exp(-d_a * days)
    potential = state[POTENTIAL]
    power, now = 1.0, 0.0
    for n in range(TERMS):
        part = coefs[n] * power
        now += part
        if n > potential * x and abs(part) < 1e-17:
            break
        power *= x
    faded = d_p / d_a * (kept * state[TOTAL] - now)
    missing = math.exp(potential * x) * (state[UNBUILT] * kept + faded)
    return float(max(1.0 - missing, 0.0))  # rounding may leave it a hair below nothing


@compiled
def _consolidated_after(
    level: float, days: float, p_first: float, p_second: float, k_l: float, d_l: float
) -> float:
    """L one step later, from P at the two Gauss nodes of the step."""
    c1, c2 = k_l * p_first + d_l, k_l * p_second + d_l
    slope = (c2 - c1) / (1.0 - 2.0 * NODE)
    start = c1 - slope * NODE  # the loss rate as a straight line through the nodes
    whole = start + 0.5 * slope
    after_first = whole - (start + 0.5 * slope * NODE) * NODE
    second = 1.0 - NODE
    after_second = whole - (start + 0.5 * slope * second) * second
    built = p_first * math.exp(-days * after_first) + p_second * math.exp(-days * after_second)
    return level * math.exp(-days * whole) + 0.5 * days * k_l * built


@compiled
def _cubic(s: float, days: float, start: float, end: float, rise0: float, rise1: float) -> float:
    """A value inside a step: the cubic through both ends and their slopes, s in 0..1."""
    r = 1.0 - s
    ends = start * r * r * (1.0 + 2.0 * s) + end * s * s * (1.0 + 2.0 * r)
    return ends + days * s * r * (rise0 * r - rise1 * s)


@compiled
def _between_events(
    begins: float,
    span: float,
    rates: Array,
    state: Array,
    coefs: Array,
    seen: int,
    t_days: Array,
    rapid: Array,
    consolidated: Array,
) -> int:
    """Carry the state from one event to the next, writing the times passed on the way."""
    d_a, d_p, k_l, d_l = rates[0], rates[1], rates[2], rates[3]
    first, longest = FIRST_STEP / d_a, LONGEST_STEP / (d_p + k_l + d_l)
    done = 0.0
    while done < span:
        step = min(max(STEP_GROWTH * done, first), longest, span - done)
        level = state[LEVEL]
        p1 = _rapid_at(done + NODE * step, state, d_a, d_p, coefs)
        p2 = _rapid_at(done + (1.0 - NODE) * step, state, d_a, d_p, coefs)
        after = _consolidated_after(level, step, p1, p2, k_l, d_l)
        if seen < t_days.size and t_days[seen] < begins + done + step:
            p0 = _rapid_at(done, state, d_a, d_p, coefs)
            p3 = _rapid_at(done + step, state, d_a, d_p, coefs)
            rise0 = k_l * p0 * (1.0 - level) - d_l * level
            rise1 = k_l * p3 * (1.0 - after) - d_l * after
            while seen < t_days.size and t_days[seen] < begins + done + step:
                since = t_days[seen] - begins - done
                rapid[seen] = _rapid_at(done + since, state, d_a, d_p, coefs)
                consolidated[seen] = _cubic(since / step, step, level, after, rise0, rise1)
                seen += 1
        state[LEVEL] = after
        done += step
    state[RAPID] = _rapid_at(span, state, d_a, d_p, coefs)
    return seen


@compiled
def _follow_one(
    event_days: Array,
    drives: Array,
    slowing: Array,
    rates: Array,
    t_days: Array,
    rapid: Array,
    consolidated: Array,
) -> None:
    """One patient's P and L at every time."""
    state, coefs, now = np.zeros(5), np.empty(TERMS), rates.copy()
    seen, events, times = 0, event_days.size, t_days.size
    while seen < times and t_days[seen] < event_days[0]:
        rapid[seen] = consolidated[seen] = 0.0
        seen += 1
    for j in range(events):
        ends = event_days[j + 1] if j + 1 < events else t_days[times - 1]
        span = max(ends - event_days[j], 0.0)
        now[1], now[3] = rates[1] * slowing[j], rates[3] * slowing[j]
        state[POTENTIAL] = min(state[POTENTIAL] + drives[j], LARGEST_POTENTIAL)
        state[TOTAL] = _open_series(state[POTENTIAL], now[1] / now[0], coefs)
        state[UNBUILT] = (1.0 - state[RAPID]) * math.exp(-state[POTENTIAL])
        seen = _between_events(
            event_days[j], span, now, state, coefs, seen, t_days, rapid, consolidated
        )
        state[POTENTIAL] *= math.exp(-rates[0] * span)
    while seen < times:  # the last instant itself
        rapid[seen], consolidated[seen] = state[RAPID], state[LEVEL]
        seen += 1


@compiled
def follow(
    event_days: Array,
    drives: Array,
    slowing: Array,
    rates: Array,
    t_days: Array,
    rapid: Array,
    consolidated: Array,
) -> None:
    """Fill P and L for every patient and time.

    Shapes: event_days (m,) ascending; drives (n, m) potential added at each event; slowing (m,)
    the factor on both fading rates from that event on; rates (n, 4) = d_a, d_p, k_l, d_l per day,
    with d_p below d_a; t_days (t,) ascending; rapid and consolidated (n, t) are written. Before the
    first event both are 0. An event without drive only changes the fading (therapy begins or ends).
    Error: P to 1e-9, L to 1e-6 for the rates of the mood sheet.
    """
    for i in range(drives.shape[0]):
        _follow_one(event_days, drives[i], slowing, rates[i], t_days, rapid[i], consolidated[i])
