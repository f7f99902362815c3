"""The folder beside an output in which finished parts wait: one simulation, one run at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from afterglow.core.errors import BadInput
from afterglow.research.whole import put

MARK = "simulation.txt"
LOCK = "running.lock"


def beside(out: Path) -> Path:
    return out.with_name(f"{out.name}.parts")


@contextmanager
def held(folder: Path, mark: str, *, fresh: bool) -> Iterator[None]:
    """Hold the folder for this run. Parts of an interrupted one stay if it bears the same mark.

    Raises BadInput where another run holds it, where its parts are another simulation's, or where
    it is no folder of parts at all. The system lets go of it however a run ends.
    """
    with _alone(folder):
        _clear(folder, mark, fresh=fresh)
        put(mark, folder / MARK)
        yield


def sweep(folder: Path) -> None:
    """Take the folder away, once its parts stand in the result."""
    _empty(folder)
    (folder / LOCK).unlink()
    folder.rmdir()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    names = _names(folder)
    if names and not names & {MARK, LOCK}:
        raise BadInput(f"out: {folder} is there and holds no parts. Give another --out.")
    folder.mkdir(exist_ok=True)
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _lock(handle, folder / LOCK):
            raise BadInput(f"out: another run is writing {folder}. Wait for it, or stop it.")
        yield
    finally:
        os.close(handle)


def _lock(handle: int, file: Path) -> bool:
    """Whether the lock is ours, and still the one that others find."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.fstat(handle).st_ino == file.stat().st_ino
    except (BlockingIOError, FileNotFoundError):
        return False


def _clear(folder: Path, mark: str, *, fresh: bool) -> None:
    """Leave finished parts of this very simulation, and nothing else."""
    names = _names(folder)
    if fresh:
        _empty(folder)
    elif MARK in names and (folder / MARK).read_text(encoding="utf-8") != mark:
        raise BadInput(
            f"out: {folder.name} holds parts of another simulation: another file, seed, model or "
            "version of Afterglow. Give --fresh to throw them away, or another --out."
        )
    for name in names:
        if name.startswith("."):  # begun by a run that was killed
            (folder / name).unlink(missing_ok=True)


def _names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()} if folder.is_dir() else set()


def _empty(folder: Path) -> None:
    for name in _names(folder) - {LOCK}:
        with suppress(FileNotFoundError):
            (folder / name).unlink()
