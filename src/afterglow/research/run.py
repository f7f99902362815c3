"""Run a simulation on this machine: several processes, bounded memory, taken up after a stop."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from threading import Thread

from afterglow.core.body import within
from afterglow.core.dosing.trial import refused
from afterglow.core.dosing.virtual_course import Simulation
from afterglow.core.errors import BadInput
from afterglow.core.refusal import Refusal
from afterglow.research.cluster import over
from afterglow.research.folder import beside, held, sweep
from afterglow.research.parts import (
    Part,
    compute,
    join,
    keep,
    mark_of,
    part_of,
    parts_of,
)

BLOCKS_EACH = 16  # 16384 people: 15 MB on disk for six sessions, and 2 s of work
SUFFIXES = (".parquet", ".csv")

Done = Callable[[int, int], None]  # parts done, parts in all


def simulate(
    simulation: Simulation,
    out: Path,
    *,
    workers: int = 1,
    cluster: str = "",
    blocks_each: int = BLOCKS_EACH,
    fresh: bool = False,
    done: Done = lambda finished, every: None,
) -> Refusal | None:
    """Compute what is missing and write `out` (.parquet or .csv).

    The numbers depend on the simulation alone: not on workers, on the size of parts, on the
    machines of a Dask `cluster` (its scheduler's address), or on how often the run was stopped and
    taken up again.
    """
    if out.suffix not in SUFFIXES:
        raise BadInput(f"out must end in {' or '.join(SUFFIXES)}, got {out.name!r}.")
    within("workers", workers, 1, 256, "")
    if refusal := _refusal(simulation):
        return refusal
    folder = beside(out)
    with held(folder, mark_of(simulation), fresh=fresh):
        parts = parts_of(simulation, blocks_each)
        missing = [part for part in parts if not (folder / part.name).exists()]
        finished = len(parts) - len(missing)
        done(finished, len(parts))
        computed = (
            _far(simulation, missing, folder, cluster)
            if cluster
            else _computed(simulation, missing, folder, workers)
        )
        for _ in computed:
            finished += 1
            done(finished, len(parts))
        join(parts, folder, out)
        sweep(folder)
    return None


def _refusal(simulation: Simulation) -> Refusal | None:
    if refusal := simulation.population.refusal():
        return refusal
    for arm in simulation.regimens:
        if refusal := refused(simulation.population.model, arm):
            return refusal
    return None


def _computed(
    simulation: Simulation, missing: list[Part], folder: Path, workers: int
) -> Iterator[Part]:
    if workers == 1:
        for part in missing:
            yield compute(simulation, part, folder)
        return
    with _pool(workers) as pool:
        with _begun_without_ctrl_c():
            running = [pool.submit(compute, simulation, part, folder) for part in missing]
        try:
            for one in as_completed(running):
                yield one.result()
        except BrokenProcessPool as error:
            raise BadInput(
                "workers: a process was killed while it computed, most often for want of memory. "
                "Give fewer; the same command goes on from the parts that are done."
            ) from error


def _far(simulation: Simulation, missing: list[Part], folder: Path, cluster: str) -> Iterator[Part]:
    for part, content in over(cluster, partial(part_of, simulation), missing):
        keep(content, part, folder)
        yield part


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Fresh processes; whatever stops the run, what has not begun is not begun any more."""
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_end_with_parent
    )
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _begun_without_ctrl_c() -> Iterator[None]:
    """What is begun here never hears Ctrl-C; this process does, a moment later.

    A terminal sends Ctrl-C to every process; it is for the one that asks to stop the others.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _end_with_parent() -> None:
    """In a worker: do not outlive a parent that was killed, waiting for ever and holding memory."""
    if parent := parent_process():
        Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
