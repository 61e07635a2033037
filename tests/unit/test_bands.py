"""Bands of every door of the model: a dimension of draws, the same draws wherever they are asked for."""

from __future__ import annotations

import numpy as np
import pytest

import suasion as su
from suasion.coercion import Welfare, exit_cost, leverage_matrix, prepare_sensitivity
from suasion.coercion.sensitivity.gradient import effects_over_draws
from suasion.equilibrium import draws as drawn_elasticities
from suasion.errors import InputError
from suasion.world.testing import random_world

WORLD = random_world(4, 2, seed=3)
CUT = su.Scenario("cut", [su.Embargo("C1", "C2")])
DUTY = su.Scenario("duty", [su.Tariff("C1", "C2", 0.3)])
DRAWS = 16


@pytest.fixture(scope="module")
def result():
    return su.simulate(DUTY, world=WORLD, draws=DRAWS, seed=3).result


def test_each_draw_is_a_solve_with_its_elasticities() -> None:
    """The elasticities of a draw, given as one's own, give its number."""
    # Under this rule the base needs no elasticities: else it is that of the central ones in all draws.
    rule = {"world": WORLD, "deficits": "world"}
    found = su.simulate(DUTY, draws=4, seed=3, **rule).result
    for place, one in enumerate(drawn_elasticities(WORLD, 4, "long", 3)):
        own = su.Elasticities(sigma=one.sigma, zeta=one.zeta, epsilon=one.epsilon, kappa=one.kappa)
        alone = su.simulate(DUTY, elasticities=own, **rule).result
        # Both are solved to 1e-8 in logs.
        np.testing.assert_allclose(found.drawn["welfare"].values[place], alone.welfare.values, atol=1e-5)
        near = 1e-7 * float(alone.base.income.max())
        np.testing.assert_allclose(found.drawn["revenue"].values[place], alone.revenue.values, atol=near)


def test_derivatives_have_the_draws_too() -> None:
    """The elasticities of a draw, given as one's own, give its derivatives; the ends are of all draws."""
    prepared = prepare_sensitivity(WORLD, deficits="world")
    found = prepared.sensitivity(Welfare("C1"))
    rows, sets = found.table(3), drawn_elasticities(WORLD, 2, "long", 3)
    drawn = effects_over_draws(found, rows, None, sets)
    for place, one in enumerate(sets):
        own = su.Elasticities(sigma=one.sigma, zeta=one.zeta, epsilon=one.epsilon, kappa=one.kappa)
        alone = prepare_sensitivity(WORLD, deficits="world", elasticities=own).sensitivity(Welfare("C1"))
        cells = [alone.effect.sel(importer=m, exporter=x, sector=k) for m, x, k in rows.to_numpy()[:, :3]]
        np.testing.assert_allclose(drawn[place], cells, rtol=1e-6)  # both bases are solved to 1e-10 in logs
    answer = su.sensitivity("C1", world=WORLD, deficits="world", top=3, draws=2, seed=3)
    np.testing.assert_allclose(answer.frame["effect_percent_low"], np.quantile(drawn, 0.05, axis=0))


def test_a_band_is_of_the_draws_and_named(result) -> None:
    band = result.band(0.9)
    assert band.dims == ("country", "end")
    inside = (result.drawn["welfare"] >= band.sel(end="low")) & (
        result.drawn["welfare"] <= band.sel(end="high")
    )
    # Of 16 draws at most one lies beyond each end of a band of nine in ten.
    assert (inside.sum("draw") >= DRAWS - 2).all()
    assert band.attrs["unit"] == result.welfare.attrs["unit"]
    wide, narrow = result.band(0.98), result.band(0.5)
    assert (wide.sel(end="low") <= narrow.sel(end="low")).all()
    assert (wide.sel(end="high") >= narrow.sel(end="high")).all()
    assert {"welfare_low", "welfare_high"} <= set(result.frame.columns)
    assert "welfare_low" in result._repr_html_()


def test_money_and_per_cent_of_a_draw_agree(result) -> None:
    ratio = result.drawn["equivalent_variation"] / result.drawn["welfare"]
    np.testing.assert_allclose(ratio, np.broadcast_to(ratio[0], ratio.shape), rtol=1e-9)


def test_many_scenarios_have_the_same_draws(result) -> None:
    answer = su.simulate_many([CUT, DUTY], world=WORLD, horizon=["short", "long"], draws=DRAWS, seed=3)
    found = answer.result
    assert found.drawn["welfare"].dims == ("scenario", "horizon", "draw", "country")
    ours = found.drawn["welfare"].sel(scenario="duty", horizon="long")
    np.testing.assert_allclose(ours, result.drawn["welfare"], atol=1e-7)  # both solved to 1e-8
    assert found.band().dims == ("scenario", "horizon", "country", "end")
    # The answer has losses: the other sign, and the ends of the band the other way round.
    row = answer.xarray.sel(scenario="duty", horizon="long")
    ends = found.band().sel(scenario="duty", horizon="long")
    np.testing.assert_allclose(row["loss_percent"], -found.welfare.sel(scenario="duty", horizon="long"))
    np.testing.assert_allclose(row["loss_percent_low"], -ends.sel(end="high"))
    np.testing.assert_allclose(row["loss_percent_high"], -ends.sel(end="low"))


def test_a_matrix_has_the_draws_of_the_exit_cost() -> None:
    pairs = [("C1", "C2"), ("C1", "C3")]
    matrix = leverage_matrix(WORLD, "long", pairs=pairs, draws=8, seed=1, cache=False)
    assert matrix.drawn["loss_percent"].dims == ("draw", "country", "partner")
    band = matrix.band().sel(country="C1", partner="C2")
    cost = exit_cost(WORLD, "C1", "C2", horizon="long", draws=8, seed=1).table.set_index("country")
    # The same draws, solved in batches there and pair by pair here, each to 1e-8 in logs.
    np.testing.assert_allclose(band, cost.loc["C1", ["low_percent", "high_percent"]].astype(float), rtol=1e-4)


def test_own_elasticities_are_the_middle_of_a_band() -> None:
    own = su.Elasticities(sigma=4.0)
    found = su.simulate(DUTY, world=WORLD, elasticities=own, draws=64).result
    low, high = found.band().sel(end="low"), found.band().sel(end="high")
    assert ((low <= found.welfare) & (found.welfare <= high)).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: su.simulate(DUTY, world=WORLD).result.band(), "no draws: ask with draws=64"),
        (lambda: su.simulate(DUTY, world=WORLD, draws=4).result.band(90), "width of a band is 90"),
        (lambda: su.simulate(DUTY, world=WORLD, draws=4).result.band(of="gdp"), "no draws of 'gdp'"),
        (lambda: su.simulate(DUTY, world=WORLD, draws=2.5), r"draws"),
    ],
)
def test_a_band_that_cannot_be(call, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call()
