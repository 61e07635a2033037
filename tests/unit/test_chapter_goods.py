"""Chapters on goods, energy and finance: numbers of the store, and rows that say why there are none."""

from __future__ import annotations

import pytest

from suasion.dossier import gather
from suasion.dossier.bridge import ask
from suasion.dossier.chapters import channels, goods
from suasion.products import replaceability_both
from suasion.questions import energy_trade


@pytest.fixture(scope="module")
def russia_china(world):
    return gather.ask("RUS", "CHN", ("USA", "EU"), world)


def named(chapter, key):
    return next(table for table in chapter.tables if table.key == key)


def test_energy_ties_over_time_are_those_of_the_store():
    """China's share of Russia's exports of crude oil, gas and coal: 9.6 % (2013), 21.0 % (2019), 46.4 % (2024)."""
    made = energy_trade("RUS", "CHN")
    share = made.frame.set_index(["year", "trade_share_of"])["trade_share"]
    assert [round(100 * share[year, "exports"], 1) for year in (2013, 2019, 2024)] == [9.6, 21.0, 46.4]
    assert set(made.frame["seller"]) == {"RUS"}, "what China sends back is no tie"
    first = made.findings[0]
    assert first.place == "energy_trade.exports.above"
    assert (first.values["first"], first.values["last"]) == (2013, 2024)
    assert first.values["after"].value == share[2024, "exports"]


def test_a_pair_without_energy_ties_has_no_such_chapter(world):
    made = energy_trade("CHE", "ISL")
    assert made.absent.key == "energy_trade.none"
    assert ask("energy", gather.ask("CHE", "ISL", None, world), world) is None


def test_a_range_of_elasticities_is_not_called_a_band(russia_china, world):
    sentence = goods.chapter(russia_china, world).findings[1].sentence()
    assert "over the range of elasticities" in sentence
    assert "band" not in sentence


def test_a_price_that_is_followed_no_further_is_said(world):
    pair = gather.ask("AUS", "CHN", ("USA", "EU"), world)
    said = [finding.sentence() for finding in goods.chapter(pair, world).findings]
    assert any("No sum can be given for iron ore" in one for one in said)


def test_finance_without_data_says_how_to_add_them(russia_china, world, tmp_path, monkeypatch):
    monkeypatch.setenv("SUASION_DATA", str(tmp_path))
    table = named(channels.chapter(russia_china, world), "channels-finance")
    assert [row[0] for row in table.rows] == ["Russia to China", "China to Russia"]
    assert all(row[1:4] == (None, None, None) for row in table.rows)
    assert all("not measured" in row[4] and "`suasion data add`" in row[4] for row in table.rows)
    assert table.picture is None


def test_finance_with_the_loans_of_the_data_set(russia_china, world, reference_data, tmp_path, monkeypatch):
    """AidData, Global Chinese Development Finance 3.0: Russia is the largest recipient, 169.6 bn USD."""
    from suasion.sources.catalogue_store import add

    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))
    add("gcdf", sorted((reference_data / "gcdf").glob("*.rda")))
    made = channels.chapter(russia_china, world)
    first, second = named(made, "channels-finance").rows
    assert first[1] == pytest.approx(169_568, rel=1e-4)  # printed to the million
    assert 20 < first[2] < 40  # of exports of goods and services of 2022
    assert first[4].startswith("measured; share not measured: total external debt")
    assert "one lender only, CHN" in second[4]
    assert "China promised Russia loans and grants of 170 bn USD" in made.findings[-1].sentence()
    (tmp_path / "store" / "gcdf" / "gcdf_country_commitments.rda").write_bytes(b"damaged")
    broken = named(channels.chapter(russia_china, world), "channels-finance").rows[0]
    assert broken[1:4] == (None, None, None)
    assert broken[4].startswith("not measured: ")
    assert "gcdf_country_commitments.rda" in broken[4]


def test_finance_of_a_state_outside_the_table(world, reference_data, tmp_path, monkeypatch):
    from suasion.sources.catalogue_store import add

    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))
    add("gcdf", sorted((reference_data / "gcdf").glob("*.rda")))
    # a state outside the world's table still has its loans
    iran = channels.chapter(gather.ask("IRN", "CHN", None, world), world)
    assert [table.key for table in iran.tables] == ["channels-finance"]
    assert iran.tables[0].rows[0][2] is not None


def test_hardly_any_trade_has_no_loss_in_words():
    """Ukraine has bought next to nothing from Russia since the invasion: a sum of dollars says nothing of dependence."""
    one = next(one for one in replaceability_both("UKR", "RUS") if one.buyer == "UKR")
    assert one.table["value"].sum() < goods.LEAST_MUSD
    said = goods._finding(one, "Ukraine", "Russia").sentence()
    assert (
        said
        == f"In {one.year}, Ukraine bought hardly any raw materials from Russia, as far as they are on record: less than 50,000 USD."
    )
