"""Flags on numbers beyond what the model can say, and the bracket of a number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import suasion as su
from suasion.coercion import exit_cost, leverage_matrix
from suasion.equilibrium import prepare, resolve, simulate
from suasion.equilibrium.accounts import accounts_of
from suasion.equilibrium.flags import Flag, flags_on_width, lost_supply, premium, replacement
from suasion.equilibrium.types import Shock
from suasion.errors import ExtremeAnswerWarning
from suasion.world import World
from suasion.world.testing import random_world

ENERGY = su.Scenario("energy", [su.ImportBan("EU", "RUS", sectors=["B05", "B06", "C19"])])


@pytest.fixture(scope="module")
def banned(world: World) -> su.Result:
    """The EU without Russian energy in the first year."""
    with pytest.warns(ExtremeAnswerWarning, match="Flag supply: SVK B06; read with the bracket"):
        return simulate(world, ENERGY, "short")


def test_a_good_without_suppliers_is_flagged(banned: su.Result) -> None:
    """Slovakia bought 98 % of its crude oil and gas in Russia; its bracket is wider than a factor of three."""
    flags = banned.flags
    assert flags.flag.tolist() == [Flag.SUPPLY.value, Flag.WIDTH.value]
    assert set(flags.country) == {"SVK"}
    assert flags.sector.tolist() == ["B06", ""]
    assert flags.lost_percent[0] == pytest.approx(97.58, abs=0.01)
    assert flags.value[1] == pytest.approx(3.755, abs=0.01)


def test_the_nest_lies_inside_its_bracket(banned: su.Result) -> None:
    """A replacement costs the buyers less, nobody switching more; both are solved, nothing is cut off."""
    ends = banned.bracket.sel(country=["SVK", "BGR", "HUN", "DEU"]).values
    assert (ends[:, 0] > ends[:, 1]).all()
    assert (ends[:, 1] > ends[:, 2]).all()
    assert banned.bracket.sel(country="SVK", branch="switching").item() == pytest.approx(
        banned.welfare.sel(country="SVK").item(), abs=1e-9
    )
    assert ends[0] == pytest.approx([-1.75, -6.20, -6.57], abs=0.01)


def test_the_long_run_has_no_bracket(world: World) -> None:
    result = simulate(world, ENERGY, "long")
    ends = result.bracket.values
    assert np.array_equal(ends, np.repeat(result.welfare.values[:, None], 3, axis=1))


def test_large_losses_of_the_first_year_are_flagged(world: World) -> None:
    """Belarus without Russia: shown with its flag and bracket, never cut off."""
    with pytest.warns(ExtremeAnswerWarning, match="Flag loss: BLR; read with the bracket"):
        result = simulate(world, su.Scenario("cut", [su.Embargo("BLR", "RUS")]), "short")
    (found,) = (item for item in result.flagged if item.flag is Flag.LOSS)
    assert found.country == "BLR"
    assert found.value == pytest.approx(0.294, abs=0.001)
    assert result.flags["no switching (%)"][0] < result.flags["switching (%)"][0] < -20.0


def test_a_matrix_flags_the_losses_of_both_sides(world: World) -> None:
    """As single solves do, with the same bracket; the long run has no flags."""
    pairs = [("RUS", "BLR"), ("DEU", "FRA")]
    with pytest.warns(ExtremeAnswerWarning, match="Flag loss: BLR"):
        matrix = leverage_matrix(world, "short", pairs=pairs, cache=False)
    row = matrix.flags.iloc[0]
    assert len(matrix.flags) == 1
    assert (row.country, row.partner, row.flag) == ("BLR", "RUS", "loss")
    assert [row.replacement, row.no_switching] == pytest.approx([20.71, 37.73], abs=0.01)
    assert leverage_matrix(world, "long", pairs=pairs, cache=False).flags.empty


def test_what_is_lost_and_at_which_premium_it_is_replaced(world: World) -> None:
    """A cut loses the whole share, a removed share its part; energy is replaced at 1 / (sigma - 1), cars at 59 %."""
    base, short = accounts_of(world), resolve(world, "short")
    n, i, k = (world.countries.index("SVK"), world.countries.index("RUS"), world.sectors.index("B06"))
    shape = (80, 80, 50)
    cut, left = np.zeros(shape, dtype=bool), np.ones(shape)
    cut[n, i, k], left[n, i, k] = True, 0.4
    assert lost_supply(base, Shock(cut=cut))[n, k] == base.pi[k, n, i]
    assert lost_supply(base, Shock(left=left))[n, k] == pytest.approx(0.6 * base.pi[k, n, i])
    extra = premium(short)
    assert extra[k] == pytest.approx(1.0 / (short.sigma[k] - 1.0))
    assert extra[world.sectors.index("C29")] == pytest.approx(4.0 ** (1.0 / 3.0) - 1.0)
    assert np.array_equal(premium(resolve(world, "months")), extra)


def test_a_shock_without_lost_suppliers_is_its_own_replacement() -> None:
    small = random_world(4, 3, seed=1)
    economy = prepare(small, resolve(small, "short"))
    shock = Shock(endowments=np.array([1.0, 0.9, 1.0, 1.0]))
    assert replacement(economy, shock) is shock


def test_a_bracket_without_an_end_is_wide() -> None:
    """No equilibrium where nobody switches: a loss of unknown size. Gains and equal ends are no matter for a flag."""
    base = accounts_of(random_world(4, 3, seed=1))
    ends = np.array([[-0.02, -0.02, 0.01, 0.01], [-0.03, -0.03, 0.0, 0.01], [np.nan, -0.05, -0.01, 0.01]])
    assert [item.country for item in flags_on_width(base, ends)] == ["C1"]
    assert pd.isna(flags_on_width(base, ends)[0].lost_percent)


def test_an_exit_cost_has_what_stands_beside_it(world: World) -> None:
    """Flags and bracket are those of the simulation, and the long run has its answer with capital."""
    table = exit_cost(world, "MEX", "USA").table.set_index(["country", "horizon"])
    cut = su.Scenario("cut", [su.Embargo("MEX", "USA")])
    first, last = (simulate(world, cut, horizon) for horizon in ("short", "long"))
    mexico = table.loc[("MEX", "short")]
    assert mexico["flags"] == "loss"
    ends = first.bracket.sel(country="MEX")
    assert mexico.replacement_percent == pytest.approx(-ends.sel(branch="replacement").item(), abs=1e-8)
    assert mexico.no_switching_percent == pytest.approx(-ends.sel(branch="no switching").item(), abs=1e-8)
    assert table.loc[("USA", "short"), "flags"] == ""
    assert np.isnan(table.loc[("USA", "short"), "replacement_percent"])
    for country in ("MEX", "USA"):
        with_capital = last.welfare_with_capital.sel(country=country).item()
        assert table.loc[(country, "long"), "capital_percent"] == pytest.approx(-with_capital, abs=1e-8)
        assert with_capital < last.welfare.sel(country=country).item()
        assert np.isnan(table.loc[(country, "short"), "capital_percent"])
    assert first.welfare_with_capital.isnull().all()


def test_the_matrix_has_flags_on_supply(world: World) -> None:
    """Slovakia without Russia: its crude is Russian, and the loss is of unknown size though it is no sixth of income."""
    found = leverage_matrix(world, "short", pairs=[("SVK", "RUS"), ("DEU", "FRA")], cache=False)
    assert [(row.country, row.partner, row.flag) for row in found.flags.itertuples()] == [
        ("SVK", "RUS", "supply width")
    ]
    result = simulate(world, su.Scenario("cut", [su.Embargo("SVK", "RUS")]), "short")
    assert {item.flag for item in result.flagged if item.country == "SVK"} == {Flag.SUPPLY, Flag.WIDTH}
