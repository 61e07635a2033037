"""Later releases of published data sets, in the layouts that current clients read, and figures that reports print."""

from __future__ import annotations

import gzip

import pandas as pd
import pytest

from suasion.questions import arms, finance
from suasion.sources.gsdb import read_gsdb
from suasion.sources.itpd import read_itpd
from suasion.sources.sipri import read_arms_deliveries
from suasion.statecraft.published import published_arms, published_loans

BY_DEAL = """Notes

Recipient,Supplier,Year of order, ,Number ordered, ,Year(s) of delivery,status,SIPRI TIV of delivered weapons
China,Russia,2001,,40,,2003; 2004,New,100
China,Soviet Union,1950,?,5,,1951,New,10
Biafra,France,1967,,5,,1968,New,3
India,Russia,2020,,5,,,New,
"""


@pytest.mark.parametrize("packed", [False, True])
def test_a_register_by_deal_is_spread_over_its_years(tmp_path, packed):
    path = tmp_path / ("register.csv.gz" if packed else "register.csv")
    held = BY_DEAL.encode("latin-1")
    path.write_bytes(gzip.compress(held) if packed else held)
    table = read_arms_deliveries(path).set_index(["supplier", "recipient", "year"])["tiv"]
    assert table["RUS", "CHN", 2003] == table["RUS", "CHN", 2004] == 50.0
    assert table["RUS", "CHN", 1951] == 10.0
    assert table["FRA", "Biafra", 1968] == 3.0
    assert len(table) == 4  # the order of 2020 has no delivery


def test_the_register_to_2024_agrees_with_printed_shares(reference_data):
    """SIPRI's own five-year shares, within 5 points: a deal's value is spread evenly over its years of delivery, and
    deliveries of a deal that crosses the edge of a period are not even."""
    deliveries = read_arms_deliveries(reference_data / "sipri" / "trade_register_1950_2024.csv.gz")
    compared = 0
    pairs = {
        ("RUS", "CHN"),
        ("RUS", "IND"),
        ("USA", "JPN"),
        ("USA", "KOR"),
        ("CHN", "PAK"),
        ("RUS", "KAZ"),
        ("USA", "UKR"),
    }
    for a, b in sorted(pairs):
        for row in published_arms(a, b).to_dict("records"):
            part = deliveries[deliveries["year"].between(row["first"], row["last"])]
            side = "recipient" if row["trade_share_of"] == "imports" else "supplier"
            whole = part[part[side] == row[side]]
            both = whole[(whole["supplier"] == row["supplier"]) & (whole["recipient"] == row["recipient"])]
            assert both["tiv"].sum() / whole["tiv"].sum() == pytest.approx(row["trade_share"], abs=0.05), row
            compared += 1
    assert compared >= 12


def test_sanctions_of_release_4(reference_data):
    cases = read_gsdb(reference_data / "gsdb" / "GSDB_V4.csv")
    assert len(cases) == 1547
    assert cases["end"].max() == 2023


def test_trade_of_release_3_is_read_by_its_own_name(tmp_path):
    columns = ["exporter_iso3", "importer_iso3", "year", "industry_id", "trade", "flag_mirror"]
    rows = [["RUS", "CHN", 2022, 1, 2.0, 0], ["RUS", "CHN", 2022, 2, 3.0, 1]]
    pd.DataFrame(rows, columns=columns).to_csv(tmp_path / "ITPDE_R03.csv", index=False)
    assert read_itpd(tmp_path).to_dict("records") == [
        {"exporter": "RUS", "importer": "CHN", "year": 2022, "value": 5.0}
    ]


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A fresh install: nothing was added."""
    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "empty"))


def test_arms_and_debt_speak_on_a_fresh_install(bare):
    armed, owed = arms("RUS", "CHN"), finance("RUS", "CHN")
    assert armed.absent is None
    assert owed.absent is None
    share = armed.frame.set_index(["trade_share_of", "last"])["trade_share"]
    assert share["imports", 2023] == 0.77
    assert owed.frame["commitments_musd"].iloc[-1] == 172_000.0
    assert (armed.frame["locator"] != "").all()
    assert arms("ISL", "STP").absent.key == "arms.missing"
    assert finance("ISL", "STP").absent.key == "finance.missing"


def test_every_printed_figure_has_its_report():
    for table in (published_arms("RUS", "CHN"), published_loans("RUS", "CHN")):
        assert len(table) > 1
        assert table[["report", "locator"]].map(len).gt(10).all(axis=None)
        assert table["last"].is_monotonic_increasing
