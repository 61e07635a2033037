"""Shocks to the embedded world of 2022: known figures for Russia and China, and certificates of all kinds of shock.

The reference figures come from a separate program on the same inter-industry table, sigma 5 and Cobb-Douglas above.
Where final sales go is estimated in the table: two sound estimates of it differ in the third digit of a loss, which is
the tolerance here.
"""

from __future__ import annotations

import numpy as np
import pytest

import suasion as su
from suasion.equilibrium import simulate
from suasion.equilibrium.result import Result
from suasion.world import World

PLAIN = su.Elasticities(sigma=5.0, zeta=1.0, epsilon=1.0, kappa=1.0)
CUT = su.Scenario("cut", [su.Embargo("RUS", "CHN")])
PAIR = ["RUS", "CHN"]


def cut(world: World, rule: str) -> Result:
    return simulate(world, CUT, PLAIN, factors="mobile", deficits=rule)


def test_cut_with_transfers_kept(world: World) -> None:
    """Russia 1.43 %, China .119 %; 25.8 and 20.2 bn USD: Russia's absorption is geared by its surplus."""
    found = cut(world, "world")
    assert found.welfare.sel(country=PAIR).values == pytest.approx([-1.43, -0.119], rel=0.01)
    assert found.equivalent_variation.sel(country=PAIR).values == pytest.approx([-25.8e3, -20.2e3], rel=0.01)


def test_cut_with_trade_balanced_first(world: World) -> None:
    """Russia .995 %, China .110 %: the headline rule."""
    found = cut(world, "balance")
    assert found.welfare.sel(country=PAIR).values == pytest.approx([-0.995, -0.110], rel=0.01)


def test_the_ratio_of_the_sides_in_percent_and_dollars_differs_by_the_ratio_of_incomes(world: World) -> None:
    found = cut(world, "balance")
    percent, dollars = (
        getattr(found, name).sel(country="RUS").item() / getattr(found, name).sel(country="CHN").item()
        for name in ("welfare", "equivalent_variation")
    )
    incomes = found.base.income[[found.countries.index(c) for c in PAIR]]
    assert dollars / percent == pytest.approx(incomes[0] / incomes[1], rel=1e-9)
    assert percent > 5.0  # asymmetry in what it hurts
    assert dollars < 1.5  # not in what it costs


SHOCKS = {
    "embargo": [su.Embargo("RUS", "CHN")],
    "one good": [su.ImportBan("EU", "RUS", sectors="B05")],
    "one way": [su.ExportBan("WEST", "RUS")],
    "tariffs": [su.Tariff("USA", "CHN", 0.6), su.Tariff("CHN", "USA", 0.6)],
    "export tax": [su.ExportTax("CHN", "all", 0.3, sectors="C26")],
    "dear transport": [su.TradeCost("all", "all", 1.1)],
    "quota": [su.Quota("EU", "CHN", 0.7, sectors="C29")],
    "mobilisation": [su.Endowments("UKR", 0.8), su.Productivity("UKR", 0.8)],
    "aid": [su.Transfer("G7", "UKR", 40_000.0)],
}


@pytest.mark.parametrize("horizon", ["short", "long"])
@pytest.mark.parametrize("name", list(SHOCKS))
def test_every_kind_of_shock_is_certified(world: World, name: str, horizon: str) -> None:
    """Residual at most 1e-9, dropped market at most 1e-8, at the presets of both horizons."""
    found = simulate(world, su.Scenario(name, SHOCKS[name]), horizon)
    assert found.certificate.ok(1e-9), found.certificate
    assert found.certificate.dropped_market <= 1e-8
    assert np.isfinite(found.welfare).all()
    assert np.abs(found.welfare).max() > 1e-3


def test_no_shock_is_no_change(world: World) -> None:
    """All 80 economies, as the world is: less than 1e-12."""
    found = simulate(world, su.Scenario("as it is"), deficits="world")
    assert np.abs(found.welfare).max() < 1e-10  # per cent


def test_presets_order_the_horizons(world: World) -> None:
    """The first year costs two to three times the long run, the first months more, computed with the presets."""
    months, short, long = (
        simulate(world, CUT, horizon).welfare.sel(country=PAIR).values
        for horizon in ("months", "short", "long")
    )
    assert (months < 1.2 * short).all()
    assert short == pytest.approx([-3.24, -0.217], rel=0.005)
    assert long == pytest.approx([-0.98, -0.106], rel=0.05)


def test_the_decomposition_of_an_embargo_is_exact(world: World) -> None:
    """Eleven solves along the path give the parts to nine digits."""
    found = simulate(world, CUT, "long")
    assert found.decomposition.attrs["gap"] < 1e-7


def test_who_can_no_longer_buy_stops_selling(world: World) -> None:
    """Nobody sells to Iceland: with trade balanced, Iceland's exports end too, and the note says so."""
    found = simulate(world, su.Scenario("ban", [su.ExportBan("all", "ISL")]), "long")
    assert found.trade.sel(exporter="ISL").drop_sel(importer="ISL").max().item() == 0.0
    assert any("could buy nothing in return" in note for note in found.notes)
    assert found.certificate.ok(1e-9)


@pytest.mark.parametrize("horizon", ["short", "long"])
@pytest.mark.parametrize("year", [2019, 2022, 2023, 2024])
def test_worlds_of_every_year_are_certified(year: int, horizon: str) -> None:
    """The same bounds as above, on every world that ships."""
    found = simulate(su.load_world(year=year), CUT, horizon)
    assert found.certificate.ok(1e-9), found.certificate
    assert found.certificate.dropped_market <= 1e-8
    assert (found.welfare.sel(country=PAIR) < 0).all()
