"""Run every builder and write the built files; typed tables in the folder are left as they are."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from . import codes, factbook, materials, outline, packages, tables, world

SMALL_ECONOMIES = ["HKG", "MLT", "SGP", "STP"]
"""Economies of the world table without a shape at 1:110 million."""

Report = dict[str, object]


def build_all(cache: Path, out: Path) -> Report:
    """Write all built files into ``out``; returns what the provenance page prints."""
    out.mkdir(parents=True, exist_ok=True)
    recent = factbook.load(packages.FACTBOOK, cache)
    earlier = factbook.load(packages.FACTBOOK_2014, cache)
    with codes.baci_database(cache) as database:
        crosswalk = codes.build(database, recent)
        write_csv(out / "countries.csv", crosswalk.table)
        report: Report = {"materials": build_materials(out, database, crosswalk)}
    frame_file(out / "governance.parquet", materials.governance(cache))
    report["factbook"] = build_factbook(out, {2014: earlier, 2025: recent}, crosswalk)
    report["outline"] = build_outline(cache, out, recent, crosswalk)
    report["world"] = build_world(cache, out, recent, crosswalk)
    world.write_2019(cache, out)
    return report


def build_world(cache: Path, out: Path, entries: tables.Entries, crosswalk: codes.Crosswalk) -> Report:
    """Write the world table and its full matrix."""
    bench = world.read_benchmark(cache)
    known = factbook.net_exports(entries, crosswalk.from_fips, 2022)
    missing = [country for country in bench.countries if country not in known]
    net = np.array([known.get(country, 0.0) for country in bench.countries])
    table = world.rebalance(bench, net)
    world.write_arrays(out / "icio2022.npz", bench, table, net, missing)
    world.write_codes(out / "icio2022_use.npz", table)
    sectors = pd.read_csv(
        packages.stream(packages.member(packages.ICIO, cache, "sector_code_mapping.csv")),
        encoding="utf-8-sig",
    ).set_axis(["code", "name"], axis=1)
    write_csv(out / "sectors.csv", sectors.set_index("code").loc[list(bench.sectors)].reset_index())
    return {"missing": missing, **table.report}


def build_materials(out: Path, database: codes.sqlite3.Connection, crosswalk: codes.Crosswalk) -> Report:
    """Write trade in raw materials and its product names."""
    flows = materials.trade(database, crosswalk.from_baci)
    kept = materials.rounded(flows)
    materials.write_trade(out / "materials.parquet", kept)
    write_csv(out / "material_products.csv", materials.products(flows, database))
    return {
        "rows": len(flows),
        "value_change": float(kept["value"].sum() / flows["value"].sum() - 1.0),
        "largest_value_change": float((kept["value"] / flows["value"] - 1.0).abs().max()),
        "quantity_missing": int(flows["quantity"].isna().sum()),
    }


def build_factbook(out: Path, editions: dict[int, tables.Entries], crosswalk: codes.Crosswalk) -> Report:
    """Write the Factbook's tables of both editions."""
    fips = crosswalk.from_fips
    partners = {year: tables.partner_shares(entries, fips, year) for year, entries in editions.items()}
    frame_file(out / "partner_shares.parquet", pd.concat([frame for frame, _ in partners.values()]))
    for name, build in (
        ("memberships", tables.memberships),
        ("military", tables.military),
        ("economy", tables.economy),
    ):
        frames = [build(entries, fips, year) for year, entries in editions.items()]
        frame_file(out / f"{name}.parquet", pd.concat(frames))
    return {"unread_partners": {str(year): unread for year, (_, unread) in partners.items()}}


def build_outline(cache: Path, out: Path, entries: tables.Entries, crosswalk: codes.Crosswalk) -> Report:
    """Write the outlines and the dots."""
    topology = outline.build(cache)
    text = json.dumps(topology, separators=(",", ":"), ensure_ascii=False)
    (out / "outline.json").write_text(text + "\n", encoding="utf-8")
    write_csv(out / "dots.csv", outline.dots(entries, crosswalk.from_fips, SMALL_ECONOMIES))
    return {"shapes": len(topology["objects"]["countries"]["geometries"]), "arcs": len(topology["arcs"])}


def frame_file(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame as compact Parquet; years as small integers, texts as dictionaries."""
    fields = {}
    for name in frame.columns:
        column = frame[name]
        if name in ("year", "vintage"):
            fields[name] = pa.array(column.astype("int16"))
        elif pd.api.types.is_numeric_dtype(column):
            fields[name] = pa.array(column.astype("float64"), from_pandas=True)
        else:
            fields[name] = pa.array(column.astype(str)).dictionary_encode()
    materials.write_table(path, pa.table(fields))


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame as CSV with plain line ends."""
    path.write_text(frame.to_csv(index=False, lineterminator="\n"), encoding="utf-8")
