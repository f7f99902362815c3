"""Start the demonstration's processes, watch them, and stop every one of them at the end."""

from __future__ import annotations

import ctypes
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from types import TracebackType
from urllib.error import URLError

PATIENCE_S = 5.0
PR_SET_PDEATHSIG = 1  # <sys/prctl.h>


class Stopped(Exception):
    """A process of the demonstration ended by itself, or never answered."""


class Processes:
    """The children of a demonstration. Leaving the block stops them, newest first."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)
        self.running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def start(self, *command: str) -> None:
        """Run `afterglow <command>` beside us. It dies with us, even if we are killed."""
        child = subprocess.Popen(  # noqa: S603  (our own command)
            [sys.executable, "-m", "afterglow.cli", *command],
            env=self.environment,
            start_new_session=True,  # Ctrl-C reaches us alone; we stop the children in order
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )
        self.running.append((command[0], child))

    def check(self) -> None:
        """Raise `Stopped` when a child has ended by itself."""
        for name, child in self.running:
            if child.poll() is not None:
                raise Stopped(f"`afterglow {name}` stopped by itself with code {child.returncode}.")

    def wait_for(self, url: str, *, seconds: float = 60.0) -> None:
        """Wait until a page answers."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.check()
            try:
                with urllib.request.urlopen(url, timeout=2):  # noqa: S310  (our own loopback)
                    return
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise Stopped(f"The site did not answer at {url} within {seconds:g} s.")

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for _, child in reversed(self.running):
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for _, child in reversed(self.running):
            try:
                child.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def free_port(wanted: int) -> int:
    """`wanted`, or the next port above it that nobody on this machine listens on."""
    for port in range(wanted, wanted + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Stopped(f"No free port between {wanted} and {wanted + 99}. Name one with --port.")


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
