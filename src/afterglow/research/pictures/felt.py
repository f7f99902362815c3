"""Dissociation and its wearing off, feeling high, pressure, sedation, and the mechanism."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from afterglow.core.body import Baseline
from afterglow.core.dosing import outlook
from afterglow.core.dosing.bodies import effect_numbers
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.pharmacology import effects
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.bands import BANDS, vas_high
from afterglow.core.pharmacology.mechanism import cascade
from afterglow.core.pharmacology.sedation import chance_at_or_below
from afterglow.core.pharmacology.sourced import sheet
from afterglow.core.quantity import BaseMass, Infusion
from afterglow.research.figures import style
from afterglow.research.pictures.common import (
    PEOPLE,
    SEED,
    curve,
    dressed,
    followed,
    middle_and_band,
    somebody,
)

TIMES = np.arange(0.0, 241.0, 2.0)
AT_REST = Baseline(systolic_mmhg=120, pulse_per_min=70)
MINUTES = "minutes from the start"


def _over(minutes: float) -> Infusion:
    return Infusion(amount=BaseMass(35), starts_min=0, lasts_min=minutes)


@style.styled
def dissociation_picture() -> Figure:
    """The same 0.5 mg/kg over 40 and 100 min, and how sessions wear it down."""
    belief = somebody()
    people = belief.bodies(belief.sample(PEOPLE, SEED))
    visit, luck = Visit(number=1, baseline=AT_REST), Occasion.drawn(PEOPLE, SEED)
    figure, (left, right) = style.sheet(1, 2, 7.2, 3.4)
    for k, minutes in enumerate((40.0, 100.0)):
        site = followed([_over(minutes)], TIMES, lv.DISSOCIATION_SITE)[0][lv.DISSOCIATION_SITE]
        middle, band = middle_and_band(outlook.cadss(site, people, visit, luck))
        curve(left, TIMES, middle, k, f"over {minutes:g} min", band if k == 0 else None)
    left.axhline(4, color=style.QUIET, lw=0.8, ls=(0, (1, 2)))
    dressed(left, "0.5 mg/kg: drug-caused CADSS-23", MINUTES, "points")
    sessions = np.arange(1, 13)
    numbers = effect_numbers()
    for k, idle in enumerate((0.0, 35.0)):
        worn = [
            float(effects.habituation(int(n), idle, np.array([0.45]), numbers)[0]) for n in sessions
        ]
        label = "sessions close together" if k == 0 else "each after 5 idle weeks"
        curve(right, sessions.astype(float), np.array(worn), k, label)
    dressed(right, "Habituation: share of the first", "session", "share")
    style.foot(figure, "Shaded: 90 % of people at 40 min. Dotted: 4 points. PD-V1, V2, V15.")
    return figure


@style.styled
def high_picture() -> Figure:
    """Bowdle's line with its weakest and strongest item, over the bands of concentration."""
    figure, (panel,) = style.sheet(1, 1, 6.4, 3.6)
    level = np.linspace(0, sheet("high").value("vas_highest"), 41)
    value, low, high = (np.asarray(one) for one in vas_high(level))
    curve(panel, level, 100 * value, 0, "typical item", np.stack([100 * low, 100 * high]))
    panel.axhspan(37, 89, xmin=0.97, color=style.INK, alpha=0.4)
    for edge in (50, 100, 200):
        panel.axvline(edge, color=style.QUIET, lw=0.7, ls=(0, (1, 2)))
    for at, name in zip((25, 75, 150), BANDS[:3], strict=True):
        panel.annotate(name.value, (at, 92), ha="center", fontsize=7.5)
    panel.set_xlim(0, 206)
    dressed(panel, "Feeling high: share of the scale", "venous racemic ketamine, ng/mL", "%")
    panel.set_ylim(0, 100)
    style.foot(figure, "Shaded: weakest to strongest item. Bar: published range at 200 (PD-V3).")
    return figure


@style.styled
def pressure_picture() -> Figure:
    """Systolic rise of 0.5 mg/kg over 40 min beside the two published means."""
    belief = somebody()
    people = belief.bodies(belief.sample(PEOPLE, SEED))
    visit, luck = Visit(number=1, baseline=AT_REST), Occasion.drawn(PEOPLE, SEED)
    site = followed([_over(40)], TIMES, lv.PRESSURE_SITE)[0][lv.PRESSURE_SITE]
    rise = outlook.systolic(site, people, visit, luck) - AT_REST.systolic_mmhg
    figure, (panel,) = style.sheet(1, 1, 6.4, 3.6)
    middle, band = middle_and_band(rise)
    curve(panel, TIMES, middle, 0, "median, 90 % of people", band)
    panel.plot(30, 3.3, "k^", ms=8, label="mean at 30 min, 684 infusions (PD-V4)")
    panel.plot(35, 7.4, "ks", ms=7, label="greatest mean, 741 infusions (PD-V5)")
    dressed(panel, "0.5 mg/kg over 40 min: rise of systolic pressure", MINUTES, "mmHg")
    panel.set_ylim(float(band.min()), float(band.max()) * 1.25)
    return figure


@style.styled
def sedation_picture() -> Figure:
    """Chance of each depth against concentration, with the anchors."""
    figure, (panel,) = style.sheet(1, 1, 6.4, 3.6)
    level = np.geomspace(20, 5000, 61)
    for cut in (4, 3, 2, 1, 0):
        chance = 100 * np.asarray(chance_at_or_below(cut, level))
        curve(panel, level, chance, 4 - cut, f"MOAA/S {cut} or less" if cut else "MOAA/S 0")
    panel.set_xscale("log")
    panel.set_xticks([20, 50, 100, 200, 500, 1000, 2000, 5000])
    panel.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    panel.set_xlim(20, 5000)
    panel.plot([750], [50], "k*", ms=9, label="light sedation (Bonhomme 2016)")
    dressed(panel, "Sedation against concentration", "racemic equivalents, venous, ng/mL", "%")
    return figure


@style.styled
def mechanism_picture() -> Figure:
    """The inverted U at held concentrations, and one exposure over time."""
    figure, (left, right) = style.sheet(1, 2, 7.2, 3.4)
    held = np.geomspace(30, 6000, 41)
    long = np.arange(0.0, 601.0, 5.0)
    seen = cascade(long, np.broadcast_to(held, (long.size, held.size)).copy())
    curve(left, held, seen.glutamate[-1] - 1, 0, "glutamate, rise")
    curve(left, held, seen.ampa[-1], 1, "AMPA throughput")
    left.set_xscale("log")
    left.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    dressed(left, "Held concentration (exploratory)", "racemic, ng/mL", "relative")
    found, _ = followed([_over(40)], TIMES, lv.VENOUS)
    once = cascade(TIMES, np.median(found[lv.VENOUS], axis=1))
    for k, (name, one) in enumerate((("glutamate, rise", once.glutamate - 1), ("AMPA", once.ampa))):
        curve(right, TIMES, one[:, 0], k, name)
    curve(right, TIMES, once.mtor[:, 0], 2, "mTOR")
    dressed(right, "0.5 mg/kg over 40 min", MINUTES, "")
    right.legend(
        loc="lower right", bbox_to_anchor=(1, 0.2), frameon=False, fontsize=8, handlelength=4
    )
    style.foot(figure, "Occupancy is uncertain five-fold. Never for choosing a dose.")
    return figure
