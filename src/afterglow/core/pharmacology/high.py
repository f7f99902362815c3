"""The question of the field, for one dose: how high, for how long, and is it gone?

Takes curves, gives a report: every figure carries its interval, its source and its grade.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.bands import BANDS, Band, band, band_index, vas_high
from afterglow.core.pharmacology.sedation import chance_at_or_below
from afterglow.core.pharmacology.sourced import sheet

Array = NDArray[np.float64]

DISSOCIATION = "effect-site model of dissociation: Olofsen 2022, Goldway 2025"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One figure as it is shown. `value` is None where it cannot be told; `words` say why.

    low and high are the 5th and 95th percentile over people, unless the words say otherwise.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    source: str
    grade: str
    words: str

    @property
    def is_unverified(self) -> bool:
        return self.grade in ("C", "own")


@dataclass(frozen=True, slots=True, kw_only=True)
class HighReport:
    """What a dose will feel like, and when it is over. Minutes count from the first drug."""

    peak_dissociation: Finding  # high = worst in 20
    peak_at_min: Finding
    begins_at_min: Finding
    gone_at_min: Finding  # value: half of people; high: 19 in 20
    band: Finding  # the median peak concentration; its band in `band_at_peak`
    band_at_peak: Band
    band_chances: Mapping[Band, float]  # share of people whose own peak lies there
    minutes_in_band: Mapping[Band, float]  # of the median curve
    vas_high: Finding  # low and high: the weakest and the strongest item, not people
    conversing: Finding  # chance of staying able to converse throughout
    conversing_at: tuple[float, ...]  # the same at each of t_min
    converses_again_at_min: Finding
    t_min: tuple[float, ...]
    notes: tuple[str, ...]

    def findings(self) -> tuple[Finding, ...]:
        """All figures, in the order they are shown."""
        return (
            self.peak_dissociation,
            self.peak_at_min,
            self.begins_at_min,
            self.gone_at_min,
            self.band,
            self.vas_high,
            self.conversing,
            self.converses_again_at_min,
        )


def report(t_min: Array, cadss: Array, venous_racemic_equivalent: Array) -> HighReport:
    """Read the high off a group's curves.

    Shapes: t_min (t,) ascending; cadss (t, n) drug-caused CADSS-23 points; venous concentration
    (t, n), ng/mL of racemic ketamine: for esketamine pass twice its own, which halves every band
    edge (S alone makes the high). See docs/science/high.md.
    """
    _check(t_min, cadss, venous_racemic_equivalent)
    numbers = sheet("high")
    peak = venous_racemic_equivalent.max(axis=0)
    typical = np.median(venous_racemic_equivalent, axis=1)
    talks = _conversing(cadss, venous_racemic_equivalent)
    gone = numbers["gone_below"]
    begins, ends = _from_to(t_min, cadss, gone.value)
    dissociation = {"source": DISSOCIATION, "grade": "D"}
    clock = {"source": DISSOCIATION, "grade": gone.grade, "unit": "min"}
    return HighReport(
        peak_dissociation=_spread(
            "peak dissociation",
            cadss.max(axis=0),
            unit="CADSS-23 points",
            words="half of people stay below the typical figure, 19 in 20 below the worst",
            **dissociation,
        ),
        peak_at_min=_spread(
            "peak at",
            t_min[cadss.argmax(axis=0)],
            unit="min",
            words="time of the maximum",
            **dissociation,
        ),
        begins_at_min=_clocked(
            "begins at",
            begins,
            words=f"first above {gone.value:g} points",
            unseen="where there is no figure, so many people never are",
            **clock,
        ),
        gone_at_min=_clocked(
            "gone at",
            ends,
            words=f"from then on below {gone.value:g} points of drug-caused dissociation",
            unseen="where there is no figure, not within the time looked at",
            **clock,
        ),
        band=_spread(
            "peak concentration",
            peak,
            unit="ng/mL",
            source=numbers["strong_below"].source,
            grade=numbers["strong_below"].grade,
            words="racemic equivalent, venous",
        ),
        band_at_peak=band(float(np.median(peak))),
        band_chances=_shares(band_index(peak)),
        minutes_in_band=_minutes(t_min, typical),
        vas_high=_vas(float(np.median(peak))),
        conversing=_talk_finding(_conversing_throughout(cadss, peak)),
        conversing_at=tuple(float(v) for v in talks),
        converses_again_at_min=_again(t_min, talks),
        t_min=tuple(float(v) for v in t_min),
        notes=sheet("high").caveats + sheet("sedation").caveats[:1],
    )


def _check(t_min: Array, cadss: Array, venous: Array) -> None:
    if t_min.size < 2 or np.any(np.diff(t_min) <= 0):
        raise BadInput("t_min must hold two times or more, in ascending order.")
    if cadss.ndim != 2 or cadss.shape != venous.shape or cadss.shape[0] != t_min.size:
        raise BadInput(f"cadss and venous must both be ({t_min.size}, people).")
    if not (np.all(np.isfinite(cadss)) and np.all(np.isfinite(venous))):
        raise BadInput("cadss and venous must be finite numbers.")


def _spread(name: str, values: Array, *, unit: str, source: str, grade: str, words: str) -> Finding:
    """Median and 5th to 95th percentile over people; None where that person has no such time.

    A time that lies beyond the curves is infinite in `values`: the figure is then None.
    """
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95], method="closest_observation")
    told = [float(v) if np.isfinite(v) else None for v in (low, middle, high)]
    return Finding(
        name=name,
        value=told[1],
        low=told[0],
        high=told[2],
        unit=unit,
        source=source,
        grade=grade,
        words=words,
    )


def _clocked(name: str, values: Array, *, words: str, unseen: str, **how: str) -> Finding:
    """A time, with a word on what it means where there is none."""
    told = _spread(name, values, words=words, **how)
    whole = None not in (told.value, told.low, told.high)
    return told if whole else replace(told, words=f"{words}; {unseen}")


def _from_to(t_min: Array, cadss: Array, level: float) -> tuple[Array, Array]:
    """First time above and first time back below for good; infinite where not seen.

    Somebody who is never above is gone at once (0 after the start) and never begins.
    """
    above = cadss > level
    ever = above.any(axis=0)
    first = np.where(ever, t_min[above.argmax(axis=0)], np.inf)
    last = t_min.size - 1 - above[::-1].argmax(axis=0)
    after = np.append(t_min, np.inf)[last + 1]
    return first, np.where(ever, after, t_min[0])


def _shares(places: NDArray[np.intp]) -> dict[Band, float]:
    return {one: float(np.mean(places == k)) for k, one in enumerate(BANDS)}


def _minutes(t_min: Array, concentration: Array) -> dict[Band, float]:
    """Minutes the curve spends in each band; a step counts where its middle lies."""
    middle = 0.5 * (concentration[1:] + concentration[:-1])
    places, steps = band_index(middle), np.diff(t_min)
    return {one: float(steps[places == k].sum()) for k, one in enumerate(BANDS)}


def _vas(peak: float) -> Finding:
    numbers = sheet("high")
    value, low, high = (float(v) for v in vas_high(peak))
    known = np.isfinite(value)
    words = "share of the full scale; from the weakest to the strongest item"
    unknown = f"not measured above {numbers.value('vas_highest'):g} ng/mL"
    return Finding(
        name="feeling high",
        value=value if known else None,
        low=low if known else None,
        high=high if known else None,
        unit="share of full scale",
        source=numbers["vas_per_ng_per_ml"].source,
        grade=numbers["vas_per_ng_per_ml"].grade,
        words=words if known else unknown,
    )


def _conversing(cadss: Array, venous: Array) -> Array:
    """Chance of being able to converse at each time, over people; (t,)."""
    numbers = sheet("high")
    awake = 1.0 - chance_at_or_below(int(numbers.value("conversing_moaas")) - 1, venous)
    return np.asarray((awake * (cadss < numbers.value("conversing_below"))).mean(axis=1))


def _conversing_throughout(cadss: Array, peak: Array) -> float:
    """Chance of it at everybody's own worst: MOAA/S 4 or more, dissociation below the level."""
    return float(_conversing(cadss.max(axis=0)[None, :], peak[None, :])[0])


def _talk_finding(chance: float) -> Finding:
    level = sheet("high")["conversing_below"]
    return Finding(
        name="stays able to converse",
        value=chance,
        low=None,
        high=None,
        unit="chance",
        source=level.source,
        grade=level.grade,
        words=f"MOAA/S 4 or more and dissociation below {level.value:g} points throughout",
    )


def _again(t_min: Array, talks: Array) -> Finding:
    """When 19 in 20 are able to converse again for good."""
    _, after = _from_to(t_min, 1.0 - talks[:, None], 0.05)
    level = sheet("high")["conversing_below"]
    seen = bool(np.isfinite(after[0]))
    return Finding(
        name="able to converse again",
        value=float(after[0]) if seen else None,
        low=None,
        high=None,
        unit="min",
        source=level.source,
        grade=level.grade,
        words="19 in 20 people from then on" if seen else "not within the time looked at",
    )
