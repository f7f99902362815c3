"""The quantities a prediction shows, and how many draws become five percentiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterglow.core.dosing.bands import PERCENTILES, Series
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.modes import Floats

DIGITS = 4  # what is stored and shown; a replay must agree to the last of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One line of the chart. `level` is its place in a bank, for concentrations."""

    unit: str
    label: str
    grade: str  # of the weakest number behind it
    level: str = ""
    site: str = ""
    analyte: str = ""


SHOWN: Mapping[str, Shown] = {
    "arterial_ng_per_ml": Shown(
        unit="ng/mL",
        label="Ketamine, arterial",
        grade="D",
        level=lv.ARTERIAL,
        site="arterial",
        analyte="ketamine",
    ),
    "venous_ng_per_ml": Shown(
        unit="ng/mL",
        label="Ketamine, venous",
        grade="D",
        level=lv.VENOUS,
        site="venous",
        analyte="ketamine",
    ),
    "arterial_s_ng_per_ml": Shown(
        unit="ng/mL",
        label="S-ketamine, arterial",
        grade="B",
        level=lv.ARTERIAL_S,
        site="arterial",
        analyte="esketamine",
    ),
    "venous_s_ng_per_ml": Shown(
        unit="ng/mL",
        label="S-ketamine, venous",
        grade="D",
        level=lv.VENOUS_S,
        site="venous",
        analyte="esketamine",
    ),
    "norketamine_arterial_ng_per_ml": Shown(
        unit="ng/mL",
        label="Norketamine, arterial",
        grade="B",
        level=lv.NORKETAMINE,
        site="arterial",
        analyte="norketamine",
    ),
    "cadss": Shown(unit="points", label="Dissociation (CADSS-23)", grade="own"),
    "systolic_mmhg": Shown(unit="mmHg", label="Systolic pressure", grade="own"),
    "systolic_rise_mmhg": Shown(unit="mmHg", label="Rise of systolic pressure", grade="own"),
    "pulse_per_min": Shown(unit="beats/min", label="Pulse", grade="own"),
}


def over_draws(draws: Floats, asked: NDArray[np.intp]) -> Floats:
    """Percentiles (5, asked + 1) of draws (T, N): at each instant asked for, then of the peaks."""
    rows = np.empty((asked.size + 1, draws.shape[1]))
    np.take(draws, asked, axis=0, out=rows[:-1], mode="clip")
    np.max(draws, axis=0, out=rows[-1])
    return percentiles(rows)


def summed_up(key: str, found: Floats) -> Series:
    """The series of a quantity from its percentiles (5, asked + 1)."""
    shown = SHOWN[key]
    bands = np.round(found, DIGITS)
    over_time = [tuple(band[:-1].tolist()) for band in bands]
    return Series(
        unit=shown.unit,
        label=shown.label,
        site=shown.site,
        analyte=shown.analyte,
        grade=shown.grade,
        unverified=shown.grade == "C",
        p5=over_time[0],
        p25=over_time[1],
        p50=over_time[2],
        p75=over_time[3],
        p95=over_time[4],
        peak=tuple(bands[:, -1].tolist()),
    )


def percentiles(rows: Floats) -> Floats:
    """The five percentiles of each row, (5, rows), between neighbours by straight line.

    Sorts the rows where they stand: half the work of this call is moving memory.
    """
    rows.sort(axis=1)
    ordered = rows
    places = np.array(PERCENTILES) / 100 * (rows.shape[1] - 1)
    below = places.astype(np.intp)
    above = np.minimum(below + 1, rows.shape[1] - 1)
    part = places - below
    return np.asarray((ordered[:, below] * (1 - part) + ordered[:, above] * part).T)
