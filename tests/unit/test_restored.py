"""A tie brought back: the share is met, nothing is gained where nothing changes, and more trade is worth more."""

from __future__ import annotations

import pytest

from suasion.coercion.restored import goods_share, restored_tie
from suasion.equilibrium import Scenario, simulate
from suasion.equilibrium.scenario.instruments import TradeCost
from suasion.errors import InputError
from suasion.measures.history import trade_history
from suasion.measures.labels import sector_groups
from suasion.questions import restoration


def goods(world) -> tuple[str, ...]:
    return sector_groups(world.sectors)["goods"]


@pytest.mark.parametrize("share", [0.15, 0.3])
def test_the_share_is_met_and_both_gain(world, share):
    tie = restored_tie(world, "UKR", "RUS", share)
    # The search stops at a ten-thousandth of the log cost, and odds move some six times as fast as it.
    assert goods_share(tie.result.trade, "UKR", "RUS", goods(world)) == pytest.approx(share, rel=1e-3)
    assert tie.factor < 1
    assert float(tie.result.welfare.sel(country="UKR")) > 0


def test_the_share_of_today_is_worth_nothing(world):
    still = simulate(world, Scenario("none", (TradeCost(("UKR",), ("RUS",), 1.0),)))
    found = restored_tie(world, "UKR", "RUS", goods_share(still.trade, "UKR", "RUS", goods(world)))
    assert found.factor == pytest.approx(1.0, abs=2e-4)  # where the search stops
    assert abs(float(found.result.welfare.sel(country="UKR"))) < 1e-3


def test_more_trade_is_worth_more(world):
    little, much = (
        restoration("UKR", "RUS", year=year, draws=0, world=world).table("restored").frame
        for year in (2020, 2013)
    )
    assert (much["change_percent"].to_numpy() > little["change_percent"].to_numpy()).all()
    record = trade_history("UKR", "RUS")
    line = record[(record["country"] == "UKR") & (record["flow"] == "turnover") & (record["year"] == 2013)]
    assert much["trade_share"].iloc[0] == pytest.approx(float(line["share"].iloc[0]), rel=1e-3)


def test_what_is_not_on_record_is_absent(world):
    assert restoration("UKR", "RUS", year=1990, world=world).absent.key == "restoration.none"
    assert restoration("RUS", "IRN", world=world).absent.key == "restoration.outside"


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_lies_between_none_and_all(world, share):
    with pytest.raises(InputError, match="between"):
        restored_tie(world, "UKR", "RUS", share)
