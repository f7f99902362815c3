"""Where in a file each table and field stands. Parsers forget lines; people need them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

NAME = r"""(?:[\w\-]+|"[^"\n]*"|'[^'\n]*')"""
NAMES = rf"({NAME}(?:\s*\.\s*{NAME})*)"
HEADER = re.compile(rf"\s*(\[\[?)\s*{NAMES}\s*\]\]?")
KEY = re.compile(rf"\s*{NAMES}\s*=")
JSON_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|[{}\[\],:]|[^\s{}\[\],:"]+')


class Place(NamedTuple):
    """A line of a file, as it is told to the person who wrote it."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}"


# Paths: "patient", "patient.age_years", "dose[2].route"; ".seed" for a field outside any table.
Places = Mapping[str, Place]


def nearest(places: Places, path: str, file: str) -> Place:
    """The place of a path, or of the innermost thing around it that has one."""
    while path:
        for way in (path, f".{path}", path.removeprefix("."), f"{path.removeprefix('.')}[1]"):
            if way in places:
                return places[way]
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return Place(file, 1)


def in_toml(text: str, file: str) -> dict[str, Place]:
    found: dict[str, Place] = {}
    counts: dict[str, int] = {}
    path = ""
    for number, line in enumerate(text.split("\n"), 1):
        if header := HEADER.match(line):
            path = _path(_plain(header[2]), header[1] == "[[", counts)
            found[path] = Place(file, number)
        elif key := KEY.match(line):
            found.setdefault(f"{path}.{_plain(key[1])}", Place(file, number))
    return found


def _plain(name: str) -> str:
    """A dotted name as it is known afterwards: without quotes and spaces."""
    return ".".join(part.strip().strip("\"'") for part in name.split("."))


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


def in_json(text: str, file: str, root: str = "") -> dict[str, Place]:
    """The places of a JSON text that is known to be whole; `root` names what it holds."""
    found: dict[str, Place] = {}
    _value(_tokens(text, file), root, found)
    return found


def _tokens(text: str, file: str) -> Iterator[tuple[str, Place]]:
    line, read = 1, 0
    for token in JSON_TOKEN.finditer(text):
        line += text.count("\n", read, token.start())
        read = token.start()
        yield token[0], Place(file, line)


def _value(tokens: Iterator[tuple[str, Place]], path: str, found: dict[str, Place]) -> str:
    """Read one value; returns its first sign, by which an empty list is known."""
    sign, place = next(tokens)
    if path and sign not in "]}":
        found.setdefault(path, place)
    if sign == "[":
        number = 1
        while _value(tokens, f"{path}[{number}]", found) != "]" and next(tokens)[0] != "]":
            number += 1
    elif sign == "{":
        _fields(tokens, path, found)
    return sign


def _fields(tokens: Iterator[tuple[str, Place]], path: str, found: dict[str, Place]) -> None:
    key, place = next(tokens)
    while key != "}":
        name = key.strip('"')
        found[f"{path}.{name}"] = place
        next(tokens)  # the colon
        _value(tokens, f"{path}.{name}" if path else name, found)
        if next(tokens)[0] == "}":
            return
        key, place = next(tokens)
