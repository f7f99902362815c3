"""Simulations that are killed, or begun twice: nothing is lost, mixed, or left running."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from afterglow.core.dosing.virtual_course import BLOCK
from afterglow.core.errors import BadInput
from afterglow.research import cluster, folder, run
from tests.research.test_simulate import SIMULATION

ROOT = Path(__file__).parents[2]
SIX_PARTS = replace(SIMULATION, patients=3 * BLOCK)
PROGRAM = """
import sys
from pathlib import Path
from afterglow.research import run
from tests.research.test_stopped import SIX_PARTS
if __name__ == "__main__":
    run.simulate(SIX_PARTS, Path(sys.argv[1]), workers=2, blocks_each=1)
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    out = tmp_path_factory.mktemp("whole") / "people.parquet"
    run.simulate(SIX_PARTS, out)
    return pl.read_parquet(out)


@contextmanager
def running(folder: Path, out: Path):
    """A run with two processes, in a session of its own, stopped by its id at the end."""
    program = folder / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    with subprocess.Popen(
        [sys.executable, str(program), str(out)],
        env={**os.environ, "PYTHONPATH": paths},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def until(what, seconds=90.0):
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "It did not come to that."
        time.sleep(0.05)
    return found


def parts(out: Path) -> set[str]:
    return {file.name for file in folder.beside(out).glob("[0-9]*.parquet")}


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(one) for one in listed.split()]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_killed_run_leaves_no_process_and_is_taken_up_to_the_same_digits(whole, tmp_path):
    out = tmp_path / "people.parquet"
    with running(tmp_path, out) as process:
        until(lambda: parts(out))
        workers = children(process.pid)
        assert len(workers) >= 2
        os.kill(process.pid, signal.SIGKILL)
    until(lambda: not any(is_running(pid) for pid in workers), 20.0)
    done = parts(out)
    assert 0 < len(done) < 6
    assert not out.exists()
    counted = []
    run.simulate(SIX_PARTS, out, blocks_each=1, done=lambda *so_far: counted.append(so_far))
    assert counted[0] == (len(done), 6)
    assert_frame_equal(pl.read_parquet(out), whole, check_exact=True)
    assert not folder.beside(out).exists()


def test_ctrl_c_at_a_terminal_is_heard_by_the_one_that_asked_alone(tmp_path):
    out = tmp_path / "people.parquet"
    with running(tmp_path, out) as process:
        until(lambda: len(children(process.pid)) >= 2)
        os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to the whole group
        _, said = process.communicate(timeout=60)
    assert said.count("KeyboardInterrupt") == 1  # no worker has told its own


def test_two_runs_at_once_into_the_same_output_are_refused(whole, tmp_path):
    out = tmp_path / "people.parquet"

    def begin_another(finished, every):
        if finished == 1:
            with pytest.raises(BadInput, match="another run is writing"):
                run.simulate(SIX_PARTS, out)

    run.simulate(SIX_PARTS, out, blocks_each=1, done=begin_another)
    assert_frame_equal(pl.read_parquet(out), whole, check_exact=True)


def stopped(simulation, out):
    def stop(finished, every):
        if finished:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.simulate(simulation, out, done=stop)


@pytest.mark.parametrize("who", [{"version": "0.0.1"}, {"models": "others"}])
def test_parts_of_another_version_or_of_other_models_are_never_mixed_in(tmp_path, monkeypatch, who):
    small, out = replace(SIMULATION, patients=10), tmp_path / "people.parquet"
    stopped(small, out)
    other = replace(cluster.here(), **who)
    monkeypatch.setattr("afterglow.research.parts.here", lambda: other)
    with pytest.raises(BadInput, match="another file, seed, model or version"):
        run.simulate(small, out)
    assert parts(out)


def test_a_folder_of_ones_own_is_never_swept(tmp_path):
    small, out = replace(SIMULATION, patients=10), tmp_path / "people.parquet"
    mine = folder.beside(out) / "thesis.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    for fresh in (False, True):
        with pytest.raises(BadInput, match="is there and holds no parts"):
            run.simulate(small, out, fresh=fresh)
    assert mine.read_text() == "mine"


def test_a_full_disk_leaves_no_half_file_and_the_run_is_taken_up(tmp_path, monkeypatch):
    small, out = replace(SIMULATION, patients=10), tmp_path / "people.parquet"
    out.write_bytes(b"what was there before")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("afterglow.research.whole._to_disk", full)
    with pytest.raises(OSError, match=r"No space left on device: .*people\.parquet\.parts"):
        run.simulate(small, out)
    assert out.read_bytes() == b"what was there before"
    assert not [file for file in folder.beside(out).iterdir() if file.name.startswith(".")]
    monkeypatch.undo()
    run.simulate(small, out)
    assert pl.read_parquet(out).height == 2 * 10 * 3


def test_a_worker_killed_for_want_of_memory_is_told_in_words(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "compute", _die)
    with pytest.raises(BadInput, match="the same command goes on"):
        run.simulate(SIX_PARTS, tmp_path / "people.parquet", workers=2)


def _die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
