"""Database work from the threads of a long-running door."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import close_old_connections

P = ParamSpec("P")
R = TypeVar("R")


def with_live_connection(work: Callable[P, R]) -> Callable[P, R]:
    """Drop this thread's connection first if the server has gone since it was last used.

    Without it, a listener that outlives a restart of its database would refuse for ever.
    """

    @wraps(work)
    def afresh(*args: P.args, **kwargs: P.kwargs) -> R:
        close_old_connections()
        return work(*args, **kwargs)

    return afresh
