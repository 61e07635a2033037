"""Compute what ships as ``snapshot/balanced.parquet``: unknowns at which worlds balance at their usual elasticities.

``python tools/balanced.py`` balances the worlds that are asked for most, and goes on until the largest gap of their
equations no longer falls, so that rounding on another machine leaves it below the solver's tolerance. Ten seconds.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from suasion.equilibrium.accounts import accounts_of
from suasion.equilibrium.corrector import corrector_for
from suasion.equilibrium.elasticities.horizon import resolve_base
from suasion.equilibrium.iteration import Evaluated, make_map, make_residual
from suasion.equilibrium.problem import build_problem
from suasion.equilibrium.solve import solve
from suasion.equilibrium.starts import FILE, key_of
from suasion.equilibrium.types import Shock
from suasion.types import FloatArray
from suasion.world import World, load_world

OUT = Path(__file__).resolve().parent.parent / "src" / "suasion" / "snapshot" / FILE
YEARS = (2022, 2023, 2024)
STEPS = 12


def point_of(world: World) -> FloatArray:
    """Unknowns of a world without transfers, of the steps after convergence those with the smallest gap."""
    parameters = resolve_base(world)
    base = accounts_of(world)
    problem = build_problem(base, parameters, Shock(), "eliminate")
    corrector = corrector_for(base, parameters)
    points = [solve(problem, corrector=corrector).x]
    step, gap = make_map(Evaluated(problem), corrector), make_residual(problem)
    for _ in range(STEPS):
        points.append(step(points[-1]))
    return min(points, key=lambda x: float(np.abs(gap(x)).max()))


def balanced() -> pd.DataFrame:
    """Points of all worlds: ``key`` and ``x``, logs of the change of prices, output and factor incomes."""
    worlds = [*(load_world(year=year) for year in YEARS), load_world(states="all")]
    parts = [pd.DataFrame({"key": key_of(one), "x": point_of(one)}) for one in worlds]
    return pd.concat(parts, ignore_index=True).astype({"key": "category"})


def main() -> int:
    """Write the file that ships; returns the exit status."""
    balanced().to_parquet(
        OUT,
        index=False,
        compression="zstd",
        compression_level=19,
        use_dictionary=["key"],
        column_encoding={"x": "BYTE_STREAM_SPLIT"},
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
