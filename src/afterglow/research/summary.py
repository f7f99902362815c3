"""A simulation's millions of rows summed up: each regimen, session by session."""

from __future__ import annotations

from pathlib import Path

import polars as pl

# Percentiles that are told of each of these columns.
OF = (
    "peak_arterial_ng_per_ml",
    "peak_venous_ng_per_ml",
    "peak_cadss",
    "minutes_cadss_above_4",
    "peak_systolic_rise_mmhg",
    "madrs_before",
    "madrs_next_day",
)
PERCENTILES = (5, 25, 50, 75, 95)


def summary(people: Path) -> pl.DataFrame:
    """One row for each regimen, session and quantity: mean and percentiles over people.

    One session of one regimen is in memory at a time, whatever the size of the file.
    """
    rows = _scan(people)
    held = rows.select("regimen", "session", "day").unique(maintain_order=True)
    groups = held.collect(engine="streaming").sort("session", maintain_order=True)
    order = groups["regimen"].unique(maintain_order=True).to_list()
    parts = [
        _of_session(rows, regimen, session, day)
        for name in order
        for regimen, session, day in groups.rows()
        if regimen == name
    ]
    return pl.concat(parts)


def _scan(people: Path) -> pl.LazyFrame:
    if people.suffix == ".csv":
        return pl.scan_csv(people, schema_overrides={"regimen": pl.String})  # a name may be digits
    return pl.scan_parquet(people)


def _of_session(rows: pl.LazyFrame, regimen: str, session: int, day: float) -> pl.DataFrame:
    mine = rows.filter(pl.col("regimen") == regimen, pl.col("session") == session)
    held = mine.select(OF).collect(engine="streaming")
    told = [
        {
            "regimen": regimen,
            "session": session,
            "day": day,
            "patients": held.height,
            "quantity": name,
            "mean": held[name].cast(pl.Float64).mean(),
            **{f"p{p}": held[name].cast(pl.Float64).quantile(p / 100) for p in PERCENTILES},
        }
        for name in OF
    ]
    return pl.DataFrame(told)
