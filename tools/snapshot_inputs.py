"""Write the committed inputs of the snapshot that no package carries: trade of all pairs, destinations, logits.

``SUASION_TEST_DATA=FOLDER python tools/snapshot_inputs.py`` reads ``trade/baci_goods_totals_2000_2023.csv.gz``,
``icio2025/final_20_regions_2022.csv`` and the tables of WIOD 2013, and writes ``goods_totals.parquet``,
``final_destinations.parquet`` and ``final_logit.json`` into the snapshot. The builder reads these; PROVENANCE.md says
where they come from.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

from snapshot import materials, seed, wiod  # noqa: E402
from suasion.sources.wiod13 import INDUSTRIES  # noqa: E402

SNAPSHOT = ROOT / "src" / "suasion" / "snapshot"
YEARS = (2003, 2005, 2007, 2009, 2011)
"""Years of WIOD that the shipped logits are fitted on; tests fit on the first three."""


def goods_totals(folder: Path) -> pa.Table:
    """Goods trade of all pairs, four digits; sorted so that neighbours are alike."""
    frame = pd.read_csv(folder / "trade" / "baci_goods_totals_2000_2023.csv.gz", keep_default_na=False)
    frame = frame[frame["value_musd"] > 0].sort_values(["exporter", "importer", "year"])
    value = materials.significant(frame["value_musd"].to_numpy(), 4)
    return pa.table(
        {
            "exporter": pa.array(frame["exporter"].astype(str)).dictionary_encode(),
            "importer": pa.array(frame["importer"].astype(str)).dictionary_encode(),
            "year": pa.array(frame["year"].astype("int16")),
            "value": pa.array(value.astype("float32")),
        }
    )


def final_destinations(folder: Path) -> pa.Table:
    """Published final sales by exporter, industry and region, and investment among them, million USD."""
    frame = pd.read_csv(folder / "icio2025" / "final_20_regions_2022.csv", keep_default_na=False)
    labels = {
        name: pa.array(frame[name].astype(str)).dictionary_encode()
        for name in ("exporter", "industry", "importer")
    }
    return pa.table(
        {**labels, "final_musd": pa.array(frame["final_musd"]), "investment_musd": pa.array(frame["GFCF"])}
    )


def main() -> int:
    """Write the three files."""
    folder = Path(os.environ["SUASION_TEST_DATA"])
    materials.write_table(SNAPSHOT / "goods_totals.parquet", goods_totals(folder))
    materials.write_table(SNAPSHOT / "final_destinations.parquet", final_destinations(folder))
    trade = pd.read_parquet(SNAPSHOT / "goods_totals.parquet")
    truths = [wiod.truth(folder, year, trade).truth for year in YEARS]
    fitted = seed.fit(truths, list(INDUSTRIES))
    (SNAPSHOT / "final_logit.json").write_text(fitted.to_json(), encoding="utf-8")
    print("\n".join(f"{p.name} {p.stat().st_size:,}" for p in sorted(SNAPSHOT.glob("*_*"))), np.__version__)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
