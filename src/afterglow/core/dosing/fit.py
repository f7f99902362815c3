"""How far what was seen lies from the best that a model can do, and how far is believed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from afterglow.core.pharmacology.normal import seldom_exceeded

ONCE_IN = 1e-4  # [own] what fits nobody better than this seldom happens is not believed
BORNE = (
    1.2  # [own] but errors and spread so many times those stated are: no bedside is a laboratory
)
FURTHEST_ERRORS = 6.0  # [own] of one observation from the best fit


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """How far what was seen lies from the best fit, and which of it lies furthest."""

    squares: float
    observations: int
    furthest_errors: float
    furthest: str  # in words

    @property
    def most(self) -> float:
        """The largest sum of squares that is believed."""
        return BORNE**2 * seldom_exceeded(self.observations, ONCE_IN)

    @property
    def believed(self) -> bool:
        if self.furthest_errors > FURTHEST_ERRORS:
            return False
        # Nearly always settled by the first, without what is slow to load.
        return self.squares <= self.observations or self.squares <= self.most

    @property
    def words(self) -> str:
        most = math.floor(10 * self.most) / 10  # or a sum just above it would read as allowed
        return (
            f"misfit {self.squares:.1f} (at most {most:.1f}); furthest from the best fit is "
            f"{self.furthest}, by {self.furthest_errors:.1f} errors (at most {FURTHEST_ERRORS:g})"
        )
