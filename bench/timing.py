"""How long a call takes: by the wall, and by the processor, which waits for nobody."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bench.figures import percentile


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of one call: best by the wall, best by processor time, median and 99th percentile."""

    wall: float
    processor: float
    median: float
    p99: float


def took(call: Callable[[], object], times: int) -> Took:
    """Warm: the first call does not count."""
    call()
    wall, processor = [], []
    for _ in range(times):
        began, used = time.perf_counter(), time.process_time()
        call()
        wall.append(time.perf_counter() - began)
        processor.append(time.process_time() - used)
    return Took(min(wall), min(processor), statistics.median(wall), percentile(wall, 99))


def taken_in_turn(calls: Sequence[Callable[[], object]], rounds: int, times: int) -> list[Took]:
    """Each of several calls, in rounds: a slow spell of the machine is then nobody's alone."""
    each = [[took(call, times) for call in calls] for _ in range(rounds)]
    return [_best(of_one) for of_one in zip(*each, strict=True)]


def _best(rounds: Sequence[Took]) -> Took:
    return Took(
        wall=min(one.wall for one in rounds),
        processor=min(one.processor for one in rounds),
        median=statistics.median(one.median for one in rounds),
        p99=max(one.p99 for one in rounds),
    )


@contextmanager
def one_core() -> Iterator[None]:
    """Everything inside runs on a single core."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)
