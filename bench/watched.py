"""A command and all processes it starts: how long they took, and how much memory they held."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

EVERY_S = 0.25
NO_PROCESS = (FileNotFoundError, ProcessLookupError, PermissionError)


@dataclass(frozen=True, slots=True)
class Watched:
    """One run. Memory is the proportional set size, so that what is shared counts once."""

    seconds: float
    peak_mb: float
    code: int


def watched(command: Sequence[str], *, stop: Callable[[], bool] = lambda: False) -> Watched:
    """Run to the end, or kill it, as a loss of power would, as soon as `stop` says so."""
    began, peak = time.perf_counter(), 0.0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, sum(_mb(pid) for pid in _family(process.pid)))
            if stop():
                process.kill()
            time.sleep(EVERY_S)
    return Watched(time.perf_counter() - began, peak, process.returncode)


def _family(pid: int) -> Iterator[int]:
    """A process and all that it, or they, started."""
    yield pid
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except NO_PROCESS:
        return
    for child in listed:
        yield from _family(int(child))


def _mb(pid: int) -> float:
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except NO_PROCESS:
        return 0.0
    return sum(int(line.split()[1]) for line in told if line.startswith("Pss:")) / 1024
