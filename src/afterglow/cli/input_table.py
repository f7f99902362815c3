"""One table of an input file, read so that every complaint names file, line and accepted range."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from afterglow.cli.places import Place, Places, nearest
from afterglow.core.errors import BadInput

K = TypeVar("K", bound=Hashable)


class Placed(BadInput):
    """Already told with its file and line."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file. Reads fields by name; whatever is wrong is told with its line."""

    file: str
    path: str  # "" for the file itself, "patient", "dose[2]"
    data: Mapping[str, Any]
    places: Places

    def place_of(self, field: str = "") -> Place:
        """Where a field stands, or this table's header where the field does not stand in it."""
        return nearest(self.places, f"{self.path}.{field}" if field else self.path, self.file)

    def wrong(self, words: str, field: str = "") -> BadInput:
        inside = f" [{self.path}]" if self.path else ""
        return Placed(f"{self.place_of(field)}{inside}: {words}")

    @contextmanager
    def naming(self) -> Iterator[None]:
        """Put file and line before what the core says of a field, found by its first word."""
        try:
            yield
        except BadInput as error:
            if isinstance(error, Placed):
                raise
            words = str(error)
            raise self.wrong(words, words.split(maxsplit=1)[0]) from error

    def only(self, *fields: str) -> None:
        """Stop a field nobody reads: most often a slip of the pen."""
        for field in self.data:
            if field not in fields:
                raise self.wrong(f"{field} is not known here. Known: {', '.join(fields)}.", field)

    def unlike_before(self, before: dict[K, Table], told: K, otherwise: str) -> None:
        """Stop a row copied from one of those `before`, to which it is added."""
        first = before.setdefault(told, self)
        if first is not self:
            raise self.wrong(f"the same stands in {first.place_of()}; {otherwise}.")

    def has(self, field: str) -> bool:
        return field in self.data

    def number(
        self, field: str, low: float, high: float, unit: str = "", *, default: float | None = None
    ) -> float:
        expected = f"a number, {low:g} to {high:g} {unit}".rstrip()
        value = self._value(field, default, expected)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(f"{field} must be {expected}, got {value!r}.", field)
        return float(self._within(field, value, low, high, unit))

    def whole(self, field: str, low: int, high: int, *, default: int | None = None) -> int:
        expected = f"a whole number, {low} to {high}"
        value = self._value(field, default, expected)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(f"{field} must be {expected}, got {value!r}.", field)
        self._within(field, value, low, high, "")
        return value

    def numbers(
        self,
        field: str,
        low: float,
        high: float,
        unit: str = "",
        *,
        default: Sequence[float] | None = None,
    ) -> tuple[float, ...]:
        """One number or more, ascending and different."""
        expected = f"a list of numbers, {low:g} to {high:g} {unit}".rstrip()
        value = self._value(field, default, expected)
        listed = isinstance(value, list | tuple) and bool(value)
        if not listed or any(isinstance(v, bool) or not isinstance(v, int | float) for v in value):
            raise self.wrong(f"{field} must be {expected}, got {value!r}.", field)
        found = tuple(float(self._within(field, v, low, high, unit)) for v in value)
        if list(found) != sorted(set(found)):
            raise self.wrong(f"{field} must be in ascending order, without repeats.", field)
        return found

    def words(self, field: str, *, default: str | None = None) -> str:
        value = self._value(field, default, "words in quotes")
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f"{field} must be words in quotes, got {value!r}.", field)
        if not value.isprintable():
            raise self.wrong(f"{field} must be words that can be printed, got {value!r}.", field)
        return value

    def one_of(self, field: str, choices: Sequence[str], *, default: str | None = None) -> str:
        value = self._value(field, default, f"one of {', '.join(choices)}")
        if value not in choices:
            raise self.wrong(f"{field} must be one of {', '.join(choices)}; got {value!r}.", field)
        return str(value)

    def some_of(self, field: str) -> tuple[str, ...]:
        """A list of words, possibly empty or absent."""
        value = self.data.get(field, [])
        if not isinstance(value, list) or any(not isinstance(one, str) for one in value):
            raise self.wrong(f"{field} must be a list of words, got {value!r}.", field)
        return tuple(value)

    def flag(self, field: str, *, default: bool | None) -> bool | None:
        value = self.data.get(field, default)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(f"{field} must be true or false, got {value!r}.", field)
        return value

    def table(self, name: str, *, needed: bool = True) -> Table:
        if name not in self.data and needed:
            raise self.wrong(f"[{name}] is missing.")
        value = self.data.get(name, {})
        if not isinstance(value, dict):
            raise self.wrong(f"{name} must be a table, written [{name}].", name)
        return Table(self.file, self._under(name), value, self.places)

    def tables(self, name: str, *, most: int = 1000) -> list[Table]:
        """One table or more, each written [[name]]."""
        value = self.data.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.wrong(f"{name} must be tables, each written [[{name}]].", name)
        if not 1 <= len(value) <= most:
            raise self.wrong(f"[[{name}]] must be there 1 to {most} times, got {len(value)}.", name)
        return [
            Table(self.file, self._under(f"{name}[{k}]"), one, self.places)
            for k, one in enumerate(value, 1)
        ]

    def _under(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def _value(self, field: str, default: object, expected: str) -> Any:
        if field in self.data:
            return self.data[field]
        if default is None:
            like = [name for name in self.data if name.lower() == field.lower()]
            instead = f" {like[0]} stands there instead." if like else ""
            raise self.wrong(f"{field} is missing: {expected}.{instead}", *like[:1])
        return default

    def _within(
        self, field: str, value: int | float, low: float, high: float, unit: str
    ) -> int | float:
        if not low <= value <= high:  # as NaN is not
            expected = f"{low:.10g} to {high:.10g} {unit}".rstrip()
            raise self.wrong(f"{field} must be {expected}, got {value!r}.", field)
        return value
