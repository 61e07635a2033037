"""Sweeps: a grid of scenarios solved on this machine or on a cluster, and kept as one Parquet data set.

A grid file names pairs, instruments, sectors, horizons, draws, years and scenarios already in force. It is laid out
as numbered tasks in chunks (``plan``); a chunk gives the same bytes whoever solves it (``chunk``), in this process, in
local processes (``local``) or on a Dask cluster (``cluster``). Parts are whole or absent and say which tasks they hold
(``parts``), so that a sweep can be stopped and resumed anywhere (``run``) and read as one table (``dataset``).
"""

from suasion.sweep.dataset import collect, query
from suasion.sweep.grid import SweepGrid, parse_grid, read_grid
from suasion.sweep.layout import make_plan
from suasion.sweep.manifest import COLUMNS
from suasion.sweep.plan import SweepPlan
from suasion.sweep.run import SweepFailure, SweepReport, run_sweep

__all__ = [
    "COLUMNS",
    "SweepFailure",
    "SweepGrid",
    "SweepPlan",
    "SweepReport",
    "collect",
    "make_plan",
    "parse_grid",
    "query",
    "read_grid",
    "run_sweep",
]
