"""Groups over days, each with its interval: a trial's arms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from afterglow.research.figures import style


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One group: a value at each x, with its interval. NaN where nothing can be told."""

    name: str
    at: Sequence[float]
    value: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    title: str
    courses: Sequence[Course]
    is_share: bool = False
    zero: bool = False  # draw the line of no change


@style.styled
def draw(panels: Sequence[Panel], *, x_words: str, words: str = "") -> Figure:
    """Panels side by side, two a row; groups moved apart a little so that intervals stay apart."""
    rows = (len(panels) + 1) // 2
    columns = min(2, len(panels))
    figure, axes = style.sheet(rows, columns, 5.0 * columns, 1.2 + 2.9 * rows)
    for axis in axes[len(panels) :]:
        axis.set_axis_off()
    for axis, panel in zip(axes, panels, strict=False):
        axis.set_title(panel.title, loc="left")
        span = panel.courses[0].at[-1] - panel.courses[0].at[0] or 1.0
        named: list[tuple[float, str, style.Pen | None]] = []
        for k, one in enumerate(panel.courses):
            pen = style.PENS[k % len(style.PENS)]
            off = 0.012 * span * (k - (len(panel.courses) - 1) / 2)
            at = [x + off for x in one.at]
            axis.plot(at, one.value, **pen.line, markersize=4.5, gid=one.name)
            # A value may lie outside its interval: that holds other doubts than the value does.
            axis.vlines(at, one.low, one.high, color=pen.colour, linewidth=0.9)
            for ends in (one.low, one.high):
                axis.plot(at, ends, color=pen.colour, marker="_", markersize=6, linestyle="none")
            named.append((one.value[-1], one.name, pen))
        if panel.zero:
            axis.axhline(0, color=style.INK, linewidth=0.8)
        if panel.is_share:
            axis.set_ylim(0, 1)
            axis.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        axis.set_xlabel(x_words)
        style.label_ends(axis, panel.courses[0].at[-1] + 0.02 * span, named)
    if words:
        style.foot(figure, words)
    return figure
