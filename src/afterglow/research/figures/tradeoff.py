"""Benefit against high: everything that could be given, what is proposed, and its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from afterglow.research.figures import style

MOST_NAMED = 8


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
    figure, (axis,) = style.sheet(1, 1, 7.2, 5.0)
    told = _told(choices, (proposed, *frontier))
    _others(axis, [one for one in choices if one.row not in told])
    named = [_row(axis, choices, row, k) for k, row in enumerate(told)]
    _frontier(axis, frontier)
    axis.axvline(high_limit, color=style.INK, linewidth=0.9, linestyle=(0, (8, 3)))
    axis.annotate(
        limit_words,
        (high_limit, 0),
        xycoords=("data", "axes fraction"),
        xytext=(4, 4),
        textcoords="offset points",
        fontsize=8,
    )
    axis.set_xlabel(high_words)
    axis.set_ylabel(benefit_words)
    axis.set_xlim(left=0)
    low, high = axis.get_ylim()
    axis.set_ylim(low, high + 0.22 * (high - low))  # room for the names of the curves
    axis.set_title("Filled: keeps every limit. Open: breaks one. Star: proposed.", loc="left")
    _label_rows(axis, named)
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


def _row(
    axis: Axes, choices: Sequence[Choice], row: str, k: int
) -> tuple[float, float, str, style.Pen]:
    pen = style.PENS[k % len(style.PENS)]
    mine = sorted((one for one in choices if one.row == row), key=lambda one: one.benefit)
    axis.plot(
        [one.high for one in mine],
        [one.benefit for one in mine],
        **pen.line | {"marker": ""},
        linewidth=1.1,
        gid=row,
    )
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
    return mine[-1].high, mine[-1].benefit, row, pen


def _label_rows(axis: Axes, named: Sequence[tuple[float, float, str, style.Pen]]) -> None:
    """Names at the upper end of each curve, turned up so that curves which meet stay legible."""
    ordered = sorted(named)
    left, right = axis.get_xlim()
    xs = style.apart([x for x, _, _, _ in ordered], 0.045 * (right - left))
    for x, (_, y, row, pen) in zip(xs, ordered, strict=True):
        axis.annotate(
            f"{row}",
            (x, y),
            xytext=(0, 7),
            textcoords="offset points",
            rotation=60,
            fontsize=8,
            color=pen.colour,
            ha="left",
            va="bottom",
            annotation_clip=False,
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


def _beside(axis: Axes, proposed: Choice, neighbours: Sequence[Choice]) -> None:
    """The proposal and its neighbours by name, with a line from each name to its mark.

    Names stand where no curve comes: much dissociation with little benefit is never on offer.
    """
    shown = sorted((proposed, *neighbours), key=lambda one: (one.high, one.benefit))
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
            one.name if one is proposed else f"{one.name}{'' if one.allowed else ' (not allowed)'}",
            (one.high, one.benefit),
            xytext=(0.66, 0.12 + 0.06 * k),
            textcoords="axes fraction",
            fontsize=8,
            fontweight="bold" if one is proposed else "normal",
            va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
            arrowprops={
                "arrowstyle": "-",
                "color": style.INK,
                "linewidth": 0.6,
                "relpos": (0, 0.5),
            },
            zorder=6,
        )
