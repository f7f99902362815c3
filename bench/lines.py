"""Rows of the engine's page: a figure, what was promised, and whether it was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.timing import Took


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row. `kept` is empty where a figure is only there to compare."""

    name: str
    wall: str
    processor: str = ""
    promised: str = ""
    kept: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        kept = "" if self.kept is None else "yes" if self.kept else "NO"
        return self.name, self.wall, self.processor, self.promised, kept


@dataclass(frozen=True, slots=True)
class Speed:
    """People a second, by the wall and by processor time."""

    wall: float
    processor: float

    @classmethod
    def of(cls, people: int, spent: Took) -> Speed:
        return cls(people / spent.wall, people / spent.processor)

    @classmethod
    def best(cls, speeds: Sequence[Speed]) -> Speed:
        return cls(max(one.wall for one in speeds), max(one.processor for one in speeds))


def speed(name: str, found: Speed, promised: float | None = None) -> Line:
    """So many people a second."""
    return Line(
        name=name,
        wall=f"{found.wall:,.0f} /s",
        processor=f"{found.processor:,.0f} /s",
        promised="" if promised is None else f"{promised:,.0f} /s",
        kept=None if promised is None else found.wall >= promised,
    )


def against(name: str, found: Speed, best: Speed, promised: float) -> Line:
    """So many people a second, and how many times the best peer's."""
    times, times_processor = found.wall / best.wall, found.processor / best.processor
    return Line(
        name=name,
        wall=f"{found.wall:,.0f} /s = {times:,.0f} x",
        processor=f"{found.processor:,.0f} /s = {times_processor:,.0f} x",
        promised=f"{promised:,.0f} x the best peer",
        kept=times >= promised,
    )


def time(name: str, spent: Took, promised: float | None, unit: str = "ms") -> Line:
    """Milliseconds of one call; seconds of a thousand are the same number."""
    return Line(
        name=name,
        wall=f"{spent.median * 1000:,.1f} {unit} median, {spent.p99 * 1000:,.1f} 99 %",
        processor=f"{spent.processor * 1000:,.1f} {unit}",
        promised="" if promised is None else f"under {promised:g} {unit}",
        kept=None if promised is None else spent.median * 1000 < promised,
    )
