"""W2 by diffrax: Kvaerno's implicit method of order 5, everybody mapped at once."""

from __future__ import annotations

from typing import Any

import diffrax
import jax
import jax.numpy as jnp
import numpy as np

from bench.peers.question import LAST_MIN, LASTS_MIN
from bench.peers.weeks import DAYS, HOURS, S_MG, People, Weeks, felt, scored, told

NAME = "diffrax, Kvaerno5 mapped over people"
jax.config.update("jax_enable_x64", True)
STARTS = 1440.0 * np.array(DAYS)
MINUTES = (STARTS[:, None] + np.arange(LAST_MIN + 1.0)).ravel()
TIMES = np.union1d(MINUTES, 1440 * HOURS)
EDGES = np.sort(np.concatenate([STARTS, STARTS + LASTS_MIN]))[1:]


def _flow(t: Any, y: Any, own: Any) -> Any:
    """As numbalsoda_weeks._flow."""
    rate = jnp.where(jnp.any((t >= STARTS) & (t < STARTS + LASTS_MIN)), S_MG / LASTS_MIN, 0.0)
    squared = y[3] ** 2
    return jnp.stack(
        [
            rate - (own[0] + own[1] + own[2]) * y[0] + own[3] * y[1] + own[4] * y[2],
            own[1] * y[0] - own[3] * y[1],
            own[2] * y[0] - own[4] * y[2],
            own[6] * (own[5] * y[0] - y[3]),
            own[7] * squared / (squared + own[8]) - own[9] * y[4],
            own[9] * y[4] * (1 - y[5]) - own[10] * y[5],
            own[11] * y[5] * (1 - y[6]) - own[12] * y[6],
        ]
    )


def _one(own: Any) -> Any:
    controller = diffrax.ClipStepSizeController(
        diffrax.PIDController(rtol=1e-5, atol=1e-6), jump_ts=jnp.array(EDGES)
    )
    found = diffrax.diffeqsolve(
        diffrax.ODETerm(_flow),
        diffrax.Kvaerno5(),
        0.0,
        TIMES[-1],
        0.1,
        jnp.zeros(7),
        own,
        saveat=diffrax.SaveAt(ts=jnp.array(TIMES)),
        stepsize_controller=controller,
        max_steps=20_000,
    )
    return found.ys


_all = jax.jit(jax.vmap(_one))


def solve(people: People) -> Weeks:
    states = np.asarray(_all(jnp.array(told(people.bodies, people.mood))))
    minutes, hours = np.searchsorted(TIMES, MINUTES), np.searchsorted(TIMES, 1440 * HOURS)
    site = np.maximum(states[:, minutes, 3], 0.0).T.reshape(STARTS.size, -1, states.shape[0])
    rapid, consolidated = states[:, hours, 5], states[:, hours, 6]
    return Weeks(felt(list(site), people.bodies), scored(people.mood, rapid, consolidated))
