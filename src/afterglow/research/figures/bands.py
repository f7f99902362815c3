"""Quantities over time: the typical course, and where most people lie around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from afterglow.research.figures import style

BAND_HATCHES = ("", "////", "xxxx")
EDGES = ((0, (2, 2)), (0, (6, 2)), (0, (6, 2, 1, 2)))
GREYS = ("#e4ebf2", "#c3d2e0", "#a4bacf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One quantity. `percentiles` holds as many values for each percentile as there are times.

    What is not known at a time is not a number, and leaves a gap.
    """

    title: str
    unit: str
    t_min: Sequence[float]
    typical: Sequence[float]
    percentiles: Mapping[float, Sequence[float]]
    limit: float | None = None  # a line the clinic does not want crossed


@style.styled
def draw(
    panels: Sequence[Panel], *, doses: Sequence[tuple[float, float]] = (), words: str = ""
) -> Figure:
    """One panel a quantity, under one another. `doses`: from and to, min, marked on the axis."""
    figure, axes = style.sheet(len(panels), 1, 7.2, 1.0 + 2.3 * len(panels))
    for axis, panel in zip(axes, panels, strict=True):
        _panel(axis, panel, doses)
    axes[-1].set_xlabel("minutes from the start of the session")
    if words:
        style.foot(figure, words)
    return figure


def _panel(axis: Axes, panel: Panel, doses: Sequence[tuple[float, float]]) -> None:
    axis.set_title(f"{panel.title}, {panel.unit}" if panel.unit else panel.title, loc="left")
    last = panel.t_min[-1]
    widest = _widest(panel)
    named: list[tuple[float, str, style.Pen | None]] = []
    low_to_high = sorted(panel.percentiles)
    for depth in range(len(low_to_high) // 2):
        low, high = low_to_high[depth], low_to_high[-1 - depth]
        _band(axis, panel, low, high, min(depth, len(GREYS) - 1))
        for percentile in (low, high):
            named.append((panel.percentiles[percentile][widest], ordinal(percentile), None))
    if len(low_to_high) % 2:
        middle = low_to_high[len(low_to_high) // 2]
        values = panel.percentiles[middle]
        axis.plot(
            panel.t_min, values, color=style.QUIET, linestyle=(0, (1, 1)), gid=f"{middle:g}th"
        )
    axis.plot(panel.t_min, panel.typical, **style.PENS[0].line | {"marker": ""}, gid="typical")
    if named:
        named.append((panel.typical[widest], "typical", style.PENS[0]))
    if panel.limit is not None:
        axis.axhline(panel.limit, color=style.INK, linewidth=0.8, linestyle=(0, (8, 3)))
    for starts, ends in doses:
        axis.axvspan(starts, ends, ymax=0.035, color=style.INK, linewidth=0)
    axis.set_xlim(panel.t_min[0], last)
    _set_floor(axis, panel)
    style.label_ends(axis, panel.t_min[widest], named)


def _band(axis: Axes, panel: Panel, low: float, high: float, depth: int) -> None:
    lower, upper = panel.percentiles[low], panel.percentiles[high]
    axis.fill_between(
        panel.t_min,
        lower,
        upper,
        facecolor=GREYS[depth],
        edgecolor="#8fa3b5",
        hatch=BAND_HATCHES[depth],
        linewidth=0,
    )
    for percentile, edge in ((low, lower), (high, upper)):
        axis.plot(
            panel.t_min,
            edge,
            color=style.QUIET,
            linewidth=0.9,
            linestyle=EDGES[depth],
            gid=ordinal(percentile),
        )


def _widest(panel: Panel) -> int:
    """Where the bands lie furthest apart: there their names do not cover each other."""
    highest = panel.percentiles[max(panel.percentiles)] if panel.percentiles else panel.typical
    return max(range(len(highest)), key=lambda k: highest[k] if isfinite(highest[k]) else -inf)


def ordinal(percentile: float) -> str:
    """95th, 2.5th, 1st."""
    last = {1: "st", 2: "nd", 3: "rd"}.get(int(percentile) % 10, "th")
    usual = percentile != int(percentile) or 10 < percentile < 14
    return f"{percentile:g}{'th' if usual else last}"


def _set_floor(axis: Axes, panel: Panel) -> None:
    """Amounts start at zero; only what can be negative goes below it."""
    every = (value for values in (panel.typical, *panel.percentiles.values()) for value in values)
    if min((value for value in every if isfinite(value)), default=0) >= 0:
        axis.set_ylim(bottom=0)
