"""W2 by numbalsoda: seven equations a person, LSODA from one change of the infusion to the next."""

from __future__ import annotations

import numba
import numpy as np
from numbalsoda import lsoda, lsoda_sig

from bench.peers.question import LAST_MIN, LASTS_MIN, Floats
from bench.peers.weeks import DAYS, LAST_DAY, S_MG, People, Weeks, felt, scored, told

NAME = "numbalsoda, LSODA on all cores"
RTOL, ATOL = 1e-5, 1e-6  # as loose as the gate allows


@numba.cfunc(lsoda_sig)  # type: ignore[untyped-decorator]
def _flow(t: float, y: Floats, change: Floats, own: Floats) -> None:
    """y: three amounts (mg), effect site (ng/mL), trigger, rapid, consolidated. own: `told`."""
    change[0] = own[13] - (own[0] + own[1] + own[2]) * y[0] + own[3] * y[1] + own[4] * y[2]
    change[1] = own[1] * y[0] - own[3] * y[1]
    change[2] = own[2] * y[0] - own[4] * y[2]
    change[3] = own[6] * (own[5] * y[0] - y[3])
    squared = y[3] * y[3]
    change[4] = own[7] * squared / (squared + own[8]) - own[9] * y[4]
    change[5] = own[9] * y[4] * (1 - y[5]) - own[10] * y[5]
    change[6] = own[11] * y[5] * (1 - y[6]) - own[12] * y[6]


FLOW = _flow.address
DURING = np.arange(LASTS_MIN + 1.0)
AFTER = np.arange(float(LASTS_MIN), LAST_MIN + 1.0)


@numba.njit(parallel=True)  # type: ignore[untyped-decorator]
def _all(
    numbers: Floats,
    days: Floats,
    last_day: int,
    rate: float,
    during: Floats,
    after: Floats,
    rtol: float,
    atol: float,
) -> tuple[Floats, Floats]:
    people, minutes = numbers.shape[0], during.size + after.size - 1
    site = np.zeros((days.size, minutes, people))
    plasticity = np.zeros((2, people, 24 * last_day))
    for n in numba.prange(people):
        own, state = np.zeros(14), np.zeros(7)
        own[:13] = numbers[n]
        for k in range(days.size):
            own[13] = rate
            first, _ = lsoda(FLOW, state, during, own, rtol, atol)
            own[13] = 0.0
            second, _ = lsoda(FLOW, first[-1].copy(), after, own, rtol, atol)
            site[k, : during.size, n] = first[:, 3]
            site[k, during.size :, n] = second[1:, 3]
            begun = 24 * int(days[k])
            ends = 24 * int(days[k + 1]) if k + 1 < days.size else 24 * last_day
            plasticity[0, n, begun] = state[5]
            plasticity[1, n, begun] = state[6]
            hours = (minutes - 1) // 60
            for hour in range(1, hours + 1):
                row = (
                    first[60 * hour]
                    if 60 * hour < during.size
                    else second[60 * hour - during.size + 1]
                )
                plasticity[0, n, begun + hour] = row[5]
                plasticity[1, n, begun + hour] = row[6]
            later = np.arange(hours, ends - begun + 1) * 60.0
            third, _ = lsoda(FLOW, second[-1].copy(), later, own, rtol, atol)
            for hour in range(1, later.size - 1):
                plasticity[0, n, begun + hours + hour] = third[hour, 5]
                plasticity[1, n, begun + hours + hour] = third[hour, 6]
            state = third[-1].copy()
    return site, plasticity


def solve(people: People, rtol: float = RTOL, atol: float = ATOL) -> Weeks:
    days, numbers = np.array(DAYS, dtype=np.float64), told(people.bodies, people.mood)
    site, (rapid, consolidated) = _all(
        numbers, days, LAST_DAY, S_MG / LASTS_MIN, DURING, AFTER, rtol, atol
    )
    return Weeks(felt(list(site), people.bodies), scored(people.mood, rapid, consolidated))
