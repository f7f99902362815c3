"""Where a concentration lies between nothing and anaesthesia; Bowdle's scale for the high (M3)."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from afterglow.core.pharmacology.sourced import Sourced, sheet

Array = NDArray[np.float64]


class Band(StrEnum):
    """In order of concentration. The words are those a clinician reads."""

    MINIMAL = "minimal"
    ALCOHOL_LIKE = "alcohol-like"
    THERAPEUTIC = "therapeutic"
    STRONG = "strong dissociation"
    RECREATIONAL = "recreational"
    SEDATION = "deep sedation"
    ANAESTHETIC = "anaesthetic"


BANDS = tuple(Band)
_EDGES = ("minimal", "alcohol_like", "therapeutic", "strong", "recreational", "sedation")


def edges() -> tuple[Sourced, ...]:
    """The six upper edges, racemic-equivalent venous ng/mL, lowest first, each with its source."""
    return tuple(sheet("high")[f"{name}_below"] for name in _EDGES)


def band_index(racemic_equivalent_ng_per_ml: ArrayLike) -> NDArray[np.intp]:
    """Place of each concentration in BANDS; any shape. An edge belongs to the band above it."""
    upper = np.array([edge.value for edge in edges()])
    return np.searchsorted(upper, np.asarray(racemic_equivalent_ng_per_ml), side="right")


def band(racemic_equivalent_ng_per_ml: float) -> Band:
    """The band of one concentration; for esketamine pass twice its own (see sedation.py)."""
    return BANDS[int(band_index(racemic_equivalent_ng_per_ml))]


def vas_high(venous_racemic_ng_per_ml: ArrayLike) -> tuple[Array, Array, Array]:
    """Bowdle's 'high', share of the full scale: typical, lowest and highest item; any shape.

    Linear to 200 ng/mL, racemic, venous. Beyond that nobody has measured it: NaN, not a guess.
    """
    numbers = sheet("high")
    c = np.maximum(np.asarray(venous_racemic_ng_per_ml, dtype=np.float64), 0.0)
    known = np.where(c <= numbers.value("vas_highest"), c, np.nan)
    slope = numbers["vas_per_ng_per_ml"]
    return slope.value * known, slope.low * known, slope.high * known
