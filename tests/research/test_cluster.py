"""On a cluster of two workers, one of them killed on the way: the same digits as on one machine."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from afterglow.core.dosing import trial
from afterglow.core.dosing.trial_plan import Trial
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.scales import Scale
from afterglow.research import cluster, run
from tests.research.test_simulate import OTHER_WAYS, PEOPLE, SIMULATION, regimen


@contextmanager
def started(module, *options):
    """A process of Dask's, ended by its own id."""
    command = [sys.executable, "-m", "distributed.cli." + module, *options]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, **quiet)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=20)


@contextmanager
def worker(address, folder):
    alone = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder))
    with started("dask_worker", address, "--host", "127.0.0.1", *alone) as process:
        yield process


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    file = tmp_path_factory.mktemp("scheduler") / "address.json"
    told = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    with started("dask_scheduler", *told):
        yield _address(file)


def _address(file: Path) -> str:
    import json

    for _ in range(300):
        if file.exists() and file.stat().st_size:
            return json.loads(file.read_text())["address"]
        time.sleep(0.1)
    raise AssertionError("The scheduler did not start within 30 s.")


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    out = tmp_path_factory.mktemp("alone") / "people.parquet"
    assert run.simulate(SIMULATION, out, blocks_each=1) is None
    return pl.read_parquet(out)


def test_one_of_two_workers_killed_in_the_middle_moves_no_digit(scheduler, alone, tmp_path):
    out, killed = tmp_path / "people.parquet", []
    with worker(scheduler, tmp_path) as first, worker(scheduler, tmp_path):

        def kill_one(finished, every):
            if finished == 2 and not killed:
                os.kill(first.pid, signal.SIGKILL)
                killed.append((finished, every))

        told = {"cluster": scheduler, "blocks_each": 1, "done": kill_one}
        assert run.simulate(SIMULATION, out, **told) is None
        assert first.wait(timeout=20) == -signal.SIGKILL
    assert killed == [(2, 6)]
    assert_frame_equal(pl.read_parquet(out), alone, check_exact=True)


def test_by_other_routes_a_cluster_moves_no_digit_either(scheduler, tmp_path):
    here, there = tmp_path / "here.parquet", tmp_path / "there.parquet"
    assert run.simulate(OTHER_WAYS, here) is None
    with worker(scheduler, tmp_path):
        assert run.simulate(OTHER_WAYS, there, cluster=scheduler, blocks_each=1) is None
    assert_frame_equal(pl.read_parquet(there), pl.read_parquet(here), check_exact=True)


def test_a_run_begun_on_one_machine_is_finished_on_a_cluster(scheduler, alone, tmp_path):
    out = tmp_path / "people.parquet"

    def stop(finished, every):
        if finished == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.simulate(SIMULATION, out, blocks_each=1, done=stop)
    counted = []
    with worker(scheduler, tmp_path):
        told = {"cluster": scheduler, "blocks_each": 1}
        run.simulate(SIMULATION, out, **told, done=lambda *so_far: counted.append(so_far))
    assert counted[0] == (3, 6)
    assert_frame_equal(pl.read_parquet(out), alone, check_exact=True)


def test_a_trial_gives_the_same_on_a_cluster(scheduler, tmp_path):
    arms = (regimen("short", 0.5), regimen("long", 0.5, 100.0), *OTHER_WAYS.regimens)
    asked = Trial(arms=arms, scale=Scale.MADRS, baseline=(32.0, 5.0), days=(1.0, 7.0))
    told = {"seed": 1, "people": 200, "draws": 20}
    here = trial.run(asked, PEOPLE, **told)
    with worker(scheduler, tmp_path):
        there = trial.run(asked, PEOPLE, **told, each=cluster.each_over(scheduler))
    assert repr(there) == repr(here)  # to the last digit, and NaN where nothing can be told


def test_a_worker_with_other_models_is_refused_in_words(scheduler, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "here", lambda: cluster.Who("0.0.1", "other"))
    with worker(scheduler, tmp_path), pytest.raises(BadInput, match="Install the same on all"):
        run.simulate(SIMULATION, tmp_path / "people.parquet", cluster=scheduler)


def test_a_scheduler_that_does_not_answer_is_told_within_seconds(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "ANSWERS_WITHIN_S", 1)
    with pytest.raises(BadInput, match=r"no scheduler answers at 'tcp://127\.0\.0\.1:9'"):
        run.simulate(SIMULATION, tmp_path / "people.parquet", cluster="tcp://127.0.0.1:9")


def test_a_scheduler_without_a_worker_is_told(scheduler, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "ANSWERS_WITHIN_S", 1)
    with pytest.raises(BadInput, match="has no worker"):
        run.simulate(SIMULATION, tmp_path / "people.parquet", cluster=scheduler)
