"""Solve the questions of all published figures on the worlds that ship, and keep ours in the package.

python tools/published_kept.py
"""

from __future__ import annotations

import pandas as pd

from suasion import load_world
from suasion.coercion.published import COLUMNS, FILE, asked_of, key_of
from suasion.questions.published import EARLIER
from suasion.sources.estimates import register

YEARS = (*EARLIER, None)
"""Worlds that ship: the latest last."""


def kept_rows() -> pd.DataFrame:
    """Ours for every figure that can be asked of each world, in per cent, to nine digits."""
    rows = {
        key_of(world, one): change
        for world in [load_world(year=year) for year in YEARS]
        for one, change in asked_of(world, register().figure)
    }
    return pd.DataFrame([(*key, value) for key, value in rows.items()], columns=list(COLUMNS))


def main() -> None:
    """Write the table."""
    table = kept_rows()
    table.to_csv(str(FILE), index=False, float_format="%.9g", lineterminator="\n")
    print(f"{len(table)} rows in {FILE}")


if __name__ == "__main__":
    main()
