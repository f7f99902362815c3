"""diffrax: Tsit5 with adaptive steps, all people mapped at once, compiled by JAX."""

from __future__ import annotations

from typing import Any

import diffrax
import jax
import jax.numpy as jnp
import numpy as np

from bench.peers.question import AMOUNT_MG, LASTS_MIN, T_MIN, Bodies, Floats, matrices

NAME = "diffrax, Tsit5 mapped over people"
jax.config.update("jax_enable_x64", True)


def _stretch(matrix: Any, rate: Any, start: Any, first: float, times: Any) -> Any:
    entering = jnp.array([1.0, 0.0, 0.0]) * rate
    found = diffrax.diffeqsolve(
        diffrax.ODETerm(lambda t, y, _: matrix @ y + entering),
        diffrax.Tsit5(),
        first,
        times[-1],
        0.1,
        start,
        saveat=diffrax.SaveAt(ts=times),
        stepsize_controller=diffrax.PIDController(rtol=1e-6, atol=1e-7),
    )
    return found.ys


def _one(matrix: Any) -> Any:
    during, after = jnp.array(T_MIN[1 : LASTS_MIN + 1]), jnp.array(T_MIN[LASTS_MIN + 1 :])
    first = _stretch(matrix, AMOUNT_MG / LASTS_MIN, jnp.zeros(3), 0.0, during)
    second = _stretch(matrix, 0.0, first[-1], float(LASTS_MIN), after)
    return jnp.concatenate([jnp.zeros(1), first[:, 0], second[:, 0]])


_all = jax.jit(jax.vmap(_one))


def solve(bodies: Bodies, people: int) -> Floats:
    amounts = np.asarray(_all(jnp.array(matrices(bodies, people))))
    return np.asarray(amounts / bodies["v1"][:people, None])
