"""A simulation cut into parts: each computed alone, written once, found again after a stop."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from errno import EIO
from io import BytesIO
from pathlib import Path

import numpy as np
import polars as pl

from afterglow.core.dosing.virtual_course import Column, Simulation, block_of
from afterglow.research.cluster import here
from afterglow.research.whole import put, whole

FIRST_COLUMNS = ("regimen", "patient", "session", "day")


@dataclass(frozen=True, slots=True)
class Part:
    """Some blocks of people under one regimen."""

    regimen: int
    first_block: int
    blocks: int

    @property
    def name(self) -> str:
        return f"{self.regimen:03d}-{self.first_block:07d}-{self.blocks:04d}.parquet"


def parts_of(simulation: Simulation, blocks_each: int) -> list[Part]:
    """All parts, in the order in which their rows stand in the result."""
    return [
        Part(regimen, first, min(blocks_each, simulation.blocks - first))
        for regimen in range(len(simulation.regimens))
        for first in range(0, simulation.blocks, blocks_each)
    ]


def compute(simulation: Simulation, part: Part, folder: Path) -> Part:
    """Compute one part and write it."""
    keep(part_of(simulation, part), part, folder)
    return part


def part_of(simulation: Simulation, part: Part) -> bytes:
    """One part, as the bytes of its Parquet file."""
    blocks = range(part.first_block, part.first_block + part.blocks)
    columns = [block_of(simulation, part.regimen, block) for block in blocks]
    joined: dict[str, Column] = {
        name: np.concatenate([one[name] for one in columns]) for name in columns[0]
    }
    name = simulation.regimens[part.regimen].name
    frame = pl.DataFrame(joined).with_columns(pl.lit(name).alias("regimen"))
    rest = [column for column in frame.columns if column not in FIRST_COLUMNS]
    content = BytesIO()
    frame.select(*FIRST_COLUMNS, *rest).write_parquet(content)
    return content.getvalue()


def keep(content: bytes, part: Part, folder: Path) -> None:
    """Write a part. A file with a part's name is always whole."""
    put(content, folder / part.name)


def join(parts: list[Part], folder: Path, out: Path) -> None:
    """All parts as one file, streamed: no more than a few parts are in memory at once."""
    rows = pl.scan_parquet([folder / part.name for part in parts], low_memory=True)
    with whole(out) as unfinished:
        try:
            if out.suffix == ".csv":
                rows.sink_csv(unfinished)
            else:
                rows.sink_parquet(unfinished)
        except pl.exceptions.PolarsError as error:  # so it calls a full disk
            raise OSError(EIO, str(error)) from error


def mark_of(simulation: Simulation) -> str:
    """What a simulation is, in one line: parts of another must never be taken for its own."""
    return hashlib.sha256(f"{here()} {simulation!r}".encode()).hexdigest()
