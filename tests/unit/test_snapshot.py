"""The embedded files: identities, published totals, checksums, size."""

import importlib
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from suasion import files, sources
from suasion.errors import ChecksumError, SourceFileError
from suasion.sources import embedded, icio2022
from suasion.sources.totals import MEASURES, checked_totals
from suasion.world.load_embedded import g20_origin

UNIT = 1e-4  # million USD; every stored amount is a whole number of these 100 USD
CELL = 1e-9  # relative; float64 sums of 4,000 whole numbers lose less than 1e-12, see tests below


@pytest.fixture(scope="module")
def table():
    return sources.icio2022_arrays()


@pytest.fixture(scope="module")
def flows():
    return sources.materials()


def bilateral(table, final=None):
    return (table.intermediate + (table.final if final is None else final)).sum(axis=2)


def pair_share(trade, a, b):
    total = trade[a].sum() + trade[:, a].sum() - 2 * trade[a, a]
    return (trade[a, b] + trade[b, a]) / total


# --- the world table -------------------------------------------------------------------------------------


def test_output_is_value_added_plus_purchases(table):
    output = (table.intermediate + table.final).sum(axis=0)
    cost = table.factor_income.sum(axis=2) + table.input_use.sum(axis=2)
    np.testing.assert_allclose(output, cost, rtol=CELL, atol=0)


def test_purchases_of_users_are_sales_of_sellers(table):
    np.testing.assert_allclose(
        table.input_use.sum(axis=1), table.intermediate.sum(axis=1), rtol=CELL, atol=UNIT / 2
    )


def test_world_income_is_world_final_purchases(table):
    assert table.final.sum() == pytest.approx(table.factor_income.sum(), rel=1e-12)


def test_nothing_is_negative_and_everything_finite(table):
    for name, array in table.arrays.items():
        assert np.isfinite(array).all(), name
        assert (array >= 0).all(), name
        assert not array.flags.writeable, name


def test_value_added_is_positive_wherever_there_is_output(table):
    output = (table.intermediate + table.final).sum(axis=0)
    assert (table.factor_income[:, :, 0][output > 0] > 0).all()


@pytest.mark.parametrize(("country", "trillion"), [("USA", 45.3), ("CHN", 45.1), ("RUS", 4.1)])
def test_gross_output_is_the_published_one(table, country, trillion):
    output = (table.intermediate + table.final).sum(axis=(0, 2)) / 1e6
    assert output[table.countries.index(country)] == pytest.approx(trillion, abs=0.05)  # printed to 0.1


def test_russia_and_china_trade_as_the_blueprint_says(table):
    trade = bilateral(table)
    russia, china = table.countries.index("RUS"), table.countries.index("CHN")
    assert trade[china, russia] == pytest.approx(100_000, rel=0.01)  # "about 100 bn"
    assert pair_share(trade, russia, china) == pytest.approx(0.17, abs=0.005)
    assert pair_share(trade, china, russia) == pytest.approx(0.028, abs=0.0005)


def test_split_of_final_sales_holds_its_margins(table):
    bought = table.final.sum(axis=(1, 2))
    # The RAS stops at 1e-12; rounding 4,000 sales to units moves a buyer by at most 0.2 million USD.
    np.testing.assert_allclose(bought, table.absorption, rtol=0, atol=0.2)


def test_absorption_is_income_less_net_exports_with_one_factor(table):
    income = table.factor_income.sum(axis=(1, 2))
    np.testing.assert_allclose(
        table.absorption, (income - table.net_exports) * table.absorption_factor, rtol=1e-12
    )
    assert table.absorption.sum() == pytest.approx(income.sum(), rel=1e-12)
    assert table.net_exports_missing == ("MMR",)
    assert table.net_exports[table.countries.index("MMR")] == 0.0


def test_sellers_without_intermediate_sales_sell_at_home_only(table):
    alone = (table.intermediate.sum(axis=0) == 0) & (table.final.sum(axis=0) > 0)
    assert alone.any()
    for exporter, sector in np.argwhere(alone):
        assert table.final[exporter, exporter, sector] == table.final[:, exporter, sector].sum(), (
            table.countries[exporter]
        )


def test_full_matrix_agrees_with_the_pooled_arrays(table):
    use = sources.icio2022_use()
    assert use.shape == (80, 50, 80, 50)
    # Every entry is a whole number of units: sums differ only by the last digits of float64.
    np.testing.assert_allclose(
        use.sum(axis=3).transpose(2, 0, 1), table.intermediate, rtol=CELL, atol=UNIT / 2
    )
    np.testing.assert_allclose(use.sum(axis=0).transpose(1, 2, 0), table.input_use, rtol=CELL, atol=UNIT / 2)


def test_sectors_are_named_in_table_order(table):
    assert tuple(sources.icio2022_sectors()) == table.sectors
    assert sources.icio2022_sectors()["B06"] == "Extraction of crude petroleum and natural gas"


# --- raw materials ---------------------------------------------------------------------------------------


def export_share(flows, exporter, importer, year, prefixes):
    rows = flows[(flows["exporter"] == exporter) & (flows["year"] == year)]
    rows = rows[rows["product"].astype(str).str.startswith(prefixes)]
    return rows.loc[rows["importer"] == importer, "value"].sum() / rows["value"].sum()


@pytest.mark.parametrize(("year", "share"), [(2013, 0.096), (2019, 0.210), (2024, 0.464)])
def test_china_in_russian_crude_gas_and_coal(flows, year, share):
    found = export_share(flows, "RUS", "CHN", year, ("270900", "2711", "2701"))
    assert found == pytest.approx(share, abs=0.0005)  # printed to 0.1 %


@pytest.mark.parametrize(("year", "share"), [(2020, 0.207), (2022, 0.004), (2024, 0.153)])
def test_china_in_australian_coal(flows, year, share):
    assert export_share(flows, "AUS", "CHN", year, ("2701",)) == pytest.approx(share, abs=0.0005)


def test_materials_are_complete_and_named(flows):
    products = sources.material_products()
    assert set(flows["product"].astype(str)) == set(products["product"])
    assert len(products) == 74
    assert (flows["year"].min(), flows["year"].max()) == (1995, 2024)
    assert not flows.duplicated(["product", "exporter", "importer", "year"]).any()
    assert (flows["value"] > 0).all()
    assert len(flows) == 1_264_888  # all rows of the source


def test_readers_hand_out_fresh_frames():
    first = sources.governance()
    first.loc[:, "estimate"] = 0.0
    assert sources.governance()["estimate"].abs().max() > 1.0


def test_governance_has_one_number_a_country_and_year():
    table = sources.governance()
    assert not table.duplicated(["country", "year"]).any()
    guyana = table[table["country"] == "GUY"].set_index("year")
    # its own six sources, not the three of the territory that the package calls Guyana too
    assert guyana.loc[2022, ["estimate", "sources"]].tolist() == [0.0271, 6.0]
    assert guyana.index.max() == 2022


def test_governance_ranks_as_one_expects():
    recent = sources.governance().query("year == 2023").set_index("country")["estimate"]
    assert recent["ISL"] > 1.0 > 0.0 > recent["RUS"] > recent["AFG"]
    assert len(recent) > 180


# --- the Factbook, totals, codes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("partner", "flow", "vintage", "share"),
    [
        ("CHN", "exports", 2014, 0.075),
        ("CHN", "imports", 2014, 0.178),
        ("CHN", "exports", 2025, 0.33),
        ("CHN", "imports", 2025, 0.53),
    ],
)
def test_partner_shares_of_russia(partner, flow, vintage, share):
    table = sources.partner_shares()
    row = table.query("reporter == 'RUS' and partner == @partner and flow == @flow and vintage == @vintage")
    assert row["share"].item() == pytest.approx(share, rel=1e-12)


def test_partner_shares_never_sum_to_more_than_all():
    table = sources.partner_shares()
    sums = table.groupby(["reporter", "flow", "year", "vintage"], observed=True)["share"].sum()
    # North Korea's shares of 2014 are printed as 54.9, 30 and 16: rounding in the source.
    assert sums.drop(("PRK", "exports", 2014, 2014)).max() <= 1.0


def test_memberships_show_who_joined_between_the_editions():
    table = sources.memberships()
    for country, organization, edition, status in (
        ("CHN", "SCO", 2014, "member"),
        ("FIN", "NATO", 2025, "member"),
        ("RUS", "EAEU", 2025, "member"),
        ("RUS", "ASEAN", 2014, "dialogue partner"),
    ):
        printed = table[(table["vintage"] == edition) & (table["country"] == country)]
        row = printed[printed["organization"] == organization]
        assert row["status"].tolist() == [status], (country, organization)
    assert table.query("country == 'FIN' and organization == 'NATO' and vintage == 2014").empty


def test_military_spending_as_printed():
    table = sources.military().query("country == 'RUS'").set_index(["year", "vintage"])["percent_of_gdp"]
    assert table[(2014, 2014)] == 3.49
    assert table[(2023, 2025)] == 5.0


def test_economy_reads_money():
    table = sources.economy().query("country == 'RUS' and vintage == 2025").set_index(["item", "year"])
    assert table.loc[("exports", 2022), "value"] == 640_878.0


def test_derived_totals_follow_from_the_embedded_tables():
    economy, shares, cited = sources.economy(), sources.partner_shares(), sources.totals()
    for vintage, year in ((2014, 2014), (2025, 2023)):
        size = economy[(economy["country"] == "RUS") & (economy["year"] == year)]
        size = size[size["vintage"] == vintage]
        size = size.set_index("item")["value"]
        china = shares[(shares["reporter"] == "RUS") & (shares["partner"] == "CHN")]
        china = china[china["vintage"] == vintage].set_index("flow")["share"]
        trade = china["exports"] * size["exports"] + china["imports"] * size["imports"]
        row = cited[(cited["year"] == year) & cited["source"].str.startswith("CIA")]
        implied = 100 * trade / (size["exports"] + size["imports"])
        assert row["value"].item() == pytest.approx(implied, abs=0.06)  # typed to 0.1


def test_totals_name_source_locator_and_definition():
    table = sources.totals()
    for column in ("source", "locator", "definition", "status"):
        assert table[column].notna().all(), column
    assert set(table["unit"]) == {"percent", "billion USD"}
    assert set(table["measure"]) <= set(MEASURES)


def test_totals_with_other_columns_are_refused():
    with pytest.raises(SourceFileError, match="must have the columns reporter"):
        checked_totals(pd.DataFrame({"reporter": ["RUS"]}))


def test_totals_with_unknown_measure_are_refused():
    broken = sources.totals().assign(measure="gut feeling")
    with pytest.raises(SourceFileError, match="unknown measure: gut feeling"):
        checked_totals(broken)


def test_country_codes_cross_fips_iso_and_un_numbers():
    table = sources.country_codes().set_index("iso3")
    assert table.loc["CHN", ["iso2", "m49", "fips"]].tolist() == ["CN", "156", "CH"]
    assert table.loc["CHE", ["iso2", "m49", "fips"]].tolist() == ["CH", "756", "SZ"]
    assert table.loc["NAM", "iso2"] == "NA"  # the text, not a missing value
    assert table.loc["TWN", "m49"] == "158"
    assert table.loc["HKG", "fips"] == "HK"
    assert table.loc["XKX", ["m49", "fips"]].tolist() == ["", "KV"]
    assert set(sources.icio2022_arrays().countries) <= set(table.index)


# --- outlines --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("longitude", "latitude", "country"),
    [
        (34.1, 45.0, "UKR"),  # Crimea
        (37.6, 55.75, "RUS"),
        (121.0, 24.0, "TWN"),
        (-58.5, -34.7, "ARG"),
        (2.0, 47.0, "FRA"),
        (-30.0, 0.0, None),
    ],
)
def test_points_lie_in_the_right_country(longitude, latitude, country):
    assert sources.country_at(longitude, latitude) == country


def test_every_economy_is_drawn_or_dotted(table):
    shapes = {shape["id"] for shape in sources.outline()["objects"]["countries"]["geometries"]}
    dotted = set(sources.dots()["country"])
    assert set(table.countries) == set(table.countries) & (shapes | dotted)
    assert dotted == {"HKG", "MLT", "SGP", "STP"}
    assert not shapes & dotted
    assert "ATA" not in shapes


def test_outline_uses_every_arc_and_is_small():
    topology = sources.outline()
    used = set()

    def walk(arcs):
        for arc in arcs:
            if isinstance(arc, int):
                used.add(arc if arc >= 0 else ~arc)
            else:
                walk(arc)

    for shape in topology["objects"]["countries"]["geometries"]:
        walk(shape["arcs"])
    assert used == set(range(len(topology["arcs"])))
    assert list(topology["objects"]) == ["countries"]
    assert sources.snapshot_path("outline.json").stat().st_size <= 120_000  # pages carry it inline


# --- files -----------------------------------------------------------------------------------------------


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """The data files of the package in a folder of their own, from which this process reads them."""
    package = files.package_folder()
    for name in (*files.published(), files.CHECKSUMS):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(package / name, tmp_path / name)
    monkeypatch.setattr(files, "package_folder", lambda: tmp_path)
    monkeypatch.setattr(embedded, "package_folder", lambda: tmp_path)
    monkeypatch.setattr(files, "_READ", {})
    return tmp_path


def flipped(path: Path) -> None:
    """Flip one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def states() -> dict[str, str]:
    """What is not as it was published."""
    return {row["file"]: row["state"] for row in sources.verify_embedded() if row["state"] != "ok"}


def test_files_are_the_published_ones():
    assert states() == {}
    held = {row["file"] for row in sources.verify_embedded()}
    assert {f"snapshot/{name}" for name in (*sources.manifest(), "manifest.json")} < held
    assert "statecraft/tables/pacts.toml" in held


def test_every_file_is_in_the_manifest_with_a_licence():
    folder = files.package_folder() / "snapshot"
    there = {p.name for p in folder.iterdir() if p.is_file()} - {
        "manifest.json",
        "PROVENANCE.md",
        "__init__.py",
    }
    assert there == set(sources.manifest())
    text = (folder / "PROVENANCE.md").read_text(encoding="utf-8")
    for name, entry in sources.manifest().items():
        assert entry["sha256"] == files.published()[f"snapshot/{name}"]
        assert f"## {name}\n" in text
        assert len(entry["licence"]) > 40, name


def test_snapshot_is_at_most_forty_megabytes():
    folder = files.package_folder() / "snapshot"
    assert sum(p.stat().st_size for p in folder.iterdir() if p.is_file()) <= 40_000_000


def test_a_missing_file_says_how_to_mend():
    with pytest.raises(SourceFileError, match=r"no_such\.csv of the package is missing. Install the package"):
        sources.snapshot_path("no_such.csv")


def test_a_bit_in_any_file_is_seen_by_its_reader_and_named(copied):
    """One flip in each data file: reading it is refused, and the check names it and no other."""
    for name in files.published():
        before = (copied / name).read_bytes()
        flipped(copied / name)
        with pytest.raises(ChecksumError, match=re.escape(name)):
            files.shipped_bytes("suasion", name)
        (copied / name).write_bytes(before)
        assert files.shipped_bytes("suasion", name) == before
    for name in files.published():
        flipped(copied / name)
    assert states() == dict.fromkeys(files.published(), "changed")


def test_what_is_gone_or_came_from_elsewhere_is_named(copied):
    (copied / "snapshot" / "economy.parquet").unlink()
    (copied / "world" / "mine.npz").write_bytes(b"")
    assert states() == {"snapshot/economy.parquet": "missing", "world/mine.npz": "unknown"}
    with pytest.raises(ChecksumError, match=r"world/mine\.npz"):
        files.shipped_bytes("suasion.world", "mine.npz")


def test_a_list_of_checksums_that_is_no_list_is_told(copied):
    files.published.cache_clear()
    (copied / files.CHECKSUMS).write_bytes(b"\xff\n")
    try:
        with pytest.raises(SourceFileError, match=r"checksums\.txt of the package cannot be read"):
            embedded.load_npz("icio2019.npz")
    finally:
        files.published.cache_clear()


@pytest.mark.parametrize(
    ("reader", "name"),
    [
        (embedded.load_parquet, "materials.parquet"),
        (embedded.load_npz, "icio2022.npz"),
        (embedded.load_csv, "totals.csv"),
        (sources.snapshot_path, "materials.parquet"),
    ],
)
def test_each_way_to_read_holds_a_file_to_its_checksum(copied, reader, name):
    embedded._parquet.cache_clear()
    embedded._csv.cache_clear()
    flipped(copied / "snapshot" / name)
    with pytest.raises(ChecksumError, match=f"{name} of the package is not the one that was published"):
        reader(name)


def test_the_origin_of_a_world_has_the_checksum_that_was_computed(copied, monkeypatch):
    """Not the one on the list: here the list was changed with the file."""
    flipped(copied / "snapshot" / "icio2019.npz")
    found = files.checksum_of(copied / "snapshot" / "icio2019.npz")
    changed = {**files.published(), "snapshot/icio2019.npz": found}
    monkeypatch.setattr(files, "published", lambda: changed)
    assert g20_origin().checksum == found


def test_a_table_without_an_array_is_refused(monkeypatch):
    monkeypatch.setattr(icio2022, "load_npz", lambda name: {"units_per_million": np.array(1e4)})
    with pytest.raises(SourceFileError, match="lacks the array 'countries'"):
        icio2022.icio2022_arrays.__wrapped__()


def test_a_broken_matrix_is_refused(monkeypatch):
    real = embedded.load_npz
    damaged = {**real("icio2022_use.npz"), "low": np.zeros(4, np.uint8)}
    monkeypatch.setattr(icio2022, "load_npz", lambda name: damaged if "use" in name else real(name))
    with pytest.raises(SourceFileError, match=r"icio2022_use\.npz is broken"):
        icio2022.icio2022_use()


def test_a_file_that_is_no_map_is_refused(monkeypatch):
    module = importlib.import_module("suasion.sources.outline")  # the room exports a function of that name
    monkeypatch.setattr(module, "load_file", lambda name, read: {"type": "FeatureCollection"})
    with pytest.raises(SourceFileError, match="no topology of countries"):
        module.outline.__wrapped__()
