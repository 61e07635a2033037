"""Models of statecraft on published data: arms, triangles, the base rate of a pact, and how well drifts foretell."""

from __future__ import annotations

import numpy as np
import pytest

from suasion.cli.app import OK, run
from suasion.sources.cow_system import read_majors
from suasion.sources.ideal_points import read_ideal_points
from suasion.sources.ir_tables import read_atop
from suasion.sources.sipri import read_arms_deliveries
from suasion.statecraft import (
    arms_report,
    arms_shares,
    break_test,
    read_ties,
    self_reliance,
    share_drift,
    suppliers,
    triangle_by_year,
    triangle_from_ties,
    triangle_thresholds,
)

POWERS = ("USA", "RUS", "CHN")


@pytest.fixture(scope="module")
def register(reference_data):
    return reference_data / "sipri" / "trade_register_2023.csv"


@pytest.fixture(scope="module")
def deliveries(register):
    return read_arms_deliveries(register)


@pytest.fixture(scope="module")
def published(reference_data):
    return read_ideal_points(reference_data)


def test_russias_share_of_chinas_arms_by_both_definitions(deliveries):
    """Single years as printed, 88, 83 and 79 %; sums over five years to the same ones are 89, 71 and 77 %."""
    table = arms_report(deliveries, "CHN", "RUS").table.set_index("year")
    for year, single, summed in ((2005, 0.882, 0.886), (2018, 0.831, 0.707), (2023, 0.790, 0.766)):
        assert table.loc[year, "import_share"] == pytest.approx(single, abs=5e-4)  # three digits
        assert table.loc[year, "import_share_sum"] == pytest.approx(summed, abs=5e-4)
    # the other way round: China's weight among Russia's customers fell by more than half
    assert table.loc[2005, "export_share_sum"] == pytest.approx(0.466, abs=5e-4)
    assert table.loc[2023, "export_share_sum"] == pytest.approx(0.207, abs=5e-4)
    assert table["import_share_sum"].iloc[:4].isna().all()


def test_china_needs_foreign_arms_less(deliveries):
    """A buyer of 85 % of its arms trade in 2000-2004, a seller of two thirds of it in 2019-2023."""
    table = self_reliance(deliveries, "CHN").set_index("year")
    assert table.loc[2004, "seller_share"] == pytest.approx(0.154, abs=5e-4)
    assert table.loc[2023, "seller_share"] == pytest.approx(0.670, abs=5e-4)
    assert table.loc[2023, "of_peak"] == pytest.approx(0.271, abs=5e-4)


def test_shares_of_all_suppliers_add_up_on_the_register(deliveries):
    for recipient in ("CHN", "DZA"):
        shares = [
            arms_shares(deliveries, recipient, s).iloc[-1]
            for s in suppliers(deliveries, recipient, 2019, 2023)["supplier"]
            if s in set(deliveries["supplier"]) and s != recipient
        ]
        assert sum(row["import_share"] for row in shares) == pytest.approx(1.0, abs=1e-9)  # sums of floats


def test_a_fall_and_a_recovery_are_no_single_break(deliveries):
    """88 % to 2005, 39 % in 2012, 83 % in 2018: persistence alone makes as large an F."""
    share = arms_shares(deliveries, "CHN", "RUS", 1).set_index("year")["import_share"]
    test = break_test(np.log(share / (1 - share)))
    assert test.p > 0.1
    assert test.p_removed > 0.05
    assert arms_report(deliveries, "CHN", "RUS", to=2036).change.verdict == "none"


def test_a_drift_to_2036_says_how_little_is_known(deliveries):
    share = arms_shares(deliveries, "CHN", "RUS", 1).set_index("year")["import_share"]
    made = share_drift(share, 2036)
    last = made.table.iloc[-1]
    assert 0.5 < made.falling < 0.9  # downward, but not surely
    assert last["high"] - last["low"] > 0.5


def test_drifts_of_the_past_held_the_years_after(deliveries):
    """Shares to 2015 of the two main suppliers of 20 large buyers: the 90 % band for a year on 2016-2023."""
    totals = deliveries.groupby("recipient")["tiv"].sum().sort_values(ascending=False)
    inside = []
    for recipient in [r for r in totals.index if len(r) == 3][:20]:
        past = suppliers(deliveries, recipient, 2000, 2015)["supplier"]
        for supplier in [s for s in past if len(s) == 3][:2]:
            share = arms_shares(deliveries, recipient, supplier, 1).set_index("year")["import_share"]
            known = share.loc[:2015].dropna()
            if len(known) < 12:
                continue
            made = share_drift(known, 2023, draws=1000).table.set_index("year")
            for year in (2016, 2018, 2020, 2023):
                if not np.isnan(share[year]):
                    seen = float(np.clip(share[year], 0.01, 0.99))
                    inside.append(
                        made.loc[year, "year_low"] - 1e-9 <= seen <= made.loc[year, "year_high"] + 1e-9
                    )
    assert len(inside) > 100
    assert 0.8 <= np.mean(inside) <= 0.98  # 0.90; the years of a pair are not independent


def test_the_priors_base_rate(reference_data):
    """New defence pacts of pairs of major powers, 1946-2018: the shipped ledger's prior and its range."""
    promised = read_atop(reference_data)
    promised = promised[promised["defence"]]
    pacts = set(zip(promised["cow1"], promised["cow2"], promised["year"], strict=True))
    majors = read_majors(reference_data)
    first, last = majors["first"].dt.year, majors["last"].dt.year
    onsets, years = [], 0
    for year in range(1946, 2019):
        now = majors[(first <= year) & (last >= min(year, 2016))]  # the list ends in 2016
        codes = sorted(now["cow"].unique())
        for k, a in enumerate(codes):
            for b in codes[k + 1 :]:
                if (a, b, year - 1) in pacts or (b, a, year - 1) in pacts:
                    continue
                years += 1
                if (a, b, year) in pacts or (b, a, year) in pacts:
                    onsets.append((int(a), int(b), year))
    assert years == 643
    assert onsets == [(200, 220, 1947), (2, 200, 1949), (2, 220, 1949)]


def test_the_triangle_of_votes(published):
    """Distances 2019 as published; a stable marriage with the United States as outcast, by the median distance."""
    last = published[published["year"] == 2019].set_index("country")["mean"]
    assert abs(last["RUS"] - last["CHN"]) == pytest.approx(0.476, abs=5e-4)
    assert abs(last["RUS"] - last["USA"]) == pytest.approx(2.553, abs=5e-4)
    table = triangle_by_year(published, POWERS).set_index("year")
    assert table.loc[2019, ["kind", "special"]].tolist() == ["stable marriage", "USA"]
    assert table.loc[2019, "probability"] > 0.9
    # the claim about 2017-2020: in every year of it the two are nearer to each other than to the third
    assert (table.loc[2017:2019, "kind"] == "stable marriage").all()
    assert table.loc[2014, "kind"] == "unit veto"  # .913 apart then
    # at half the median distance it is another triangle: the threshold decides
    narrow = triangle_thresholds(published, POWERS, 2019, [0.5, 1.0]).groupby("factor").first()["kind"]
    assert narrow.tolist() == ["unit veto", "stable marriage"]


def test_the_triangle_of_pacts_and_rivalries(reference_data):
    pacts, rivalries, years = read_ties(POWERS, reference_data)
    table = triangle_from_ties(pacts, rivalries, POWERS, years).set_index("year")
    # the Sino-Soviet treaty of 1950 before the rivalry of 1958
    assert table.loc[1955, ["kinds", "special"]].tolist() == ["stable marriage", "USA"]
    assert table.loc[1965, "RUS-CHN"] == 0  # a pact on paper and a rivalry
    assert "romantic triangle" in table.loc[1975, "kinds"]  # after the opening to China
    assert table.loc[1985, "RUS-CHN"] == -1
    assert table.loc[2018, ["USA-RUS", "USA-CHN", "RUS-CHN"]].tolist() == [-1, -1, 0]
    talks, _, _ = read_ties(POWERS, reference_data, "consultation")
    with_talks = triangle_from_ties(talks, rivalries, POWERS, [2018]).iloc[0]
    assert with_talks[["kinds", "special"]].tolist() == ["stable marriage", "USA"]  # the treaty of 2001


def test_commands_on_the_published_files(register, reference_data, capsys):
    assert run(["arms", "China", "RUS", "--file", str(register), "--to", "2036", "--format", "csv"]) == OK
    out, err = capsys.readouterr()
    assert len(out.splitlines()) > 49  # observed years both ways, and the projection
    assert (
        "Russia supplied 89 % of China’s arms imports in the 5 years to 2004 and 77 % in those to 2023" in err
    )
