"""Frozen dataclasses to plain JSON values and back, to the last digit.

A union is told apart by a "kind" key with the class's name; nothing else is added.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from afterglow.core.errors import BadInput

T = TypeVar("T")
SIMPLE: dict[Any, str] = {
    float: "a number",
    int: "a whole number",
    str: "words",
    bool: "true or false",
}


def plain(value: Any) -> Any:
    """A dataclass as a dict of plain values; tuples become lists, enums their text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        held = {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"kind": type(value).__name__, **held}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return list(value) if _numbers(value) else [plain(one) for one in value]
    return value


def _numbers(value: Any) -> bool:
    return all(type(one) is float for one in value)


def read(cls: type[T], raw: Any) -> T:
    """The dataclass that `plain` made `raw` from."""
    if not isinstance(raw, Mapping):
        raise BadInput(f"{cls.__name__} must be an object, got {type(raw).__name__}.")
    hints, fields = _hints(cls), dataclasses.fields(cls)  # type: ignore[arg-type]
    known = {f.name for f in fields}
    if raw.get("kind", cls.__name__) != cls.__name__:
        raise BadInput(f"kind must be {cls.__name__}, got {raw['kind']!r}.")
    if stray := set(raw) - known - {"kind"}:
        raise BadInput(f"{cls.__name__} has no field {', '.join(sorted(stray))}.")
    if missing := [f.name for f in fields if _is_needed(f) and f.name not in raw]:
        raise BadInput(f"{cls.__name__} lacks {', '.join(missing)}.")
    try:
        return cls(**{name: _as(hints[name], raw[name], name) for name in known if name in raw})
    except TypeError as error:
        raise BadInput(f"{cls.__name__}: {error}") from error


def _is_needed(field: dataclasses.Field[Any]) -> bool:
    nothing = dataclasses.MISSING
    return field.init and field.default is nothing and field.default_factory is nothing


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _as(kind: Any, raw: Any, name: str) -> Any:
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return _one_of(args, raw, name)
    if origin is tuple:
        return _tuple(args, raw, name)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _as(args[1], one, name) for key, one in raw.items()}
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return read(kind, raw)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(raw)
    return _simple(kind, raw, name) if kind in SIMPLE else raw


def _simple(kind: type, raw: Any, name: str) -> Any:
    """A number, words or a flag, and not something that could be taken for one."""
    if kind is float and type(raw) is int:
        return float(raw)
    if type(raw) is not kind:
        raise BadInput(f"{name} must be {SIMPLE[kind]}, got {raw!r}.")
    return raw


def _tuple(args: tuple[Any, ...], raw: Any, name: str) -> tuple[Any, ...]:
    if not isinstance(raw, list | tuple):
        raise BadInput(f"{name} must be a list, got {type(raw).__name__}.")
    if args[0] is float and _numbers(raw):
        return tuple(raw)
    return tuple(_as(args[0], one, name) for one in raw)


def _one_of(args: tuple[Any, ...], raw: Any, name: str) -> Any:
    if raw is None and types.NoneType in args:
        return None
    members = [one for one in args if one is not types.NoneType]
    if len(members) == 1:
        return _as(members[0], raw, name)
    for one in members:
        if isinstance(raw, Mapping) and raw.get("kind") == one.__name__:
            return read(one, raw)
    raise BadInput(f"{name} must be one of {', '.join(one.__name__ for one in members)}.")
