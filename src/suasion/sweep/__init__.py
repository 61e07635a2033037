"""Sweeps: a grid of scenarios solved on this machine or on a cluster, and kept as one Parquet data set.

A grid file names pairs, instruments, sectors, horizons, draws, years and scenarios already in force. It is laid out
as numbered tasks in chunks (``plan``); a chunk gives the same bytes whoever solves it (``chunk``), in this process, in
local processes (``local``) or on a Dask cluster (``cluster``). Parts are whole or absent and say which tasks they hold
(``parts``), so that a sweep can be stopped and resumed anywhere (``run``) and read as one table (``dataset``).
"""

from suasion.sweep.dataset import collect as collect
from suasion.sweep.dataset import query as query
from suasion.sweep.grid import SweepGrid as SweepGrid
from suasion.sweep.grid import parse_grid as parse_grid
from suasion.sweep.grid import read_grid as read_grid
from suasion.sweep.plan import SweepPlan as SweepPlan
from suasion.sweep.plan import make_plan as make_plan
from suasion.sweep.run import COLUMNS as COLUMNS
from suasion.sweep.run import SweepFailure as SweepFailure
from suasion.sweep.run import SweepReport as SweepReport
from suasion.sweep.run import run_sweep as run_sweep
