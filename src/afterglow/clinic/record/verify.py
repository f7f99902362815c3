"""Recompute every chain outside the database, and say where one is broken."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.apps import apps
from django.db import connection

from afterglow.clinic.record.models import Book, Entry, Fact

BATCH = 500


@dataclass(frozen=True, slots=True)
class Flaw:
    """One place where the record is not what was written."""

    book: UUID | None
    number: int | None
    fact_table: str
    fact_id: UUID | None
    what: str

    def __str__(self) -> str:
        place = f"{self.fact_table} {self.fact_id}" if self.fact_id else self.fact_table
        return f"{place}, book {self.book}, entry {self.number}: {self.what}"


def fact_tables() -> list[str]:
    """The tables of all facts, in a stable order."""
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, Fact))


def flaws() -> Iterator[Flaw]:
    """All flaws found: edits, deletions, reorderings, and facts that joined no chain."""
    for book in Book.objects.order_by("id").iterator(500):
        yield from _walk(book)
    for table in fact_tables():
        yield from _outside_the_chain(table)


def heads() -> dict[str, str]:
    """Each book's newest seal. Kept elsewhere, it proves later that no tail was cut off."""
    return {
        str(book.id): f"{book.length}:{bytes(book.head).hex()}"
        for book in Book.objects.order_by("id").iterator(500)
    }


def shortened_since(kept: dict[str, str]) -> Iterator[Flaw]:
    """Books that no longer hold what `heads` gave: a tail cut off together with its head."""
    for book, head in kept.items():
        length, seal = head.split(":")
        entry = Entry.objects.filter(book_id=book, number=int(length)).first()
        if entry is None or bytes(entry.seal).hex() != seal:
            yield Flaw(
                UUID(book), int(length), "record_book", None, "it does not lead to the head kept"
            )


def size() -> tuple[int, int]:
    """How many facts, in how many books."""
    return Entry.objects.count(), Book.objects.count()


def _walk(book: Book) -> Iterator[Flaw]:
    seal, expected = b"", 1
    for entries in batched(book.entries.order_by("number").iterator(BATCH)):
        bodies = _bodies(entries)
        for entry in entries:
            body = bodies.get((entry.fact_table, entry.fact_id), "")
            if entry.number != expected:
                yield _flaw(entry, f"entry {expected} is missing before it")
            seal = hashlib.sha256(seal + body.encode()).digest()
            if seal != bytes(entry.seal):
                changed = "the fact, or its place in the order, was changed"
                yield _flaw(entry, changed if body else "the fact is gone")
                seal = bytes(entry.seal)  # go on from what is stored: name each break once
            expected = entry.number + 1
    if expected - 1 != book.length or seal != bytes(book.head):
        yield Flaw(book.id, book.length, "record_book", None, "the end of the chain was cut off")


def batched(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Cut a long chain into pieces that fit in memory."""
    rest = iter(entries)
    while piece := list(islice(rest, BATCH)):
        yield piece


def _bodies(entries: list[Entry]) -> dict[tuple[str, UUID], str]:
    """The facts as the trigger saw them (the connection speaks UTC), where they still are."""
    wanted: dict[str, list[UUID]] = defaultdict(list)
    for entry in entries:
        wanted[entry.fact_table].append(entry.fact_id)
    bodies = {}
    for table in wanted.keys() & set(fact_tables()):
        quoted = connection.ops.quote_name(table)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT f.id, jsonb_strip_nulls(to_jsonb(f.*))::text "  # noqa: S608
                f"FROM {quoted} f WHERE f.id = ANY(%s)",
                [wanted[table]],
            )
            bodies.update({(table, fact_id): body for fact_id, body in cursor.fetchall()})
    return bodies


def _flaw(entry: Entry, what: str) -> Flaw:
    return Flaw(entry.book_id, entry.number, entry.fact_table, entry.fact_id, what)


def _outside_the_chain(table: str) -> Iterator[Flaw]:
    quoted = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT f.id FROM {quoted} f LEFT JOIN record_entry e "  # noqa: S608
            "ON e.fact_table = %s AND e.fact_id = f.id WHERE e.id IS NULL",
            [table],
        )
        strays = cursor.fetchall()
    for (fact_id,) in strays:
        yield Flaw(None, None, table, fact_id, "the fact joined no chain")
