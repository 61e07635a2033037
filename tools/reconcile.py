"""Reconcile goods flows of 2011 to 2024 from the embedded record and write ``reconciled_flows.parquet``.

Usage: ``python tools/reconcile.py [--out FOLDER]``. A minute of one core; the same bytes each time on one machine.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

from fits.reconcile.blocks import blocks_of  # noqa: E402
from fits.reconcile.record import YEARS, read_record  # noqa: E402
from fits.reconcile.totals import goals_of, met  # noqa: E402
from snapshot.materials import write_table  # noqa: E402
from suasion.sources.published_flows import RECONCILED, STEP  # noqa: E402

LEAST = 0.01
"""Million USD below which a flow is nought."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "src" / "suasion" / "snapshot")
    out: Path = parser.parse_args(arguments).out
    write_table(out / RECONCILED, pa.table(columns()))
    return 0


def columns() -> dict[str, pa.Array]:
    """Digits, powers of ten and deviations by year, in the order block, importer, exporter."""
    record = read_record()
    blocks, ratio = blocks_of(record)
    found = {}
    for year in YEARS:
        value, deviation = (x.ravel() for x in met(blocks, goals_of(blocks, record, ratio, year), year))
        value = np.where(value >= LEAST, value, 0.0)
        power = np.where(value > 0, np.floor(np.log10(np.where(value > 0, value, 1.0))), 3.0) - 3.0
        found[str(year)] = pa.array(np.rint(value / 10.0**power).astype("uint16"))
        found[f"{year} power"] = pa.array(power.astype("int8"))
        steps = np.where(value > 0, np.clip(np.rint(deviation / STEP), 1, 150), 0)
        found[f"{year} deviation"] = pa.array(steps.astype("uint8"))
    return found


if __name__ == "__main__":
    raise SystemExit(main())
