"""Run a simulation on this machine: several processes, bounded memory, taken up after a stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from afterglow.core.body import within
from afterglow.core.dosing.trial import refused
from afterglow.core.dosing.virtual_course import Simulation
from afterglow.core.errors import BadInput
from afterglow.core.refusal import Refusal
from afterglow.research.cluster import over
from afterglow.research.parts import (
    Part,
    compute,
    join,
    keep,
    mark_of,
    part_of,
    parts_of,
    sweep,
)

BLOCKS_EACH = 16  # 16384 people: 15 MB on disk for six sessions, and 2 s of work
SUFFIXES = (".parquet", ".csv")
MARK = "simulation.txt"

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
    folder = out.with_name(f"{out.name}.parts")
    _open(folder, simulation, fresh=fresh)
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


def _open(folder: Path, simulation: Simulation, *, fresh: bool) -> None:
    """The folder of parts, kept from an interrupted run only if it was this very simulation."""
    mark = folder / MARK
    if fresh and folder.exists():
        sweep(folder)
    if mark.exists() and mark.read_text(encoding="utf-8") != mark_of(simulation):
        raise BadInput(
            f"out: {folder.name} holds parts of another simulation. Give --fresh to throw them "
            "away, or another --out."
        )
    folder.mkdir(parents=True, exist_ok=True)
    mark.write_text(mark_of(simulation), encoding="utf-8")


def _computed(
    simulation: Simulation, missing: list[Part], folder: Path, workers: int
) -> Iterator[Part]:
    if workers == 1:
        for part in missing:
            yield compute(simulation, part, folder)
        return
    with _pool(workers) as pool:
        running = [pool.submit(compute, simulation, part, folder) for part in missing]
        for one in as_completed(running):
            yield one.result()


def _far(simulation: Simulation, missing: list[Part], folder: Path, cluster: str) -> Iterator[Part]:
    for part, content in over(cluster, partial(part_of, simulation), missing):
        keep(content, part, folder)
        yield part


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Fresh processes; whatever stops the run, what has not begun is not begun any more."""
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
