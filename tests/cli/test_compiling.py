"""A first run that compiles says so once, to a person; one that loads from disk says nothing."""

import numba
import pytest

from afterglow.cli import compiling
from afterglow.cli.compiling import WORDS, told_while_compiling


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(compiling, "PATIENCE_S", 0.0)


def loop(steps):
    total = 0.0
    for step in range(steps):
        total += step
    return total


def test_two_loops_that_are_compiled_are_one_line_on_standard_error(impatient, capsys):
    with told_while_compiling():
        assert numba.njit(loop)(4) == numba.njit(loop)(4)
    assert capsys.readouterr() == ("", f"{WORDS}\n")


def test_a_loop_that_comes_from_disk_is_not_told(impatient, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    numba.njit(cache=True)(loop)(4)
    again = numba.njit(cache=True)(loop)
    with told_while_compiling():
        again(4)
    assert again.stats.cache_hits
    assert capsys.readouterr() == ("", "")


def test_a_log_is_not_told_of_what_takes_a_moment(capsys):
    with told_while_compiling():
        numba.njit(loop)(4)
    assert capsys.readouterr() == ("", "")


def test_nothing_is_heard_after_the_command(impatient, capsys):
    with told_while_compiling():
        pass
    numba.njit(loop)(4)
    assert capsys.readouterr().err == ""
