"""Benefit against high: everything that could be given, what is proposed, and its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from afterglow.research.figures import style

MOST_NAMED = 8

BESIDE: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (1.01, 1.0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing that could be given. `row` groups what differs only in dose, drawn as one curve."""

    row: str  # "40 min"
    name: str  # "35 mg over 40 min"
    high: float  # worst in 20 of peak dissociation, points
    benefit: float  # 0 to 1
    allowed: bool


@style.styled
def draw(
    choices: Sequence[Choice],
    *,
    proposed: Choice,
    neighbours: Sequence[Choice],
    high_limit: float,
    limit_words: str,
    high_words: str,
    benefit_words: str,
    frontier: Sequence[Choice] = (),
    words: str = "",
) -> Figure:
    """The trade-off curve of each row; open marks break a limit, the star is the proposal.

    `frontier` is drawn as a broad line: what brings the most for each high.
    """
    told = _told(choices, (proposed, *frontier))
    names = [*told, *(_named(one, proposed) for one in (proposed, *neighbours))]
    figure, (axis,) = style.sheet(1, 1, 6.2 + 0.065 * max(map(len, names)), 5.0)
    _others(axis, [one for one in choices if one.row not in told])
    for k, row in enumerate(told):
        _row(axis, choices, row, k)
    _frontier(axis, frontier)
    axis.set_xlabel(high_words)
    axis.set_ylabel(benefit_words)
    axis.set_xlim(left=0)
    _limit(axis, high_limit, limit_words)
    axis.set_title("Filled: keeps every limit. Open: breaks one. Star: proposed.", loc="left")
    axis.legend(**BESIDE, handlelength=3.2, fontsize=8, frameon=False)
    _proposed(axis, proposed)
    _beside(axis, proposed, neighbours)
    if words:
        style.foot(figure, words)
    return figure


def _frontier(axis: Axes, frontier: Sequence[Choice]) -> None:
    axis.plot(
        [one.high for one in frontier],
        [one.benefit for one in frontier],
        color=style.INK,
        alpha=0.25,
        linewidth=7,
        solid_capstyle="round",
        zorder=0,
        gid="frontier",
    )


def _told(choices: Sequence[Choice], best: Sequence[Choice]) -> list[str]:
    """The curves drawn with their names: all, or of too many those that hold the best."""
    rows = list(dict.fromkeys(one.row for one in choices))
    if len(rows) <= MOST_NAMED:
        return rows
    return list(dict.fromkeys(one.row for one in best))[:MOST_NAMED]


def _others(axis: Axes, choices: Sequence[Choice]) -> None:
    """Marks without names, so that the best can be read among many."""
    for allowed in (True, False):
        mine = [one for one in choices if one.allowed is allowed]
        axis.plot(
            [one.high for one in mine],
            [one.benefit for one in mine],
            marker=".",
            markersize=5,
            markerfacecolor=style.QUIET if allowed else "white",
            markeredgecolor=style.QUIET,
            linestyle="none",
            gid="others",
        )


def _limit(axis: Axes, at: float, words: str) -> None:
    """A line with its words, on the side of it where there is room."""
    axis.axvline(at, color=style.INK, linewidth=0.9, linestyle=(0, (8, 3)))
    is_right = at > 0.6 * axis.get_xlim()[1]
    axis.annotate(
        words,
        (at, 0),
        xycoords=("data", "axes fraction"),
        xytext=(-4 if is_right else 4, 4),
        textcoords="offset points",
        fontsize=8,
        ha="right" if is_right else "left",
        bbox=style.PAPER,
    )


def _row(axis: Axes, choices: Sequence[Choice], row: str, k: int) -> None:
    pen = style.PENS[k % len(style.PENS)]
    mine = sorted((one for one in choices if one.row == row), key=lambda one: one.benefit)
    axis.plot(
        [one.high for one in mine],
        [one.benefit for one in mine],
        **pen.line | {"marker": ""},
        linewidth=1.1,
        gid=row,
    )
    axis.plot([], [], **pen.line, markersize=5, linewidth=1.1, label=row)  # for the list of names
    for one in mine:
        axis.plot(
            one.high,
            one.benefit,
            marker=pen.marker,
            markersize=5,
            markerfacecolor=pen.colour if one.allowed else "white",
            markeredgecolor=pen.colour,
            linestyle="none",
        )


def _proposed(axis: Axes, one: Choice) -> None:
    axis.plot(
        one.high,
        one.benefit,
        marker="*",
        markersize=19,
        markerfacecolor="white",
        markeredgecolor=style.INK,
        markeredgewidth=1.6,
        linestyle="none",
        zorder=5,
        gid="proposed",
    )


def _named(one: Choice, proposed: Choice) -> str:
    return one.name if one.allowed or one is proposed else f"{one.name} (not allowed)"


def _beside(axis: Axes, proposed: Choice, neighbours: Sequence[Choice]) -> None:
    """The proposal and its neighbours by name beside the picture, a line from each to its mark.

    In the order of their benefit, so that lines do not cross more than they must.
    """
    shown = sorted((proposed, *neighbours), key=lambda one: (one.benefit, -one.high))
    for k, one in enumerate(shown):
        if one is not proposed:
            axis.plot(
                one.high,
                one.benefit,
                marker="o",
                markersize=11,
                markerfacecolor="none",
                markeredgecolor=style.INK,
                linestyle="none",
                zorder=4,
            )
        axis.annotate(
            _named(one, proposed),
            (one.high, one.benefit),
            xytext=(1.03, 0.08 + 0.06 * k),
            textcoords="axes fraction",
            fontsize=8,
            fontweight="bold" if one is proposed else "normal",
            va="center",
            arrowprops={
                "arrowstyle": "-",
                "color": style.INK,
                "linewidth": 0.6,
                "relpos": (0, 0.5),
            },
            zorder=6,
        )
