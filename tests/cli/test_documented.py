"""Every command that docs/command-line.md shows is run as it stands there."""

import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from tests.cli.files import ran

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "command-line.md").read_text(encoding="utf-8")
LINES = re.findall(r"^afterglow (.+)$", PAGE, re.MULTILINE)
# Smaller groups than the examples', so that they run in seconds.
SMALLER = (("patients = 20000", "patients = 50"), ("people = 2000", "people = 200\ndraws = 20"))
README = (DOCS.parent / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def copied(tmp_path, monkeypatch):
    shutil.copytree(DOCS / "examples", tmp_path / "docs" / "examples")
    for file in (tmp_path / "docs" / "examples").glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        for was, now in SMALLER:
            text = text.replace(was, now)
        file.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_command_of_the_engine_is_on_the_page():
    commands = {line.split()[0] for line in LINES}
    engine = {"predict", "high", "mechanism", "update", "plan", "trial", "simulate", "models"}
    assert commands == engine
    assert "afterglow validate" in PAGE


@pytest.mark.parametrize("line", LINES)
def test_a_documented_command_runs(capsys, copied, line):
    words = line.split()
    more = ["--workers", "1"] if words[0] == "simulate" else []
    code, out, err = ran(capsys, *words, *more)
    assert code == 0, err
    assert out
    for option, file in pairwise(words):
        if option in ("--out", "--summary"):
            assert (copied / file).stat().st_size > 100


def test_the_readme_shows_every_command_on_an_example_that_is_there():
    shown = re.findall(r"^afterglow (\w+)(?: (docs/\S+))?", README, re.MULTILINE)
    assert {command for command, _ in shown} >= {line.split()[0] for line in LINES}
    assert all((DOCS.parent / file).is_file() for _, file in shown if file)
    without = {command for command, file in shown if not file}
    assert without == {"models", "validate"}
