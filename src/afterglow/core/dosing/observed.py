"""What was seen in a session, and what had been given: the input to learning about a patient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from afterglow.core.body import Baseline, within
from afterglow.core.dosing import codec
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.doses import LONGEST_MIN
from afterglow.core.quantity import ArterialLevel, Dose, VenousLevel


def _when(at_min: float) -> None:
    within("at_min", at_min, 0, LONGEST_MIN, "min from the start of the session")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A dissociation score, CADSS-23."""

    at_min: float
    cadss: float

    def __post_init__(self) -> None:
        _when(self.at_min)
        within("cadss", self.cadss, 0, 92, "points")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    """A systolic pressure from a cuff."""

    at_min: float
    systolic_mmhg: float

    def __post_init__(self) -> None:
        _when(self.at_min)
        within("systolic_mmhg", self.systolic_mmhg, 40, 300, "mmHg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """A pulse rate."""

    at_min: float
    per_min: float

    def __post_init__(self) -> None:
        _when(self.at_min)
        within("per_min", self.per_min, 20, 250, "beats/min")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """A level measured in blood; the level says at which site and of what."""

    at_min: float
    level: ArterialLevel | VenousLevel

    def __post_init__(self) -> None:
        _when(self.at_min)


@dataclass(frozen=True, slots=True, kw_only=True)
class BelowLimit:
    """A sample in which nothing could be quantified: the level is somewhere under this one."""

    at_min: float
    limit: ArterialLevel | VenousLevel

    def __post_init__(self) -> None:
        _when(self.at_min)
        within("limit", self.limit.ng_per_ml, 0.01, 1000, "ng/mL")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredShort:
    """A dissociation score on the six-item form, CADSS-6."""

    at_min: float
    cadss_6: float

    def __post_init__(self) -> None:
        _when(self.at_min)
        within("cadss_6", self.cadss_6, 0, 24, "points")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sedated:
    """A rating of alertness, MOAA/S: 5 replies readily, 0 does not respond to pain."""

    at_min: float
    moaa_s: int

    def __post_init__(self) -> None:
        _when(self.at_min)
        within("moaa_s", self.moaa_s, 0, 5, "(a whole number)")
        if self.moaa_s != int(self.moaa_s):
            raise BadInput(f"moaa_s must be a whole number, got {self.moaa_s:g}.")


# What was not recorded is simply not among them: nothing is filled in.
Observation = Scored | ScoredShort | Pressure | Pulse | Sedated | Sampled | BelowLimit


def twice(seen: Sequence[Observation]) -> tuple[Observation, ...]:
    """Those that stand again with the same instant and value: a row copied, not a second reading.

    Readings of one instant that differ are repeats, each with an error of its own.
    """
    return tuple(one for one, times in Counter(seen).items() if times > 1)


def in_words(one: Observation) -> str:
    """What was recorded, and when, as a reader would find it again."""
    return f"{_value(one)} at {one.at_min:g} min"


def _value(one: Observation) -> str:
    match one:
        case Sampled(level=level) | BelowLimit(limit=level):
            side = "of" if isinstance(one, Sampled) else "below"
            return f"{level.site} {level.analyte} {side} {level.ng_per_ml:g} ng/mL"
        case Sedated():
            return f"a MOAA/S of {one.moaa_s}"
        case Scored():
            return f"a CADSS of {one.cadss:g}"
        case ScoredShort():
            return f"a CADSS-6 of {one.cadss_6:g}"
        case Pressure():
            return f"a systolic pressure of {one.systolic_mmhg:.0f} mmHg"
    return f"a pulse of {one.per_min:.0f}/min"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionObserved:
    """One session as it was: the doses actually given (pauses and all) and what was seen."""

    number: int  # 1 for the patient's first
    doses: tuple[Dose, ...]
    baseline: Baseline
    observations: tuple[Observation, ...]
    idle_days: float = 0.0  # since the session before

    def __post_init__(self) -> None:
        within("number", self.number, 1, 1000, "")
        within("idle_days", self.idle_days, 0, 36500, "days")
        if not self.doses:
            raise BadInput("doses must hold at least one dose that was given.")

    def to_json(self) -> dict[str, Any]:
        raw: dict[str, Any] = codec.plain(self)
        return raw

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> SessionObserved:
        return codec.read(cls, raw)
