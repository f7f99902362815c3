"""The log density of one person and its exact slopes: what the best fit walks along.

The same model as `likelihood.py`, for one person at a time and with derivatives; the two are
tested against each other, and the slopes against finite differences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.bodies import effect_numbers, spread_parameters, typical_values
from afterglow.core.dosing.likelihood import (
    HIGHEST,
    LEAST_CHANCE,
    SCALED,
    Evidence,
    Group,
)
from afterglow.core.dosing.luck import over_luck
from afterglow.core.pharmacology import effects, tangents
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.compiled import compiled
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.normal import leaning_below
from afterglow.core.pharmacology.routes import SHARE_AND_RATE, Way
from afterglow.core.pharmacology.sedation import chance_with_slope

# What an output of `levels` is to `tangents`, and whether it counts S alone.
OUTPUTS: Mapping[str, tuple[int, bool]] = {
    lv.ARTERIAL: (tangents.ARTERIAL, False),
    lv.ARTERIAL_S: (tangents.ARTERIAL, True),
    lv.VENOUS: (tangents.VENOUS, False),
    lv.VENOUS_S: (tangents.VENOUS, True),
    lv.NORKETAMINE: (tangents.NORKETAMINE, False),
    lv.DISSOCIATION_SITE: (tangents.DISSOCIATION_SITE, True),
    lv.PRESSURE_SITE: (tangents.PRESSURE_SITE, True),
}
EFFECTS = ("r_over_s_cl", "c50", "dmax", "habituation_floor", "systolic_slope", "pulse_slope")
UPTAKE = tuple(name for pair in SHARE_AND_RATE.values() for name in pair)
NAMES = tuple(dict.fromkeys((*tangents.ROWS, *EFFECTS, *UPTAKE)))
PLACE = {name: n for n, name in enumerate(NAMES)}


class Height(NamedTuple):
    """The log density at a point, its slope (P,), and what is told of each direction (P, P)."""

    value: float
    slope: Floats
    told: Floats


class Told(NamedTuple):
    """What a group's likelihood makes of its expected values (n,): slope and information."""

    value: float
    slope: Floats
    information: Floats  # (n, n)


@dataclass(frozen=True, slots=True)
class Walker:
    """One patient's sessions, made ready to be asked at one point after another."""

    typical: Floats  # every parameter at the typical person, (names,)
    places: NDArray[np.intp]  # of the parameters that differ between patients, in their order
    logit: NDArray[np.bool_]
    kind: tuple[bool, bool]  # three compartments, fitted in a vein
    precision: Floats
    sessions: Sequence[Evidence]

    @classmethod
    def of(cls, belief: Belief, precision: Floats, sessions: Sequence[Evidence]) -> Walker:
        values = typical_values(belief.model, belief.covariates)
        spread = spread_parameters(belief.model)
        # What moves nothing that is observed still has its prior, and a place.
        names = (*NAMES, *(name for name in belief.parameters if name not in PLACE))
        return cls(
            typical=np.array([values.get(name, 0.0) for name in names]),
            places=np.array([names.index(name) for name in belief.parameters], dtype=np.intp),
            logit=np.array([spread[name].logit for name in belief.parameters]),
            kind=("q3" in values, "fitted_in_vein" in values),
            precision=precision,
            sessions=sessions,
        )

    def at(self, deviation: Floats) -> Height:
        """Log density, slope and information at a deviation (P,), up to the density's constant."""
        person = self._person(deviation)
        pull = self.precision @ deviation
        value, slope, told = -0.5 * float(deviation @ pull), -pull, self.precision.copy()
        bodies = self._bodies(person)
        for session in self.sessions:
            for group in session.groups:
                expected = self._expected(session, group, person, bodies)
                heard = _heard(group, expected[:, 0])
                value += heard.value
                _gather(slope, told, expected, heard.slope, heard.information)
        return Height(value, slope, told)

    def _person(self, deviation: Floats) -> Floats:
        """Every parameter with its slopes, (names, 1 + P)."""
        person = np.zeros((self.typical.size, 1 + deviation.size))
        person[:, 0] = self.typical
        usual = self.typical[self.places]
        moved = usual * np.exp(deviation)
        moved = np.where(self.logit, moved / (1 - usual + moved), moved)
        person[self.places, 0] = moved
        steep = np.where(self.logit, moved * (1 - moved), moved)
        person[self.places, np.arange(1, 1 + deviation.size)] = steep
        return person

    def _bodies(self, person: Floats) -> tuple[Floats, Floats]:
        """As S and as R meet this person: R is cleared more slowly."""
        rows = len(tangents.ROWS)
        s, r = person[:rows], person[:rows].copy()
        ratio = person[PLACE["r_over_s_cl"]]
        r[tangents.CL] = s[tangents.CL] * ratio[0] + s[tangents.CL, 0] * ratio
        r[tangents.CL, 0] = s[tangents.CL, 0] * ratio[0]
        return np.ascontiguousarray(s), r

    def _expected(
        self, session: Evidence, group: Group, person: Floats, bodies: tuple[Floats, Floats]
    ) -> Floats:
        """What a group would show if this were the person, with slopes, (n, 1 + P)."""
        output, only_s = OUTPUTS[group.output]
        t_min = session.line.at_min[group.at]
        uptake = _uptake(session.line.ways, person)
        level = tangents.level(bodies, self.kind, uptake, session.given, t_min, output, only_s)
        if group.kind == "level":
            return tangents.logarithm(level)
        if group.kind in ("noisy level", "moaa_s"):
            return level
        if group.kind in HIGHEST:
            return _score(level, person, session, group.kind)
        return _risen(level, person, session, group.kind)


def _uptake(ways: Sequence[Way], person: Floats) -> Floats:
    """Share and rate of each way in, (ways, 2, 1 + P); a rate of 0 for a vein."""
    found = np.zeros((len(ways), 2, person.shape[1]))
    for n, way in enumerate(ways):
        if way in SHARE_AND_RATE:
            share, rate = SHARE_AND_RATE[way]
            found[n] = person[PLACE[share]], person[PLACE[rate]]
    return found


def _score(site: Floats, person: Floats, session: Evidence, kind: str) -> Floats:
    """The dissociation score; see `outlook.cadss`."""
    numbers, visit = effect_numbers(), session.visit
    floor = person[PLACE["habituation_floor"]]
    worn = float(effects.habituation(visit.number, visit.idle_days, floor[:1], numbers)[0])
    lost = (1 - worn) / (1 - floor[0])  # of the part that can be lost
    top = worn * person[PLACE["dmax"]] + person[PLACE["dmax"], 0] * lost * floor
    top[0] = worn * person[PLACE["dmax"], 0]
    out = tangents.sigmoid(site, person[PLACE["c50"]], numbers["gamma"], top)
    out[:, 0] += visit.baseline.cadss
    full = out[:, 0] >= numbers["cadss_highest"]
    out[full] = 0.0
    out[full, 0] = numbers["cadss_highest"]
    return out * numbers["cadss6_share"] if kind == "cadss6" else out


def _risen(site: Floats, person: Floats, session: Evidence, kind: str) -> Floats:
    """Pressure or pulse; see `outlook.systolic`: in step with the site up to a cap."""
    numbers, baseline = effect_numbers(), session.visit.baseline
    resting = baseline.systolic_mmhg if kind == "systolic" else baseline.pulse_per_min
    highest = numbers[f"{kind}_cap"] * resting / numbers[f"{kind}_slope"]
    return tangents.rise(site, person[PLACE[f"{kind}_slope"]], highest, resting)


def _heard(group: Group, expected: Floats) -> Told:
    if group.kind == "moaa_s":
        return _rated(group, expected)
    if group.kind in HIGHEST:
        return _scores(group, expected)
    return _beyond(group, expected) if group.side[0] else _fit(group, expected)


@compiled
def _gather(
    slope: Floats, told: Floats, expected: Floats, lean: Floats, information: Floats
) -> None:
    """Add to `slope` (P,) and `told` (P, P) what n expected values (n, 1 + P) tell."""
    n, parameters = lean.size, slope.size
    for i in range(n):
        for p in range(parameters):
            slope[p] += lean[i] * expected[i, 1 + p]
        for j in range(n):
            if information[i, j] == 0.0:
                continue
            for p in range(parameters):
                part = information[i, j] * expected[i, 1 + p]
                for q in range(parameters):
                    told[p, q] += part * expected[j, 1 + q]


def _scores(group: Group, expected: Floats) -> Told:
    """Scores of one session; see `likelihood._scores`."""
    sd, side = group.sd[:, 0], group.side
    seen, x = (group.seen - group.resting) / sd, (expected - group.resting) / sd
    ends, ended = np.zeros((3, sd.size)), side != 0
    if ended.any():
        ends[:, ended] = leaning_below(side[ended] * (x[ended] - seen[ended]))
    value, slope, told = shared_luck(seen, x, side, ends, group.shared)
    return Told(value - float(np.log(sd) @ ~ended), slope / sd, told / (sd * group.sd))


@compiled
def shared_luck(
    seen: Floats, x: Floats, side: NDArray[np.intp], ends: Floats, shared: float
) -> tuple[float, Floats, Floats]:
    """Log-likelihood of n scores of one luck, its slopes and information in what is expected.

    Scores `seen` and expected ones `x`, (n,), above rest, in errors. `ends` (3, n): of a score at
    an end of the scale, what `leaning_below` says of it.
    """
    n, rest = x.size, 0.0
    weight, bend, pull = np.ones(n), np.zeros(n), seen.copy()
    for i in range(n):
        if side[i] == 0:
            rest -= 0.5 * seen[i] ** 2
            continue
        log_chance, lean, falls = ends[0, i], ends[1, i], ends[2, i]
        bends = lean - falls * (2 * lean + side[i] * (x[i] - seen[i]))  # slope of `falls`
        weight[i], bend[i] = falls, 0.5 * side[i] * bends * x[i] ** 2
        pull[i] = side[i] * lean + falls * x[i]
        rest += log_chance - side[i] * x[i] * lean - 0.5 * falls * x[i] ** 2
    along = weight * x
    a, b = np.sum(along * x), np.sum(pull * x)
    log_mean, first, second = over_luck(np.array([a]), np.array([b]), shared)
    slope = first[0] * (pull + 2 * bend) - second[0] * (along + bend) - bend
    return log_mean[0] + rest, slope, _informed(weight * second[0], x, shared)


@compiled
def _informed(weight: Floats, course: Floats, shared: float) -> Floats:
    """Information in n expected values of these weights, whose errors share what is along them."""
    along = weight * course
    lost = shared**2 / (1 + shared**2 * np.sum(along * course))
    told = np.empty((along.size, along.size))
    for i in range(along.size):
        told[i] = -lost * along[i] * along
        told[i, i] += weight[i]
    return told


def _fit(group: Group, expected: Floats) -> Told:
    """Normal errors, of which a session's luck is shared; see `likelihood._fit`."""
    scaled, sd = group.kind in SCALED, group.sd[:, 0]
    return Told(*normal(group.seen, sd, group.shared, expected, scaled))


@compiled
def normal(
    seen: Floats, sd: Floats, shared: float, expected: Floats, scaled: bool
) -> tuple[float, Floats, Floats]:
    """Log-likelihood of n values, its slopes and information in what is expected of them.

    Their covariance is sd^2 I + shared^2 v v', where v is 1, or what is expected itself (`scaled`).
    """
    n, together = seen.size, shared**2
    off = (seen - expected) / sd
    direction = (expected if scaled else np.ones(n)) / sd
    along, stretched = np.sum(off * direction), 1 + together * np.sum(direction**2)
    lean = together * along / stretched
    value = -0.5 * (np.sum(off**2) - lean * along + np.log(stretched)) - np.sum(np.log(sd))
    slope = off - lean * direction
    if scaled:  # the direction itself moves with what is expected
        slope += lean * off - (lean**2 + together / stretched) * direction
    told = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            own = 1.0 if i == j else 0.0
            told[i, j] = (own - together / stretched * direction[i] * direction[j]) / sd[i] / sd[j]
    return value, slope / sd, told


def _beyond(group: Group, expected: Floats) -> Told:
    """The chance that each level lay on its side of what is told."""
    share = group.shared if group.kind in SCALED else 0.0
    sd = np.hypot(group.sd[:, 0], share * expected)
    z = -group.side * (group.seen - expected) / sd
    # The error itself grows with what is expected.
    steep = group.side / sd - z * share**2 * expected / sd**2
    log_chance, lean, falls = leaning_below(z)
    return Told(float(np.sum(log_chance)), lean * steep, np.diag(falls * steep**2))


def _rated(group: Group, venous_s: Floats) -> Told:
    """The chance of each rating of alertness."""
    chance, steep = chance_with_slope(group.seen, venous_s)
    lean = np.where(chance > LEAST_CHANCE, steep / np.maximum(chance, LEAST_CHANCE), 0.0)
    value = float(np.sum(np.log(np.maximum(chance, LEAST_CHANCE))))
    return Told(value, lean, np.diag(lean**2))
