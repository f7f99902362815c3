"""Start the demonstration from nothing: database, clinic, site, listener, monitor."""

from __future__ import annotations

import os
import secrets
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType

from afterglow.site.database import embedded
from afterglow.site.demo.processes import Processes, free_port

Say = Callable[[str], None]


def demonstrate(folder: Path, *, port: int, monitor_port: int, say: Say) -> None:
    """Run the demonstration until it is told to stop. Leaves nothing running.

    Raises `Stopped` when a part of it ends by itself.
    """
    # Both, said plainly: a shell that starts us in the background has Ctrl-C switched off.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _as_interrupt)
    folder.mkdir(parents=True, exist_ok=True)
    say("Starting PostgreSQL ...")
    try:
        with embedded(folder / "postgres") as url:
            os.environ.update(_environment(folder, url))
            _prepare(say)
            _run(port=free_port(port), monitor_port=free_port(monitor_port), say=say)
    except KeyboardInterrupt:
        say("Stopped. Nothing is left running.")


def _environment(folder: Path, url: str) -> Mapping[str, str]:
    return {
        "DATABASE_URL": url,
        "AFTERGLOW_DEMO": "yes",
        "AFTERGLOW_DATA_DIR": str(folder),
        "AFTERGLOW_SECRET_KEY": _secret(folder / "secret-key"),
        "AFTERGLOW_CLINIC_NAME": "Linden Street Clinic",
        "AFTERGLOW_CLINIC_PHONE": "555 0100",
        "AFTERGLOW_CRISIS_CONTACT": "555 0199, at any hour (invented, like all of this clinic)",
        "DJANGO_SETTINGS_MODULE": "afterglow.site.settings",
    }


def _secret(file: Path) -> str:
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    return file.read_text(encoding="utf-8")


def _prepare(say: Say) -> None:
    import django  # noqa: PLC0415  (the environment above comes first)

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)
    from afterglow.site.demo.clinic import make_clinic  # noqa: PLC0415

    make_clinic(say=say)


def _run(*, port: int, monitor_port: int, say: Say) -> None:
    from afterglow.site.demo.clinic import links, monitor_options  # noqa: PLC0415

    site = f"http://127.0.0.1:{port}"
    with Processes(os.environ) as processes:
        processes.start("serve", "--port", str(port))
        processes.start("listen", "--port", str(monitor_port))
        processes.wait_for(f"{site}/account/login/")
        processes.start("simulate-monitor", "--port", str(monitor_port), *monitor_options())
        say(f"\nThe clinic is open at {site}   (Ctrl-C stops all of it)\n")
        for who, path in links():
            say(f"  {who:<28} {site}{path}")
        say("\nEach link signs in once. Synthetic patients; not for care.")
        while True:
            time.sleep(0.5)
            processes.check()


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
