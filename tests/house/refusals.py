"""Reads every refusal out of the source; `python -m tests.house.refusals` prints the page."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SRC = Path(__file__).parents[2] / "src" / "afterglow"
HEAD = """# Refusals

A clinical "no" is a value with a code, what was found and what would change it. It is shown,
stored and counted; it is not an error. "…" stands for what was found in the patient at hand, and a
`*` in a code for one of several words.

This page is written by `python -m tests.house.refusals`, from the code itself; a test keeps the two
together.
"""


@dataclass(frozen=True, order=True)
class Row:
    area: str
    code: str
    because: str
    remedy: str


def rows() -> list[Row]:
    """Every refusal that the source can make, once per area."""
    found: dict[tuple[str, str], Row] = {}
    for path in sorted(SRC.rglob("*.py")):
        area = "/".join(path.relative_to(SRC).parts[:2])
        for code, because, remedy in _in_module(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault((area, code), Row(area, code, because, remedy))
    return sorted(found.values())


def page() -> str:
    parts, area = [HEAD], ""
    for row in rows():
        if row.area != area:
            area = row.area
            parts.append(f"\n## {area}\n\n| code | found | remedy |\n|---|---|---|\n")
        parts.append(f"| `{row.code}` | {row.because} | {row.remedy} |\n")
    return "".join(parts)


def _in_module(tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    inside: set[ast.AST] = set()
    for function in functions:
        for made in _makes(function):
            inside.add(made)
            for words in _settings(function, made, tree):
                yield _said(made, words)
    for made in _makes(tree):
        if made not in inside:
            yield _said(made, {})


def _makes(node: ast.AST) -> list[ast.Call]:
    return [
        n
        for n in ast.walk(node)
        if isinstance(n, ast.Call)
        and getattr(n.func, "id", "") == "Refusal"
        and any(word.arg == "code" for word in n.keywords)
    ]


def _settings(
    function: ast.FunctionDef, made: ast.Call, tree: ast.Module
) -> Iterator[dict[str, ast.expr]]:
    """The arguments a helper was called with, where its own parameter names the code."""
    params = [arg.arg for arg in (*function.args.args, *function.args.kwonlyargs)]
    used = {n.id for word in made.keywords for n in ast.walk(word.value) if isinstance(n, ast.Name)}
    code = next(word.value for word in made.keywords if word.arg == "code")
    if not any(isinstance(n, ast.Name) and n.id in params for n in ast.walk(code)):
        yield {}
        return
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == function.name:
            given = dict(zip(params, call.args, strict=False))
            given |= {word.arg: word.value for word in call.keywords if word.arg}
            yield {name: value for name, value in given.items() if name in used}


def _said(made: ast.Call, words: dict[str, ast.expr]) -> tuple[str, str, str]:
    by_name = {word.arg: word.value for word in made.keywords if word.arg}
    code = _text(by_name["code"], words, gap="*")
    because, remedy = (_text(by_name[name], words, gap="…") for name in ("because", "remedy"))
    return code, because.replace("|", "/"), remedy.replace("|", "/")


def _text(node: ast.expr, words: dict[str, ast.expr], gap: str) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part, words, gap) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return _text(node.value, words, gap)
    if isinstance(node, ast.IfExp):
        return _text(node.body, words, gap)
    if isinstance(node, ast.Name) and node.id in words:
        return _text(words[node.id], {}, gap)
    return gap


if __name__ == "__main__":
    sys.stdout.write(page())
