"""Write the committed inputs of the snapshot that no package carries: trade of all pairs, flows, accounts, tariffs.

``SUASION_TEST_DATA=FOLDER python tools/snapshot_inputs.py`` reads ``trade/baci_goods_totals_2000_2023.csv.gz``,
``icio2025/bilateral_2011_2022.parquet``, ``macro/wdi_macro_2010_2025.parquet`` and two tables of ``tariffs/``. It
writes ``goods_totals.parquet``, ``published_flows.parquet``, ``macro.parquet``, ``transfers.parquet``,
``tariff_means.parquet`` and ``us_tariffs.parquet`` into the snapshot. The builder reads these; PROVENANCE.md says
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

from snapshot import materials, tariffs  # noqa: E402
from suasion.sources import published_flows as flows  # noqa: E402

SNAPSHOT = ROOT / "src" / "suasion" / "snapshot"


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


def published_flows(folder: Path) -> pa.Table:
    """Flows of all pairs by year as four digits and a power of ten, in the order sector, exporter, importer."""
    frame = pd.read_parquet(folder / "icio2025" / "bilateral_2011_2022.parquet")
    cells = pd.MultiIndex.from_product(
        [flows.industries(), flows.regions(), flows.regions()], names=["sector", "exporter", "importer"]
    )
    frame["sector"] = frame["sector"].astype(str).replace("Services (aggregate)", flows.SERVICES)
    columns = {}
    for year, part in frame.groupby("year"):
        value = part.set_index(list(cells.names))["musd"].reindex(cells).fillna(0.0).to_numpy(float)
        power = np.where(value > 0, np.floor(np.log10(np.where(value > 0, value, 1.0))), 3.0) - 3.0
        columns[str(year)] = pa.array(np.rint(value / 10.0**power).astype("uint16"))
        columns[f"{year} power"] = pa.array(power.astype("int8"))
    return pa.table(columns)


ITEMS = ("gdp_usd", "goods_exports_usd", "goods_imports_usd", "gni_over_gdp")
"""Series of the World Bank that ship."""


TRANSFERS = ("remittances_received_usd", "oda_received_usd", "debt_service_pct_exports")
"""What states receive and owe that is no trade."""


def series(folder: Path, items: tuple[str, ...]) -> pa.Table:
    """Series by economy and year, as the World Bank has them: single economies alone, nothing of the IMF."""
    frame = pd.read_parquet(folder / "macro" / "wdi_macro_2010_2025.parquet")
    codes = set(pd.read_csv(SNAPSHOT / "countries.csv", keep_default_na=False)["iso3"])
    kept = frame["item"].isin(items) & frame["iso3"].isin(codes) & ~frame["indicator"].str.contains("IMF")
    frame = frame[kept].sort_values(["item", "iso3", "year"])
    money = np.where(frame["item"].str.endswith("_usd"), 1e-6, 1.0)
    return pa.table(
        {
            "country": pa.array(frame["iso3"].astype(str)).dictionary_encode(),
            "year": pa.array(frame["year"].astype("int16")),
            "item": pa.array(frame["item"].astype(str).str.removesuffix("_usd")).dictionary_encode(),
            "value": pa.array(materials.significant(frame["value"].to_numpy(float) * money, 7)),
        }
    )


def main() -> int:
    """Write the files."""
    folder = Path(os.environ["SUASION_TEST_DATA"])
    materials.write_table(SNAPSHOT / "published_flows.parquet", published_flows(folder))
    materials.write_table(SNAPSHOT / "macro.parquet", series(folder, ITEMS))
    materials.write_table(SNAPSHOT / "transfers.parquet", series(folder, TRANSFERS))
    materials.write_table(SNAPSHOT / "goods_totals.parquet", goods_totals(folder))
    materials.write_table(SNAPSHOT / "tariff_means.parquet", tariffs.means(folder))
    materials.write_table(SNAPSHOT / "us_tariffs.parquet", tariffs.united_states(folder))
    print("\n".join(f"{p.name} {p.stat().st_size:,}" for p in sorted(SNAPSHOT.glob("*_*"))), np.__version__)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
