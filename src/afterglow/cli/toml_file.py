"""Reading a TOML file so that every complaint names the file, the line and the accepted range."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from afterglow.core.errors import BadInput

HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?")
KEY = re.compile(r"\s*([\w\-]+)\s*=")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file. Reads fields by name; whatever is wrong is told with its line."""

    file: str
    path: str  # "" for the file itself, "patient", "dose[2]"
    data: Mapping[str, Any]
    lines: Mapping[str, int]

    def line_of(self, field: str = "") -> int:
        """Line of a field, or of this table's header where the field does not stand in it."""
        return self.lines.get(f"{self.path}.{field}", self.lines.get(self.path, 1))

    def wrong(self, words: str, field: str = "") -> BadInput:
        place = f" [{self.path}]" if self.path else ""
        return BadInput(f"{self.file}, line {self.line_of(field)}{place}: {words}")

    @contextmanager
    def naming(self) -> Iterator[None]:
        """Put file and line before what the core says of a field, found by its first word."""
        try:
            yield
        except BadInput as error:
            words = str(error)
            if words.startswith(f"{self.file}, line"):
                raise
            raise self.wrong(words, words.split(maxsplit=1)[0]) from error

    def only(self, *fields: str) -> None:
        """Stop a field nobody reads: most often a slip of the pen."""
        for field in self.data:
            if field not in fields:
                raise self.wrong(f"{field} is not known here. Known: {', '.join(fields)}.", field)

    def has(self, field: str) -> bool:
        return field in self.data

    def number(
        self, field: str, low: float, high: float, unit: str = "", *, default: float | None = None
    ) -> float:
        value = self._value(field, default, f"a number, {low:g} to {high:g} {unit}".rstrip())
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(f"{field} must be a number, got {value!r}.", field)
        return self._within(field, float(value), low, high, unit)

    def whole(self, field: str, low: int, high: int, *, default: int | None = None) -> int:
        value = self._value(field, default, f"a whole number, {low} to {high}")
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(f"{field} must be a whole number, got {value!r}.", field)
        self._within(field, float(value), low, high, "")
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
        value = self._value(field, default, f"a list of numbers, {low:g} to {high:g} {unit}")
        listed = isinstance(value, list | tuple) and bool(value)
        if not listed or any(isinstance(v, bool) or not isinstance(v, int | float) for v in value):
            raise self.wrong(f"{field} must be a list of numbers, got {value!r}.", field)
        found = tuple(self._within(field, float(v), low, high, unit) for v in value)
        if list(found) != sorted(set(found)):
            raise self.wrong(f"{field} must be in ascending order, without repeats.", field)
        return found

    def words(self, field: str, *, default: str | None = None) -> str:
        value = self._value(field, default, "words in quotes")
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f"{field} must be words in quotes, got {value!r}.", field)
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
        return Table(self.file, self._under(name), value, self.lines)

    def tables(self, name: str, *, most: int = 1000) -> list[Table]:
        """One table or more, each written [[name]]."""
        value = self.data.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.wrong(f"{name} must be tables, each written [[{name}]].", name)
        if not 1 <= len(value) <= most:
            raise self.wrong(f"[[{name}]] must be there 1 to {most} times, got {len(value)}.")
        return [
            Table(self.file, self._under(f"{name}[{k}]"), one, self.lines)
            for k, one in enumerate(value, 1)
        ]

    def _under(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def _value(self, field: str, default: object, expected: str) -> Any:
        if field in self.data:
            return self.data[field]
        if default is None:
            raise self.wrong(f"{field} is missing: {expected}.")
        return default

    def _within(self, field: str, value: float, low: float, high: float, unit: str) -> float:
        if not (isfinite(value) and low <= value <= high):
            expected = f"{low:.10g} to {high:.10g} {unit}".rstrip()
            raise self.wrong(f"{field} must be {expected}, got {value:g}.", field)
        return value


def read(path: Path) -> Table:
    """A TOML file from disk. Raises BadInput in words for what cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not text in UTF-8 (byte {error.start}).") from error
    return parse(text, path.name)


def parse(text: str, name: str) -> Table:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{name}: {error}.") from error
    return Table(name, "", data, _lines(text))


def placed(error: BadInput, path: Path) -> str:
    """What the core says of a file's content, with file and line before it."""
    words = str(error)
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    nth = re.search(r"\bdose (\d+)", words)
    said = re.findall(r"\w+", words)
    beside = f"dose[{nth[1]}]" if nth else ""
    lines = {key: line for key, line in _lines(text).items() if key.startswith(beside)}
    # A field tells more than the header of its table.
    for key in sorted(lines, key=lambda key: "." not in key):
        if key.rsplit(".", 1)[-1] in said:
            return f"{path.name}, line {lines[key]}: {words}"
    return f"{path.name}: {words}"


def _lines(text: str) -> dict[str, int]:
    """Path of every table and field -> its line. tomllib forgets lines; people need them."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    path = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.match(line):
            path = _path(header[2], header[1] == "[[", counts)
            found[path] = number
        elif key := KEY.match(line):
            found.setdefault(f"{path}.{key[1]}", number)
    return found


def _path(name: str, listed: bool, counts: dict[str, int]) -> str:
    """`arm.dose` as `arm[2].dose[1]`, counting the lists met so far."""
    parts: list[str] = []
    every = name.split(".")
    for depth, part in enumerate(every, 1):
        here = ".".join([*parts, part])
        if listed and depth == len(every):
            counts[here] = counts.get(here, 0) + 1
        parts.append(f"{part}[{counts[here]}]" if here in counts else part)
    return ".".join(parts)
