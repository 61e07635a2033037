"""Applied tariffs: published means are met, every cell has a kind and a range, and days have the tariffs of their day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

import suasion as su
from evidence_tariff_fit import matrix, revenue
from suasion.cli.app import run
from suasion.equilibrium.in_force import added, option_on, world_before, world_on, year_before
from suasion.errors import InputError
from suasion.sources.dated import by_day, measure_rates
from suasion.sources.groups import members
from suasion.sources.tariffs import agreements, tariff_means, us_added, us_days, us_duties
from suasion.world import World, load_world
from suasion.world.applied import KINDS, AppliedTariffs, applied_tariffs, assumed, nearest_year, shown_means
from suasion.world.load import option_of

YEARS = (2022, 2023, 2024)
GROUPS = ("manufactured", "primary")


@pytest.fixture(scope="module")
def taxed() -> World:
    return load_world(tariffs="applied")


@pytest.fixture(scope="module")
def found() -> AppliedTariffs:
    return applied_tariffs(load_world())


def flows(world: World) -> np.ndarray:
    return world.array("intermediate") + world.array("final")


def mean_of(world: World, rates: np.ndarray, importer: str, goods: list[int]) -> float:
    """Weighted mean on what comes from abroad; of the Union as one, without trade among its members."""
    union = set(members("EU", world.year)) & set(world.countries)
    block = sorted(union) if importer in union else [importer]
    who = [world.countries.index(code) for code in block]
    weight = flows(world)[np.ix_(who, range(len(world.countries)), goods)].copy()
    weight[:, who] = 0.0
    return float(
        100.0 * (weight * rates[np.ix_(who, range(len(world.countries)), goods)]).sum() / weight.sum()
    )


@pytest.mark.parametrize("year", YEARS)
def test_the_means_that_the_world_bank_publishes_are_met(year: int) -> None:
    """Manufactured and primary of every importer but the United States (collected) and Taiwan (no mean): .3 points."""
    world = load_world(year=year)
    made = applied_tariffs(world)
    goods = {
        group: [k for k, code in enumerate(world.sectors) if code in assumed()["profile"][group]]
        for group in GROUPS
    }
    tried = [code for code in world.states if code not in ("USA", "TWN")]
    own = {code: shown_means(code) for code in tried}
    for code in tried:
        table = own["DEU"] if code in members("EU", year) else own[code]  # one territory has one mean
        row = table.loc[nearest_year(table.index, year)]
        for group in GROUPS:
            assert mean_of(world, made.general, code, goods[group]) == pytest.approx(row[group], abs=0.3)
    assert len(tried) == 78


def test_all_goods_together_are_near_the_published_mean(found: AppliedTariffs) -> None:
    """Not fitted: the weights of the two groups are the world's. Nine in ten within a point, as the years differ."""
    world = load_world()
    goods = [k for k, code in enumerate(world.sectors) if code < "D"]
    gaps = []
    for code in world.countries:
        table = tariff_means()["all"].dropna()
        if code in ("USA", "TWN") or code not in table.index.get_level_values(0):
            continue
        own = table.loc[code]
        year = nearest_year(shown_means(code).index, world.year)
        if year in own.index:
            gaps.append(abs(mean_of(world, found.general, code, goods) - own[year]))
    assert np.mean(np.array(gaps) < 1.0) > 0.9


def test_us_rates_are_the_duties_collected(taxed: World) -> None:
    """By partner, all goods: within a tenth of duties over imports of 2024, or .02 points."""
    table, us = us_duties(), taxed.countries.index("USA")
    goods = [k for k, code in enumerate(taxed.sectors) if code < "D"]
    union = members("EU", 2024)
    for i, code in enumerate(taxed.countries):
        partner = code if code in table.index.get_level_values(0) else "EU" if code in union else ""
        if code == "USA" or not partner:
            continue
        own = table.loc[partner]
        paid = (own["collected"] * own["imports_musd"]).sum() / own["imports_musd"].sum()
        weight = flows(taxed)[us, i, goods]
        rate = 100.0 * (weight * taxed.array("tariff")[us, i, goods]).sum() / weight.sum()
        assert rate == pytest.approx(paid, rel=0.1, abs=0.02)
    china = table.loc["CHN"]
    assert (china["collected"] * china["imports_musd"]).sum() / china["imports_musd"].sum() == pytest.approx(
        10.87,
        abs=0.01,  # 46.7 of 429 bn USD, US Census Bureau as shown by the tracker
    )


def test_every_cell_has_a_kind_and_a_range(found: AppliedTariffs) -> None:
    frame = found.frame
    goods = sum(code < "D" for code in found.sectors)
    n = len(found.countries)
    assert len(frame) == n * (n - 1) * goods
    assert set(frame["kind"]) <= set(KINDS[2:])
    assert (frame["tariff_percent_low"] <= frame["tariff_percent"] + 1e-9).all()
    assert (frame["tariff_percent"] <= frame["tariff_percent_high"] + 1e-9).all()
    zero = frame[frame["tariff_percent"] == 0.0]
    others = zero[~zero["kind"].isin(["union", "collected"])]  # neither law, nor nothing paid
    group = {code: name for name in GROUPS for code in assumed()["profile"][name]}
    for importer, good in set(zip(others["importer"], others["sector"].map(group), strict=True)):
        table = shown_means(importer)
        assert (
            table.loc[nearest_year(table.index, 2023), good] == 0.0
        )  # it is published so: free ports and the like
    assert (frame[frame["kind"] == "union"]["tariff_percent_high"] == 0.0).all()
    assert set(frame[frame["importer"] == "TWN"]["kind"]) <= {"assumption", "agreement"}
    home = found.rates[np.arange(n), np.arange(n)]
    assert not home.any()
    assert not found.rates[:, :, [k for k, code in enumerate(found.sectors) if code >= "D"]].any()


def test_rates_order_countries_as_a_worldwide_matrix_does(reference_data) -> None:
    """A matrix of 2021 that took no part in making ours: rank correlation over 124,388 cells, not fitted.

    .75: the spread over industries is assumed, and theirs has 16 groups of goods. Means that are published are met by
    ours where the importer is no member of the Union, which has one mean on the flows of all.
    """
    found = matrix(reference_data).set_index("importer")
    assert found.loc["all", "cells"] > 100_000
    assert found.loc["all", "rank_correlation"] > 0.75
    own = found.drop(index=["all", "TWN"])
    assert abs(own["median_difference"].median()) < 0.5
    alone = own.drop(
        index=[code for code in members("EU", 2021) if code in own.index] + ["CHN"]
    )  # answer of 2018
    assert (alone["mean_percent"] - alone["published_percent"]).abs().max() < 0.3


def test_revenue_is_of_the_size_of_taxes_on_trade(reference_data) -> None:
    """Median ratio over economies outside the Union: between two thirds and one and a half. Outliers have a reason."""
    found = revenue(reference_data)
    assert len(found) == 78
    alone = found[found["why"] != "union"]
    assert 0.67 < alone["ratio"].median() < 1.5
    assert (found["why"] == "near").mean() > 0.6
    assert not (found["why"] == "unexplained").any()


def test_losses_with_tariffs_beneath_them(taxed: World) -> None:
    """A further tariff costs several times as much; ends are what two solvers give, with room for other worlds."""
    from suasion.equilibrium import Scenario, Tariff, simulate

    what = Scenario("t", [Tariff("USA", "CHN", 0.25)])
    plain, with_them = (
        float(simulate(world, what, "long").welfare.sel(country="USA"))
        for world in (load_world(tariffs="zero"), taxed)
    )
    assert plain == pytest.approx(-0.017, abs=0.004)
    assert with_them == pytest.approx(-0.090, abs=0.02)


def test_worlds_with_the_rest_of_the_world_and_with_sections(taxed: World) -> None:
    small = load_world().select(["USA", "CHN", "DEU"])
    assert "ROW" in small.countries
    made = applied_tariffs(small)
    row = small.countries.index("ROW")
    goods = [k for k, code in enumerate(small.sectors) if code in assumed()["profile"]["manufactured"]]
    assert mean_of(small, made.rates, "ROW", goods) == pytest.approx(7.0, abs=0.01)  # the prior
    assert set(made.frame[made.frame["importer"] == "ROW"]["kind"]) == {"assumption"}
    assert (made.high[row] >= made.rates[row]).all()
    g20 = load_world("g20", tariffs="applied")
    cells = g20["tariff"].sel(importer="USA", exporter="CHN")
    assert float(cells.sel(sector="C")) == pytest.approx(0.108, abs=0.01)
    assert float(cells.sel(sector="K")) == 0.0
    with pytest.raises(InputError, match="sections A, B and C"):
        applied_tariffs(load_world().select(["USA", "CHN"], ["G", "H49"]))


def test_the_usual_world_has_its_tariffs_and_says_so(taxed: World) -> None:
    usual, plain = su.load_world(), load_world(tariffs="zero")
    assert usual.checksum == taxed.checksum
    assert not plain.array("tariff").any()
    assert "tariff" in plain.missing
    assert "tariff" not in usual.missing
    assert usual.array("output") == pytest.approx(plain.array("output"), rel=1e-12)  # flows stay
    assert [note for note in plain.notes if note not in usual.notes]
    assert option_of(plain) == "--world reconciled:2023"
    assert option_of(load_world("published", 2022, tariffs="applied")) == (
        "--world published:2022 --tariffs applied"
    )
    with pytest.raises(InputError, match="no tariffs 'aplied'"):
        load_world(tariffs="aplied")


def test_agreements_have_their_dates() -> None:
    by = {one.agreement: one for one in agreements()}
    japan = by["EU - Japan"]
    assert japan.age(2018) is None
    assert japan.age(2021) == 2
    assert ("JPN", "DEU") in japan.pairs(2021)
    assert ("JPN", "GBR") not in japan.pairs(2021)
    assert by["EU - Chile (Association Agreement)"].age(2025) is None
    assert all(one.read in ("list", "assumption") for one in agreements())


TOTALS = {
    "2025-03-06": {"BRA": 0.00, "CAN": 8.75, "CHN": 20.00, "EU": 0.00, "GBR": 0.00, "IND": 0.00, "JPN": 0.00, "KOR": 0.00, "MEX": 4.50, "VNM": 0.00},
    "2025-04-05": {"BRA": 10.52, "CAN": 9.80, "CHN": 50.28, "EU": 20.70, "GBR": 13.10, "IND": 26.87, "JPN": 24.40, "KOR": 25.59, "MEX": 8.20, "VNM": 44.98},
    "2025-04-09": {"BRA": 10.52, "CAN": 9.80, "CHN": 112.19, "EU": 12.10, "GBR": 13.10, "IND": 10.96, "JPN": 16.00, "KOR": 16.22, "MEX": 8.20, "VNM": 10.73},
    "2025-08-07": {"BRA": 27.19, "CAN": 10.75, "CHN": 31.06, "EU": 15.20, "GBR": 12.88, "IND": 43.03, "JPN": 15.42, "KOR": 14.18, "MEX": 8.53, "VNM": 14.74},
    "2025-11-14": {"BRA": 22.35, "CAN": 10.08, "CHN": 18.90, "EU": 11.12, "GBR": 10.95, "IND": 32.99, "JPN": 14.33, "KOR": 13.31, "MEX": 8.30, "VNM": 14.51},
    "2026-02-20": {"BRA": 1.36, "CAN": 3.15, "CHN": 4.78, "EU": 3.03, "GBR": 2.63, "IND": 2.57, "JPN": 6.62, "KOR": 7.56, "MEX": 6.14, "VNM": 2.71},
    "2026-02-24": {"BRA": 7.03, "CAN": 3.15, "CHN": 10.77, "EU": 8.39, "GBR": 8.39, "IND": 8.71, "JPN": 11.47, "KOR": 11.31, "MEX": 6.14, "VNM": 8.60},
    "2026-04-06": {"BRA": 10.60, "CAN": 5.82, "CHN": 10.26, "EU": 8.95, "GBR": 8.10, "IND": 9.59, "JPN": 12.70, "KOR": 12.88, "MEX": 7.66, "VNM": 8.72},
    "2026-07-22": {"BRA": 17.43, "CAN": 5.82, "CHN": 10.26, "EU": 8.95, "GBR": 8.10, "IND": 9.59, "JPN": 12.70, "KOR": 12.88, "MEX": 7.66, "VNM": 8.72},
}  # fmt: skip
"""Points added, as country-by-time.csv of tradewartracker/trade-war-redux-2025, commit 726c595, has them."""


def total(day: str, partner: str) -> float:
    table = us_duties().loc[partner]
    return float((table[day] * table["imports_musd"]).sum() / table["imports_musd"].sum())


def test_us_tariffs_of_a_day_are_those_of_their_source() -> None:
    """Within a point on each day, a tenth in the mean."""
    gaps = [abs(total(day, who) - theirs) for day, own in TOTALS.items() for who, theirs in own.items()]
    assert max(gaps) < 1.0
    assert np.mean(gaps) < 0.1


def test_the_mean_of_the_last_day_is_that_of_the_tracker() -> None:
    """README of the source: some 10.8 % on 22 July 2026, with 2.3 to 2.4 of before."""
    table = us_duties()
    weight = table["imports_musd"] / table["imports_musd"].sum()
    assert float((weight * (table["collected"] + table["2026-07-22"])).sum()) == pytest.approx(10.8, abs=0.15)


def test_a_day_has_the_tariffs_of_its_day() -> None:
    before, then, after = (
        us_added(date.fromisoformat(day)) for day in ("2025-02-03", "2025-04-20", "2026-02-21")
    )
    assert not before.any()
    assert then.loc["CHN"].max() > 100.0
    assert after.loc["CHN"].max() < then.loc["CHN"].max()
    assert us_days()[0] == "2025-02-04"
    base = load_world()
    rows = added(base, date(2026, 7, 22)).set_index(["exporter", "sector"])["added"]
    assert rows["KAZ", "C13T15"] == pytest.approx(10.0, abs=0.5)  # the surcharge on everybody, by assumption
    assert "USA" not in rows.index.get_level_values(0)


def test_nothing_is_counted_twice() -> None:
    """The world of 2023 has the duties on China since 2018 in its flows and rates: a day before 2025 adds none."""
    assert world_on("2024-06-01").checksum == load_world(year=2023, tariffs="applied").checksum
    years = [year_before(date(year, 6, 1)) for year in (2018, 2019, 2022, 2025, 2026)]
    assert years == [2017, 2018, 2021, 2023, 2023]
    moved = su.load_world(day="2025-03-01")
    usa, chn = (moved.countries.index(code) for code in ("USA", "CHN"))
    more = moved.array("tariff")[usa, chn] - load_world(tariffs="applied").array("tariff")[usa, chn]
    goods = [k for k, code in enumerate(moved.sectors) if code < "D" and flows(moved)[usa, chn, k] > 1.0]
    assert more[goods] == pytest.approx(
        us_added(date(2025, 3, 1))
        .loc["CHN"]
        .reindex([moved.sectors[k] for k in goods])
        .fillna(0.0)
        .to_numpy()
        / 100.0,
        abs=0.0006,
    )  # rounded to a tenth of a point
    assert option_on(moved) == "--day 2025-03-01"
    assert moved.array("factor_income").sum() == pytest.approx(
        load_world(tariffs="applied").array("factor_income").sum(), rel=1e-9
    )


def of_day(day: str, buyer: str, seller: str, kind: str = "") -> pd.Series:
    rows = by_day.rates_on(date.fromisoformat(day), kind)
    return rows[(rows["buyer"] == buyer) & (rows["seller"] == seller)].set_index("industry")["added"]


@pytest.mark.parametrize("buyer", ["USA", "CHN"])
@pytest.mark.parametrize("year", by_day.YEARS)
def test_days_of_a_year_have_its_mean(year: int, buyer: str) -> None:
    """By industry: the mean over all its days is what is on file of the year; cuts count as nought."""
    seller, kind = ("CHN", "collected") if buyer == "USA" else ("USA", "list")
    steps = {day for one in by_day.tariff_steps() for own in one.lists for day in own if day[:4] == str(year)}
    first = sorted({f"{year}-01-01", *steps})  # nothing changes between them
    spans = np.diff(pd.to_datetime([*first, f"{year + 1}-01-01"])).astype("timedelta64[D]").astype(float)
    rise = pd.DataFrame({day: of_day(day, buyer, seller) for day in first}) @ (spans / spans.sum())
    file = measure_rates("us_china_2018", kind).query("buyer == @buyer and year == @year")
    assert rise.to_numpy() == pytest.approx(
        file.set_index("industry")["added"].clip(lower=0.0).reindex(rise.index).to_numpy(), abs=1e-9
    )


@pytest.mark.parametrize(
    ("day", "paid", "list_"),
    [("2018-07-20", 0.9, 2.9), ("2018-10-15", 4.0, 8.2), ("2019-05-15", 4.9, 8.2), ("2019-07-15", 7.6, None), ("2019-10-15", 9.2, 17.2)],
)  # fmt: skip
def test_rates_of_a_day_on_china_agree_with_others(day: str, paid: float, list_: float | None) -> None:
    """Took no part in making ours.

    paid: duties collected in the month over imports, less 2017 (US Census Bureau, chapters summed): within .5 points.
    list_: Bown's averages, less 3.8 % of before July 2018 (12.0 from September, 21.0 in December 2019; the first his
      chart's): within 3, for the weights are ours and his are those of products.
    """
    world = load_world("published", 2017)
    us, china = (world.countries.index(code) for code in ("USA", "CHN"))
    weight = pd.Series(flows(world)[us, china], list(world.sectors))

    def mean(kind: str) -> float:
        rates = of_day(day, "USA", "CHN", kind)
        return float((rates * weight[rates.index]).sum() / weight[rates.index].sum())

    assert mean("") == pytest.approx(paid, abs=0.5)
    if list_ is not None:
        assert mean("list") == pytest.approx(list_, abs=3.0)


def test_a_day_of_2019_counts_nothing_twice() -> None:
    """The world of 2018 has the means of that year in its flows and rates: a day has its own rates, and not both."""
    day = date(2019, 10, 1)
    before, then = world_before(day), su.load_world(day=day)
    plain = applied_tariffs(load_world("published", 2018)).general
    us, china = (before.countries.index(code) for code in ("USA", "CHN"))
    goods = [before.sectors.index(code) for code in of_day("2019-10-01", "USA", "CHN").index]
    whole = plain[us, china, goods] + of_day("2019-10-01", "USA", "CHN").to_numpy() / 100.0
    sold = flows(then)[us, china, goods] > 1.0
    assert then.array("tariff")[us, china, goods][sold] == pytest.approx(whole[sold], abs=0.0006)  # tenths
    mean = by_day.rates_in(2018).query("buyer == 'USA' and seller == 'CHN'").set_index("industry")["added"]
    assert before.array("tariff")[us, china, goods] == pytest.approx(
        plain[us, china, goods] + mean.reindex(of_day("2019-10-01", "USA", "CHN").index).to_numpy() / 100.0
    )
    mexico, steel = before.countries.index("MEX"), before.sectors.index("C24A")
    assert then.array("tariff")[us, mexico, steel] == pytest.approx(plain[us, mexico, steel], abs=0.0006)
    assert option_on(then) == "--day 2019-10-01"
    assert world_on("2018-02-01").checksum == load_world(year=2017).checksum


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"day": "2026-08-01"}, "known to 2026-07-23"),
        ({"day": "soon"}, "write it as 2026-07-22"),
        ({"day": "1999-01-01"}, "No embedded world ended before"),
        ({"day": "2025-03-01", "year": 2022}, "leave `name`, `year`"),
    ],
)
def test_a_day_that_cannot_be_is_told(given: dict, words: str) -> None:
    with pytest.raises(InputError, match=words):
        su.load_world(**given)


def test_the_command_line_asks_of_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["simulate", "tariff 10 USA on CHN in C26", "--horizon", "long", "--format", "json"]
    made = []
    for option in ((), ("--tariffs", "zero"), ("--day", "2026-07-22")):
        assert run([*option, *asked]) == 0
        made.append(capsys.readouterr().out)
    assert len(set(made)) == 3
    assert run(["--day", "2026-07-22", "--world", "2022", *asked]) == 1
    assert "--day has its own world" in capsys.readouterr().err
