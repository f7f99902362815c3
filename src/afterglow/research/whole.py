"""Files that are whole or not there: a full disk, a kill or Ctrl-C leaves what was there before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(out: Path) -> Iterator[Path]:
    """Where to write: it takes the place of `out` when everything is written, and durable.

    A link is followed. Raises OSError naming `out`, where it cannot be written.
    """
    out = Path(os.path.realpath(out))
    unfinished = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        yield unfinished
        _to_disk(unfinished)
        unfinished.replace(out)
    except OSError as error:  # what writes may know neither the file nor the system's words
        raise OSError(error.errno, error.strerror or str(error), str(out)) from error
    finally:
        unfinished.unlink(missing_ok=True)


def put(content: bytes | str, out: Path) -> None:
    """Write a file at once; text as UTF-8."""
    with whole(out) as unfinished:
        unfinished.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def _to_disk(file: Path) -> None:
    """A name that points to a file whose content was never written outlives a loss of power."""
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
