"""How long the command line takes to say what it can do."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from bench.figures import Figure

RUNS = 7
TARGET_S = 0.3


def measure() -> list[Figure]:
    """The wall clock of `afterglow --help` in fresh processes, its imports included."""
    took = [_once() for _ in range(RUNS)]
    name = f"afterglow --help, median of {RUNS} fresh processes"
    return [Figure(name=name, value=statistics.median(took), unit="s", target=TARGET_S)]


def _once() -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "afterglow.cli", "--help"], check=True, capture_output=True
    )
    return time.perf_counter() - began
