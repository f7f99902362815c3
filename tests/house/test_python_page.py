"""docs/python.md names what there is: every module and name in its table can be imported."""

import re
from importlib import import_module
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")
ROWS = re.findall(
    r"^\| [^|]+\? ?\|([^|]+)\||^\| (?:groups|a p)[^|]+\|([^|]+)\|", PAGE, re.MULTILINE
)


def named() -> list[str]:
    """Every `module: Name` and `module.name` of the table, as a dotted name under afterglow."""
    found = []
    for cell in (one or other for one, other in ROWS):
        found += re.findall(r"`((?:core|research)\.[\w.]+)`", cell)
        for module, words in re.findall(r"`([\w.]+)`: (.+)", cell):
            found += [f"{module}.{word}" for word in re.findall(r"`(\w+)`", words)]
    return found


def resolved(name: str) -> object:
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            thing = import_module(".".join(["afterglow", *parts[:cut]]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[cut:]:
            thing = getattr(thing, attribute, None) or import_module(
                f"{thing.__name__}.{attribute}"
            )
        return thing
    raise AssertionError(name)


def test_the_table_was_read():
    assert len(ROWS) > 12
    assert "core.dosing.propose.propose" in named()


@pytest.mark.parametrize("name", named())
def test_what_the_page_names_can_be_imported_and_says_what_it_is(name):
    thing = resolved(name)
    assert thing is not None
    assert (thing.__doc__ or "").strip()
