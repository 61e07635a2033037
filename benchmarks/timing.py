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


def command(*words: str) -> Callable[[], Callable[[], object]]:
    """Prepare a job that runs a command with this interpreter, output discarded."""

    def prepare() -> Callable[[], object]:
        line = [sys.executable, *words]
        return lambda: subprocess.run(line, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    return prepare


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


def report(timings: Sequence[Timing]) -> str:
    """Markdown page of the timings; the first is the reference."""
    unit = timings[0].median
    rows = [
        f"| {t.case.name} | {t.median:.3g} | {t.slowest:.3g} | {t.median / unit:.3g} | "
        f"{'' if t.case.bar is None else f'{t.case.bar:g}'} |"
        for t in timings
    ]
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, numpy {np.__version__}"
    return "\n".join(
        [
            "<!-- Written by `make bench`. -->",
            "",
            "# Benchmarks",
            "",
            f"Measured in one run on {machine}. Ratios are to the reference in the same run; the bar, "
            "where there is one, is in seconds on two cores.",
            "",
            "| job | median, s | slowest, s | ratio to the reference | bar, s |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )
