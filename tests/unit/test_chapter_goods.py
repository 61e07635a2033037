"""Chapters on goods, energy and finance: numbers of the store, and rows that say why there are none."""

from __future__ import annotations

import sys

import pandas as pd
import pytest
from tests.boxes import marks

from suasion.answers.answer import Answer
from suasion.answers.picture import picture_bytes
from suasion.answers.render.html import as_html
from suasion.answers.values import Country
from suasion.dossier import gather
from suasion.dossier.chapters import gather_chapters
from suasion.errors import SuasionError
from suasion.products import Lacking
from suasion.questions import energy_trade, finance, replaceability
from suasion.questions.replaceability import LEAST_MUSD


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
    pair = gather.ask("CHE", "ISL", None, world)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["suasion.dossier.chapters"], "QUICK", ("energy_trade",))
        assert list(gather_chapters(pair, world, lambda *_: None)) == []


def test_sums_are_those_of_the_goods_that_have_one():
    """A price beyond ten times the old one has no sum: the good is named, and left out of the sums."""
    capped = next(one for one in replaceability("AUS", "CHN").findings if "capped" in one.values)
    assert any("iron ore" in name for name in capped.values["capped"])
    frame = replaceability("CHN", "AUS").table("goods-all").frame
    own = frame[(frame.buyer == "CHN") & (frame.loss_status == "measured")]
    assert capped.values["cost"].value == pytest.approx(own.withheld_musd.sum(), rel=1e-12)
    assert capped.values["lost"].value == pytest.approx(own.refusal_musd.sum(), rel=1e-12)


def test_finance_without_data_says_how_to_add_them(world, tmp_path, monkeypatch):
    monkeypatch.setenv("SUASION_DATA", str(tmp_path))
    assert finance("ISL", "STP", world=world).absent.key == "finance.missing"


@pytest.fixture
def invented(monkeypatch):
    """A table of loans: 100 bn USD to Russia, 5 to Iran, which is outside the world's table."""
    table = pd.DataFrame({"country": ["RUS", "IRN"], "commitments_bn": [100.0, 5.0]})
    monkeypatch.setattr("suasion.sources.catalogue_store.manifest_of", lambda name: True)
    monkeypatch.setattr("suasion.sources.catalogue_store.located", lambda name: name)
    monkeypatch.setattr("suasion.sources.ir_tables.read_gcdf_countries", lambda path: table)


def test_finance_of_invented_loans(world, invented):
    """The amount over what all others buy from the debtor, and why the other side has none."""
    made = finance("RUS", "CHN", world=world)
    place = world.countries.index("RUS")
    others = [n for n in range(len(world.countries)) if n != place]
    bought = sum(world.array(name)[others, place].sum() for name in ("intermediate", "final"))
    first, second = made.frame.to_dict("records")
    assert (first["debtor"], first["commitments_musd"], first["loans_status"]) == ("RUS", 1e5, "measured")
    assert first["over_exports_percent"] == pytest.approx(100 * 1e5 / bought, rel=1e-12)  # rounding of sums
    assert second["loans_status"] == Lacking.LENDER
    assert [one.key for one in made.findings] == ["finance.owed"]
    assert marks(picture_bytes(made.table(), ".svg").decode()) >= 1
    assert Answer.from_dict(made.to_dict()) == made
    assert as_html(Answer.from_dict(made.to_dict())) == as_html(made)
    assert finance("RUS", "USA", world=world).absent.key == "finance.none"
    # a state outside the world's table still has its loans
    assert finance("IRN", "CHN", world=world).frame["over_exports_percent"].iloc[0] > 0


def test_finance_with_the_loans_of_the_data_set(world, reference_data, tmp_path, monkeypatch):
    """AidData, Global Chinese Development Finance 3.0: Russia is the largest recipient, 169.6 bn USD."""
    from suasion.sources.catalogue_store import add

    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))
    add("gcdf", sorted((reference_data / "gcdf").glob("*.rda")))
    first = finance("RUS", "CHN", world=world).frame.iloc[0]
    assert first["commitments_musd"] == pytest.approx(169_568, rel=1e-4)  # printed to the million
    assert 20 < first["over_exports_percent"] < 40  # of exports of goods and services of 2022
    (tmp_path / "store" / "gcdf" / "gcdf_country_commitments.rda").write_bytes(b"damaged")
    with pytest.raises(SuasionError, match="gcdf_country_commitments"):
        finance("RUS", "CHN", world=world)


def test_hardly_any_trade_has_no_loss_in_words():
    """Ukraine has bought next to nothing from Russia since the invasion: a sum of dollars says nothing of dependence."""
    one = next(one for one in replaceability("UKR", "RUS").findings if one.values["buyer"] == Country("UKR"))
    assert one.key == "replaceability.hardly"
    assert one.values["value"].value < LEAST_MUSD
