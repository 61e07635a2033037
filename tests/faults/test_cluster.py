"""A sweep on a Dask cluster, run as docs/sweeps.md says: scheduler, workers and sweep are processes of their own.

Whatever is killed, the sweep goes on or can be resumed, and its files are those of a run in one process, byte for byte.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from suasion.world.testing import random_world

pytest.importorskip("distributed")

CHUNKS = 96
#: 6,060 tasks: some four seconds for two workers, so that a kill after the first parts comes in mid-solve.
GRID = """
name: cluster
world: {name: file, path: world.npz}
pairs: all
sectors: [all, S1]
horizons: [short, long]
draws: 100
report: all
"""
#: Seconds for what takes one or two; the sweep itself waits 10 for a scheduler that is gone.
PATIENCE = 60.0


def until(true: Callable[[], object], what: str) -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"still waiting for {what} after {PATIENCE:.0f} s"
        time.sleep(0.05)


def start(*command: str, log: Path) -> subprocess.Popen[bytes]:
    """Start a program whose output goes to a file."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    with log.open("wb") as out:
        return subprocess.Popen(command, stdout=out, stderr=out, env=environment, cwd=log.parent)


class Cluster:
    """A scheduler and two workers, started by the commands of the documentation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.scheduler = self._dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        until(lambda: self.file.exists() and self.file.stat().st_size, "the scheduler")
        self.address = json.loads(self.file.read_text())["address"]
        self.workers = [self._worker(k) for k in range(2)]

    def _dask(self, what: str, *options: str, log: str = "") -> subprocess.Popen[bytes]:
        dask = Path(sys.executable).with_name("dask")
        name = self.folder / f"dask-{log or what}.log"
        return start(str(dask), what, *options, "--scheduler-file", str(self.file), log=name)

    def _worker(self, number: int) -> subprocess.Popen[bytes]:
        options = ("--nworkers", "1", "--nthreads", "1", "--no-dashboard")
        return self._dask("worker", *options, log=f"worker-{number}")

    def close(self) -> None:
        """End what is left; what a worker's guard has started ends with it."""
        for process in (*self.workers, self.scheduler):
            process.kill()
        for process in (*self.workers, self.scheduler):
            process.wait(PATIENCE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Grid and world, and the files of a run in one process."""
    place = tmp_path_factory.mktemp("cluster")
    random_world(6, 4, seed=4).save(place / "world.npz")
    (place / "grid.yaml").write_text(GRID, "utf-8")
    run = sweep(place, "serial", "--workers", "0")
    assert run.wait(PATIENCE) == 0, (place / "serial.log").read_text()
    assert len(parts(place / "serial")) == CHUNKS
    return place


@pytest.fixture(scope="module")
def cluster(folder) -> Iterator[Cluster]:
    """A cluster that several cases use."""
    one = Cluster(folder)
    yield one
    one.close()


def sweep(folder: Path, out: str, *options: str) -> subprocess.Popen[bytes]:
    """Start a sweep of the grid into a folder; what it says is in the file beside it."""
    suasion = Path(sys.executable).with_name("suasion")
    command = (str(suasion), "sweep", "grid.yaml", "--out", out, "--chunk", "64", *options)
    return start(*command, log=folder / f"{out}.log")


def parts(folder: Path) -> dict[str, bytes]:
    """Content of each part of a sweep."""
    return {path.name: path.read_bytes() for path in folder.rglob("*.parquet")}


def begun(folder: Path, out: str, cluster: Cluster, *options: str) -> subprocess.Popen[bytes]:
    """Start a sweep on a cluster and return when it has added some parts, and is by far not done."""
    before = len(parts(folder / out))
    run = sweep(folder, out, "--cluster", cluster.address, *options)
    until(lambda: len(parts(folder / out)) >= before + 3 or run.poll() is not None, "the first parts")
    assert run.poll() is None, (folder / f"{out}.log").read_text()
    return run


def finished(folder: Path, out: str, *options: str) -> None:
    """Go on with a sweep, which keeps what it has, and compare it with the one run in one process."""
    before = parts(folder / out)
    assert 0 < len(before) < CHUNKS
    assert before.items() <= parts(folder / "serial").items()  # a file is there whole or not at all
    run = sweep(folder, out, *options, "--resume", "--format", "json")
    assert run.wait(PATIENCE) == 0, (folder / f"{out}.log").read_text()
    assert f'"kept": {len(before)},' in (folder / f"{out}.log").read_text()
    assert parts(folder / out) == parts(folder / "serial")


def test_the_sweep_killed_in_mid_solve(folder, cluster):
    """One sweep, ended in four ways one after the other and resumed each time."""
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        run = begun(folder, "sweep", cluster, "--resume")
        run.send_signal(number)
        assert run.wait(PATIENCE) != 0
        assert "Traceback" not in (folder / "sweep.log").read_text()
    assert "Go on with the same command and --resume." in (folder / "sweep.log").read_text()
    finished(folder, "sweep", "--cluster", cluster.address)


def test_workers_killed_in_mid_solve(folder, cluster):
    """A process that solves is started anew by its guard; a guard takes its process along. Neither costs a chunk."""
    run = begun(folder, "workers", cluster)
    first, second = (worker.pid for worker in cluster.workers)
    for child in Path(f"/proc/{first}/task/{first}/children").read_text().split():
        os.kill(int(child), signal.SIGKILL)
    os.kill(second, signal.SIGKILL)
    assert run.wait(PATIENCE) == 0, (folder / "workers.log").read_text()
    assert "Traceback" not in (folder / "workers.log").read_text()
    assert parts(folder / "workers") == parts(folder / "serial")


def test_the_scheduler_killed_in_mid_solve(folder, cluster):
    """The sweep ends in one line once nobody answers, and goes on elsewhere. The last case: it ends the cluster."""
    run = begun(folder, "scheduler", cluster)
    cluster.scheduler.kill()
    assert run.wait(PATIENCE) == 1
    said = (folder / "scheduler.log").read_text()
    assert "Traceback" not in said
    assert said.splitlines()[-1].startswith("suasion: The cluster's scheduler is gone.")
    finished(folder, "scheduler", "--workers", "0")
