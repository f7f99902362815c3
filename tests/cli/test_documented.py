"""Every command that docs/command-line.md shows is run as it stands there."""

import json
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


def _shown(page, answer):
    """Every number of the page beside the one that stands in its place in the answer."""
    if isinstance(page, dict):
        for key, part in page.items():
            yield from _shown(part, answer[key])
    elif isinstance(page, list) and page and isinstance(page[0], dict):
        named = {(one["name"] if "name" in one else one["arm"]): one for one in answer}
        for part in page:
            yield from _shown(part, named[part["name"] if "name" in part else part["arm"]])
    elif isinstance(page, list):
        for part, told in zip(page, answer, strict=False):
            yield from _shown(part, told)
    elif isinstance(page, float):
        yield page, answer


def test_the_answer_on_the_trials_page_is_that_of_its_example(capsys):
    """Days beyond the second and what the page leaves empty are not compared."""
    text = (DOCS / "trial-format.md").read_text(encoding="utf-8")
    page = json.loads(re.findall(r"```json\n(.+?)```", text, re.DOTALL)[-1])
    code, out, _ = ran(capsys, "trial", str(DOCS / "examples" / "trial.toml"), "--json")
    assert code == 0
    shown = list(_shown(page, json.loads(out)))
    assert len(shown) > 20
    # Half of the last digit shown, shares to two places, and a little for another machine.
    off = [(page, told) for page, told in shown if abs(page - told) > 0.055 / 10 ** (abs(page) < 1)]
    assert off == []
