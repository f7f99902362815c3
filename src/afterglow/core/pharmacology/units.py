"""Units of the library files, and small formulas whose units must come out right."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping
from typing import TypeVar

from afterglow.core.errors import BadLibrary
from afterglow.core.pharmacology.modes import Floats

Number = TypeVar("Number", float, Floats)

# unit -> factor to the core's own unit, and its dimensions there.
UNITS: dict[str, tuple[float, dict[str, int]]] = {
    "1": (1.0, {}),
    "L": (1.0, {"L": 1}),
    "L/kg": (1.0, {"L": 1}),  # per kg of the person: weight_power 1 with a reference of 1 kg
    "L/min": (1.0, {"L": 1, "min": -1}),
    "L/h": (1 / 60, {"L": 1, "min": -1}),
    "min": (1.0, {"min": 1}),
    "h": (60.0, {"min": 1}),
    "1/min": (1.0, {"min": -1}),
    "1/h": (1 / 60, {"min": -1}),
    "days": (1.0, {"days": 1}),
    "years": (1.0, {"years": 1}),
    "ng/mL": (1.0, {"ng/mL": 1}),
    "points": (1.0, {"points": 1}),
    "mmHg": (1.0, {"mmHg": 1}),
    "mmHg*mL/ng": (1.0, {"mmHg": 1, "ng/mL": -1}),
    "mL/ng": (1.0, {"ng/mL": -1}),
    "mL/(ng*min)": (1.0, {"min": -1, "ng/mL": -1}),
}


def factor_of(unit: str, where: str) -> float:
    """What a number in `unit` is multiplied by to be in the core's unit."""
    if unit not in UNITS:
        raise BadLibrary(f"{where}: unit must be one of {', '.join(UNITS)}; got {unit!r}.")
    return UNITS[unit][0]


def evaluate(formula: str, values: Mapping[str, Number], where: str) -> Number:
    """The value of a formula of names, numbers and + - * /, on numbers or arrays."""
    return _value(_parsed(formula, where), values, where)


def dimensions(formula: str, units: Mapping[str, str], where: str) -> dict[str, int]:
    """The dimensions a formula comes out in, e.g. {"min": -1} for a rate."""
    found = _dimensions(_parsed(formula, where), units, where)
    return {dimension: power for dimension, power in found.items() if power}


def _parsed(formula: str, where: str) -> ast.expr:
    try:
        return ast.parse(formula, mode="eval").body
    except SyntaxError as error:
        raise BadLibrary(f"{where}: {formula!r} is not a formula.") from error


def _value(node: ast.expr, values: Mapping[str, Number], where: str) -> Number:
    match node:
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.Constant(value=int() | float() as number):
            return number  # type: ignore[return-value]  # a number stands for an array of it
        case ast.BinOp(left=left, op=op, right=right):
            a, b = _value(left, values, where), _value(right, values, where)
            return _applied(op, a, b, where)
    raise BadLibrary(f"{where}: formulas use known parameters, numbers and + - * /.")


def _applied(op: ast.operator, a: Number, b: Number, where: str) -> Number:
    match op:
        case ast.Add():
            return a + b
        case ast.Sub():
            return a - b
        case ast.Mult():
            return a * b
        case ast.Div():
            return a / b
    raise BadLibrary(f"{where}: formulas use + - * / only.")


def _dimensions(node: ast.expr, units: Mapping[str, str], where: str) -> Counter[str]:
    match node:
        case ast.Name(id=name) if name in units:
            return Counter(UNITS[units[name]][1])
        case ast.Constant():
            return Counter()
        case ast.BinOp(left=left, op=op, right=right):
            a, b = _dimensions(left, units, where), _dimensions(right, units, where)
            return _combined(op, a, b, where)
    raise BadLibrary(f"{where}: formulas use known parameters, numbers and + - * /.")


def _combined(op: ast.operator, a: Counter[str], b: Counter[str], where: str) -> Counter[str]:
    both = Counter(a)
    if isinstance(op, ast.Mult):
        both.update(b)
    elif isinstance(op, ast.Div):
        both.subtract(b)
    elif {k: v for k, v in a.items() if v} != {k: v for k, v in b.items() if v}:
        raise BadLibrary(f"{where}: adds or subtracts amounts of different units.")
    return both
