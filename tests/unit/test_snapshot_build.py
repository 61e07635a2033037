"""The builder's pure functions on small tables: rebuilding gives the same numbers and the same bytes."""

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snapshot import (
    assemble,
    codes,
    compare,
    factbook,
    final_split,
    materials,
    outline,
    packages,
    provenance,
    tables,
    world,
)
from suasion import sources
from suasion.errors import ConvergenceError, DataError
from suasion.sources import quantised

SNAPSHOT = Path(sources.__file__).parents[1] / "snapshot"
COUNTRIES, SECTORS = ("AAA", "BBB", "CCC"), ("one", "two")


def benchmark(seed=0):
    """A small table in units of 100 USD; the last seller sells nothing to industries."""
    draw = np.random.default_rng(seed)
    flows = np.rint(draw.lognormal(8.0, 3.0, (3, 2, 3, 2)))
    flows[2, 1] = 0.0
    flows[0, 0, 1] = 0.0
    sold, bought = flows.sum(axis=(2, 3)), flows.sum(axis=(0, 1))
    output = np.rint(1.5 * np.maximum(sold, bought) + 1000)
    final = output - sold
    return world.Benchmark(COUNTRIES, SECTORS, flows, final, output)


# --- governance ------------------------------------------------------------------------------------------


def test_the_second_of_two_rows_is_kept_where_it_differs():
    wide = pd.DataFrame(
        {"Code": ["GTM", "GUY", "GUM", "GUY"], "2021": ["1", "2", "3", "4"], "2022": ["5", "6", "7", "6"]}
    )
    found = materials.one_row_a_country(wide).set_index("Code")
    assert found.loc["GUY", "2021"] == 4.0
    assert np.isnan(found.loc["GUY", "2022"])
    assert found.loc[["GTM", "GUM"], "2022"].tolist() == [5.0, 7.0]
    with pytest.raises(ValueError, match="more than one row: GTM"):
        materials.one_row_a_country(wide.replace("GUM", "GTM"))


# --- quantising ------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 20_000_000_000), min_size=1, max_size=50))
@settings(max_examples=200, deadline=None)
def test_amounts_move_by_at_most_two_per_mille(amounts):
    values = np.array(amounts, dtype=float)
    back = quantised.decode(quantised.encode(values, 20_000_000_000), 20_000_000_000)
    # Half a step of 0.4 %, the step being cut to a whole number of units.
    assert (np.abs(back - values) <= 0.002 * values + 1e-9).all()
    assert ((back == 0) == (values == 0)).all()


def test_small_amounts_are_exact():
    values = np.arange(500.0)
    np.testing.assert_array_equal(quantised.decode(quantised.encode(values, 10_000), 10_000), values)


def test_levels_increase_and_fit_sixteen_bits():
    ladder = quantised.levels(world.LARGEST)
    assert (np.diff(ladder) > 0).all()
    assert ladder[-1] >= world.LARGEST
    assert len(ladder) <= 2**16


# --- the split of final sales ----------------------------------------------------------------------------


def test_ras_meets_both_margins():
    draw = np.random.default_rng(1)
    seed = draw.random((4, 4, 3))
    target = draw.random((4, 4, 3))
    split = final_split.ras(seed, target.sum(axis=0), target.sum(axis=(1, 2)))
    np.testing.assert_allclose(split.final.sum(axis=0), target.sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(split.final.sum(axis=(1, 2)), target.sum(axis=(1, 2)), rtol=1e-12)


def test_ras_keeps_cross_ratios_of_the_seed():
    draw = np.random.default_rng(2)
    seed, target = draw.random((2, 2, 1)), draw.random((2, 2, 1))
    final = final_split.ras(seed, target.sum(axis=0), target.sum(axis=(1, 2))).final

    def ratio(x):
        return x[0, 0, 0] * x[1, 1, 0] / (x[0, 1, 0] * x[1, 0, 0])

    assert ratio(final) == pytest.approx(ratio(seed), rel=1e-12)  # scaling rows and columns cancels out


def test_ras_of_a_consistent_seed_is_the_seed():
    seed = np.random.default_rng(3).random((3, 3, 2))
    split = final_split.ras(seed, seed.sum(axis=0), seed.sum(axis=(1, 2)))
    np.testing.assert_allclose(split.final, seed, rtol=1e-13)
    assert split.rounds == 1


def test_seed_without_intermediate_sales_is_home_only():
    sales = np.ones((3, 3, 1))
    sales[:, 2, 0] = 0.0
    seed = final_split.seed_from_intermediate(sales)
    np.testing.assert_array_equal(seed[:, 2, 0], [0.0, 0.0, 1.0])
    np.testing.assert_allclose(seed[:, 0, 0], 1 / 3)


def test_margins_with_different_sums_are_refused():
    with pytest.raises(DataError, match="one common factor"):
        final_split.ras(np.ones((2, 2, 1)), np.ones((2, 1)), np.array([1.0, 2.0]))


def test_a_seller_with_an_empty_seed_is_refused():
    seed = np.ones((2, 2, 1))
    seed[:, 1] = 0.0
    with pytest.raises(DataError, match=r"empty seed, first \[1, 0\]"):
        final_split.ras(seed, np.ones((2, 1)), np.ones(2))


def test_a_buyer_without_absorption_is_refused():
    with pytest.raises(DataError, match=r"not positive at positions \[1\]"):
        final_split.ras(np.ones((2, 2, 1)), np.ones((2, 1)), np.array([2.0, 0.0]))


def test_a_split_that_cannot_close_says_so():
    seed = np.eye(2)[:, :, None]  # home sales only, but absorption differs from sales
    with pytest.raises(ConvergenceError, match="after 50 rounds"):
        final_split.ras(seed, np.ones((2, 1)), np.array([0.5, 1.5]), max_rounds=50)


# --- the world table -------------------------------------------------------------------------------------


def test_rebalanced_table_closes_exactly():
    bench = benchmark()
    table = world.rebalance(bench, np.zeros(3))
    output = (table.intermediate + table.final).sum(axis=0)
    np.testing.assert_array_equal(output, table.value_added + table.input_use.sum(axis=2))
    np.testing.assert_array_equal(table.input_use.sum(axis=1), table.intermediate.sum(axis=1))
    assert table.final.sum() == table.value_added.sum()
    assert min(table.final.min(), table.value_added.min()) >= 0


def test_negative_value_added_is_refused():
    bench = benchmark()
    broken = world.Benchmark(COUNTRIES, SECTORS, bench.flows, bench.final, 0.0 * bench.output)
    with pytest.raises(ValueError, match="value added negative"):
        world.rebalance(broken, np.zeros(3))


def test_rounding_to_units_keeps_sellers_totals():
    draw = np.random.default_rng(4)
    totals = draw.integers(0, 10_000, (4, 5))
    shares = draw.dirichlet(np.ones(7), (4, 5)).transpose(2, 0, 1)
    whole = world.whole_units(shares * totals / world.UNITS_PER_MILLION, totals)
    np.testing.assert_array_equal(whole.sum(axis=0), totals)
    assert np.abs(whole - shares * totals).max() < 1.0 + 1e-6


def test_the_same_table_gives_the_same_bytes(tmp_path):
    bench, hashes = benchmark(), []
    for turn in range(2):
        table = world.rebalance(bench, np.array([0.1, -0.1, 0.0]))
        arrays, matrix = tmp_path / f"a{turn}.npz", tmp_path / f"m{turn}.npz"
        world.write_arrays(arrays, bench, table, np.zeros(3), [])
        world.write_codes(matrix, table)
        hashes.append([hashlib.sha256(p.read_bytes()).hexdigest() for p in (arrays, matrix)])
        assert compare.difference(arrays, tmp_path / "a0.npz") == "same bytes"
    assert hashes[0] == hashes[1]


def test_comparison_sees_a_difference_beyond_the_tolerance(tmp_path):
    first, near, far = (tmp_path / name for name in ("x.npz", "y.npz", "z.npz"))
    np.savez(first, a=np.array([1.0, 2.0]))
    np.savez(near, a=np.array([1.0, 2.0 + 1e-12]))
    np.savez(far, a=np.array([1.0, 2.0 + 1e-6]))
    assert compare.difference(first, near) == "same numbers"
    assert compare.difference(first, far) == "differs: array a"


# --- parsing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrase", "amount"),
    [
        ("$640.878 billion (2022 est.)", 640_878.0),
        ("$1.1 trillion (2022 est.)", 1_100_000.0),
        ("$96.977 million (2022 est.)", 96.977),
        ("-$3 billion (2022 est.)", -3000.0),
        ("NA", None),
    ],
)
def test_money_is_read_in_million_usd(phrase, amount):
    assert factbook.million_usd(phrase) == (None if amount is None else pytest.approx(amount))


def test_partners_are_read_with_inverted_names_and_brackets():
    found = factbook.shares("China 33%, Bahamas, The 5%, Congo, Republic of the 2.5%, US 1% (2023)")
    assert [(share.name.strip(), share.percent) for share in found] == [
        ("China", 33.0),
        ("The Bahamas", 5.0),
        ("Republic of the Congo", 2.5),
        ("US", 1.0),
    ]
    codes_found = [tables.partner_code(share.name) for share in found]
    assert codes_found == ["CHN", "BHS", "COG", "USA"]
    assert tables.partner_code("Europe") is None


def test_organizations_are_read_with_their_status():
    phrase = "APEC, ASEAN (dialogue partner), ICC (national committees), UN Security Council (permanent)"
    assert factbook.organizations(phrase) == [
        ("APEC", "member"),
        ("ASEAN", "dialogue partner"),
        ("ICC", "national committees"),
        ("UN Security Council", "permanent"),
    ]


def test_years_are_read_from_both_editions():
    old = {"Economy": {"Exports": {"text": "$520.3 billion (2014 est.) ++ $527.3 billion (2013 est.)"}}}
    new = {"Economy": {"Exports": {"Exports 2023": {"text": "$1 million (2023 est.)"}, "note": "x (1999)"}}}
    assert sorted(factbook.dated(old, "Economy", "Exports")) == [2013, 2014]
    assert sorted(factbook.dated(new, "Economy", "Exports")) == [2023]
    assert factbook.dated({}, "Economy", "Exports") == {}


def test_significant_digits_keep_zero_and_missing():
    values = np.array([0.0, np.nan, 1234567.0, 0.0012345])
    np.testing.assert_allclose(materials.significant(values, 3), [0.0, np.nan, 1_230_000.0, 0.00123])


def test_trade_maps_codes_and_keeps_every_row():
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE baci_trade (t TEXT, i TEXT, j TEXT, k INTEGER, v TEXT, q TEXT)")
        rows = [
            ("2010", " 643", "156 ", 270900, " 1500.5", " 3.5"),
            ("2010", "156", "643", 30613, "2", "          NA"),
            ("2011", "729", "156", 270900, "1", "2"),
            ("2011", "736", "156", 270900, "2", "3"),
        ]
        database.executemany("INSERT INTO baci_trade VALUES (?,?,?,?,?,?)", rows)
        found = materials.trade(database, {643: "RUS", 156: "CHN", 729: "SDN", 736: "SDN"})
        assert found["product"].tolist() == ["030613", "270900", "270900"]
        assert found["exporter"].tolist() == ["CHN", "RUS", "SDN"]
        assert found["value"].tolist() == [2.0, 1500.5, 3.0]
        assert found["quantity"].isna().tolist() == [True, False, False]
        with pytest.raises(ValueError, match="unknown codes"):
            materials.trade(database, {643: "RUS"})


def test_outline_prunes_and_renumbers():
    shape = {"type": "Polygon", "arcs": [[2, -1]], "properties": {"a3": "AAA", "name": "A"}, "id": "1"}
    south = {"type": "Polygon", "arcs": [[1]], "properties": {"a3": "ATA", "name": "S"}, "id": "2"}
    source = {
        "bbox": [],
        "transform": {},
        "objects": {"countries": {"geometries": [shape, south]}, "land": {}},
        "arcs": ["zero", "one", "two"],
    }
    small = outline.trimmed(source)
    assert small["arcs"] == ["zero", "two"]
    assert small["objects"]["countries"]["geometries"][0]["arcs"] == [[1, -1]]
    assert list(small["objects"]) == ["countries"]


def test_names_garbled_by_the_source_are_mended():
    assert codes.repair("TÃ¼rkiye") == "Türkiye"
    assert codes.repair("Rep. of Korea") == "Rep. of Korea"


# --- packages and provenance -----------------------------------------------------------------------------


def test_an_archive_with_another_checksum_is_refused(tmp_path):
    (tmp_path / "thing-1.whl").write_bytes(b"not it")
    package = packages.Package("thing", "1", "PyPI", "thing-1.whl", "0" * 64)
    with pytest.raises(packages.PackageError, match="pinned is 0000"):
        package.fetch(tmp_path)


def test_a_file_without_provenance_is_refused(tmp_path):
    (tmp_path / "mystery.csv").write_text("a\n")
    with pytest.raises(ValueError, match=r"without provenance: mystery\.csv"):
        provenance.write(tmp_path, {})


def test_frames_are_written_alike_each_time(tmp_path):
    frame = pd.DataFrame({"country": ["RUS", "CHN"], "year": [2014, 2015], "value": [1.5, np.nan]})
    for name in ("a", "b"):
        assemble.frame_file(tmp_path / f"{name}.parquet", frame)
        assemble.write_csv(tmp_path / f"{name}.csv", frame)
    assert compare.difference(tmp_path / "a.parquet", tmp_path / "b.parquet") == "same bytes"
    assert (tmp_path / "a.csv").read_bytes() == b"country,year,value\nRUS,2014,1.5\nCHN,2015,\n"
    back = pd.read_parquet(tmp_path / "a.parquet")
    assert back["year"].tolist() == [2014, 2015]


def test_the_page_of_provenance_is_what_the_builder_writes(tmp_path):
    for file in SNAPSHOT.iterdir():
        if file.is_file():
            shutil.copy(file, tmp_path)
    provenance.write(tmp_path, provenance.read_report(SNAPSHOT))
    for name in ("PROVENANCE.md", "manifest.json"):
        assert (tmp_path / name).read_text("utf-8") == (SNAPSHOT / name).read_text("utf-8"), name


def test_provenance_names_every_licence_and_package():
    known = provenance.texts()
    for record in known["files"]:
        assert all(name in known["licences"] for name in record["licences"]), record["file"]
        assert not record["package"] or isinstance(getattr(packages, record["package"]), packages.Package)
    json.dumps(known)
