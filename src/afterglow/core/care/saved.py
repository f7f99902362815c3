"""Frozen values to JSON and back, so that a stored decision can be recomputed exactly."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from afterglow.core.errors import BadInput

T = TypeVar("T")


def dump(value: Any) -> Any:
    """The value in what JSON can hold. Instants in ISO 8601, spans in seconds."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: dump(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {dump(key): dump(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [dump(item) for item in value]
    if isinstance(value, frozenset | set):
        return sorted(dump(item) for item in value)
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):  # a datetime is a date too
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else value


def load(kind: type[T], data: Any) -> T:
    """The value that `dump` wrote. Raises BadInput naming the field that does not fit."""
    return cast(T, _load(kind, data, kind.__name__))


def _load(kind: Any, data: Any, where: str) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _load_one_of(get_args(kind), data, where)
    if origin is not None:
        return _load_many(origin, get_args(kind), data, where)
    if is_dataclass(kind):
        return _load_fields(kind, data, where)
    try:
        return _load_plain(kind, data)
    except (TypeError, ValueError) as error:
        raise BadInput(f"{where} must be {kind.__name__}, got {data!r}.") from error


def _load_one_of(kinds: tuple[Any, ...], data: Any, where: str) -> Any:
    if data is None and type(None) in kinds:
        return None
    (kind,) = [k for k in kinds if k is not type(None)]
    return _load(kind, data, where)


def _load_many(origin: Any, args: tuple[Any, ...], data: Any, where: str) -> Any:
    if issubclass(origin, Mapping):
        key, item = args
        return {_load(key, k, where): _load(item, v, f"{where}.{k}") for k, v in data.items()}
    return origin(_load(args[0], item, f"{where}[{n}]") for n, item in enumerate(data))


def _load_fields(kind: Any, data: Any, where: str) -> Any:
    if not isinstance(data, Mapping):
        raise BadInput(f"{where} must be an object with named fields, got {data!r}.")
    hints = _hints(kind)
    if unknown := sorted(data.keys() - hints.keys()):
        raise BadInput(f"{where} has no field {', '.join(unknown)}; it has {', '.join(hints)}.")
    loaded = {name: _load(hints[name], item, f"{where}.{name}") for name, item in data.items()}
    try:
        return kind(**loaded)
    except TypeError as error:
        raise BadInput(f"{where} is incomplete: {error}.") from error


def _load_plain(kind: Any, data: Any) -> Any:
    if kind is datetime or kind is date:
        return kind.fromisoformat(data)
    if kind is timedelta:
        return timedelta(seconds=data)
    if kind is float and not isinstance(data, bool):
        return float(data)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    if not isinstance(data, kind):
        raise TypeError(f"not {kind.__name__}")
    return data


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {f.name: hints[f.name] for f in fields(kind) if f.init}
