"""A sweep on a Dask cluster, run as docs/how-to/sweeps.md says: scheduler, workers and sweep are processes of their own.

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

import harness
import pytest
from harness import WORK, Box, Run

from suasion.world.testing import random_world

pytest.importorskip("distributed")

#: With this variable also what takes minutes, as in `make evidence`.
WHOLE = bool(os.environ.get("SUASION_FAULTS"))
DRAWS = 50 if WHOLE or os.environ.get("SUASION_EVIDENCE") else 24
#: 60 tasks a draw, and for the centre: some two seconds for the workers that there are, so that a kill after the first parts
#: comes in mid-solve.
GRID = f"""
name: cluster
world: {{name: file, path: world.npz}}
pairs: all
sectors: [all, S1]
horizons: [short, long]
draws: {DRAWS}
report: all
"""
CHUNKS = 2 * -(-30 * (DRAWS + 1) // 64)
#: Seconds for what takes one or two; the sweep itself waits 10 for a scheduler that is gone.
PATIENCE = 60.0


class Cluster:
    """A scheduler and workers in a box, started by the commands of the documentation.

    The box holds the files of a run in one process too, to which all others are compared.
    """

    def __init__(self, box: Box, world: bytes) -> None:
        self.box = box
        box.write(f"{WORK}/world.npz", world)
        box.write(f"{WORK}/grid.yaml", GRID)
        self.scheduler = self._dask("scheduler", "--host", "127.0.0.1", "--port", "0", log="scheduler")
        file = box.seen(f"{WORK}/scheduler.json")
        until(lambda: file.exists() and file.stat().st_size, "the scheduler")
        self.address = json.loads(file.read_text())["address"]
        single = ("--nworkers", "1", "--nthreads", "1")
        number = 2 if os.environ.get("SUASION_EVIDENCE") or WHOLE else 1  # the quick case kills none
        self.workers = [self._dask("worker", *single, log=f"worker-{k}") for k in range(number)]
        self.box.check(self.run("serial", "--workers", "0"), 0)
        self.serial = self.parts("serial")
        assert len(self.serial) == CHUNKS

    def _dask(self, *arguments: str, log: str) -> subprocess.Popen[str]:
        program = [str(Path(sys.executable).with_name("dask"))]
        options = ("--no-dashboard", "--scheduler-file", "scheduler.json")
        shell = f"> {log}.log 2>&1"  # a pipe that nobody empties would stop it
        return self.box.start(*arguments, *options, program=program, shell=shell, OPENBLAS_NUM_THREADS="1")

    def run(self, out: str, *options: str) -> Run:
        """Run a sweep of the grid into a folder to its end."""
        return self.box.run(*command(out, *options), seconds=PATIENCE)

    def struck(self, out: str, blow: Callable[[subprocess.Popen[str]], None]) -> Run:
        """Run a sweep on the cluster, or go on with it, and do something once it has added three parts."""
        before = len(self.parts(out))
        began = time.monotonic()
        process = self.box.start(*command(out, "--cluster", self.address, "--resume"))
        until(lambda: len(self.parts(out)) >= before + 3 or process.poll() is not None, "the first parts")
        assert process.poll() is None, process.communicate()[1]
        blow(process)
        printed, said = process.communicate(timeout=PATIENCE)
        return Run(process.returncode, printed, said, time.monotonic() - began)

    def parts(self, out: str) -> dict[str, bytes]:
        """Content of each part of a sweep."""
        return {path.name: path.read_bytes() for path in self.box.seen(f"{WORK}/{out}").rglob("*.parquet")}

    def finish(self, out: str, *options: str) -> None:
        """Go on with a sweep that was stopped, which keeps what it has, and compare its files."""
        before = self.parts(out)
        assert 0 < len(before) < CHUNKS
        assert before.items() <= self.serial.items()  # a file is there whole or not at all
        run = self.box.check(self.run(out, *options, "--resume", "--format", "json"), 0)
        (told,) = json.loads(run.out)
        assert told["kept"] == len(before)
        assert self.parts(out) == self.serial


def command(out: str, *options: str) -> tuple[str, ...]:
    """Arguments of a sweep of the grid."""
    return ("sweep", "grid.yaml", "--out", out, "--chunk", "64", *options)


def until(true: Callable[[], object], what: str) -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"still waiting for {what} after {PATIENCE:.0f} s"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[Cluster]:
    """One cluster for all cases."""
    why_not = harness.why_not()
    if why_not:
        pytest.skip(f"cases of the fault bench need a private mount namespace: {why_not}")
    world = tmp_path_factory.mktemp("world") / "world.npz"
    random_world(6, 4, seed=4).save(world)
    with Box() as box:
        one = Cluster(box, world.read_bytes())
        yield one
        for process in (*one.workers, one.scheduler):
            process.kill()
            process.communicate()


def test_the_sweep_killed_in_mid_solve(cluster):
    """One sweep, ended in several ways one after the other and gone on with each time."""
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP) if WHOLE else ():
        run = cluster.struck("sweep", lambda process, number=number: process.send_signal(number))
        cluster.box.check(run, -number, 128 + number)
    run = cluster.struck("sweep", lambda process: process.send_signal(signal.SIGINT))
    cluster.box.check(run, 130)
    assert "Go on with the same command and --resume." in run.err
    cluster.finish("sweep", "--cluster", cluster.address)


@pytest.mark.evidence  # `test_sweep.py` kills workers of one machine
def test_workers_killed_in_mid_solve(cluster):
    """A process that solves is started anew by its guard; a guard takes its process along. Neither costs a chunk."""
    first, second = (worker.pid for worker in cluster.workers)

    def kill(_):
        for child in Path(f"/proc/{first}/task/{first}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)
        os.kill(second, signal.SIGKILL)

    cluster.box.check(cluster.struck("workers", kill), 0)
    assert cluster.parts("workers") == cluster.serial


@pytest.mark.evidence
def test_the_scheduler_killed_in_mid_solve(cluster):
    """The sweep ends in one line once nobody answers, and goes on elsewhere. The last case: it ends the cluster."""
    run = cluster.struck("scheduler", lambda _: cluster.scheduler.kill())
    cluster.box.check(run, 1)
    assert run.lines[-1].startswith("suasion: The cluster's scheduler is gone.")
    cluster.finish("scheduler", "--workers", "0")
