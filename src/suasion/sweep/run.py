"""Run a sweep: write the manifest, solve what is not there yet, keep every part."""

from __future__ import annotations

import json
import os
import platform
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any, cast

from suasion.errors import InputError, SweepError
from suasion.files import check_folder, exists, inside, make_folder, shipped, write_bytes
from suasion.sweep.grid import SweepGrid, read_grid
from suasion.sweep.parts import ChunkResult, part_path, scan
from suasion.sweep.plan import FORMAT, SweepPlan, make_plan
from suasion.types import Progress
from suasion.world import World

FAILED = "failed.json"
WORLD = "world.npz"
GIVE_UP = 10
"""Chunks that fail one after the other before the sweep stops: then it is not the chunks."""


@dataclass(frozen=True, slots=True)
class SweepFailure:
    """A chunk that was given up: its number, its tasks, how often it was tried, and why."""

    chunk: int
    first_task: int
    last_task: int
    attempts: int
    reason: str


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What a run of a sweep did.

    Attributes
    ----------
    folder : where the data set is; :func:`suasion.sweep.collect` reads it
    tasks, chunks : of the whole sweep
    kept : chunks that were there before this run
    solved : chunks solved by this run
    damaged : part files that were cut short or foreign, and made anew
    failed : chunks given up; ``--resume`` tries them again
    unsolved : tasks without an answer, whose reason is in the table
    seconds : wall time of this run
    """

    folder: Path
    tasks: int
    chunks: int
    kept: int
    solved: int
    damaged: tuple[str, ...]
    failed: tuple[SweepFailure, ...]
    unsolved: int
    seconds: float

    @property
    def complete(self) -> bool:
        """Whether every chunk is there."""
        return self.kept + self.solved == self.chunks


def run_sweep(
    grid: SweepGrid | str | Path,
    out: str | Path,
    *,
    world: World | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    resume: bool = False,
    into: bool = False,
    chunk: int | None = None,
    progress: Progress | None = None,
) -> SweepReport:
    """Solve every task of a grid and write the losses as a Parquet data set.

    Parameters
    ----------
    grid : SweepGrid, or path of a grid file
    out : folder of the data set: ``manifest.json``, ``parts/`` and, where chunks failed, ``failed.json``.
    world : used instead of the grid's own; it is stored in the folder, which workers must be able to read
    workers : worker processes on this machine; 0 solves in this process. By default one for each core.
    cluster : address of a Dask scheduler, whose workers then solve
    resume : go on with the sweep in the folder: finished chunks stay. It must be the same sweep.
    into : put the sweep beside files of others that the folder holds
    chunk : most tasks solved together; by default 64 to 1,024, by the size of the grid
    progress : called with tasks done, tasks in all, and chunks and time left in words

    Returns
    -------
    SweepReport
        Chunks that could not be solved are in ``failed``; all others are kept.

    Raises
    ------
    GridError
        The grid is not valid, or has a label that its world does not hold.
    SweepError
        The folder holds another sweep, or this one and ``resume`` is not set, or files of others and ``into`` is not
        set; nobody answers at the cluster's
        address; or chunk after chunk fails.
    InputError
        The number of workers is negative, or both workers and a cluster are given.
    OutputError
        The folder cannot be written. What is done is kept.
    """
    folder = Path(out)
    solve = _solver(workers, cluster)
    asked = grid if isinstance(grid, SweepGrid) else read_grid(grid)
    check_folder(folder)
    old = _look(folder, resume=resume, into=into)
    plan = _plan(asked, folder, world, chunk, old)
    found = scan(folder, plan)
    for path in found.damaged:
        path.unlink()
    log = _Log(plan, len(found.finished), sum(found.finished.values()), progress)
    todo = (number for number in range(plan.chunks) if number not in found.finished)
    log.tell()
    try:
        with closing(cast(Any, solve(plan.to_json(), todo))) as outcomes:
            _keep(folder, outcomes, log)
    finally:
        _write_failures(folder, log.failed)
    return SweepReport(
        folder=folder,
        tasks=plan.tasks,
        chunks=plan.chunks,
        kept=len(found.finished),
        solved=log.solved,
        damaged=tuple(path.name for path in found.damaged),
        failed=tuple(log.failed),
        unsolved=log.unsolved,
        seconds=time.monotonic() - log.start,
    )


def _solver(
    workers: int | None, cluster: str | None
) -> Callable[[str, Iterator[int]], Iterator[ChunkResult]]:
    """Return who solves: this process, local workers, or a cluster."""
    if cluster is not None:
        if workers is not None:
            raise InputError("workers and cluster are both given; the cluster has its own workers.")
        from suasion.sweep.places import solve_cluster
        from suasion.worker.cluster import connect

        connect(cluster).close()  # now, before anything is written
        return lambda document, chunks: solve_cluster(document, chunks, cluster)
    from suasion.sweep.places import solve_here, solve_local

    count = len(os.sched_getaffinity(0)) if workers is None and hasattr(os, "sched_getaffinity") else workers
    count = os.cpu_count() or 1 if count is None else count
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise InputError(f"workers is {workers!r}; give a whole number >= 0, where 0 is this process.")
    return (lambda document, chunks: solve_local(document, chunks, count)) if count else solve_here


def _look(folder: Path, *, resume: bool, into: bool) -> bool:
    """Whether a folder holds a sweep to go on with; refused where it holds what a sweep may not be put beside."""
    if exists(folder / NAME):
        if not resume:
            raise SweepError(
                f"{folder} holds a sweep already. Go on with it (--resume), or give another folder."
            )
        return True
    if exists(folder / "parts"):
        raise SweepError(f"{folder} has parts but no {NAME}: it is no sweep. Give another folder.")
    if not into and (others := inside(folder)):
        raise SweepError(
            f"{folder} holds other files ({others[0].name}). Put the sweep beside them (--into), or give another "
            "folder."
        )
    return False


def _plan(grid: SweepGrid, folder: Path, world: World | None, chunk: int | None, old: bool) -> SweepPlan:
    """Plan of the sweep, with its manifest in place and checked."""
    kept = read_manifest(folder) if old else None
    stored = (folder / WORLD).resolve()
    plan = make_plan(grid, world, stored, kept.chunk if chunk is None and kept else chunk)
    if kept is not None:
        check_same(folder, kept, plan)
        return plan
    make_folder(folder)
    if world is not None:
        world.save(stored, use=False)
    write_manifest(folder, plan)
    return plan


@dataclass(slots=True)
class _Log:
    """What was done so far, and how long the rest will take."""

    plan: SweepPlan
    kept: int
    unsolved: int
    progress: Progress | None
    solved: int = 0
    failed: list[SweepFailure] = field(default_factory=list)
    in_a_row: int = 0
    start: float = field(default_factory=time.monotonic)

    def add(self, outcome: ChunkResult) -> None:
        """Note a failure."""
        span = self.plan.span(outcome.chunk)
        self.failed.append(
            SweepFailure(outcome.chunk, span.start, span.stop - 1, outcome.attempts, outcome.reason)
        )
        self.in_a_row += 1

    def tell(self) -> None:
        """Report tasks done, and time left in words."""
        if self.progress is None:
            return
        done = self.kept + self.solved
        tried = self.solved + len(self.failed)
        left = self.plan.chunks - self.kept - tried
        ahead = (time.monotonic() - self.start) / tried * left if tried else None
        tasks = min(done * self.plan.tasks // self.plan.chunks, self.plan.tasks)
        self.progress(tasks, self.plan.tasks, f"{done} of {self.plan.chunks} chunks, {time_left(ahead)}")


def _keep(folder: Path, outcomes: Iterator[ChunkResult], log: _Log) -> None:
    """Write every part as it comes."""
    for outcome in outcomes:
        if outcome.data is None:
            log.add(outcome)
            if log.in_a_row >= GIVE_UP:
                raise SweepError(
                    f"{GIVE_UP} chunks failed one after the other, the last one because: {outcome.reason}. What is "
                    "done is kept; mend the cause and go on with --resume."
                )
        else:
            path = part_path(folder, outcome.chunk)
            make_folder(path.parent)
            write_bytes(path, outcome.data, durable=True)
            log.solved, log.in_a_row = log.solved + 1, 0
            log.unsolved += unsolved_in(path)
        log.tell()


def unsolved_in(path: Path) -> int:
    """Return how many tasks of a part have no equilibrium."""
    from suasion.sweep.parts import read_note

    note = read_note(path)
    return 0 if note is None else int(note["unsolved"])


def _write_failures(folder: Path, failed: list[SweepFailure]) -> None:
    """Leave the list of failed chunks beside the parts, or none."""
    path = folder / FAILED
    if not failed:
        path.unlink(missing_ok=True)
        return
    rows = [{name: getattr(one, name) for name in SweepFailure.__slots__} for one in failed]
    write_bytes(path, (json.dumps(rows, indent=1, ensure_ascii=False) + "\n").encode(), durable=True)


def time_left(seconds: float | None) -> str:
    """Return a time left in words.

    seconds: None where nothing is known yet.
    """
    if seconds is None:
        return "time left unknown"
    if seconds < 90:
        return f"{seconds:.0f} s left"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min left"
    return f"{seconds / 3600:.1f} h left" if seconds < 172_800 else f"{seconds / 86_400:.1f} days left"


NAME = "manifest.json"
COLUMNS: dict[str, str] = shipped("suasion.sweep", "columns.toml", tomllib.load)
"""Columns of the data set, with their meaning."""


def manifest_of(plan: SweepPlan) -> dict[str, Any]:
    """Return the content of a plan's manifest."""
    return {
        "format": FORMAT,
        "hash": plan.digest,
        "tasks": plan.tasks,
        "chunks": plan.chunks,
        "columns": COLUMNS,
        "written_by": {
            "suasion": plan.version,
            "python": platform.python_version(),
            "numpy": metadata.version("numpy"),
            "machine": platform.machine(),
        },
        "plan": plan.to_dict(),
    }


def write_manifest(folder: Path, plan: SweepPlan) -> None:
    """Write the manifest of a new sweep.

    Raises OutputError: It cannot be written.
    """
    text = json.dumps(manifest_of(plan), indent=1, ensure_ascii=False, allow_nan=False)
    write_bytes(folder / NAME, (text + "\n").encode(), durable=True)


def read_manifest(folder: Path) -> SweepPlan:
    """Return the plan of the sweep in a folder.

    Raises SweepError: There is no manifest, or it is damaged or of another format.
    """
    path = folder / NAME
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise SweepError(f"{path} has the format {data['format']!r}; this version reads {FORMAT}.")
        plan = SweepPlan.from_dict(data["plan"])
        whole = plan.digest == data["hash"]
    except FileNotFoundError as error:
        raise SweepError(f"{folder} holds no sweep: there is no {NAME}. Check the folder.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SweepError(f"{path} is damaged ({error}). Start the sweep again in another folder.") from error
    if not whole:
        raise SweepError(f"{path} was changed by hand: its hash does not fit. Start again in another folder.")
    return plan


def check_same(folder: Path, kept: SweepPlan, wanted: SweepPlan) -> None:
    """Refuse to add results of one sweep to those of another.

    kept: of the manifest.
    wanted: of the grid at hand.
    Raises SweepError: They differ; the message says in what.
    """
    if kept.digest == wanted.digest:
        return
    before, now = kept.without_paths().to_dict(), wanted.without_paths().to_dict()
    differ = [
        f"{key} ({_short(before[key])}, now {_short(now[key])})" for key in now if before[key] != now[key]
    ]
    raise SweepError(
        f"{folder} holds another sweep: they differ in {'; '.join(differ)}. Give the grid, the version and the data "
        "of that sweep to go on with it, or another folder."
    )


def _short(value: Any) -> str:
    if isinstance(value, (list, tuple)) and len(value) > 3:
        return f"{len(value)} values"
    if isinstance(value, Mapping):
        return f"{len(value)} keys"
    if isinstance(value, (list, tuple)):
        value = ", ".join(map(_short, value)) or "none"
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
