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
    Observation,
    Pressure,
    Pulse,
    Sampled,
    Scored,
    SessionObserved,
)
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.doses import Timeline, timeline
from afterglow.core.pharmacology.library import load
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.quantity import Analyte, Site

LEVEL_OF = {
    (Site.ARTERIAL, Analyte.KETAMINE): lv.ARTERIAL,
    (Site.ARTERIAL, Analyte.ESKETAMINE): lv.ARTERIAL_S,
    (Site.ARTERIAL, Analyte.NORKETAMINE): lv.NORKETAMINE,
    (Site.VENOUS, Analyte.KETAMINE): lv.VENOUS,
    (Site.VENOUS, Analyte.ESKETAMINE): lv.VENOUS_S,
}
Effect = Callable[[Floats, Mapping[str, Floats], Visit, Occasion], Floats]
EFFECT_OF: Mapping[str, Effect] = {
    "cadss": outlook.cadss,
    "systolic": outlook.systolic,
    "pulse": outlook.pulse,
}
SITE_OF = {
    "cadss": lv.DISSOCIATION_SITE,
    "systolic": lv.PRESSURE_SITE,
    "pulse": lv.PRESSURE_SITE,
}


@dataclass(frozen=True, slots=True)
class Group:
    """Observations of one kind in one session."""

    kind: str  # "cadss", "systolic", "pulse" or "level"
    output: str  # the level it is read from
    at: NDArray[np.intp]  # places on the timeline
    seen: Floats  # logs, for levels
    sd: float  # of one observation
    shared: float  # of the whole session


@dataclass(frozen=True, slots=True)
class Evidence:
    """One session, made ready to be compared with any number of bodies."""

    line: Timeline
    visit: Visit
    groups: tuple[Group, ...]

    def log_likelihood(self, people: Mapping[str, Floats]) -> Floats:
        """(N,), up to a constant."""
        outputs = sorted({group.output for group in self.groups})
        found = lv.levels(people, self.line, *outputs)
        total = np.zeros(next(iter(people.values())).size)
        for group in self.groups:
            expected = self._expected(group, found[group.output][group.at], people)
            total += _fit(group, expected)
        return total

    def _expected(self, group: Group, level: Floats, people: Mapping[str, Floats]) -> Floats:
        if group.kind == "level":
            return np.asarray(np.log(np.maximum(level, 1e-12)))
        usual = Occasion.none(level.shape[1])
        return EFFECT_OF[group.kind](level, people, self.visit, usual)


def evidence(session: SessionObserved, model: str) -> Evidence:
    """A session as evidence. Its levels must be among `LEVEL_OF`, after the first dose."""
    times = np.array(sorted({one.at_min for one in session.observations}))
    line = timeline(session.doses, times)
    keyed: dict[tuple[str, str, float], list[Observation]] = {}
    for one in session.observations:
        keyed.setdefault(_key(one, model), []).append(one)
    visit = Visit(number=session.number, baseline=session.baseline, idle_days=session.idle_days)
    groups = tuple(_group(key, ones, line) for key, ones in sorted(keyed.items()))
    return Evidence(line, visit, groups)


def _key(one: Observation, model: str) -> tuple[str, str, float]:
    numbers = effect_numbers()
    match one:
        case Sampled(level=level):
            arterial = load(model).residual["ketamine"].value
            sd = arterial if level.site is Site.ARTERIAL else numbers["venous_residual"]
            return "level", LEVEL_OF[level.site, level.analyte], sd
        case Scored():
            kind = "cadss"
        case Pressure():
            kind = "systolic"
        case Pulse():
            kind = "pulse"
    return kind, SITE_OF[kind], numbers[f"{kind}_residual"]


def _group(key: tuple[str, str, float], ones: Sequence[Observation], line: Timeline) -> Group:
    kind, output, sd = key
    at = np.searchsorted(line.at_min, [one.at_min for one in ones])
    shared = 0.0 if kind == "level" else effect_numbers()[f"{kind}_occasion"]
    return Group(kind, output, at, np.array([_seen(one) for one in ones]), sd, shared)


def _seen(one: Observation) -> float:
    match one:
        case Scored():
            return one.cadss
        case Pressure():
            return one.systolic_mmhg
        case Pulse():
            return one.per_min
        case Sampled():
            return float(np.log(one.level.ng_per_ml))


def _fit(group: Group, expected: Floats) -> Floats:
    """Log-likelihood of one group. A session's luck scales a score, and shifts a pressure."""
    off = (group.seen[:, None] - expected) / group.sd
    direction = (expected if group.kind == "cadss" else np.ones_like(expected)) / group.sd
    stretched = 1 + group.shared**2 * np.sum(direction**2, axis=0)
    along = group.shared * np.sum(off * direction, axis=0)
    squares = np.sum(off**2, axis=0) - along**2 / stretched
    return np.asarray(-0.5 * (squares + np.log(stretched)))
