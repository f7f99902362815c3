"""What was learnt of one patient: each parameter before and after, against what is typical."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from afterglow.research.figures import style


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One parameter: lowest, middle and highest of its 90 % interval, before and after."""

    name: str
    before: tuple[float, float, float]
    after: tuple[float, float, float]


@style.styled
def draw(changes: Sequence[Change], *, words: str = "") -> Figure:
    """Everything as a multiple of the typical value before, so that all share one axis."""
    figure, (axis,) = style.sheet(1, 1, 7.2, 1.4 + 0.42 * len(changes))
    for row, one in enumerate(reversed(changes)):
        _interval(axis, row + 0.14, one.before, one.before[1], style.Pen(style.QUIET, "--", "o"))
        _interval(axis, row - 0.14, one.after, one.before[1], style.Pen(style.INK, "-", "s"))
    axis.set_yticks(range(len(changes)), [one.name for one in reversed(changes)])
    axis.axvline(1, color=style.INK, linewidth=0.8)
    axis.set_xscale("log")
    ticks = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
    axis.set_xticks(ticks, [f"{tick:g}" for tick in ticks], minor=False)
    axis.set_xticks([], minor=True)
    axis.set_xlabel("times the typical value of such a person")
    axis.set_title("Dashed, circle: before. Solid, square: after. 90 % intervals.", loc="left")
    if words:
        style.foot(figure, words)
    return figure


def _interval(
    axis: Axes, y: float, found: tuple[float, float, float], usual: float, pen: style.Pen
) -> None:
    low, middle, high = (value / usual for value in found)
    axis.plot([low, high], [y, y], color=pen.colour, linestyle=pen.dash, linewidth=1.5)
    face = "white" if pen.marker == "o" else pen.colour
    axis.plot(middle, y, marker=pen.marker, color=pen.colour, markerfacecolor=face, markersize=5.5)
