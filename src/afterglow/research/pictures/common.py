"""A curve with its spread, drawn the same way on every page."""

from __future__ import annotations

import re
from io import BytesIO

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from afterglow.core.body import Covariates, Sex
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.population import prior_for
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.quantity import Dose
from afterglow.research.figures import style

PEOPLE, SEED = 400, 1
DECIMALS = re.compile(r"\d+\.\d+")
MARKS = 8  # markers on a line: enough to tell it by in grey


def curve(
    panel: Axes, x: Floats, y: Floats, number: int, label: str, band: Floats | None = None
) -> None:
    """One line with the pen of its number; `band` (2, x) is shaded."""
    pen = style.PENS[number]
    every = max(x.size // MARKS, 1)
    panel.plot(x, y, label=label, markevery=(number * every // 3, every), ms=4, **pen.line)
    if band is not None:
        panel.fill_between(x, band[0], band[1], color=pen.colour, alpha=0.15, linewidth=0)


def middle_and_band(people: Floats) -> tuple[Floats, Floats]:
    """Median (T,) and the 5th and 95th percentile (2, T) of people (T, N)."""
    low, middle, high = np.percentile(people, [5, 50, 95], axis=1)
    return np.asarray(middle), np.stack([low, high])


def somebody() -> Belief:
    """A woman of 45 years and 70 kg before anything was seen of her."""
    found = prior_for(Covariates(age_years=45, weight_kg=70, sex=Sex.FEMALE, hypertension=False))
    if not isinstance(found, Belief):
        raise BadInput(str(found))
    return found


def followed(doses: list[Dose], t_min: Floats, *sites: str) -> tuple[dict[str, Floats], Floats]:
    """Sites (T, N) of many like her; and an empty array when there are none."""
    belief = somebody()
    people = belief.bodies(belief.sample(PEOPLE, SEED))
    line = timeline(doses, t_min)
    found = lv.levels(people, line, *sites)
    return {site: values[line.asked] for site, values in found.items()}, line.at_min


def dressed(panel: Axes, title: str, x: str, y: str, *, legend: bool = True) -> None:
    panel.set_title(title, loc="left")
    panel.set_xlabel(x)
    panel.set_ylabel(y)
    panel.set_ylim(bottom=0)
    if legend:
        panel.legend(frameon=False, fontsize=8, handlelength=4)


def as_svg(figure: Figure) -> bytes:
    """The picture with real letters and one decimal a point: small, the same on every machine."""
    held = BytesIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "afterglow"}):
        FigureCanvasSVG(figure)
        figure.savefig(held, format="svg", metadata={"Date": None, "Creator": None})
    text = re.sub(r"\n *", "\n", held.getvalue().decode())
    paths = re.sub(r' d="[^"]*"', lambda path: DECIMALS.sub(_short, path[0]), text)
    return paths.replace("'DejaVu Sans'", "'DejaVu Sans', sans-serif").encode()


def _short(number: re.Match[str]) -> str:
    return f"{float(number[0]):.1f}"
