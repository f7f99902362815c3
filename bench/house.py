"""A clinic to measure: its own database, and the site and the listener as real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.journeys.house import free_port, own_database, wait_for

from afterglow.site.database import embedded

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "afterglow_bench"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Where the clinic answers."""

    site: str
    monitor_port: int


@contextmanager
def database() -> Iterator[None]:
    """An empty database with all tables, for this process and all it starts.

    On the server that DATABASE_URL names, or else on an embedded one. Django reads its settings
    once, so this opens before anything of the clinic is imported.
    """
    with ExitStack() as open_things:
        os.environ.setdefault("AFTERGLOW_SECRET_KEY", "for-measuring-only-" + 48 * "x")
        os.environ["AFTERGLOW_DEMO"] = "yes"  # one-time links, simulated monitors
        os.environ["AFTERGLOW_DATA_DIR"] = open_things.enter_context(TemporaryDirectory())
        os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / "var" / "numba"))
        if "DATABASE_URL" not in os.environ:
            server = embedded(ROOT / "var" / "bench-postgres", database="postgres")
            os.environ["DATABASE_URL"] = open_things.enter_context(server)
        url = open_things.enter_context(own_database(DATABASE))
        os.environ["DATABASE_URL"] = url
        _set_up()
        yield


def _set_up() -> None:
    from afterglow.cli.setup import clinic  # noqa: PLC0415

    clinic()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)


@contextmanager
def open_house() -> Iterator[House]:
    """The site and the listener, stopped at the end."""
    port, monitor_port = free_port(), free_port()
    with (
        process("serve", "--port", str(port)),
        process("listen", "--port", str(monitor_port)),
    ):
        house = House(site=f"http://127.0.0.1:{port}", monitor_port=monitor_port)
        wait_for(house.site)
        yield house


@contextmanager
def process(*command: str) -> Iterator[subprocess.Popen[str]]:
    """One `afterglow` command beside this process; what it says is kept for the caller."""
    child = subprocess.Popen(
        [sys.executable, "-m", "afterglow.cli", *command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.communicate(timeout=8)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
