"""Functions of probability that are slow to load: a quarter second of a fresh process's answer."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from afterglow.core.pharmacology.modes import Floats


def chance_below(z: Floats) -> Floats:
    """The chance that a standard normal value lies below z; any shape."""
    from scipy.special import ndtr  # noqa: PLC0415 - slow to load, and seldom needed

    return np.asarray(ndtr(z))


def log_chance_below(z: Floats) -> Floats:
    """Natural logarithm of the chance that a standard normal value lies below z; any shape."""
    from scipy.special import log_ndtr  # noqa: PLC0415 - slow to load, and seldom needed

    return np.asarray(log_ndtr(z))


def leaning_below(z: Floats) -> tuple[Floats, Floats, Floats]:
    """`log_chance_below`, its slope in z, and how fast that slope falls, 0 to 1; any shape."""
    from scipy.special import erfcx, log_ndtr  # noqa: PLC0415 - slow to load, and seldom needed

    lean = np.sqrt(2 / np.pi) / erfcx(-z / np.sqrt(2))
    return np.asarray(log_ndtr(z)), np.asarray(lean), np.clip(lean * (lean + z), 0.0, 1.0)


def quantile(share: ArrayLike) -> Floats:
    """The standard normal value below which this share lies; any shape."""
    from scipy.special import ndtri  # noqa: PLC0415 - slow to load, and seldom needed

    return np.asarray(ndtri(np.asarray(share, dtype=np.float64)))


def seldom_exceeded(degrees: int, share: float) -> float:
    """The sum of squares of so many standard normal values that only this share exceeds."""
    from scipy.special import chdtri  # noqa: PLC0415 - slow to load, and seldom needed

    return float(chdtri(degrees, share))
