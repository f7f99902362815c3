"""How well a body explains what was seen in a session: the log-likelihood of many bodies at once.

Errors of one session go together: a whole session may run high. So the covariance of a group of
observations is sd^2 I + shared^2 v v', which needs no matrix inversion. A score at an end of its
scale, or a level below an assay's limit, stands for everything beyond.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from afterglow.core.dosing import outlook
from afterglow.core.dosing.bodies import effect_numbers
from afterglow.core.dosing.luck import over_luck
from afterglow.core.dosing.observed import (
    BelowLimit,
    Observation,
    Pressure,
    Pulse,
    Sampled,
    Scored,
    ScoredShort,
    Sedated,
    SessionObserved,
)
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology import sedation
from afterglow.core.pharmacology.doses import Timeline, timeline
from afterglow.core.pharmacology.library import load
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.normal import leaning_below, log_chance_below
from afterglow.core.pharmacology.routes import entering
from afterglow.core.quantity import Analyte, Level, Site

LEVEL_OF = {
    (Site.ARTERIAL, Analyte.KETAMINE): lv.ARTERIAL,
    (Site.ARTERIAL, Analyte.ESKETAMINE): lv.ARTERIAL_S,
    (Site.ARTERIAL, Analyte.NORKETAMINE): lv.NORKETAMINE,
    (Site.VENOUS, Analyte.KETAMINE): lv.VENOUS,
    (Site.VENOUS, Analyte.ESKETAMINE): lv.VENOUS_S,
}
Effect = Callable[[Floats, Mapping[str, Floats], Visit, Occasion], Floats]
LEAST_CHANCE = 1e-6  # no single rating may rule a patient out


def _short_form(
    site: Floats, people: Mapping[str, Floats], visit: Visit, occasion: Occasion
) -> Floats:
    share = effect_numbers()["cadss6_share"]
    return np.asarray(share * outlook.cadss(site, people, visit, occasion))


EFFECT_OF: Mapping[str, Effect] = {
    "cadss": outlook.cadss,
    "cadss6": _short_form,
    "systolic": outlook.systolic,
    "pulse": outlook.pulse,
}
# Score on each scale of dissociation that is its highest.
HIGHEST = {"cadss": 92.0, "cadss6": 24.0}
# What is off in proportion to what is expected: a session's luck scales a score and shifts the
# others; an assay is off by a share of a level besides its own noise.
SCALED = frozenset({*HIGHEST, "noisy level"})


class Side(IntEnum):
    """What an observation stands for: itself, or everything under it, or above it."""

    UNDER, ITSELF, ABOVE = -1, 0, 1


@dataclass(frozen=True, slots=True)
class Group:
    """Observations of one kind in one session."""

    kind: str  # an effect of EFFECT_OF, "level" (logs), "noisy level" (not logs) or "moaa_s"
    output: str  # the level it is read from
    at: NDArray[np.intp]  # places on the timeline
    seen: Floats  # (n,)
    sd: Floats  # of each observation, (n, 1)
    side: NDArray[np.intp]  # of each, a `Side`; in one group they differ for scores only
    shared: float = 0.0  # of the whole session
    resting: float = 0.0  # the score without drug: no luck of a session scales it
    of: tuple[Observation, ...] = ()  # what was recorded, (n,)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One session, made ready to be compared with any number of bodies."""

    line: Timeline
    visit: Visit
    groups: tuple[Group, ...]
    given: Floats  # (n, 5): way in `line.ways`, mg of S, mg of R, start, minutes

    def log_likelihood(self, people: Mapping[str, Floats], found: Mapping[str, Floats]) -> Floats:
        """(N,), up to a constant. `found`: these people's levels along this session's line."""
        total = np.zeros(next(iter(people.values())).size)
        for group in self.groups:
            total += self._told_by(group, found[group.output][group.at], people)
        return total

    def _told_by(self, group: Group, level: Floats, people: Mapping[str, Floats]) -> Floats:
        """Log-likelihood (N,) of one group from the levels (n, N) it is read from."""
        if group.kind == "moaa_s":
            return _alertness(group, level)
        expected = self.expected(group.kind, level, people)
        if group.kind in HIGHEST:
            return _scores(group, expected)
        return _beyond(group, expected) if group.side[0] else _fit(group, expected)

    def expected(self, kind: str, level: Floats, people: Mapping[str, Floats]) -> Floats:
        """What is seen at these levels (n, N) in a session of middling luck."""
        if kind == "level":
            return np.asarray(np.log(np.maximum(level, 1e-12)))
        if kind == "noisy level":
            return level
        usual = Occasion.none(level.shape[1])
        return EFFECT_OF[kind](level, people, self.visit, usual)


def log_likelihood(sessions: Sequence[Evidence], people: Mapping[str, Floats]) -> Floats:
    """All sessions together, (N,)."""
    total = np.zeros(next(iter(people.values())).size)
    for one, found in levels_in(sessions, people):
        total += one.log_likelihood(people, found)
    return total


def levels_in(
    sessions: Sequence[Evidence], people: Mapping[str, Floats]
) -> Iterator[tuple[Evidence, dict[str, Floats]]]:
    """Each session with these people's levels in it, as it needs them, (T, N) each.

    People's modes are found once, not once for each session.
    """
    for ways in sorted({one.line.ways for one in sessions}):
        mine = [one for one in sessions if one.line.ways == ways]
        outputs = sorted({group.output for one in mine for group in one.groups})
        bank = lv.bank_of(people, ways, outputs)
        along = lv.held(bank, [one.line for one in mine])
        yield from zip(mine, along, strict=True)


def evidence(session: SessionObserved, model: str) -> Evidence:
    """A session as evidence. Its levels must be among `LEVEL_OF`, after the first dose."""
    times = np.array(sorted({one.at_min for one in session.observations}))
    line = timeline(session.doses, times)
    keyed: dict[Key, list[Observation]] = {}
    for one in session.observations:
        keyed.setdefault(_key(one), []).append(one)
    visit = Visit(number=session.number, baseline=session.baseline, idle_days=session.idle_days)
    groups = tuple(
        _group(key, ones, line, model, visit.baseline.cadss) for key, ones in sorted(keyed.items())
    )
    return Evidence(line, visit, groups, _given(session, line))


def _given(session: SessionObserved, line: Timeline) -> Floats:
    """The doses as numbers, one a row."""
    rows = [
        (
            line.ways.index(way),
            dose.amount.mg * dose.drug.s_fraction,
            dose.amount.mg * (1 - dose.drug.s_fraction),
            dose.starts_min,
            dose.ends_min - dose.starts_min,
        )
        for way, dose in entering(session.doses)
    ]
    return np.array(rows, dtype=np.float64)


KIND_OF: Mapping[type[Observation], tuple[str, str]] = {
    Scored: ("cadss", lv.DISSOCIATION_SITE),
    ScoredShort: ("cadss6", lv.DISSOCIATION_SITE),
    Pressure: ("systolic", lv.PRESSURE_SITE),
    Pulse: ("pulse", lv.PRESSURE_SITE),
    Sedated: ("moaa_s", lv.VENOUS_S),
}


Key = tuple[str, str, Side, float]  # kind, level, side; the instant, where each error is its own


def _key(one: Observation) -> Key:
    """What kind it is, the level it is read from, and what goes together with it."""
    match one:
        case Sampled(level=level):
            return _level_key(level, Side.ITSELF, one.at_min)
        case BelowLimit(limit=level):
            return _level_key(level, Side.UNDER, one.at_min)
    return *KIND_OF[type(one)], Side.ITSELF, 0.0


def _level_key(level: Level, side: Side, at_min: float) -> Key:
    output = LEVEL_OF[level.site, level.analyte]
    if output == lv.NORKETAMINE:
        return "noisy level", output, side, at_min
    return "level", output, side, 0.0


def _group(
    key: Key, ones: Sequence[Observation], line: Timeline, model: str, resting: float
) -> Group:
    kind, output, side, _ = key
    at = np.searchsorted(line.at_min, [one.at_min for one in ones])
    seen, sides = np.array([_seen(one) for one in ones]), np.full(len(ones), side, np.intp)
    if kind in HIGHEST:
        sides, seen = ends(seen, HIGHEST[kind])
        resting *= effect_numbers()["cadss6_share"] if kind == "cadss6" else 1.0
    sd = np.array([[_sd(one, kind, model)] for one in ones])
    shared = _shared(kind, model)
    return Group(kind, output, at, seen, sd, sides, shared, resting, tuple(ones))


def ends(scores: Floats, highest: float) -> tuple[NDArray[np.intp], Floats]:
    """Which scores (n,) lie at an end of their scale, and where everything beyond begins.

    Scores are whole numbers: nought is all that rounds to it or lies below.
    """
    low, high = 0.5, highest - 0.5
    sides = np.where(scores < low, Side.UNDER, np.where(scores > high, Side.ABOVE, Side.ITSELF))
    return sides.astype(np.intp), np.clip(scores, low, high)


def _shared(kind: str, model: str) -> float:
    """How far a whole session is off; as a share of what is expected where that is `SCALED`."""
    if kind == "noisy level":
        return load(model).residual["norketamine"].value
    return effect_numbers()[f"{kind}_occasion"] if kind in EFFECT_OF else 0.0


def _sd(one: Observation, kind: str, model: str) -> float:
    """Error of one observation, in its own unit; of the log, for levels."""
    match one:
        case Sampled(level=level) | BelowLimit(limit=level):
            return _level_error(level, model)
        case Sedated():
            return 1.0  # plays no part: a rating has a chance, not an error
    return effect_numbers()[f"{kind}_residual"]


def _level_error(level: Level, model: str) -> float:
    """Of the log; for norketamine the noise in ng/mL, beside which stands a share."""
    residual = load(model).residual
    if level.analyte is Analyte.NORKETAMINE:
        return residual["norketamine_added"].value
    if level.site is Site.VENOUS or not residual:
        return effect_numbers()["venous_residual"]
    return residual["ketamine"].value


def _seen(one: Observation) -> float:
    match one:
        case Scored():
            return one.cadss
        case ScoredShort():
            return one.cadss_6
        case Pressure():
            return one.systolic_mmhg
        case Pulse():
            return one.per_min
        case Sedated():
            return one.moaa_s
        case Sampled(level=level) | BelowLimit(limit=level):
            noisy = level.analyte is Analyte.NORKETAMINE
            return level.ng_per_ml if noisy else float(np.log(level.ng_per_ml))


def _scores(group: Group, expected: Floats) -> Floats:
    """Log-likelihood of scores, summed over all that a session's luck may be.

    The chance of lying beyond an end of the scale is taken to the second order around middling
    luck, where it is of the same form as a normal error.
    """
    seen, x = (group.seen[:, None] - group.resting) / group.sd, expected - group.resting
    x /= group.sd
    inner = group.side == 0
    rest = -0.5 * np.sum(seen[inner] ** 2) - np.sum(np.log(group.sd[inner]))
    a, b = np.sum(x[inner] ** 2, axis=0), np.sum(x[inner] * seen[inner], axis=0)
    if not inner.all():
        side, x = group.side[~inner, None], x[~inner]
        log_chance, lean, falls = leaning_below(side * (x - seen[~inner]))
        pull, bent = side * x * lean, falls * x**2
        a, b = a + np.sum(bent, axis=0), b + np.sum(pull + bent, axis=0)
        rest = rest + np.sum(log_chance - pull - 0.5 * bent, axis=0)
    return np.asarray(over_luck(a, b, group.shared)[0] + rest)


def _fit(group: Group, expected: Floats) -> Floats:
    """Log-likelihood of one group. A session's luck shifts a pressure; a share of a level, it."""
    off = (group.seen[:, None] - expected) / group.sd
    direction = (expected if group.kind in SCALED else np.ones_like(expected)) / group.sd
    stretched = 1 + group.shared**2 * np.sum(direction**2, axis=0)
    along = group.shared * np.sum(off * direction, axis=0)
    squares = np.sum(off**2, axis=0) - along**2 / stretched
    return np.asarray(-0.5 * (squares + np.log(stretched)) - np.sum(np.log(group.sd)))


def _beyond(group: Group, expected: Floats) -> Floats:
    """The chance that each level lay on its side of what is told."""
    share = group.shared * expected if group.kind in SCALED else 0.0
    off = (group.seen[:, None] - expected) / np.hypot(group.sd, share)
    return np.asarray(np.sum(log_chance_below(-group.side[:, None] * off), axis=0))


def _alertness(group: Group, venous_s: Floats) -> Floats:
    """The chance of each rating, drowsiness without drug included."""
    total = np.zeros(venous_s.shape[1])
    for level, own in zip(group.seen.astype(int), venous_s, strict=True):
        chance = sedation.chance_of(int(level), sedation.racemic_equivalent(own))
        total += np.log(np.maximum(chance, LEAST_CHANCE))
    return total
