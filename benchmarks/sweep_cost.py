"""What a sweep costs a task, measured, and what 88 million tasks would cost at that."""

from __future__ import annotations

import time

from suasion.sweep import make_plan, parse_grid
from suasion.sweep.chunk import Solver
from table import Table, number

PAIRS, DRAWS, YEARS = 3160, 1000, 28
TASKS = PAIRS * DRAWS * YEARS
MACHINES = ((1, 2), (1, 64), (16, 64))
CHUNK = 512


def bench() -> Table:
    """Solve chunks from the middle of a sweep as a worker does, and multiply."""
    rows = [_row(horizon) for horizon in ("long", "short")]
    sizes = [f"on {count} x {cores} cores, days" for count, cores in MACHINES]
    head = ("horizon", "chunk", "core-seconds a task", "bytes a task", "core-hours", "TB", *sizes)
    note = (
        f"All pairs of the embedded world with draws of the elasticities, one chunk of {CHUNK} in a worker with one "
        f"thread for linear algebra, ground prepared, processor time. {TASKS:,} tasks are {PAIRS:,} pairs "
        f"x {DRAWS:,} draws x {YEARS} years. Days suppose that cores work side by side at the speed of this one, which "
        "depends on memory bandwidth: measure on the machine itself. Losses of both sides are kept; all countries take "
        "some thirty times the space."
    )
    return Table("What 88 million solves would cost", note, head, tuple(rows))


def _row(horizon: str) -> tuple[str, ...]:
    text = f"name: cost\npairs: all\ndraws: 16\nhorizons: {horizon}\n"
    solver = Solver(make_plan(parse_grid(text), chunk=CHUNK))
    data = solver.solve(20)
    start = time.process_time()
    solver.solve(30)
    each = (time.process_time() - start) / CHUNK
    size = len(data) / CHUNK
    hours = each * TASKS / 3600.0
    days = [number(hours / (count * cores) / 24.0) for count, cores in MACHINES]
    return (
        horizon,
        str(CHUNK),
        number(each),
        number(size),
        number(hours),
        number(size * TASKS / 1e12),
        *days,
    )
