"""The site and the listener as real processes on the tests' own database."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from django.db import connection

STARTS_WITHIN_S = 40


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """One `afterglow` command; ended at the end, if a test has not killed it before."""
    child = subprocess.Popen(
        [sys.executable, "-m", "afterglow.cli", *command],
        env={**os.environ, "DATABASE_URL": _url(), "AFTERGLOW_DEMO": "yes"},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(8)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def wait_for(port: int, child: subprocess.Popen[bytes]) -> None:
    """Until something accepts connections at the port."""
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until:
        assert child.poll() is None, f"The process ended with {child.returncode}."
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"Nothing answers at port {port} after {STARTS_WITHIN_S} s.")


@contextmanager
def site() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = free_port()
    with running("serve", "--port", str(port)) as child:
        wait_for(port, child)
        yield port, child


@contextmanager
def listener(port: int) -> Iterator[subprocess.Popen[bytes]]:
    with running("listen", "--port", str(port), "--accept-simulated") as child:
        wait_for(port, child)
        yield child


def http_to(port: int, *, timeout_s: float = 20) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)


def _url() -> str:
    """The address of the database this test works in."""
    known = connection.settings_dict
    name, user = quote(str(known["NAME"])), quote(str(known["USER"]))
    host = str(known["HOST"])
    if host.startswith("/"):
        return f"postgresql://{user}@/{name}?host={quote(host, safe='/')}"
    secret = f":{quote(str(known['PASSWORD']))}" if known["PASSWORD"] else ""
    return f"postgresql://{user}{secret}@{host}:{known['PORT']}/{name}"
