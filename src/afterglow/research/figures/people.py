"""A simulated population: what most people go through, session by session, under each regimen."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from matplotlib.figure import Figure

from afterglow.research.figures import arms

SHOWN = {
    "peak_cadss": "Peak of dissociation, CADSS points",
    "minutes_cadss_above_4": "Minutes above 4 CADSS points",
    "peak_systolic_rise_mmhg": "Peak rise of systolic pressure, mmHg",
    "madrs_next_day": "MADRS the day after",
}


def draw(summary: pl.DataFrame, *, quantities: Sequence[str] = tuple(SHOWN)) -> Figure:
    """Medians with the range that holds 9 in 10 people. `summary` as research.summary makes it."""
    patients = max(summary["patients"].to_list())
    panels = [
        arms.Panel(
            title=SHOWN.get(quantity, quantity),
            courses=[
                _course(summary.filter(pl.col("quantity") == quantity), regimen)
                for regimen in summary["regimen"].unique(maintain_order=True)
            ],
        )
        for quantity in quantities
    ]
    words = f"Median and 5th to 95th percentile of {patients} virtual people a regimen."
    return arms.draw(panels, x_words="day of the session", words=words)


def _course(rows: pl.DataFrame, regimen: str) -> arms.Course:
    mine = rows.filter(pl.col("regimen") == regimen).sort("session")
    return arms.Course(
        name=regimen,
        at=mine["day"].to_list(),
        value=mine["p50"].to_list(),
        low=mine["p5"].to_list(),
        high=mine["p95"].to_list(),
    )
