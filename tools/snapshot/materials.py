"""Bilateral trade in raw materials (BACI) and governance (WGI), from the pinned package's databases."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from . import codes, packages
from .products import PRODUCTS

LARGE = 10_000.0
"""Thousand USD from which a value keeps four significant digits; smaller ones, and quantities, keep three."""


def significant(values: np.ndarray, digits: int) -> np.ndarray:
    """Values rounded to a number of significant digits; zero and missing stay."""
    positive = np.where(values > 0, values, 1.0)
    power = digits - 1 - np.floor(np.log10(positive)).astype(int)
    scaled = np.rint(values * 10.0 ** np.maximum(power, 0) / 10.0 ** np.maximum(-power, 0))
    return scaled / 10.0 ** np.maximum(power, 0) * 10.0 ** np.maximum(-power, 0)


def trade(database: sqlite3.Connection, from_baci: dict[int, str]) -> pd.DataFrame:
    """All flows of the source: product, exporter, importer, year, value (thousand USD), quantity (tonnes)."""
    raw = pd.read_sql(
        "SELECT k AS product, i AS exporter, j AS importer, t AS year, v AS value, q AS quantity "
        "FROM baci_trade",
        database,
    )
    for column in ("value", "quantity"):
        raw[column] = pd.to_numeric(raw[column].astype(str).str.strip(), errors="coerce")
    raw["product"] = raw["product"].astype(int).map("{:06d}".format)
    raw["year"] = raw["year"].astype(int).astype("int16")
    for column in ("exporter", "importer"):
        raw[column] = raw[column].astype(str).str.strip().astype(int).map(from_baci)
    if raw[["value", "exporter", "importer"]].isna().any().any():
        raise ValueError("the trade data have unknown codes or values that are no numbers")
    keys = ["product", "exporter", "importer", "year"]
    # Two numbers of one economy (Sudan before and after 2011) meet here; quantities stay missing only if
    # both are.
    merged = (
        raw.groupby(keys, sort=True, as_index=False).agg(
            value=("value", "sum"), quantity=("quantity", lambda q: q.sum(min_count=1))
        )
        if raw.duplicated(keys).any()
        else raw.sort_values(keys, kind="stable").reset_index(drop=True)
    )
    return merged


def rounded(flows: pd.DataFrame) -> pd.DataFrame:
    """Flows with values and quantities rounded to the digits that are shipped."""
    value = flows["value"].to_numpy()
    kept = np.where(value >= LARGE, significant(value, 4), significant(value, 3))
    return flows.assign(value=kept, quantity=significant(flows["quantity"].to_numpy(), 3))


def write_trade(path: Path, flows: pd.DataFrame) -> None:
    """Write the flows as one compact Parquet file."""
    fields = {
        name: pa.array(flows[name].astype(str)).dictionary_encode()
        for name in ("product", "exporter", "importer")
    }
    fields["year"] = pa.array(flows["year"])
    fields["value"] = pa.array(flows["value"])
    fields["quantity"] = pa.array(flows["quantity"], from_pandas=True)
    write_table(path, pa.table(fields))


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table without statistics and in one row group: small, and the same bytes each time."""
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=19,
        write_statistics=False,
        row_group_size=2_000_000,
        data_page_size=8 << 20,
        dictionary_pagesize_limit=8 << 20,
    )


def products(flows: pd.DataFrame, database: sqlite3.Connection) -> pd.DataFrame:
    """Names, groups and coverage of the products, with the source's description."""
    described = pd.read_sql("SELECT code, description FROM product_codes_HS92_V202401b", database)
    described["product"] = described["code"].astype(str).str.zfill(6)
    table = pd.DataFrame(PRODUCTS, columns=["product", "group", "name"]).merge(
        described[["product", "description"]].drop_duplicates("product"), how="left", on="product"
    )
    if set(table["product"]) != set(flows["product"]):
        raise ValueError(
            f"products differ from the typed names: {set(table['product']) ^ set(flows['product'])}"
        )
    cover = flows.groupby("product")["year"].agg(first_year="min", last_year="max").reset_index()
    table = table.merge(cover, on="product").sort_values("product")
    return table.assign(description=table["description"].fillna(""))


MISLABELLED = "GUY"
"""Has two rows. Rows are in the order of codes; the first stands where French Guiana's would, before Guam's."""


def one_row_a_country(wide: pd.DataFrame) -> pd.DataFrame:
    """Numbers by country and year of a sheet, Guyana's from the second of its two rows.

    In years in which both rows have one number it is the other territory's: it rests on that one's few sources, and
    Guyana has none then.
    """
    years = [column for column in wide.columns if column.isdigit()]
    table = wide.set_index("Code")[years].apply(pd.to_numeric, errors="coerce")
    twice = table.index[table.index.duplicated()]
    if twice.empty:
        return table.reset_index()
    if list(twice) != [MISLABELLED]:
        raise ValueError(f"countries with more than one row: {', '.join(twice)}")
    first, second = table.loc[MISLABELLED].to_numpy()
    kept = table[~table.index.duplicated(keep="last")].copy()
    kept.loc[MISLABELLED] = np.where(first == second, np.nan, second)
    return kept.reset_index()


def governance(cache: Path) -> pd.DataFrame:
    """Political stability and absence of violence: country, year, estimate, standard_error, sources."""
    content = packages.member(packages.MATERIALS, cache, "lib/wgi.db")
    database = codes.open_database(content)
    tidy = {
        name: one_row_a_country(pd.read_sql(f'SELECT * FROM "{source}"', database))
        .melt(id_vars=["Code"], var_name="year", value_name=name)
        .set_index(["Code", "year"])[name]
        for source, name in (("Estimate", "estimate"), ("StdErr", "standard_error"), ("NumSrc", "sources"))
    }
    merged = pd.DataFrame(tidy).dropna(subset=["estimate"]).reset_index().rename(columns={"Code": "country"})
    merged["country"] = merged["country"].replace(
        {"ROM": "ROU", "ZAR": "COD", "ADO": "AND", "TMP": "TLS", "WBG": "PSE", "KSV": "XKX"}
    )
    merged["year"] = merged["year"].astype("int16")
    return merged.sort_values(["country", "year"]).round(4).reset_index(drop=True)
