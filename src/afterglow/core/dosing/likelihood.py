"""How well a body explains what was seen in a session: the log-likelihood of many bodies at once.

Errors of one session go together: a whole session may run high. So the covariance of a group of
observations is sd^2 I + shared^2 v v', which needs no matrix inversion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterglow.core.dosing import outlook
from afterglow.core.dosing.bodies import effect_numbers
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
from afterglow.core.pharmacology.normal import log_chance_below
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
SCALED = frozenset({"cadss", "cadss6"})  # a session's luck scales these, and shifts the others


@dataclass(frozen=True, slots=True)
class Group:
    """Observations of one kind in one session."""

    kind: str  # an effect of EFFECT_OF, "level", "below" or "moaa_s"
    output: str  # the level it is read from
    at: NDArray[np.intp]  # places on the timeline
    seen: Floats  # (n,); logs, for levels
    sd: Floats  # of each observation, (n, 1)
    shared: float  # of the whole session


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
        if group.kind in ("level", "below"):
            expected = np.asarray(np.log(np.maximum(level, 1e-12)))
            return _censored(group, expected) if group.kind == "below" else _fit(group, expected)
        usual = Occasion.none(level.shape[1])
        return _fit(group, EFFECT_OF[group.kind](level, people, self.visit, usual))


def log_likelihood(sessions: Sequence[Evidence], people: Mapping[str, Floats]) -> Floats:
    """All sessions together, (N,). People's modes are found once, not once for each session."""
    total = np.zeros(next(iter(people.values())).size)
    for ways in sorted({one.line.ways for one in sessions}):
        mine = [one for one in sessions if one.line.ways == ways]
        outputs = sorted({group.output for one in mine for group in one.groups})
        bank = lv.bank_of(people, ways, outputs)
        along = lv.held_along(bank, [one.line for one in mine])
        for one, found in zip(mine, along, strict=True):
            total += one.log_likelihood(people, found)
    return total


def evidence(session: SessionObserved, model: str) -> Evidence:
    """A session as evidence. Its levels must be among `LEVEL_OF`, after the first dose."""
    times = np.array(sorted({one.at_min for one in session.observations}))
    line = timeline(session.doses, times)
    keyed: dict[tuple[str, str], list[Observation]] = {}
    for one in session.observations:
        keyed.setdefault(_key(one), []).append(one)
    visit = Visit(number=session.number, baseline=session.baseline, idle_days=session.idle_days)
    groups = tuple(_group(key, ones, line, model) for key, ones in sorted(keyed.items()))
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


def _key(one: Observation) -> tuple[str, str]:
    """What kind it is, and the level it is read from."""
    match one:
        case Sampled(level=level):
            return "level", LEVEL_OF[level.site, level.analyte]
        case BelowLimit(limit=level):
            return "below", LEVEL_OF[level.site, level.analyte]
    return KIND_OF[type(one)]


def _group(key: tuple[str, str], ones: Sequence[Observation], line: Timeline, model: str) -> Group:
    kind, output = key
    at = np.searchsorted(line.at_min, [one.at_min for one in ones])
    shared = effect_numbers()[f"{kind}_occasion"] if kind in EFFECT_OF else 0.0
    sd = np.array([[_sd(one, kind, model)] for one in ones])
    return Group(kind, output, at, np.array([_seen(one) for one in ones]), sd, shared)


def _sd(one: Observation, kind: str, model: str) -> float:
    """Error of one observation, in its own unit; of the log, for levels."""
    match one:
        case Sampled(level=level) | BelowLimit(limit=level):
            return _level_error(level, model)
        case Sedated():
            return 1.0  # plays no part: a rating has a chance, not an error
    return effect_numbers()[f"{kind}_residual"]


def _level_error(level: Level, model: str) -> float:
    residual = load(model).residual
    if level.site is Site.VENOUS or not residual:
        return effect_numbers()["venous_residual"]
    if level.analyte is not Analyte.NORKETAMINE:
        return residual["ketamine"].value
    added = residual["norketamine_added"].value / max(level.ng_per_ml, 1.0)
    return float(np.hypot(residual["norketamine"].value, added))


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
            return float(np.log(level.ng_per_ml))


def _fit(group: Group, expected: Floats) -> Floats:
    """Log-likelihood of one group. A session's luck scales a score, and shifts a pressure."""
    off = (group.seen[:, None] - expected) / group.sd
    direction = (expected if group.kind in SCALED else np.ones_like(expected)) / group.sd
    stretched = 1 + group.shared**2 * np.sum(direction**2, axis=0)
    along = group.shared * np.sum(off * direction, axis=0)
    squares = np.sum(off**2, axis=0) - along**2 / stretched
    return np.asarray(-0.5 * (squares + np.log(stretched)) - np.sum(np.log(group.sd)))


def _censored(group: Group, expected: Floats) -> Floats:
    """The chance that the level was under its limit."""
    return np.asarray(np.sum(log_chance_below((group.seen[:, None] - expected) / group.sd), axis=0))


def _alertness(group: Group, venous_s: Floats) -> Floats:
    """The chance of each rating, drowsiness without drug included."""
    total = np.zeros(venous_s.shape[1])
    for level, own in zip(group.seen.astype(int), venous_s, strict=True):
        chance = sedation.chance_of(int(level), sedation.racemic_equivalent(own))
        total += np.log(np.maximum(chance, LEAST_CHANCE))
    return total
