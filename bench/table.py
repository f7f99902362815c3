"""The table of all figures, for the screen and for docs/measured/bench.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bench.figures import Figure

HEAD = ("figure", "measured", "target", "of target", "met")
TITLE = """# Measured

Written by `python -m bench --write`; what each line means: [README](README.md)."""
CPU_INFO = Path("/proc/cpuinfo")


def circumstances(on: date, command: str) -> list[str]:
    """When, on what and how: a figure without these is a rumour."""
    one_min, _, _ = os.getloadavg()
    return [
        f"Date: {on.isoformat()}",
        f"Machine: {os.cpu_count()} cores, {_processor()}, load {one_min:.1f} before the run",
        f"Python {platform.python_version()}, {platform.system()} {platform.release()}",
        f"Command: `{command}`",
    ]


def as_text(figures: Sequence[Figure]) -> str:
    """Columns for a terminal."""
    rows = [HEAD, *(figure.cells for figure in figures)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEAD))]
    return "\n".join("  ".join(_placed(row, widths)).rstrip() for row in rows)


def as_page(figures: Sequence[Figure], about: Sequence[str]) -> str:
    """The same as a page of the documentation."""
    rows = [HEAD, ("---", "--:", "--:", "--:", "---"), *(figure.cells for figure in figures)]
    lines = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    facts = "\n".join(f"- {fact}" for fact in about)
    return f"{TITLE}\n\n{facts}\n\n{lines}\n"


def _placed(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    name, *numbers = (
        cell.ljust(width) if n in (0, len(HEAD) - 1) else cell.rjust(width)
        for n, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return [name, *numbers]


def _processor() -> str:
    if CPU_INFO.exists():
        for line in CPU_INFO.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()
