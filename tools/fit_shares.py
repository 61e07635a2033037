"""Fit the learner of shares that the package keeps, and write it as arrays.

``python tools/fit_shares.py`` fits all tables; ``--check`` fits again and compares with what is kept.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parent.parent / "src" / "suasion" / "outlook" / "learner"
HORIZONS = {"goods": (1, 3, 5, 7, 10)}
TESTED = {"goods": 5}
"""Longest horizon with more than one rolling origin."""


def made(table: str) -> dict[str, np.ndarray]:
    """Fit one table, and return its arrays as they are kept."""
    from fits.shares.fit import examples, fit
    from suasion.outlook.learner.fan import goods_record
    from suasion.outlook.learner.kept import Learnt

    record = goods_record()
    learners = {}
    for horizon in HORIZONS[table]:
        found = examples(record, horizon, record.years.size - 1)
        if found is None:
            raise SystemExit(f"{table} has no example of {horizon} years")
        learners[horizon] = fit(found)
        print(f"{table}, {horizon} years: {found.y.size:,} examples", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "learner.npz"
        Learnt(learners, TESTED[table]).write(path)
        with np.load(path) as held:
            return {name: held[name] for name in held.files}


def main(argv: Sequence[str] | None = None) -> int:
    """Fit and write, or fit and compare."""
    parser = argparse.ArgumentParser(description="Fit the learner of shares that the package keeps.")
    parser.add_argument("tables", nargs="*", help="goods, the one there is")
    parser.add_argument("--check", action="store_true", help="compare with what is kept, write nothing")
    asked = parser.parse_args(argv)
    for table in asked.tables or HORIZONS:
        arrays, path = made(table), FOLDER / f"{table}.npz"
        if not asked.check:
            np.savez_compressed(path, **arrays)
            continue
        with np.load(path, allow_pickle=False) as held:
            worst = max(float(np.abs(held[name] - arrays[name]).max()) for name in arrays)
        print(f"{table}: largest difference {worst:.2g}", file=sys.stderr)
        if worst > 1e-5:  # kept as single numbers: their last digits
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
