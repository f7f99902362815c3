"""How high: where the peak lies for how many people, and when they can converse again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from afterglow.research.figures import style

HATCHES = ("", "....", "", "////", "xxxx", "\\\\\\\\", "++++")
SHADES = ("#ffffff", "#eef2f6", "#c9dbe8", "#9fbcd3", "#7398b8", "#4d7396", "#294a68")


@style.styled
def draw(
    *,
    chances: Mapping[str, float],
    minutes: Mapping[str, float],
    peaks_in: str,
    t_min: Sequence[float],
    conversing: Sequence[float],
    words: str = "",
) -> Figure:
    """`chances`, `minutes`: by band, lowest first; `conversing`: chance at each of `t_min`."""
    figure, (above, below) = style.sheet(2, 1, 7.2, 6.2)
    _bands(above, chances, minutes, peaks_in)
    pen = style.PENS[0]
    below.plot(t_min, conversing, **pen.line | {"marker": ""}, gid="able to converse")
    below.set_title("Chance of being able to converse", loc="left")
    below.set_ylim(0, 1.02)
    below.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    below.set_xlim(t_min[0], _last_of_interest(t_min, conversing))
    below.set_xlabel("minutes from the first drug")
    if words:
        style.foot(figure, words)
    return figure


def _bands(
    axis: Axes, chances: Mapping[str, float], minutes: Mapping[str, float], peaks_in: str
) -> None:
    axis.set_title("Where the peak of concentration lies, by share of people", loc="left")
    for k, (band, chance) in enumerate(chances.items()):
        axis.barh(
            k,
            chance,
            facecolor=SHADES[k % len(SHADES)],
            edgecolor=style.INK,
            hatch=HATCHES[k % len(HATCHES)],
            linewidth=0.8,
        )
        told = f"{chance:.0%} of people; the median curve stays {minutes[band]:.0f} min"
        axis.annotate(
            told, (chance, k), xytext=(6, 0), textcoords="offset points", va="center", fontsize=8
        )
    labels = [f"{band}  (median peak)" if band == peaks_in else band for band in chances]
    axis.set_yticks(range(len(labels)), labels)
    axis.grid(axis="y", visible=False)
    axis.set_xlim(0, 2)  # room for the words beside the longest bar
    axis.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])


def _last_of_interest(t_min: Sequence[float], conversing: Sequence[float]) -> float:
    """Half an hour after everybody talks again, by the first half hour mark."""
    troubled = [t for t, chance in zip(t_min, conversing, strict=True) if chance < 0.995]
    return min(t_min[-1], 30 * (troubled[-1] // 30 + 2)) if troubled else t_min[-1]
