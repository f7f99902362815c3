"""Published beside predicted, each row as the ratio of the two with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from afterglow.research.figures import style

LEAST, MOST = 0.1, 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One row: predicted over published, and between which ratios it counts as met."""

    name: str
    ratio: float
    low: float | None
    high: float | None
    accept: tuple[float, float]
    met: bool


@style.styled
def draw(rows: Sequence[Held], *, words: str = "") -> Figure:
    """Filled circles agree, open squares are misses; the grey bar is what would count as met."""
    figure, (axis,) = style.sheet(1, 1, 8.6, 1.2 + 0.24 * len(rows))
    for y, one in enumerate(reversed(rows)):
        low, high = (min(max(edge, LEAST), MOST) for edge in one.accept)
        axis.barh(y, high - low, left=low, height=0.7, color="#dde3e8", linewidth=0)
        if one.low is not None and one.high is not None:
            ends = [min(max(edge, LEAST), MOST) for edge in (one.low, one.high)]
            axis.plot(ends, [y, y], color=style.INK, linewidth=0.9)
        axis.plot(
            min(max(one.ratio, LEAST), MOST),
            y,
            marker="o" if one.met else "s",
            markersize=4.5 if one.met else 6,
            markeredgecolor=style.INK,
            markerfacecolor="#12304f" if one.met else "white",
        )
    axis.axvline(1, color=style.INK, linewidth=0.8)
    axis.set_xscale("log")
    axis.set_xlim(LEAST, MOST)
    ticks = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
    axis.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axis.set_xticks([], minor=True)
    axis.set_yticks(range(len(rows)), [one.name for one in reversed(rows)], fontsize=6.5)
    axis.set_ylim(-0.8, len(rows) - 0.2)
    axis.set_xlabel("predicted divided by published")
    words_above = "Filled circle: agrees. Open square: a miss.\nGrey: what counts as met."
    axis.set_title(words_above, loc="left")
    if words:
        style.foot(figure, words)
    return figure
