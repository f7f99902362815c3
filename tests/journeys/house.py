"""A whole clinic for a story: its own database, site and listener as real processes."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.utils import timezone
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Where the clinic answers, and the story's clock."""

    site: str
    monitor_port: int
    clock: Path
    environment: dict[str, str]
    helpers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def now(self) -> datetime:
        """The story's time."""
        return timezone.now() + timedelta(seconds=float(self.clock.read_text(encoding="utf-8")))

    def later(self, **by: float) -> None:
        """Move the story on, e.g. `later(minutes=20)`."""
        moved = float(self.clock.read_text(encoding="utf-8")) + timedelta(**by).total_seconds()
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(str(moved), encoding="utf-8")
        fresh.replace(self.clock)  # whole, never half a number

    def run(self, *command: str) -> str:
        """Run one `afterglow` command to its end, by the story's clock."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.at_a_time", *command],
            cwd=ROOT, env=self.environment, check=False, capture_output=True, text=True,
            timeout=180,
        )  # fmt: skip
        assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def do(self, *what: str) -> dict[str, Any]:
        """One thing of `in_house.py`, and what it says."""
        helper = self.helpers[0]
        assert helper.stdin is not None
        assert helper.stdout is not None
        helper.stdin.write(json.dumps(what).encode() + b"\n")
        helper.stdin.flush()
        answer = helper.stdout.readline()
        assert answer, f"{what}: the house's helper ended; its error is printed above."
        told: dict[str, Any] = json.loads(answer)
        return told


@contextmanager
def open_house(folder: Path, *, name: str) -> Iterator[House]:
    """Make a database, start the site and the listener, and stop them at the end."""
    clock = folder / "clock"
    clock.write_text(str(until_nine().total_seconds()), encoding="utf-8")
    with own_database(name) as url:
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "AFTERGLOW_DEMO": "yes",
            "AFTERGLOW_DATA_DIR": str(folder),
            "AFTERGLOW_CLINIC_NAME": "Story Clinic",
            "STORY_CLOCK": str(clock),
            # The tree this story stands in, whichever copy is installed.
            "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
        }
        port, monitor_port = free_port(), free_port()
        house = House(
            site=f"http://127.0.0.1:{port}",
            monitor_port=monitor_port,
            clock=clock,
            environment=environment,
        )
        house.run("migrate")
        with (
            process(house, "serve", "--port", str(port)),
            process(house, "listen", "--port", str(monitor_port)),
            process(house, module="tests.journeys.in_house") as helper,
        ):
            house.helpers.append(helper)
            wait_for(house.site)
            yield house


@contextmanager
def process(
    house: House, *command: str, module: str = "tests.journeys.at_a_time"
) -> Iterator[subprocess.Popen[bytes]]:
    """One process by the story's clock, ended at the end."""
    child = subprocess.Popen(
        [sys.executable, "-m", module, *command],
        cwd=ROOT,
        env=house.environment,
        stdin=subprocess.PIPE,
        stdout=None if command else subprocess.PIPE,
    )
    with child:  # closes its pipes
        try:
            yield child
        finally:
            child.terminate()
            try:
                child.wait(8)
            except subprocess.TimeoutExpired:
                child.kill()


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """An empty database on the tests' server, dropped at the end."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    server = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(sql.Identifier(name))
        )
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(parts._replace(path=f"/{name}"))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} (FORCE)").format(sql.Identifier(name)))


def until_nine() -> timedelta:
    """From now to the next nine in the morning: a story has its whole day before it."""
    now = timezone.now()
    nine = now.replace(hour=9, minute=0, second=0, microsecond=0)
    return nine - now if nine >= now else nine + timedelta(days=1) - now


def own_name(what: str) -> str:
    """A database name that no other test worker uses."""
    return f"journey_{what}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(site: str) -> None:
    """Wait until the site answers; fail after half a minute."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{site}/account/login/", timeout=2).close()
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"The site did not answer at {site}.")
