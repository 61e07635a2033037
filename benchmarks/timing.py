"""Time jobs in seconds and as multiples of a reference job.

Seconds differ between machines; the ratio to a matrix product of fixed size on the same machine in the same
run differs less. A job runs once to warm up, unless it is a process of its own, and then several times; the
median counts.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

REFERENCE_SIZE = 2000


@dataclass(frozen=True, slots=True)
class Case:
    """One job to time.

    Attributes
    ----------
    name : str
        What it does, in a few words.
    prepare : callable
        Returns the job, a function without arguments; its own time does not count.
    repeats : int
        Timed runs.
    bar : float or None
        Seconds not to exceed on two cores, where the design names one.
    cold : bool
        The job is a process of its own: no warm-up.
    """

    name: str
    prepare: Callable[[], Callable[[], object]]
    repeats: int = 5
    bar: float | None = None
    cold: bool = False


@dataclass(frozen=True, slots=True)
class Timing:
    """Median seconds of a case and its spread."""

    case: Case
    median: float
    slowest: float


def command(*words: str, fresh: bool = False) -> Callable[[], Callable[[], object]]:
    """Prepare a job that runs a command with this interpreter, output discarded.

    ``fresh`` gives it an empty cache folder each time.
    """

    def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            more = {"XDG_CACHE_HOME": folder} if fresh else {}
            done = subprocess.run(
                [sys.executable, *words],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env={**os.environ, **more},
                check=False,
            )
        if done.returncode:
            last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
            raise RuntimeError(f"exit code {done.returncode}: {' '.join(last)[:160]}")

    return lambda: run


def reference() -> Callable[[], object]:
    """Prepare the reference: a product of two dense matrices in double precision."""
    rng = np.random.default_rng(1)
    left = rng.standard_normal((REFERENCE_SIZE, REFERENCE_SIZE))
    return lambda: left @ left


REFERENCE = Case(f"reference: {REFERENCE_SIZE} x {REFERENCE_SIZE} matrix product", reference, repeats=9)


def measure(case: Case) -> Timing:
    """Run a case and return its median and slowest time."""
    job = case.prepare()
    if not case.cold:
        job()
    seconds = []
    for _ in range(case.repeats):
        start = time.perf_counter()
        job()
        seconds.append(time.perf_counter() - start)
    return Timing(case, statistics.median(seconds), max(seconds))


@dataclass(frozen=True, slots=True)
class Missing:
    """A case without a time, and why."""

    case: Case
    reason: str


def attempt(case: Case) -> Timing | Missing:
    """Measure a case; whatever goes wrong with it is a row of the table and does not stop the others."""
    try:
        return measure(case)
    except Exception as error:
        return Missing(case, f"{type(error).__name__}: {' '.join(str(error).split())[:160]}")


def report(timings: Sequence[Timing | Missing]) -> str:
    """Markdown table of the timings; the first is the reference."""
    first = timings[0]
    unit = first.median if isinstance(first, Timing) else float("nan")
    rows = [_row(timing, unit) for timing in timings]
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, numpy {np.__version__}"
    return "\n".join(
        [
            "## Jobs",
            "",
            f"Measured in one run on {machine}. Ratios are to the reference in the same run; the bar, "
            "where there is one, is in seconds on two cores.",
            "",
            "| job | median, s | slowest, s | ratio to the reference | bar, s | within it |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _row(timing: Timing | Missing, unit: float) -> str:
    case = timing.case
    bar = "" if case.bar is None else f"{case.bar:g}"
    if isinstance(timing, Missing):
        return f"| {case.name} | no time: {timing.reason} | | | {bar} | |"
    kept = "" if case.bar is None else "yes" if timing.median <= case.bar else "no"
    times = f"{timing.median:.3g} | {timing.slowest:.3g} | {timing.median / unit:.3g}"
    return f"| {case.name} | {times} | {bar} | {kept} |"
