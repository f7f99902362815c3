"""A pytest plugin: an embedded PostgreSQL for the tests, unless DATABASE_URL names a server.

It must run before Django reads its settings, so it is loaded by name in pyproject.toml. The core's
own tests switch Django off and need no database.
"""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SERVER = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    os.environ.setdefault("AFTERGLOW_SECRET_KEY", "for-tests-only-" + 48 * "x")
    os.environ.setdefault("AFTERGLOW_DEMO", "yes")
    os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / "var" / "numba"))
    if early_config.pluginmanager.is_blocked("django") or "DATABASE_URL" in os.environ:
        return
    from afterglow.site.database import embedded

    os.environ["DATABASE_URL"] = SERVER.enter_context(
        embedded(ROOT / "var" / "test-postgres", database="postgres")
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    SERVER.close()
