"""A million patients, measured small: the page says what was run and what came out."""

import sys
import tomllib

import polars as pl
from bench.watched import watched

from bench import million

WASTE = """
import subprocess, sys, time
if sys.argv[1:]:
    held = b"x" * 60_000_000
    time.sleep(2)
else:
    subprocess.run([sys.executable, __file__, "child"], check=True)
"""


def test_memory_is_that_of_a_command_and_of_all_it_starts(tmp_path):
    program = tmp_path / "waste.py"
    program.write_text(WASTE)
    seen = watched([sys.executable, str(program)])
    assert seen.code == 0
    assert 60 < seen.peak_mb < 200
    assert seen.seconds > 2


def test_a_command_is_killed_as_soon_as_that_is_asked(tmp_path):
    seen = watched([sys.executable, "-c", "import time; time.sleep(60)"], stop=lambda: True)
    assert seen.code == -9
    assert seen.seconds < 30


def test_one_regimen_of_the_example_is_run_for_as_many_as_asked():
    example = million.EXAMPLE.read_text(encoding="utf-8")
    raw = tomllib.loads(million.population(example, 123))
    assert raw["simulate"]["patients"] == 123
    assert [len(one["session_days"]) for one in raw["regimen"]] == [6]


def test_the_page_tells_how_it_was_made_and_what_came_out(tmp_path, monkeypatch, capsys):
    page = tmp_path / "simulate.md"
    monkeypatch.setattr(million, "PAGE", page)
    monkeypatch.setattr("sys.argv", ["million", "--patients", "20", "--write"])
    assert million.main() == 0
    text = page.read_text(encoding="utf-8")
    assert text == capsys.readouterr().out
    assert "- Date: " in text
    assert "`python -m bench.million --patients 20 --write`" in text
    assert "| 20 | 120 | " in text
    assert "taken up by the same command: the same digits" in text


def test_other_digits_or_too_much_memory_are_never_a_success(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["million", "--patients", "20"])
    monkeypatch.setattr(pl.DataFrame, "equals", lambda *_: False)
    assert million.main() == 1
    monkeypatch.undo()
    monkeypatch.setattr("sys.argv", ["million", "--patients", "20"])
    monkeypatch.setattr(million, "MOST_MB", 1.0)
    assert million.main() == 1
