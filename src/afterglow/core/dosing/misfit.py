"""Whether anybody whom the model knows would show all of what was seen.

Draws that explain contradictory observations best are good draws of a bad explanation: their own
statistics (importance.py) cannot tell. So the best fit itself is judged. Its distance from the
typical person and of what was seen from what it expects, each squared in standard deviations, add
up to a chi-squared value with as many degrees of freedom as there are observations, if the model is
right and nearly linear (Box, J R Stat Soc A 1980).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from afterglow.core.dosing.fit import Misfit
from afterglow.core.dosing.likelihood import (
    HIGHEST,
    LEAST_CHANCE,
    SCALED,
    Evidence,
    Group,
    levels_in,
)
from afterglow.core.dosing.observed import in_words
from afterglow.core.pharmacology import sedation
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.normal import quantile

# [own] Of pressure and pulse: a fright, a faint or an arm that moves is nobody's contradiction, and
# a cuff errs more at a bedside than in a trial.
STARTLED = {"systolic": 2.0, "pulse": 2.0}
LUCKS = np.linspace(-6.0, 6.0, 241)  # of a session, in standard deviations


def misfit(
    sessions: Sequence[Evidence], person: Mapping[str, Floats], from_typical: float
) -> Misfit:
    """Of the best fit: a `person` (1,), so many squared deviations `from_typical`."""
    squares, found = from_typical, []
    for session, levels in levels_in(sessions, person):
        for group in session.groups:
            errors, luck = _errors(session, group, levels[group.output][group.at], person)
            squares += float(errors @ errors) + luck**2
            number = session.visit.number
            found += [
                (abs(e), one, number) for e, one in zip(errors.tolist(), group.of, strict=True)
            ]
    furthest, seen, number = max(found, key=lambda one: one[0])
    return Misfit(
        squares=round(squares, 1),
        observations=len(found),
        furthest_errors=round(furthest, 1),
        furthest=f"{in_words(seen)} in session {number}",
    )


def _errors(
    session: Evidence, group: Group, level: Floats, person: Mapping[str, Floats]
) -> tuple[Floats, float]:
    """Each observation less what is expected (n,), in its errors, and the session's likeliest luck.

    What lies beyond an end of its scale, or below a limit, is off only where it must be.
    """
    if group.kind == "moaa_s":
        return _alertness(group, level), 0.0
    expected = session.expected(group.kind, level, person)
    off = (group.seen[:, None] - expected - _by_luck(group, expected)) / group.sd  # (n, lucks)
    side = group.side[:, None]
    off = np.where(side == 0, off, np.where(side * off > 0, off, 0.0))
    off /= STARTLED.get(group.kind, 1.0)
    best = int(np.argmin(np.sum(off**2, axis=0) + LUCKS**2))
    return np.asarray(off[:, best]), float(LUCKS[best])


def _by_luck(group: Group, expected: Floats) -> Floats:
    """What each luck of a session adds to what is expected (n, 1): (n, lucks)."""
    if group.kind in HIGHEST:
        return (expected - group.resting) * np.expm1(group.shared * LUCKS)
    return (expected if group.kind in SCALED else np.ones_like(expected)) * group.shared * LUCKS


def _alertness(group: Group, venous_s: Floats) -> Floats:
    """How far in its tail a rating lies, (n,); 0 on the likelier side of the middle."""
    racemic = sedation.racemic_equivalent(venous_s[:, 0])
    each = np.array([sedation.chance_of(rating, racemic) for rating in range(sedation.LEVELS)])
    rated, one = group.seen.astype(int), np.arange(group.seen.size)
    below = np.cumsum(each, axis=0)[rated, one]
    above = 1.0 - below + each[rated, one]
    return -quantile(np.clip(np.minimum(below, above), LEAST_CHANCE, 0.5))
