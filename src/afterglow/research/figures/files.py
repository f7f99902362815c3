"""A picture as bytes that depend on nothing but what it shows: no date, no version, no chance."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from afterglow.core.errors import BadInput
from afterglow.research.whole import put

SUFFIXES = (".png", ".svg")
DOTS_PER_INCH = 150
# Letters as outlines: an SVG looks the same where the font is missing.
SETTINGS = {"svg.hashsalt": "afterglow", "svg.fonttype": "path"}


def as_bytes(figure: Figure, suffix: str) -> bytes:
    """The picture as .png or .svg."""
    held = BytesIO()
    with mpl.rc_context(SETTINGS):  # type: ignore[arg-type]
        if suffix == ".png":
            FigureCanvasAgg(figure)
            figure.savefig(held, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
        elif suffix == ".svg":
            FigureCanvasSVG(figure)
            figure.savefig(held, format="svg", metadata={"Date": None, "Creator": None})
        else:
            raise BadInput(f"suffix must be one of {', '.join(SUFFIXES)}; got {suffix!r}.")
    return held.getvalue()


def save(figure: Figure, path: Path) -> None:
    """Write the picture in the form its suffix names."""
    put(as_bytes(figure, path.suffix), path)
