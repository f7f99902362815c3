"""Write to memory past the cache: for answers too large to be read again soon.

A plain store first fetches the line that it is about to overwrite. For an answer of hundreds of
megabytes that fetch is most of the traffic, and two cores then wait for one memory. A streamed
store needs whole lines of 64 bytes, so people are followed in a small room that stays in the cache
and handed over several at a time (docs/decisions/0005).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from afterglow.core.pharmacology.compiled import compiled
from afterglow.core.pharmacology.modes import Floats

LINE_BYTES = 64
WIDE = 8  # float64 in a line
LARGE_BYTES = 16 * 2**20  # smaller answers are better found in the cache by who reads them


def _stream_line(_typing: Any, to: Any, origin: Any, at: Any) -> Any:
    """`to[at:at + 8] = origin[at:at + 8]` past the cache. `to` must lie on a line of 64 bytes."""

    def write(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        line = ir.VectorType(ir.DoubleType(), WIDE)
        places = []
        for kind, array in zip(signature.args[:2], given[:2], strict=True):
            data = context.make_array(kind)(context, builder, array).data
            places.append(builder.bitcast(builder.gep(data, [given[2]]), line.as_pointer()))
        stored = builder.store(builder.load(places[1], align=8), places[0], align=LINE_BYTES)
        once = builder.module.add_metadata([ir.Constant(ir.IntType(32), 1)])
        stored.set_metadata("nontemporal", once)
        return context.get_dummy_value()

    return types.void(to, origin, at), write


def _settle(_typing: Any) -> Any:
    """Streamed stores may overtake others: none is left on its way after this."""

    def write(context: Any, builder: Any, _signature: Any, _given: Any) -> Any:
        builder.fence("seq_cst")
        return context.get_dummy_value()

    return types.void(), write


if TYPE_CHECKING:

    def stream_line(to: Floats, origin: Floats, at: int) -> None: ...

    def settle() -> None: ...
else:
    stream_line = intrinsic(_stream_line)
    settle = intrinsic(_settle)


@compiled
def put(to: Floats, origin: Floats, streamed: bool) -> None:
    """Copy `origin` over `to`, both (N,): whole lines past the cache when `streamed`."""
    size = origin.size
    if not streamed:
        to[:] = origin
        return
    head = min(size, (-to.ctypes.data // 8) % WIDE)  # float64 before the first whole line
    for n in range(head):
        to[n] = origin[n]
    rest, lines = origin[head:], to[head:]
    whole = rest.size - rest.size % WIDE
    for at in range(0, whole, WIDE):
        stream_line(lines, rest, at)
    for n in range(whole, rest.size):
        lines[n] = rest[n]
