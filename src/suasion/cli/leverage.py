"""``suasion leverage``: what every country loses when cut off from every other one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from suasion.cli.commands import deficit_rule, horizon_of
from suasion.cli.console import Format, print_rows, progress, tell
from suasion.coercion.leverage import LeverageMatrix, leverage_matrix
from suasion.dossier.output import check_writable, write_bytes
from suasion.equilibrium import read_scenario
from suasion.errors import InputError
from suasion.world import load_world

COLUMNS = ("country", "partner", "loss %", "loss USD bn", "partner's loss %", "ratio of the % losses")


def run_leverage(
    pairs: str, horizon: str, deficits: str, given: Path | None, out: Path | None, *, count: int, form: Format
) -> None:
    """Solve all pairs, write the table asked for, print the most exposed.

    Raises
    ------
    InputError
        If the pairs are not ``all``, or the file's ending is neither ``.csv`` nor ``.parquet``.
    OutputError
        If the file cannot be written; found before the work starts.
    """
    if pairs != "all":
        raise InputError(f"pairs is {pairs!r}; give `all`. For one pair use `suasion dyad A B`.")
    if out is not None:
        if out.suffix not in (".csv", ".parquet"):
            raise InputError(
                f"{out} ends in {out.suffix or 'nothing'}; give a file that ends in .csv or .parquet."
            )
        check_writable(out)
    scenario = None if given is None else read_scenario(given)
    with progress("Leverage") as step:
        matrix = leverage_matrix(
            load_world(),
            horizon_of(horizon),
            scenario,
            deficits=deficit_rule(deficits),
            progress=lambda done, total: step(done, total, "pairs"),
        )
    table = matrix.table()
    if out is not None:
        write_bytes(
            out, table.to_csv(index=False).encode() if out.suffix == ".csv" else table.to_parquet(index=False)
        )
        tell(f"wrote {out}: {len(table)} ordered pairs")
    report(matrix)
    print_rows(COLUMNS, most_exposed(table, count), form, f"Most exposed, {matrix.horizon}, {matrix.given}")


def report(matrix: LeverageMatrix) -> None:
    """Say on stderr how well the pairs were solved, and which have no number."""
    worst = float(matrix.residual.max())
    tell(f"{matrix.horizon}, deficits {matrix.deficits}, largest residual {worst:.0e}")
    for row in matrix.reasons.itertuples():
        tell(f"{row.pair}: {row.reason}")


def most_exposed(table: pd.DataFrame, count: int) -> list[tuple[object, ...]]:
    """Return the ordered pairs in which the first country has most to lose, in per cent of its own expenditure."""
    top: list[dict[Any, Any]] = table.nlargest(count, "loss_percent").to_dict("records")
    return [
        (
            row["country"],
            row["partner"],
            f"{row['loss_percent']:.2f}",
            f"{row['loss_usd'] / 1e3:.1f}",
            f"{row['partner_loss_percent']:.2f}",
            None if pd.isna(row["ratio_percent"]) else f"{row['ratio_percent']:.1f}",
        )
        for row in top
    ]
