"""The same parts on a Dask cluster: computed by its workers, written down here.

A worker that dies has its parts computed again by the others: each part has seeds of its own, so
nothing moves by a digit. Numbers from another Afterglow, or other models, would be something else:
every worker compares itself with the one who asks, before each part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.digest import library_digest

if TYPE_CHECKING:
    from distributed import Client

A = TypeVar("A")
B = TypeVar("B")
ANSWERS_WITHIN_S = 10
AHEAD = 2  # parts on their way for each worker: enough to keep it busy, few enough to hold


@dataclass(frozen=True, slots=True)
class Who:
    """Which program computes: its version and its models."""

    version: str
    models: str


def here() -> Who:
    return Who(version("afterglow"), library_digest()[:12])


def over(address: str, verb: Callable[[A], B], things: Sequence[A]) -> Iterator[tuple[A, B]]:
    """Each thing with what a worker made of it, as they are done: order is not kept.

    At most `AHEAD` for each worker are asked for at once, so memory does not grow with `things`.
    Raises BadInput in words where the cluster cannot be reached, differs, or loses too many.
    """
    with _client(address) as client:
        yield from _as_done(client, verb, things)


def each_over(address: str) -> Callable[[Callable[[A], B], Sequence[A]], Iterable[B]]:
    """As `map`, on a cluster: results in the order of the things."""

    def each(verb: Callable[[A], B], things: Sequence[A]) -> Iterable[B]:
        made = dict(over(address, partial(_nth, verb, things), range(len(things))))
        return [made[n] for n in range(len(things))]

    return each


def _nth(verb: Callable[[A], B], things: Sequence[A], n: int) -> B:
    return verb(things[n])


def _as_done(client: Client, verb: Callable[[A], B], things: Sequence[A]) -> Iterator[tuple[A, B]]:
    from distributed import KilledWorker, as_completed  # noqa: PLC0415

    asker, waiting = here(), iter(things)

    def ask(thing: A) -> Any:
        return client.submit(_checked, asker, verb, thing, pure=False)

    asked = {ask(thing): thing for thing in islice(waiting, AHEAD * max(1, _workers(client)))}
    done = as_completed(asked, loop=client.loop)
    try:
        for future in done:
            thing = asked.pop(future)
            yield thing, future.result()
            for more in islice(waiting, 1):
                following = ask(more)
                asked[following] = more
                done.add(following)
    except KilledWorker as error:
        raise BadInput(f"cluster: its workers die while they compute ({error}).") from error


def _checked(asker: Who, verb: Callable[[A], B], thing: A) -> B:
    """On a worker: compute, if this is the program that asks."""
    if here() != asker:
        raise BadInput(
            f"cluster: a worker has Afterglow {here().version} with models {here().models}; here "
            f"it is {asker.version} with models {asker.models}. Install the same on all."
        )
    return verb(thing)


def _workers(client: Client) -> int:
    return len(client.scheduler_info(n_workers=-1)["workers"])


@contextmanager
def _client(address: str) -> Iterator[Client]:
    try:
        from distributed import Client  # noqa: PLC0415
    except ImportError as error:
        raise BadInput(
            "cluster: this needs the package distributed. Install afterglow[cluster]."
        ) from error
    try:
        client = Client(address, timeout=ANSWERS_WITHIN_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise BadInput(
            f"cluster: no scheduler answers at {address!r} within {ANSWERS_WITHIN_S} s."
        ) from error
    try:
        client.wait_for_workers(1, timeout=ANSWERS_WITHIN_S)
        yield client
    except TimeoutError as error:
        raise BadInput(f"cluster: the scheduler at {address!r} has no worker.") from error
    finally:
        client.close()
