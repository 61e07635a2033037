"""Screening: indicators, the rule over years, the bootstrap, and the list ranked by loss."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suasion.errors import DataError, DuplicateLabelError, InputError, SourceFileError
from suasion.products import (
    RULES,
    ProductStore,
    add_production,
    binding_margin,
    embedded_store,
    flagged,
    herfindahl,
    imports_over_exports,
    mean_band,
    mean_error,
    open_store,
    outside_share,
    persistent,
    production_table,
    query,
    read_production,
    rule_probability,
    screen,
    screen_all,
)
from suasion.products.production import kept_production
from suasion.products.store import side_by_side

EU = RULES["commission"]
CODES = ("AAA", "BBB", "CCC", "DDD", "EEE")


def made_store(rows: list[tuple[int, str, str, str, float]]) -> ProductStore:
    """Store of a few flows: year, exporter, importer, product, value (thousand USD); a tonne is a thousand USD."""
    number = {code: n + 1 for n, code in enumerate(CODES)}
    values = ", ".join(f"({y}, {number[a]}, {number[b]}, {int(k)}, {v}, {v})" for y, a, b, k, v in rows)
    sql = (
        "SELECT y::SMALLINT AS year, i::SMALLINT AS exporter, j::SMALLINT AS importer, k::INTEGER AS product, "
        f"v::DOUBLE AS value, q::DOUBLE AS quantity FROM (VALUES {values}) t(y, i, j, k, v, q)"
    )
    countries = pd.DataFrame(
        {"number": range(1, 6), "country": CODES, "name": CODES, "first_year": 0, "last_year": 9999}
    )
    codes = sorted({k for _, _, _, k, _ in rows})
    years = tuple(sorted({y for y, *_ in rows}))
    return ProductStore(
        "made up", "HS92", "1", years, sql, countries, pd.DataFrame({"product": codes, "name": codes})
    )


def steady(rows: list[tuple[str, str, str, float]], years: range = range(2020, 2025)) -> ProductStore:
    return made_store([(y, *row) for y in years for row in rows])


# Imports of AAA from outside 60, 30, 10, and its exports 80: the example of the methods note.
EXAMPLE = [("BBB", "AAA", "270900", 60.0), ("CCC", "AAA", "270900", 30.0), ("DDD", "AAA", "270900", 10.0)]
SOLD = ("AAA", "EEE", "270900", 80.0)


def test_indicators_of_the_methods_note():
    assert herfindahl(np.array([60.0, 30.0, 10.0])) == pytest.approx(0.46, abs=1e-15)
    assert outside_share(np.array([100.0]), np.array([50.0]))[0] == pytest.approx(2 / 3, abs=1e-15)
    assert imports_over_exports(np.array([100.0]), np.array([80.0]))[0] == 1.25
    values = np.array([[0.46], [2 / 3], [1.25]])
    assert flagged(values, EU.thresholds)[0] == 1
    values[2] = 100.0 / 101.0
    assert flagged(values, EU.thresholds)[0] == 0


def test_edges_of_the_indicators():
    nothing = herfindahl(np.zeros((3, 1)))
    assert np.isnan(nothing[0])  # no imports: not defined
    assert np.isnan(imports_over_exports(np.array([0.0]), np.array([5.0]))[0])
    assert np.isposinf(
        imports_over_exports(np.array([5.0]), np.array([0.0]))[0]
    )  # no exports: always above 1
    assert flagged(np.array([nothing, [np.nan], [np.nan]]), EU.thresholds)[0] == 0
    assert flagged(np.array([[0.5], [np.nan], [np.inf]]), EU.thresholds)[0] == 1  # the second is not applied
    assert flagged(np.array([[0.4], [0.6], [2.0]]), EU.thresholds)[0] == 0  # above, not at, the threshold
    missing = flagged(np.array([[[0.5]], [[0.6]], [[2.0]]]), EU.thresholds, np.array([False]))
    assert np.isnan(missing[0, 0])


def test_binding_margin_is_the_tightest():
    values = np.array([[0.46, 0.5], [2 / 3, np.nan], [1.25, np.inf]])
    assert binding_margin(values, EU.thresholds) == pytest.approx([0.15, 0.25])
    assert np.isnan(binding_margin(np.full((3, 1), np.nan), EU.thresholds)[0])


@pytest.mark.parametrize(
    ("flags", "wanted"),
    [
        ((1, 1, 0), 1),
        ((1, 0, 0), 0),
        ((0, 1, 1), 1),
        ((1, np.nan, 0), np.nan),
        ((1, np.nan, 1), 1),
        ((0, np.nan, 0), 0),
    ],
)
def test_rule_over_years(flags, wanted):
    assert persistent(np.array(flags, dtype=float)[:, None])[0] == pytest.approx(wanted, nan_ok=True)


def test_store_of_one_year_leaves_the_rule_open():
    found = screen("AAA", made_store([(2020, *row) for row in [*EXAMPLE, SOLD]])).table.iloc[0]
    assert found["years_flagged"] == 1
    assert np.isnan(found["dependent"])  # one year flagged of three, two unknown


@settings(deadline=None)
@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=5))
def test_probability_counts_all_samples(flags):
    samples = list(product(flags, repeat=3))
    counted = sum(sum(sample) >= 2 for sample in samples) / len(samples)
    assert rule_probability(np.array(flags)[:, None])[0] == pytest.approx(counted, abs=1e-12)


@settings(deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=2, max_size=5))
def test_band_is_that_of_all_samples(values):
    data = np.array(values)
    means = np.sort([np.mean(sample) for sample in product(values, repeat=len(values))])
    mean, low, high = mean_band(data[:, None])
    share = np.arange(1, len(means) + 1) / len(means)
    assert mean[0] == pytest.approx(data.mean(), abs=1e-12)
    # sums of the same numbers in another order differ in the last digits
    assert low[0] == pytest.approx(means[(share >= 0.05 - 1e-9).argmax()], abs=1e-9)
    assert high[0] == pytest.approx(means[(share >= 0.95 - 1e-9).argmax()], abs=1e-9)
    assert mean_error(data[:, None])[0] == pytest.approx(means.std(), abs=1e-9)


def test_single_year_has_no_spread_and_many_are_refused():
    mean, low, high = mean_band(np.array([[2.0]]))
    assert (mean[0], low[0], high[0]) == (2.0, 2.0, 2.0)
    with pytest.raises(InputError, match="1 to 8 years; 9 were given"):
        mean_band(np.zeros((9, 1)))


def test_screen_of_a_single_economy():
    found = screen("AAA", steady([*EXAMPLE, SOLD]))
    row = found.table.iloc[0]
    assert (row["import_concentration"], row["imports_over_exports"]) == pytest.approx((0.46, 1.25))
    assert np.isnan(row["outside_share"])
    assert found.second == 0
    assert (row["supplier"], row["supplier_share"]) == ("BBB", pytest.approx(0.6))
    assert (row["years_flagged"], row["dependent"], row["probability"]) == (3, 1.0, 1.0)
    assert (row["margin_1"], row["margin_3"]) == pytest.approx((0.06, 0.25))
    assert (row["margin"], row["margin_low"], row["margin_high"]) == pytest.approx((0.15, 0.15, 0.15))
    # lost 60 of 180 on the market; elasticities of crude oil 0.11 and 0.26
    assert row["rise"] == pytest.approx(100 * ((120 / 180) ** (-1 / 0.37) - 1), rel=1e-9)
    assert row["loss_low"] < row["loss"] < row["loss_high"]
    assert found.overlap["common"] == found.overlap["flagged"] == 1
    assert found.overlap["loss_share"] == 1.0


def test_production_brings_the_second_indicator_back():
    rows = pd.DataFrame({"year": range(2020, 2025), "country": "AAA", "product": "270900", "quantity": 50.0})
    found = screen("AAA", replace(steady([*EXAMPLE, SOLD]), production=production_table(rows, "made up")))
    assert found.table["outside_share"][0] == pytest.approx(2 / 3)
    large = rows.assign(quantity=101.0)
    assert (
        screen("AAA", replace(steady([*EXAMPLE, SOLD]), production=production_table(large, "x"))).table[
            "dependent"
        ][0]
        == 0
    )
    elsewhere = rows.assign(country="BBB")  # the product is covered, and AAA makes none
    made = screen("AAA", replace(steady([*EXAMPLE, SOLD]), production=production_table(elsewhere, "x")))
    assert made.table["outside_share"][0] == 1.0


def test_production_is_checked():
    good = pd.DataFrame({"year": [2020], "country": ["AAA"], "product": ["270900"], "quantity": [5.0]})
    with pytest.raises(DataError, match="lacks quantity"):
        production_table(good.drop(columns="quantity"), "x")
    with pytest.raises(
        DataError, match="1 quantities of production are negative or missing; first: AAA, 270900, 2020"
    ):
        production_table(good.assign(quantity=-1.0), "x")
    with pytest.raises(DuplicateLabelError, match="year 2020, country AAA, product 270900"):
        production_table(pd.concat([good, good]), "x")


def test_unknown_quantities_leave_the_second_indicator_open():
    """Sixty of a hundred come without a weight: the tonnes that are known must not pass for all of them."""
    store = steady([*EXAMPLE, SOLD])
    blind = replace(
        store, trade=f"SELECT * REPLACE (nullif(quantity, 60.0) AS quantity) FROM ({store.trade})"
    )
    rows = pd.DataFrame({"year": range(2020, 2025), "country": "AAA", "product": "270900", "quantity": 50.0})
    found = screen("AAA", replace(blind, production=production_table(rows, "made up")))
    assert np.isnan(found.table["outside_share"][0])
    assert found.second == 0


GOOD = "year,country,product,quantity,note\n2020,AUS,270900,5,x\n2020,Germany,10121,2.5,x\n"


def test_production_file_is_read_and_kept(tmp_path, monkeypatch):
    (tmp_path / "made.csv").write_text(GOOD, "utf-8")
    found = add_production(tmp_path / "made.csv", tmp_path / "s", "a survey")
    assert found.table.to_numpy().tolist() == [[2020, "AUS", "270900", 5.0], [2020, "DEU", "010121", 2.5]]
    monkeypatch.setattr("suasion.products.store.user_store", lambda: tmp_path / "s")
    kept = open_store().production
    assert kept.source == "a survey"
    assert kept.table.equals(found.table)
    assert query(open_store(), "SELECT sum(quantity) AS q FROM production")["q"][0] == 7.5
    # a file that fails leaves the table before
    (tmp_path / "bad.csv").write_text(GOOD.replace("2.5", "many"), "utf-8")
    with pytest.raises(DataError, match="line 3: quantity is 'many'"):
        add_production(tmp_path / "bad.csv", tmp_path / "s")
    assert open_store().production.table.equals(found.table)


def test_screens_use_the_production_of_the_store():
    rows = pd.DataFrame({"year": range(2020, 2025), "country": "AAA", "product": "270900", "quantity": 50.0})
    made = production_table(rows, "made up")
    with_store = screen("AAA", replace(steady([*EXAMPLE, SOLD]), production=made))
    assert with_store.table["outside_share"][0] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("quantity", "amount", "made.csv lacks quantity; it needs year, country, product, quantity"),
        ("2020,AUS", "2020.5,AUS", "1 cells that are no year, .*: line 2: year is '2020.5'"),
        ("Germany", "Atlantis", "line 3: country is 'Atlantis'"),
        ("270900", "27x", "line 2: product is '27x'"),
        ("2.5", "inf", "line 3: quantity is 'inf'"),
        ("2.5", "-2.5", "negative or missing; first: DEU, 010121, 2020"),
    ],
)
def test_bad_production_names_line_and_cell(tmp_path, old, new, words):
    (tmp_path / "made.csv").write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(DataError, match=words):
        read_production(tmp_path / "made.csv")


def test_unreadable_production_is_named(tmp_path):
    with pytest.raises(SourceFileError, match="cannot be read as a table of production"):
        read_production(tmp_path / "nowhere.csv")
    (tmp_path / "production.parquet").write_bytes(b"PAR1")
    with pytest.raises(SourceFileError, match="add the production again"):
        kept_production(tmp_path)


def test_flag_needs_two_of_three_years():
    rows = [(y, "BBB", "AAA", "270900", 9.0) for y in range(2020, 2025)]
    rows += [(y, "AAA", "EEE", "270900", 20.0) for y in (2020, 2021, 2022)]  # self-sufficient, then not
    assert screen("AAA", made_store(rows), year=2023).table["dependent"][0] == 0
    last = screen("AAA", made_store(rows)).table.iloc[0]
    assert (last["years_flagged"], last["dependent"]) == (2, 1.0)
    assert last["probability"] == pytest.approx(3 * 0.4**2 * 0.6 + 0.4**3)


def test_bloc_counts_outside_suppliers_only():
    """The European Union of the embedded data against sums over the flows themselves."""
    found = screen("EU", year=2019).table.set_index("product").loc["270900"]
    members = "(SELECT number FROM countries WHERE country IN ('AUT','BEL','BGR','CYP','CZE','DEU','DNK','ESP','EST',"
    members += "'FIN','FRA','GBR','GRC','HRV','HUN','IRL','ITA','LTU','LUX','LVA','MLT','NLD','POL','PRT','ROU','SVK','SVN','SWE'))"
    where = f"FROM trade WHERE year = 2019 AND product = 270900 AND importer IN {members} AND exporter"
    outside = query(
        embedded_store(), f"SELECT exporter, sum(value) AS v {where} NOT IN {members} GROUP BY ALL"
    )["v"]
    inside = query(embedded_store(), f"SELECT sum(value) AS v {where} IN {members}")["v"][0]
    assert found["imports"] == pytest.approx(outside.sum() / 1e3)
    assert found["import_concentration"] == pytest.approx(((outside / outside.sum()) ** 2).sum())
    assert found["outside_share"] == pytest.approx(outside.sum() / (outside.sum() + inside))
    assert found["supplier"] == "RUS"


def test_all_at_once_agrees_with_one_by_one(tmp_path):
    everybody = screen_all(embedded_store(), variant="cepii", since=2023, out=tmp_path)
    assert set(everybody["year"]) == {2023, 2024}
    rows = pd.read_parquet(tmp_path / "2024.parquet")
    for economy in ("DEU", "CHN", "KAZ", "HUN"):  # Hungary has its own price by pipe
        single = screen(economy, embedded_store(), variant="cepii").table.set_index("product").sort_index()
        mine = rows[rows["economy"] == economy]
        mine = mine.set_index(mine["product"].map("{:06d}".format)).sort_index()
        assert list(mine.index) == list(single.index)
        assert (mine["dependent"] == single["dependent"]).all()
        # the file keeps probabilities and margins in single precision
        assert mine["probability"].to_numpy() == pytest.approx(single["probability"].to_numpy(), abs=1e-6)
        assert mine["loss"].to_numpy() == pytest.approx(single["loss"].to_numpy(), rel=1e-9)
        summary = everybody[(everybody["economy"] == economy) & (everybody["year"] == 2024)].iloc[0]
        assert summary["dependent"] == (single["dependent"] == 1).sum()
        assert summary["products"] == len(single)
    assert everybody["common"].le(everybody["dependent"]).all()


def test_all_at_once_gives_the_same_digits_whatever_the_threads():
    one, several = (screen_all(embedded_store(), since=2024, threads=n) for n in (1, 3))
    assert one.equals(several)


def test_reading_side_by_side_keeps_the_order_and_passes_errors_on():
    assert list(side_by_side(lambda year: year + 1, range(20), workers=3)) == list(range(1, 21))

    def broken(year):
        if year == 3:
            raise DataError("year 3 is broken")
        return year

    with pytest.raises(DataError, match="year 3 is broken"):
        list(side_by_side(broken, range(20), workers=2))


def test_years_without_record_stay_open():
    rows = [(y, "BBB", "AAA", "270900", 9.0) for y in (2020, 2021, 2024)]
    rows += [(y, "BBB", "CCC", "270900", 9.0) for y in range(2020, 2025)]
    found = screen("AAA", made_store(rows), variant="cepii").table.iloc[0]
    assert np.isnan(found["dependent"])  # flagged in 2024, no record of 2022 and 2023
    assert found["probability"] == 1.0  # of the years on record
    table = screen_all(made_store(rows), variant="cepii").set_index(["year", "economy"])
    assert table.loc[(2024, "AAA"), "open"] == 1
    assert table.loc[(2024, "CCC"), "dependent"] == 1


def test_a_young_bloc_is_screened_on_the_years_it_has():
    found = screen("EAEU", year=2016)
    assert found.years == (2015, 2016)
    assert found.years[0] == 2015
    assert found.asked[0] < 2015
    assert np.isnan(found.table["dependent"]).any()  # flagged once in two years: open
    with pytest.raises(InputError, match="EAEU had no members"):
        screen("EAEU", year=2014)


def test_wrong_questions_are_refused():
    with pytest.raises(InputError, match=r"no variant 'oecd'. Known: commission, cepii"):
        screen("DEU", variant="oecd")
    with pytest.raises(InputError, match="`years` is 2; the screen uses 3 to 8 years"):
        screen("DEU", years=2)
    with pytest.raises(InputError, match="`years` is 2; the rule over years needs 3"):
        screen_all(years=2)
    with pytest.raises(InputError, match="There is no country 'Atlantis'"):
        screen("Atlantis")
    with pytest.raises(InputError, match="knows no Monaco"):
        screen("Monaco", made_store([(2020, "AAA", "BBB", "270900", 1.0)]))
    with pytest.raises(InputError, match="no year 1990; it has 1995 to 2024"):
        screen("DEU", year=1990)


def test_store_that_contradicts_its_lists_is_refused():
    store = steady(EXAMPLE)
    wrong = ProductStore(
        "x",
        "HS92",
        "1",
        store.years,
        store.trade,
        store.countries,
        pd.DataFrame({"product": ["010121"], "name": [""]}),
    )
    with pytest.raises(DataError, match="a country or product in 2020 that its lists lack"):
        screen("AAA", wrong)
