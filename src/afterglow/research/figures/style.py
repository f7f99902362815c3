"""What all pictures share. A series is told by its dash and its marker; colour only helps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Dash = str | tuple[float, tuple[float, ...]]

INK = "#1a1a1a"
QUIET = "#6b6b6b"
SETTINGS: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e3e3e3",
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.6,
    "hatch.linewidth": 0.5,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
}


# Stands above every function that draws: what it makes is made with these settings.
styled = mpl.rc_context(SETTINGS)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Pen:
    """How one series is drawn."""

    colour: str
    dash: Dash
    marker: str

    @property
    def line(self) -> dict[str, Any]:
        return {"color": self.colour, "linestyle": self.dash, "marker": self.marker}


# Neighbours differ in dash, in marker and in lightness. More than seven share a picture badly.
PENS = (
    Pen("#12304f", "-", "o"),
    Pen("#d95f02", (0, (6, 2)), "s"),
    Pen("#3f7f5f", (0, (1.5, 1.5)), "^"),
    Pen("#8a5fa8", (0, (7, 2, 1.5, 2)), "D"),
    Pen("#b8860b", (0, (3, 1, 1, 1, 1, 1)), "v"),
    Pen("#6b6b6b", (0, (10, 3)), "P"),
    Pen("#0d0d0d", (0, (4, 4)), "X"),
)
PAPER: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5}
HATCHES = ("", "////", "....", "xxxx", "----", "\\\\\\\\", "oo")


def sheet(rows: int, columns: int, width: float, height: float) -> tuple[Figure, list[Axes]]:
    """An empty picture with its panels, row by row. Inches. Free of pyplot and its memory."""
    figure = Figure(figsize=(width, height), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False)
    return figure, [one for row in panels for one in row]


def label_end(panel: Axes, x: float, y: float, words: str, pen: Pen | None = None) -> None:
    """A series' name beside its last point, instead of a legend to look up."""
    panel.annotate(
        words,
        (x, y),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        color=INK if pen is None else pen.colour,
        annotation_clip=False,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.6, "pad": 0.2},
    )


def apart(values: Sequence[float], gap: float) -> list[float]:
    """Values moved as little as needed to lie `gap` apart: labels that do not cover each other."""
    order = sorted(range(len(values)), key=lambda k: values[k])
    moved = list(values)
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] + gap)
    shift = (sum(moved) - sum(values)) / max(len(values), 1)
    return [value - shift for value in moved]


def label_ends(panel: Axes, x: float, named: Sequence[tuple[float, str, Pen | None]]) -> None:
    """Names of several series at the right edge, kept apart. Set the limits of the axis first."""
    low, high = panel.get_ylim()
    shown = apart([value for value, _, _ in named], 0.06 * (high - low))
    for y, (_, words, pen) in zip(shown, named, strict=True):
        label_end(panel, x, y, words, pen)


def foot(figure: Figure, words: str) -> None:
    """What the picture rests on, small, under it, on as many lines as its width asks for."""
    letters = int(17 * figure.get_figwidth())  # of 7 points
    lines = wrap(words, letters)
    figure.supxlabel("\n".join(lines), fontsize=7, color=QUIET, x=0.01, ha="left")
