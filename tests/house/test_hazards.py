"""Each hazard names a rule that exists and tests that exist."""

import tomllib
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
HAZARDS = tomllib.loads((ROOT / "docs" / "hazards.toml").read_text(encoding="utf-8"))["hazard"]


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard["id"])
def test_a_hazard_has_a_harm_a_rule_and_tests(hazard: dict[str, Any]) -> None:
    assert hazard["hazard"]
    assert hazard["harm"]
    module, _, name = hazard["rule"].partition(":")
    assert reduce(getattr, name.split("."), import_module(module))
    assert hazard["tests"]
    for test in hazard["tests"]:
        file, _, function = test.partition("::")
        assert f"def {function}(" in (ROOT / file).read_text(encoding="utf-8"), test


def test_no_two_hazards_have_one_name() -> None:
    names = [hazard["id"] for hazard in HAZARDS]
    assert len(names) == len(set(names))
