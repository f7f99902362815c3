"""Files a person wrote, TOML or JSON, with lists of tables in CSV files beside them.

Wherever a file would hold `[[dose]]`, it may say `dose = "doses.csv"` instead: one row a table, the
first line naming the fields. A JSON file that holds a list of objects serves as well.
"""

from __future__ import annotations

import csv
import json
import re
import tomllib
from io import StringIO
from pathlib import Path
from typing import Any

from afterglow.cli.input_table import Placed, Table
from afterglow.cli.places import Place, in_json, in_toml, nearest
from afterglow.core.errors import BadInput

BESIDE = (".csv", ".json")
MOST_ROWS = 100_000
MOST_MB = {".csv": 20}
OTHERS_MB = 2  # ten thousand observations; parsing more of it takes minutes
DEEPEST = 12  # tables in tables; no file of ours has more than four


def read(path: Path) -> Table:
    """A file from disk; JSON by its suffix, else TOML. BadInput says in words what is wrong."""
    return parse(_text(path), path.name, beside=path.parent)


def parse(text: str, name: str, *, beside: Path | None = None) -> Table:
    as_json = name.endswith(".json")
    data = _json(text, name) if as_json else _toml(text, name)
    if not isinstance(data, dict):
        raise Placed(f"{name}, line 1: an object of tables is expected, got a list or a value.")
    places = in_json(text, name) if as_json else in_toml(text, name)
    for field, value in data.items():
        if beside is not None and isinstance(value, str) and value.endswith(BESIDE):
            try:
                data[field], found = _rows(beside / value, field)
            except BadInput as error:
                raise Placed(f"{nearest(places, field, name)}: {field}: {error}") from error
            places |= found
    return Table(name, "", data, places)


def placed(error: BadInput, table: Table) -> str:
    """What the core says of a file's content, with file and line before it."""
    words = str(error)
    if isinstance(error, Placed):
        return words
    nth = re.search(r"\bdose (\d+)", words)
    within = f"dose[{nth[1]}]" if nth else ""
    # The field stands before what is said of it; after that come values and other fields.
    said = re.findall(r"\w+", re.split(r" must | Known: ", words, maxsplit=1)[0])
    inside = {key: place for key, place in table.places.items() if key.startswith(within)}
    # A field tells more than the header of its table.
    for key in sorted(inside, key=lambda key: "." not in key):
        if key.rsplit(".", 1)[-1] in said:
            return f"{inside[key]}: {words}"
    return f"{nearest(table.places, within, table.file)}: {words}"


def _text(path: Path) -> str:
    most = MOST_MB.get(path.suffix, OTHERS_MB)
    try:
        with path.open("rb") as file:
            raw = file.read(most * 1_000_000 + 1)
    except FileNotFoundError as error:
        raise Placed(f"{path}: there is no such file.") from error
    except OSError as error:
        raise Placed(f"{path}: {error.strerror}.") from error
    if len(raw) > most * 1_000_000:
        raise Placed(f"{path}: at most {most} MB are read.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Placed(f"{Place(path.name, line)}: this is not text in UTF-8.") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _toml(text: str, name: str) -> dict[str, Any]:
    try:
        found = tomllib.loads(text)
        _shallow(found)
        return found
    except tomllib.TOMLDecodeError as error:
        words = str(error)
        at = re.search(r" \(at line (\d+), column \d+\)", words)
        line = int(at[1]) if at else max(1, len(text.splitlines()))
        words = re.sub(r" \(at [^)]*\)", "", words)
        if twice := _twice(words, text.split("\n")[line - 1]):
            raise Placed(f"{Place(name, line)}: {twice} stands there twice.") from error
        raise Placed(f"{Place(name, line)}: this is not TOML: {words}.") from error
    except (RecursionError, ValueError) as error:
        raise Placed(_too_much(error, text, name)) from error


def _twice(words: str, line: str) -> str:
    """The field or table a parser met again, as it stands in its line; "" for other faults."""
    if not re.match(r"Cannot (overwrite|declare|mutate)", words):
        return ""
    return line.split("=", 1)[0].strip()


def _json(text: str, name: str) -> Any:
    try:
        found = json.loads(text, object_pairs_hook=_once_each)
        _shallow(found)
        return found
    except json.JSONDecodeError as error:
        raise Placed(f"{Place(name, error.lineno)}: this is not JSON: {error.msg}.") from error
    except BadInput as error:
        raise Placed(f"{name}: {error}") from error
    except (RecursionError, ValueError) as error:
        raise Placed(_too_much(error, text, name)) from error


def _too_much(error: Exception, text: str, name: str) -> str:
    """What a parser gives up at, without telling where."""
    if isinstance(error, RecursionError):
        return f"{name}: tables and lists must be nested at most {DEEPEST} deep."
    longest = max(re.finditer(r"\d+", text), key=lambda digits: len(digits[0]))
    place = Place(name, text.count("\n", 0, longest.start()) + 1)
    return f"{place}: a number must have fewer digits, got {len(longest[0])}."


def _shallow(data: Any) -> None:
    if _deeper(data, DEEPEST):
        raise RecursionError


def _deeper(data: Any, levels: int) -> bool:
    if not isinstance(data, dict | list):
        return False
    inside = data.values() if isinstance(data, dict) else data
    return levels == 0 or any(_deeper(one, levels - 1) for one in inside)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON lets a field stand twice and keeps the last: here that is a slip."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise BadInput(f"{next(n for n in names if names.count(n) > 1)} stands there twice.")
    return found


def _rows(path: Path, field: str) -> tuple[list[dict[str, Any]], dict[str, Place]]:
    """A list of tables from a file of its own, and where each stands."""
    text = _text(path)
    if path.suffix == ".json":
        rows = _json(text, path.name)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Placed(f"{path.name}, line 1: a list of objects is expected.")
        return rows, in_json(text, path.name, field)
    return _csv(text, path.name, field)


def _csv(text: str, name: str, field: str) -> tuple[list[dict[str, Any]], dict[str, Place]]:
    reader = csv.reader(StringIO(text), strict=True)
    rows: list[dict[str, Any]] = []
    places: dict[str, Place] = {}
    try:
        heading = [word.strip() for word in next(reader, [])]
        if not heading or len(set(heading)) < len(heading) or not all(heading):
            raise Placed(f"{name}, line 1: names of columns are expected, each once.")
        if len(heading) == 1 and (other := re.search(r"[;\t]", heading[0])):
            raise Placed(f"{name}, line 1: a comma must stand between columns, got {other[0]!r}.")
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            place = Place(name, reader.line_num)
            if len(cells) != len(heading):
                raise Placed(f"{place}: {len(heading)} cells are expected, got {len(cells)}.")
            rows.append(_row(heading, cells))
            if len(rows) > MOST_ROWS:
                raise Placed(f"{place}: at most {MOST_ROWS} rows are read.")
            path = f"{field}[{len(rows)}]"
            places |= {path: place} | {f"{path}.{column}": place for column in heading}
    except csv.Error as error:
        raise Placed(f"{name}, line {reader.line_num}: this is not CSV: {error}.") from error
    return rows, places


def _row(heading: list[str], cells: list[str]) -> dict[str, Any]:
    """An empty cell is a field left out."""
    told = {name: cell.strip() for name, cell in zip(heading, cells, strict=True)}
    return {name: _typed(cell) for name, cell in told.items() if cell}


def _typed(cell: str) -> Any:
    """As TOML would read it: true, 3, 2.5, or words."""
    if cell.lower() in ("true", "false"):
        return cell.lower() == "true"
    for kind in (int, float):
        try:
            return kind(cell) if cell.isascii() else cell
        except ValueError:
            continue
    return cell
