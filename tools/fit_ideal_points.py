"""Estimate ideal points anew from the user's roll calls and write src/suasion/statecraft/tables/ideal_points.parquet.

``SUASION_TEST_DATA=FOLDER python tools/fit_ideal_points.py`` reads the published files in the folder (or the store,
without the variable). ``--check`` compares with the file that ships instead, and fails where the two differ by more
than the tolerance: correlation, and mean difference in posterior standard deviations.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from suasion.sources.cache import write_parquet
from suasion.sources.catalogue_store import located
from suasion.sources.ideal_points import read_matches
from suasion.sources.unga_votes import read_unga_votes
from suasion.statecraft import IdealPoints, estimate_ideal_points
from suasion.statecraft.shipped_points import FILE, shipped_ideal_points, to_ship

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "suasion" / "statecraft" / "tables" / FILE
SEED = 0
LEAST_CORRELATION = 0.999
MOST_APART = 0.5
"""Mean difference of posterior means in posterior standard deviations: two runs with different seeds differ by less."""


def estimate_of_data(seed: int = SEED) -> IdealPoints:
    """Whole record, from the folder of SUASION_TEST_DATA or from the store."""
    folder = os.environ.get("SUASION_TEST_DATA")
    votes, matches = (folder, folder) if folder else (located("unga-votes"), located("ideal-points"))
    return estimate_ideal_points(read_unga_votes(votes).plenary(), read_matches(matches), seed=seed)


def differences(old: pd.DataFrame, new: pd.DataFrame) -> dict[str, float]:
    """Correlation of the means, and their mean and largest difference in posterior standard deviations."""
    both = old.merge(new, on=["country", "un_session"], how="outer", suffixes=("", "_new"), indicator=True)
    if (both["_merge"] != "both").any():
        raise SystemExit(
            f"{int((both['_merge'] != 'both').sum())} country sessions are in one of the two only"
        )
    apart = (both["mean"] - both["mean_new"]).abs() / both["sd"]
    return {
        "correlation": float(np.corrcoef(both["mean"], both["mean_new"])[0, 1]),
        "mean difference": float(apart.mean()),
        "largest difference": float(apart.max()),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Estimate and write, or compare."""
    parser = argparse.ArgumentParser(description="Estimate ideal points from your roll calls.")
    parser.add_argument(
        "--check", action="store_true", help="compare with the file that ships, write nothing"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the random numbers")
    given = parser.parse_args(argv)
    made = to_ship(estimate_of_data(given.seed))
    if not given.check:
        write_parquet(made, TARGET)
        TARGET.chmod(0o644)
        return 0
    found = differences(shipped_ideal_points(), made.astype({"country": str}))
    for name, value in found.items():
        print(f"{name}: {value:.4g}", file=sys.stderr)
    return int(found["correlation"] < LEAST_CORRELATION or found["mean difference"] > MOST_APART)


if __name__ == "__main__":
    raise SystemExit(main())
