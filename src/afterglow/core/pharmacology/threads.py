"""Share people out over the machine's cores. Nobody's numbers depend on how."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

FEWEST = 2000  # people a thread: fewer are done sooner than a thread is started


def shared_out(
    people: int, block: int, follow: Callable[[int, int], None], threads: int | None = None
) -> None:
    """Call `follow(first, last)` for runs of people that begin at a multiple of `block`.

    `follow` must be compiled code that lets go of Python's lock, and write only to its own people.
    Not Numba's own threads: their plain layer ends the process when two requests meet in it.
    """
    most = threads or min(len(os.sched_getaffinity(0)), people // FEWEST)
    blocks = -(-people // block)
    marks = [min(people, block * (blocks * n // max(1, most))) for n in range(max(1, most) + 1)]
    runs = [(first, last) for first, last in pairwise(marks) if last > first]
    if len(runs) < 2:
        for first, last in runs:
            follow(first, last)
        return
    with ThreadPoolExecutor(len(runs) - 1) as pool:
        others = [pool.submit(follow, first, last) for first, last in runs[1:]]
        follow(*runs[0])
        for other in others:
            other.result()
