"""Compile a numeric loop to machine code, kept on disk so that the next process starts warm."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(loop: Callable[P, R]) -> Callable[P, R]:
    """`numba.njit(cache=True)` that keeps the signature, so that types are still checked."""
    return cast(Callable[P, R], numba.njit(cache=True, nogil=True, error_model="numpy")(loop))
