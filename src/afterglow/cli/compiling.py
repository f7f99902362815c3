"""Say once that the engine is being compiled: a first run would else seem to hang."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

PATIENCE_S = 2.0  # a log, unlike a person who waits, is told only of what takes this long
WORDS = "Compiling the engine, once on this machine: up to a minute ..."


class Notice:
    """Hears of every loop that is compiled, and speaks once."""

    def __init__(self, patience_s: float) -> None:
        self.patience_s = patience_s
        self.since: float | None = None
        self.is_told = False

    def hear(self) -> None:
        now = monotonic()
        if self.since is None:
            self.since = now
        if not self.is_told and now - self.since >= self.patience_s:
            self.is_told = True
            sys.stderr.write(f"{WORDS}\n")


@contextmanager
def told_while_compiling() -> Iterator[None]:
    """One line on standard error when loops are compiled; none when all of them come from disk."""
    from numba.core.event import Listener, install_listener

    notice = Notice(0.0 if sys.stderr.isatty() else PATIENCE_S)

    class Compiler(Listener):
        def on_start(self, event: object) -> None:
            notice.hear()

        def on_end(self, event: object) -> None:
            notice.hear()

    with install_listener("numba:compile", Compiler()):
        yield
