"""Symptom score over days and weeks: onset, fading, accumulation, expectancy, and therapy.

    score = baseline * (1 - sensitivity * Y) * (1 - expectancy * H)
    Y     = w P + (1 - w) L        rapid and consolidated plasticity, see plasticity.py
    H     = hope, 0 to 1           rises within hours of a session, fades over weeks after the last

The two factors multiply, so a score cannot leave its scale and the two never cancel more than
there is [own]. Scores are MADRS points (0-60); `scales.py` converts. Derivation, calibration and
known misfits: docs/science/mood.md. No published model of this course was found: provisional.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology import driven
from afterglow.core.pharmacology.driven import Drive, Slowing
from afterglow.core.pharmacology.plasticity import follow
from afterglow.core.pharmacology.sourced import sheet
from afterglow.core.quantity import Dose

Array = NDArray[np.float64]

LN2 = float(np.log(2.0))
MADRS_TOP = 60.0
# After each change of what goes in: from, to, and how far apart, in minutes.
CLOSE_MIN = ((0.0, 120.0, 4.0), (120.0, 240.0, 8.0), (240.0, 480.0, 20.0))
ONE_SESSION_DAYS = 0.5  # pulses nearer than this to the one before are of the same session
FADED_MIN = 1200.0  # after the last dose: what is left at the effect site drives nothing more


class Expectancy(StrEnum):
    """What the people in this arm believe they may be getting; sets the change without drug."""

    NONE = "none"
    INERT = "inert"
    ACTIVE_COMPARATOR = "active_comparator"
    STRONG_BELIEF = "strong_belief"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodParams:
    """The mood model of n people: every field an array (n,). Shares are 0 to 1."""

    baseline_madrs: Array
    sensitivity: Array  # share of the symptoms that full plasticity takes away
    potential_per_hour: Array  # trigger per hour of saturated drive
    trigger_half_life_h: Array
    rapid_half_life_d: Array
    consolidation_per_day: Array
    consolidated_half_life_d: Array
    rapid_share: Array
    expectancy: Array  # share of the starting score that goes without drug
    expectancy_half_rise_d: Array
    expectancy_half_life_d: Array  # of what was hoped, since the last session
    slow_recovery: Array  # share that goes over weeks on a new oral antidepressant
    slow_recovery_half_rise_d: Array
    residual_madrs: Array

    @property
    def people(self) -> int:
        return int(self.baseline_madrs.size)

    def rates(self) -> Array:
        """(n, 4): d_a, d_p, k_l, d_l, all per day."""
        d_a = LN2 * 24.0 / self.trigger_half_life_h
        d_p, d_l = LN2 / self.rapid_half_life_d, LN2 / self.consolidated_half_life_d
        if np.any(d_p >= 0.5 * d_a):
            raise BadInput("rapid_half_life_d must be more than twice trigger_half_life_h.")
        return np.ascontiguousarray(np.stack([d_a, d_p, self.consolidation_per_day, d_l], axis=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulses:
    """The trigger of all sessions: days since day 0 (m,), and hours of drive (n, m) or (m,)."""

    at_days: Array
    drive_h: Array

    def __post_init__(self) -> None:
        if self.at_days.size == 0 or np.any(np.diff(self.at_days) < 0):
            raise BadInput("at_days must hold one day or more, in ascending order.")
        if not np.all(np.isfinite(self.drive_h)) or np.any(self.drive_h < 0):
            raise BadInput("drive_h must be 0 h or more.")
        if self.drive_h.shape[-1] != self.at_days.size:
            raise BadInput("drive_h must have one column for each of at_days.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDrive:
    """One session's drive, 0 to 1, at minutes since it began (`drive_minutes`): (g,), (g, n)."""

    at_day: float
    t_min: Array
    drive: Array

    @property
    def ends_day(self) -> float:
        return float(self.at_day + self.t_min[-1] / 1440.0)

    def driving(self, t_min: Array) -> Array:
        """Its drive at other minutes (t,), by straight lines: (t, n); nothing outside it."""
        before = np.clip(
            np.searchsorted(self.t_min, t_min, side="right") - 1, 0, self.t_min.size - 2
        )
        part = (t_min - self.t_min[before]) / np.diff(self.t_min)[before]
        inside = (t_min >= self.t_min[0]) & (t_min <= self.t_min[-1])
        low, high = self.drive[before], self.drive[before + 1]
        return np.asarray(inside[:, None] * (low + part[:, None] * (high - low)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Therapy:
    """Psychotherapy between two days: it multiplies both fading rates, never above 1."""

    from_day: float
    to_day: float
    slowing: float

    def __post_init__(self) -> None:
        if not 0 < self.slowing <= 1:
            raise BadInput(f"slowing must be above 0 and at most 1, got {self.slowing:g}.")
        if not self.from_day < self.to_day:
            raise BadInput("from_day must come before to_day.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodCourse:
    """What the model expects of each person at each time, noise not included. All (n, t)."""

    t_days: Array
    madrs: Array
    rapid: Array
    consolidated: Array
    without_drug_madrs: Array


def drive_rate(effect_site_s_ng_per_ml: ArrayLike) -> Array:
    """Drive, 0 to 1, at S-ketamine effect-site concentrations (ng/mL); any shape.

    A saturating function, so that a long low infusion can drive as much as a short high one:
    a hypothesis (Lenze 2016 and R-107 for it, null plasma-response correlations against it).
    """
    numbers = sheet("mood")
    ce = np.maximum(np.asarray(effect_site_s_ng_per_ml, dtype=np.float64), 0.0)
    power = (ce / numbers.value("drive_c50")) ** numbers.value("drive_hill")
    return np.asarray(power / (1.0 + power))


def course(
    params: MoodParams, pulses: Pulses, t_days: Array, therapy: Sequence[Therapy] = ()
) -> MoodCourse:
    """Expected scores over time for n people.

    Shapes: t_days (t,) ascending, in days on the same clock as the pulses -> all (n, t), MADRS
    points. Hope starts with the first pulse, drug or not, and rises again with each: give a placebo
    arm pulses with drive 0. Therapies must not overlap.
    """
    t_days = _checked(t_days)
    days, drives, slowing = _events(params, pulses, therapy)
    rapid = np.empty((params.people, t_days.size))
    consolidated = np.empty_like(rapid)
    follow(days, drives, slowing, params.rates(), t_days, rapid, consolidated)
    hope = _hope(params, _begun(pulses.at_days), t_days)
    return _scored(params, t_days, hope, float(days[0]), rapid, consolidated)


def course_along(
    params: MoodParams,
    sessions: Sequence[SessionDrive],
    t_days: Array,
    therapy: Sequence[Therapy] = (),
) -> MoodCourse:
    """As `course`, along each session's own curve of drive: right within the day too.

    `t_days` (T,) in days; shapes as in `course`. Quicker for very many people and times: driven.py.
    """
    t_days = _checked(t_days)
    if not sessions:
        raise BadInput("sessions must hold one or more; give a placebo arm a drive of 0.")
    per_day = params.potential_per_hour * 24.0
    drives = [
        Drive(at_day=one.at_day, t_min=one.t_min, per_day=one.drive * per_day)
        for one in _one_after_another(sessions)
    ]
    slowing = [Slowing(one.from_day, one.to_day, one.slowing) for one in _apart(therapy)]
    rapid, consolidated = driven.follow(drives, params.rates(), t_days, slowing)
    at_days = np.sort([one.at_day for one in sessions])
    hope = _hope(params, at_days, t_days)
    return _scored(params, t_days, hope, float(at_days[0]), rapid.T, consolidated.T)


def _one_after_another(sessions: Sequence[SessionDrive]) -> list[SessionDrive]:
    """In order of time; of those that overlap, what they drive together."""
    apart: list[SessionDrive] = []
    for one in sorted(sessions, key=lambda session: session.at_day):
        if apart and apart[-1].ends_day > one.at_day:
            apart[-1] = _together(apart[-1], one)
        else:
            apart.append(one)
    return apart


def _together(first: SessionDrive, other: SessionDrive) -> SessionDrive:
    late = (other.at_day - first.at_day) * 1440.0
    t_min = np.unique(np.round(np.concatenate([first.t_min, other.t_min + late]), 6))
    return SessionDrive(
        at_day=first.at_day, t_min=t_min, drive=first.driving(t_min) + other.driving(t_min - late)
    )


def drive_minutes(doses: Sequence[Dose]) -> Array:
    """Minutes of a session at which its effect site is to be followed, for `course_along`.

    Close together after each change of what goes in, and until all has faded.
    """
    changes = {0.0, *(edge for one in doses for edge in (one.starts_min, one.ends_min))}
    last = max(changes) + FADED_MIN
    every = [np.arange(0.0, last + 1.0, 60.0), np.array([last])]
    for change in changes:
        every += [change + np.arange(*span) for span in CLOSE_MIN]
    found: Array = np.unique(np.round(np.concatenate(every), 6))
    return np.asarray(found[found <= last])


def _scored(
    params: MoodParams,
    t_days: Array,
    hope: Array,
    began: float,
    rapid: Array,
    consolidated: Array,
) -> MoodCourse:
    """Scores (n, t) from plasticity, and from hope (n or 1, t)."""
    share = params.rapid_share[:, None]
    plasticity = share * rapid + (1.0 - share) * consolidated
    hoped = 1.0 - params.expectancy[:, None] * hope
    without = params.baseline_madrs[:, None] * hoped * _left_by_oral_drug(params, t_days - began)
    return MoodCourse(
        t_days=t_days,
        madrs=without * (1.0 - params.sensitivity[:, None] * plasticity),
        rapid=rapid,
        consolidated=consolidated,
        without_drug_madrs=without,
    )


def _begun(at_days: Array) -> Array:
    """Of pulses in order, those that begin a session."""
    return np.asarray(at_days[np.append(True, np.diff(at_days) > ONE_SESSION_DAYS)])


def _hope(params: MoodParams, at_days: Array, t_days: Array) -> Array:
    """How much of what each person may hope is hoped, (n, t); (1, t) where all are alike.

    Every session, drug or not, raises it towards 1 from where it stands; from then on it fades.
    """
    rise, life = _own(params.expectancy_half_rise_d), _own(params.expectancy_half_life_d)
    held: Array = np.zeros((max(rise.shape[0], life.shape[0]), 1))
    found = np.zeros((held.shape[0], t_days.size))
    for day, until in pairwise([*np.unique(at_days).tolist(), np.inf]):
        inside = (t_days >= day) & (t_days < until)
        since = np.maximum(np.append(t_days[inside], min(until, t_days[-1])) - day, 0.0)
        hope = (1.0 - (1.0 - held) * np.exp2(-since / rise)) * np.exp2(-since / life)
        found[:, inside], held = hope[:, :-1], hope[:, -1:]
    return found


def _left_by_oral_drug(params: MoodParams, since_days: Array) -> Array:
    """Share of the score that a new oral drug leaves, (n, t)."""
    if not params.slow_recovery.any():
        return np.ones((1, since_days.size))
    half_rise = _own(params.slow_recovery_half_rise_d)
    risen = -np.expm1(-LN2 * np.maximum(since_days, 0.0) / half_rise)
    return np.asarray(1.0 - params.slow_recovery[:, None] * risen)


def _own(values: Array) -> Array:
    """One value a person, (n, 1); (1, 1) where everybody is alike."""
    return (values[:1] if np.ptp(values) == 0 else values)[:, None]


def _checked(t_days: Array) -> Array:
    t_days = np.ascontiguousarray(t_days, dtype=np.float64)
    if t_days.size == 0 or not np.all(np.isfinite(t_days)) or np.any(np.diff(t_days) < 0):
        raise BadInput("t_days must hold one finite day or more, in ascending order.")
    return t_days


def _apart(therapy: Sequence[Therapy]) -> list[Therapy]:
    """Therapies in order of time; none may begin before the one before it has ended."""
    spans = sorted(therapy, key=lambda one: one.from_day)
    if any(a.to_day > b.from_day for a, b in pairwise(spans)):
        raise BadInput("therapy: two therapies overlap; give one after the other.")
    return spans


def _events(
    params: MoodParams, pulses: Pulses, therapy: Sequence[Therapy]
) -> tuple[Array, Array, Array]:
    """Pulses and the edges of therapies as one series: days, potentials (n, m), slowing (m,)."""
    spans = _apart(therapy)
    # An edge before the first pulse changes nothing: there is nothing yet to fade.
    first = float(pulses.at_days[0])
    edges = [max(day, first) for one in spans for day in (one.from_day, one.to_day)]
    days = np.concatenate([pulses.at_days, edges])
    drive = np.broadcast_to(np.atleast_2d(pulses.drive_h), (params.people, pulses.at_days.size))
    potential = params.potential_per_hour[:, None] * drive
    potential = np.concatenate([potential, np.zeros((params.people, len(edges)))], axis=1)
    order = np.argsort(days, kind="stable")
    days = np.ascontiguousarray(days[order])
    slowing = np.ones(days.size)
    for one in spans:
        slowing[(days >= one.from_day) & (days < one.to_day)] = one.slowing
    return days, np.ascontiguousarray(potential[:, order]), slowing


def with_expectancy(params: MoodParams, share: ArrayLike) -> MoodParams:
    """The same people, believing something else: share (n,) or one number, 0 to 1."""
    given = np.broadcast_to(np.asarray(share, dtype=np.float64), params.expectancy.shape).copy()
    if np.any((given < 0) | (given >= 1)):
        raise BadInput("expectancy must be 0 or more and below 1.")
    return replace(params, expectancy=given)
