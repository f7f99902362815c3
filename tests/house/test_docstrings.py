"""A function that takes arrays says of what shape, or in which unit: a bare array is a rumour."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "afterglow"
ROOMS = ("core/pharmacology", "core/dosing", "research")
ARRAY = re.compile(r"\b(Floats|NDArray|Array|ArrayLike)\b")
SHAPE = re.compile(r"\((?:\w[\w +]*|\.\.\.)(?:, ?[\w +]*)+\)|\bany shape\b|\bn values\b")
UNIT = re.compile(r"\b(mg|mg/kg|ng/mL|L|L/min|1/min|min|minutes|h|hours|days|mmHg|points|share)\b")
# Beside a function whose docstring says it.
REFERS = re.compile(r"\b([Tt]he same|as in)\b")


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every public function of the engine, by module."""
    for room in ROOMS:
        for file in sorted((SOURCE / room).glob("*.py")):
            for node in ast.parse(file.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield f"{room}/{file.stem}.{node.name}", node


def takes_arrays(function: ast.FunctionDef) -> bool:
    told = [*function.args.args, *function.args.kwonlyargs]
    return any(one.annotation and ARRAY.search(ast.unparse(one.annotation)) for one in told)


TAKING = [(name, one) for name, one in functions() if takes_arrays(one)]


def says_shape_or_unit(words: str) -> bool:
    return any(pattern.search(words) for pattern in (SHAPE, UNIT, REFERS))


@pytest.mark.parametrize(("name", "function"), TAKING, ids=[name for name, _ in TAKING])
def test_a_function_that_takes_arrays_says_of_what_shape_or_unit(name, function):
    words = ast.get_docstring(function) or ""
    assert says_shape_or_unit(words), f"{name}: {words!r}"


def test_there_are_such_functions_and_a_bare_docstring_would_be_found():
    assert len(TAKING) > 60
    assert not says_shape_or_unit("How much of everything there is.")
    assert says_shape_or_unit("Levels (T, N) of everybody.")
