"""Recompute every chain outside the database, and say where one is broken."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.db import connection

from afterglow.clinic.record.models import Book, Entry, Fact


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


def _walk(book: Book) -> Iterator[Flaw]:
    seal, expected = b"", 1
    for entry in book.entries.order_by("number").iterator(500):
        if entry.number != expected:
            yield _flaw(entry, f"entry {expected} is missing before it")
        seal = hashlib.sha256(seal + _body(entry).encode()).digest()
        if seal != bytes(entry.seal):
            yield _flaw(entry, _why(entry))
            seal = bytes(entry.seal)  # go on from what is stored: name each break once
        expected = entry.number + 1
    if expected - 1 != book.length or seal != bytes(book.head):
        yield Flaw(book.id, book.length, "record_book", None, "the end of the chain was cut off")


def _body(entry: Entry) -> str:
    """The fact as the database's trigger saw it (the connection speaks UTC), or nothing if gone."""
    if entry.fact_table not in fact_tables():
        return ""
    quoted = connection.ops.quote_name(entry.fact_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT jsonb_strip_nulls(to_jsonb(f.*))::text FROM {quoted} f WHERE id = %s",  # noqa: S608
            [entry.fact_id],
        )
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _why(entry: Entry) -> str:
    if not _body(entry):
        return "the fact is gone"
    return "the fact, or its place in the order, was changed"


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
