"""Bands of every door of the model: a dimension of draws, the same draws wherever they are asked for."""

from __future__ import annotations

import numpy as np
import pytest

import suasion as su
from suasion.answers.values import Quantity
from suasion.coercion import Welfare, exit_cost, leverage_matrix, prepare_sensitivity
from suasion.coercion.outcomes import band_of
from suasion.coercion.sensitivity.gradient import effects_over_draws
from suasion.equilibrium import draws as drawn_elasticities
from suasion.errors import InputError
from suasion.questions.critical_levels import _times
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
    least = np.minimum(np.quantile(drawn, 0.05, axis=0), answer.frame["effect_percent"])
    np.testing.assert_allclose(answer.frame["effect_percent_low"], least)


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


def test_a_band_of_one_draw_holds_the_number_too() -> None:
    found = su.simulate(DUTY, world=WORLD, draws=1).result
    low, high = (found.band().sel(end=end) for end in ("low", "high"))
    assert ((low <= found.welfare) & (found.welfare <= high)).all()
    assert (low < high).any()
    assert band_of(np.array([2.0, np.nan]), 1.0) == (1.0, 2.0)
    assert np.isnan(band_of(np.array([np.nan]), 1.0)).all()


def test_own_elasticities_are_the_middle_of_a_band() -> None:
    own = su.Elasticities(sigma=4.0)
    found = su.simulate(DUTY, world=WORLD, elasticities=own, draws=64).result
    low, high = found.band().sel(end="low"), found.band().sel(end="high")
    assert ((low <= found.welfare) & (found.welfare <= high)).all()


ASKED = {
    "critical_levels": (lambda **k: su.critical_levels("USA", "CHN", horizon="long", **k), "critical-curves"),
    "dispute": (lambda **k: su.dispute("USA", "CHN", **k), "war-costs"),
    "joint_threats": (lambda **k: su.joint_threats("USA", target="CHN", ratio=100.0, **k), "joint-threats"),
    "leverage": (lambda **k: su.leverage(pairs=("USA:CHN",), **k), "pairs"),
    "straits": (lambda **k: su.straits(name="malacca", horizon="long", **k), "strait-changes"),
    "tariff_war": (lambda deficits, **k: su.tariff_war(**k), "tariffs"),
    "why": (lambda **k: su.why("tariff 25 USA on CHN in C26", **k), "parts"),
}
"""Questions whose numbers at a draw are those of the same question asked with its elasticities, and a table of each.

Nobody joins a threat that must be a hundred times dearer: who joins is not asked anew in a draw."""
RULE = {"deficits": "world"}  # under which the base needs no elasticities


@pytest.fixture(scope="module")
def three(world):
    return world.select(["USA", "CHN", "DEU"])


@pytest.mark.parametrize("name", sorted(ASKED))
def test_a_question_is_asked_of_each_draw(name: str, three) -> None:
    """The band is that of the answers to the question with the elasticities of each draw as one's own."""
    ask, key = ASKED[name]
    usual, drawn = ask(world=three, **RULE).table(key), ask(world=three, draws=2, seed=3, **RULE).table(key)
    each = [
        ask(
            world=three,
            elasticities=su.Elasticities(
                sigma=one.sigma, zeta=one.zeta, epsilon=one.epsilon, kappa=one.kappa
            ),
            **RULE,
        ).table(key).frame
        for one in drawn_elasticities(three, 2, "long", 3)
    ]  # fmt: skip
    axes = list(usual.axes)
    frame, centre = drawn.frame.set_index(axes), usual.frame.set_index(axes)
    banded = [one for one in frame if f"{one}_low" in frame and not one.startswith("short_")]
    assert banded
    for column in banded:
        np.testing.assert_allclose(frame[column].astype(float), centre[column].astype(float), rtol=1e-9)
        rows = np.stack([one.set_index(axes)[column].reindex(frame.index).astype(float) for one in each])
        ends = np.stack([frame[f"{column}_{end}"].astype(float) for end in ("low", "high")])
        ends = np.where(
            np.isnan(ends), centre[column].astype(float), ends
        )  # none where all draws are one number
        # Draws are solved to 1e-9 in logs of levels, and losses are differences; of money a thousand USD are nothing.
        scale = max(1e-5 * np.nanmax(np.abs(rows)), 1e-3 * column.endswith("musd"))
        low, high = np.nanquantile(rows, [0.05, 0.95], axis=0)
        held = np.fmin(low, centre[column].astype(float)), np.fmax(high, centre[column].astype(float))
        np.testing.assert_allclose(ends, held, rtol=1e-4, atol=scale)


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


def test_a_multiple_whose_range_holds_today_s_trade_has_no_ends():
    """1.28 (0.91 to 1.55) is neither so many times today's trade nor so many times less; below one it is turned round."""
    assert _times(Quantity(1.28, "ratio", 0.91, 1.55)) == Quantity(1.28, "ratio")
    assert _times(Quantity(1.28, "ratio", 1.1, 1.55)) == Quantity(1.28, "ratio", 1.1, 1.55)
    assert _times(Quantity(0.5, "ratio", 0.25, 0.8)) == Quantity(2.0, "ratio", 1.25, 4.0)


def test_of_one_draw_no_share_is_told(world):
    """Of one to three draws without exception any chance may be true: no sentence names one, the table says so."""
    small = world.select(["RUS", "CHN", "USA"])
    one, eight = (su.exit_cost("RUS", "CHN", audience=("USA",), world=small, draws=draws) for draws in (1, 8))
    for answer in (one, eight):
        told = [finding for finding in answer.findings if finding.key == "exit_cost.draws"]
        assert bool(told) is (answer is eight)
    assert set(one.table("loss-ratios").words("weaker_share")) == {"not known"}
