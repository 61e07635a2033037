"""Raw materials: a small table with known shares and gaps, published numbers of the embedded extract, wrong inputs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from suasion.errors import DataError, InputError, SameCountryError, UnknownCountryError
from suasion.measures import COMMODITIES, material_shares
from suasion.measures.materials import Gap

ROUNDING = 1e-12  # a handful of additions and divisions in double precision
PRINTED = 5e-4  # shares printed as per cent with one digit, or with three digits


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """Return trade in thousand USD: coal every year but 2002 without Mongolia; oil in 2001; gas only on one side."""
    rows = [
        (2001, "MNG", "CHN", "270112", 800.0, 8.0),
        (2001, "MNG", "RUS", "270112", 200.0, 2.0),
        (2001, "AUS", "CHN", "270112", 2400.0, np.nan),
        (2001, "RUS", "CHN", "270900", 500.0, 1.0),
        (2001, "RUS", "ITA", "271121", 900.0, 1.0),
        (2001, "NOR", "CHN", "271111", 4000.0, 1.0),
        (2001, "RUS", "CHN", "271111", 20.0, 0.1),
        (2002, "AUS", "CHN", "270112", 3000.0, 30.0),
        (2003, "MNG", "CHN", "260300", 700.0, 7.0),
        (2003, "AUS", "CHN", "270111", 1000.0, 9.0),
    ]
    return pd.DataFrame(rows, columns=["year", "exporter", "importer", "product", "value", "quantity"])


GROUPS = {"Coal": ("2701",), "Gas": ("2711",), "All": ("",)}


def test_sellers_and_buyers_view(table: pd.DataFrame) -> None:
    shares = material_shares("Mongolia", "CHN", table, GROUPS)
    row = shares.table.query("seller == 'MNG' and group == 'Coal' and year == 2001").iloc[0]
    assert row["value"] == pytest.approx(0.8, rel=ROUNDING)  # thousand to million USD
    assert row["seller_share"] == pytest.approx(0.8, rel=ROUNDING)
    assert row["buyer_share"] == pytest.approx(0.25, rel=ROUNDING)
    assert row["gap"] == ""


def test_a_year_without_records_is_missing_not_zero(table: pd.DataFrame) -> None:
    shares = material_shares("MNG", "CHN", table, GROUPS)
    row = shares.table.query("seller == 'MNG' and group == 'Coal' and year == 2002").iloc[0]
    assert np.isnan(row["value"])
    assert np.isnan(row["buyer_share"])
    assert row["gap"] == Gap.NO_DATA_SELLER
    assert row["buyer_total"] == pytest.approx(3.0, rel=ROUNDING)


def test_a_year_with_records_but_none_of_the_good_has_no_sellers_share_and_a_true_zero(
    table: pd.DataFrame,
) -> None:
    shares = material_shares("MNG", "CHN", table, GROUPS)
    row = shares.table.query("seller == 'MNG' and group == 'Coal' and year == 2003").iloc[0]
    assert row["value"] == 0.0
    assert row["buyer_share"] == 0.0
    assert np.isnan(row["seller_share"])
    assert row["gap"] == Gap.NO_EXPORTS


def test_gas_not_on_record_is_not_called_zero(table: pd.DataFrame) -> None:
    shares = material_shares("RUS", "CHN", table, GROUPS)
    row = shares.table.query("seller == 'RUS' and group == 'Gas' and year == 2001").iloc[0]
    assert np.isnan(row["value"])
    assert row["gap"] == Gap.WITHHELD


def test_rows_cover_both_ways_all_groups_all_years(table: pd.DataFrame) -> None:
    shares = material_shares("MNG", "CHN", table, GROUPS).table
    assert len(shares) == 2 * len(GROUPS) * 3
    known = shares.dropna(subset=["seller_share", "buyer_share"])
    assert (
        (known[["seller_share", "buyer_share"]] >= 0) & (known[["seller_share", "buyer_share"]] <= 1)
    ).all(axis=None)
    assert (shares["gap"].eq("") == shares[["seller_share", "buyer_share"]].notna().all(axis=1)).all()


def test_series_by_year(table: pd.DataFrame) -> None:
    series = material_shares("MNG", "CHN", table, GROUPS).series("MNG", "All")
    assert list(series.index) == [2001, 2002, 2003]
    assert series[2003] == 1.0


def test_category_columns_work_alike(table: pd.DataFrame) -> None:
    compact = table.astype(dict.fromkeys(("exporter", "importer", "product"), "category"))
    one, two = (
        material_shares("MNG", "CHN", table, GROUPS).table,
        material_shares("MNG", "CHN", compact, GROUPS).table,
    )
    pd.testing.assert_frame_equal(one, two)


def test_every_embedded_product_is_in_one_group_beside_the_totals() -> None:
    from suasion.sources import materials

    products = {str(code) for code in materials()["product"].unique()}
    totals = ("All materials", "Oil, gas and coal")
    parts = {name: prefixes for name, prefixes in COMMODITIES.items() if name not in totals}
    for code in products:
        groups = [name for name, prefixes in parts.items() if code.startswith(tuple(prefixes))]
        assert groups in ([groups[0]], ["Metals", "Rare earths"]), code
    assert len(products) == 74


@pytest.mark.parametrize(
    ("seller", "buyer", "group", "year", "share"),
    [
        ("RUS", "CHN", "Oil, gas and coal", 2013, 0.096),
        ("RUS", "CHN", "Oil, gas and coal", 2019, 0.210),
        ("RUS", "CHN", "Oil, gas and coal", 2024, 0.464),
        ("AUS", "CHN", "Coal", 2020, 0.207),
        ("AUS", "CHN", "Coal", 2022, 0.004),
        ("AUS", "CHN", "Coal", 2024, 0.153),
    ],
)
def test_published_shares_of_the_embedded_extract(
    seller: str, buyer: str, group: str, year: int, share: float
) -> None:
    series = material_shares(seller, buyer, groups={group: COMMODITIES[group]}).series(seller, group)
    assert series[year] == pytest.approx(share, abs=PRINTED)


@pytest.mark.parametrize(("a", "b"), [("RUS", "IRN"), ("RUS", "PRK"), ("CHN", "MNG")])
def test_countries_outside_the_world_have_materials(a: str, b: str) -> None:
    table = material_shares(a, b).table
    assert table["value"].max() > 0
    assert set(table["year"]) == set(range(1995, 2025))


def test_china_buys_most_of_what_mongolia_sells() -> None:
    assert material_shares("CHN", "MNG").series("MNG", "All materials")[2024] > 0.9


def test_germanys_gas_from_russia_is_missing() -> None:
    series = material_shares("RUS", "DEU", groups={"Gas": ("2711",)}).series("RUS", "Gas", "buyer_share")
    assert series.loc[2000:].isna().all()
    assert series.loc[1996] > 0.1


def test_a_year_in_which_neither_reported_is_missing_for_the_pair() -> None:
    """Russia and Iran traded a little in every year to 2022; since then neither publishes, and no partner sees it."""
    table = material_shares("RUS", "IRN").table
    late = table[(table.year >= 2023) & (table.group == "All materials")]
    assert late.value.isna().all()
    assert late.gap.eq(Gap.NO_RECORD).all()
    assert (late.seller_total > 0).all(), "the states themselves are seen through others"


def test_a_bloc_is_its_members_without_their_trade_with_each_other() -> None:
    """Sums of the table itself, in any order: equal to rounding."""
    from suasion.sources.groups import expand
    from suasion.sources.materials import materials

    found = material_shares("CHN", "EU", groups={"Rare earths": COMMODITIES["Rare earths"]}).table
    row = found[(found.seller == "CHN") & (found.year == 2024)].iloc[0]
    rows = materials()
    rows = rows[(rows.year == 2024) & rows["product"].astype(str).str.startswith(("280530", "2846"))]
    bought = rows[rows.importer.isin(members := expand(["EU"], 2024)) & ~rows.exporter.isin(members)]
    assert row.value == pytest.approx(bought[bought.exporter == "CHN"].value.sum() / 1000, rel=1e-12)
    assert row.buyer_total == pytest.approx(bought.value.sum() / 1000, rel=1e-12)
    with pytest.raises(SameCountryError, match="country in common"):
        material_shares("DEU", "EU")


def test_two_states_that_never_traded_have_zeros() -> None:
    """A pair without any record in any year sells each other nothing, which is known."""
    table = material_shares("ISL", "STP").table
    assert (table[table.group == "All materials"].value.dropna() == 0.0).all()


def test_wrong_inputs_say_what_is_allowed(table: pd.DataFrame) -> None:
    with pytest.raises(SameCountryError, match="country in common"):
        material_shares("Russia", "RUS", table)
    with pytest.raises(UnknownCountryError, match="Atlantis"):
        material_shares("RUS", "Atlantis", table)
    with pytest.raises(DataError, match="lacks the columns value"):
        material_shares("RUS", "CHN", table.drop(columns="value"))
    with pytest.raises(InputError, match="fits no product"):
        material_shares("RUS", "CHN", table, {"Wheat": ("1001",)})
    with pytest.raises(InputError, match="No rows for seller 'AUS'"):
        material_shares("RUS", "CHN", table, GROUPS).series("AUS", "Coal")


@pytest.mark.parametrize("value", [np.nan, -1.0])
def test_a_value_that_is_missing_or_negative_is_refused(table: pd.DataFrame, value: float) -> None:
    broken = table.copy()
    broken.loc[3, "value"] = value
    with pytest.raises(DataError, match=r"1 values that are missing or negative, first in row 3"):
        material_shares("RUS", "CHN", broken)
