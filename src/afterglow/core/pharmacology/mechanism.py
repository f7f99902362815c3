"""EXPLORATORY: from NMDA block in two populations to glutamate, AMPA, BDNF/mTOR and synapses.

For understanding and for asking questions, never for choosing a dose: no plan, proposal or alarm
reads this module. Most steps were measured in rodents, occupancy in people hardly at all.
See docs/science/mechanism.md.

    block      B = C_free / (C_free + IC50)        interneurons (GluN2C/D), pyramidal cells (2A/B)
    glutamate  G' = k (1 + a (B_int - B_pyr)+ - G)
    AMPA       S (1 - B_pyr) / (S + S50),          S = G - 1: falls again when pyramidal cells block
    then       mTOR, synaptic proteins and spines each follow the step before with its own half-life
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.compiled import compiled
from afterglow.core.pharmacology.sourced import sheet

Array = NDArray[np.float64]

EXPLORATORY = True
NOTICE = "Exploratory: not for choosing a dose. Occupancy is uncertain five-fold."


@dataclass(frozen=True, slots=True, kw_only=True)
class Cascade:
    """All steps over time, each (t, n). Blocks are shares; glutamate is relative to 1 at rest;
    the rest are in arbitrary units of 0 at rest and at most 1."""

    t_min: Array
    block_interneuron: Array
    block_pyramidal: Array
    glutamate: Array
    ampa: Array
    mtor: Array
    proteins: Array
    spines: Array
    notice: str = NOTICE


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupancy:
    """How much of a receptor ketamine may hold at one concentration; shares of 1."""

    target: str
    ligand: str
    k_um: float
    share: float
    low: float  # a five-fold lower effective concentration, and the weakest affinity reported
    high: float
    is_ceiling: bool  # only a lower limit of K is known: the share is at most this
    grade: str
    source: str
    note: str


def free_um(racemic_ng_per_ml: ArrayLike) -> Array:
    """Total racemic plasma concentration (ng/mL) to free concentration (umol/L); any shape."""
    numbers = sheet("mechanism")
    c = np.maximum(np.asarray(racemic_ng_per_ml, dtype=np.float64), 0.0)
    return np.asarray(c * numbers.value("unbound") / numbers.value("molar_mass"))


def racemic_equivalent(s_ng_per_ml: ArrayLike, r_ng_per_ml: ArrayLike) -> Array:
    """S- and R-ketamine as the racemic concentration that displaces as much; any shape.

    By the enantiomers' affinities for the NMDA receptor's own site: unlike the high, block is not
    S-ketamine's alone.
    """
    numbers = sheet("mechanism")
    s, r = (1 / numbers.value(f"ki_{one}") for one in "sr")
    told = s * np.asarray(s_ng_per_ml) + r * np.asarray(r_ng_per_ml)
    return np.asarray(2 * told / (s + r))


def block(racemic_ng_per_ml: ArrayLike, reach: ArrayLike = 1.0) -> tuple[Array, Array]:
    """NMDA block of interneurons and of pyramidal cells, 0 to 1; any shape.

    `reach` scales the free concentration that gets to the receptor: draw it with `draw_reach`.
    """
    numbers, c = sheet("mechanism"), free_um(racemic_ng_per_ml) * np.asarray(reach)
    interneuron, pyramidal = numbers.value("ic50_interneuron"), numbers.value("ic50_pyramidal")
    return np.asarray(c / (c + interneuron)), np.asarray(c / (c + pyramidal))


def draw_reach(n: int, seed: int) -> Array:
    """The five-fold uncertainty as draws (n,): log-normal, 95 % within a fifth to five times."""
    spread = math.log(sheet("mechanism").value("occupancy_factor")) / 1.96
    return np.exp(spread * np.random.default_rng(seed).standard_normal(n))


def cascade(t_min: Array, racemic_ng_per_ml: Array, reach: ArrayLike = 1.0) -> Cascade:
    """All steps after one exposure.

    Shapes: t_min (t,) ascending from rest; racemic plasma concentration (t,) or (t, n), ng/mL;
    reach a number or (n,) -> each step (t, n). Exact for inputs that are straight between times,
    so the grid must follow the curve: minutes in the session, an hour or less afterwards.
    """
    _check(t_min, racemic_ng_per_ml)
    if racemic_ng_per_ml.ndim == 1:
        racemic_ng_per_ml = racemic_ng_per_ml[:, None]
    numbers = sheet("mechanism")
    interneuron, pyramidal = block(racemic_ng_per_ml, reach)
    gap = np.maximum(interneuron - pyramidal, 0.0)
    surge = numbers.value("glutamate_gain") * _lag(t_min, gap, numbers.value("glutamate_half_life"))
    ampa = surge * (1.0 - pyramidal) / (surge + numbers.value("ampa_half"))
    mtor = _lag(t_min, ampa, numbers.value("mtor_half_life"))
    proteins = _lag(t_min, mtor, 60.0 * numbers.value("protein_half_life"))
    spines = _lag(t_min, proteins, 1440.0 * numbers.value("spine_half_life"))
    return Cascade(
        t_min=t_min,
        block_interneuron=interneuron,
        block_pyramidal=pyramidal,
        glutamate=1.0 + surge,
        ampa=ampa,
        mtor=mtor,
        proteins=proteins,
        spines=spines,
    )


def receptors(racemic_ng_per_ml: float) -> tuple[Occupancy, ...]:
    """What ketamine may hold of each receptor at one racemic concentration (ng/mL)."""
    if not (math.isfinite(racemic_ng_per_ml) and racemic_ng_per_ml >= 0):
        raise BadInput(f"racemic_ng_per_ml must be 0 or more, got {racemic_ng_per_ml}.")
    numbers = sheet("mechanism")
    c, factor = float(free_um(racemic_ng_per_ml)), numbers.value("occupancy_factor")
    return tuple(
        Occupancy(
            target=row["target"],
            ligand=row["ligand"],
            k_um=row["k_um"],
            share=c / (c + row["k_um"]),
            low=c / factor / (c / factor + row["high"]),
            high=c * factor / (c * factor + row["low"]),
            is_ceiling=row["bound"] == "at_least",
            grade=row["grade"],
            source=numbers.citations[row["source"]],
            note=row["note"],
        )
        for row in numbers.tables["receptors"]
    )


def _check(t_min: Array, concentration: Array) -> None:
    if t_min.size < 2 or np.any(np.diff(t_min) <= 0):
        raise BadInput("t_min must hold two times or more, in ascending order.")
    if concentration.shape[0] != t_min.size:
        raise BadInput(f"racemic_ng_per_ml must have {t_min.size} rows, one for each of t_min.")
    if not np.all(np.isfinite(concentration)):
        raise BadInput("racemic_ng_per_ml must be finite numbers.")


def _lag(t_min: Array, drive: Array, half_life_min: float) -> Array:
    out = np.zeros_like(drive)
    _follow(t_min, np.ascontiguousarray(drive), math.log(2.0) / half_life_min, out)
    return out


@compiled
def _follow(t_min: Array, drive: Array, rate: float, out: Array) -> None:
    """y' = rate (drive - y) from 0, exact for a drive that is straight between times."""
    for k in range(1, t_min.size):
        x = rate * (t_min[k] - t_min[k - 1])
        kept = math.exp(-x)
        mean = -math.expm1(-x) / x  # weight of the drive's mean over the step
        for i in range(drive.shape[1]):
            before, now = drive[k - 1, i], drive[k, i]
            out[k, i] = out[k - 1, i] * kept + now * (1.0 - mean) + before * (mean - kept)
