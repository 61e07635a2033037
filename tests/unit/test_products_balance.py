"""Prices that balance again, against an independent root finder and closed forms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from suasion.errors import ElasticityError, InputError
from suasion.products import (
    MARKETS,
    Market,
    buyers_loss,
    market_fall,
    price_fall,
    price_rise,
    responses,
    small_fall,
    small_rise,
)

ELASTICITY = st.floats(0.05, 3.0)
CLOSE = 1e-10  # the root is halved 60 times, and the exponential of it carries the rounding of a double


def one(*values: float) -> list[np.ndarray]:
    return [np.array([value]) for value in values]


def test_example_of_the_methods_note():
    """1.55 of 100 mb/d lost, elasticities 0.1 and 0.1: 7.75 per cent by the small formula (methods 6.4)."""
    assert small_rise(*one(1.55, 98.45, 0.1, 0.1))[0] == pytest.approx(0.0775, abs=1e-15)
    # exact: (1 - 0.0155)^-5 - 1
    assert price_rise(*one(1.55), np.array([[98.45]]), *one(0.1, 0.1))[0] == pytest.approx(
        0.9845**-5 - 1, rel=CLOSE
    )


@settings(deadline=None)
@given(
    lost=st.floats(0.01, 3.0),
    sold=st.lists(st.floats(0.1, 5.0), min_size=1, max_size=4),
    room=st.lists(st.floats(0.0, 2.0), min_size=4, max_size=4),
    supply=ELASTICITY,
    demand=ELASTICITY,
)
def test_limited_price_is_that_of_brentq(lost, sold, room, supply, demand):
    sellers, limits = np.array(sold), np.array(room[: len(sold)])
    total = lost + sellers.sum()

    def excess(log_price: float) -> float:
        offered = np.minimum(sellers * np.exp(supply * log_price), sellers + limits).sum()
        return float(total * np.exp(-demand * log_price) - offered)

    found = price_rise(*one(lost), sellers[:, None], *one(supply, demand), limits[:, None])[0]
    if excess(np.log(10.0)) > 0:
        assert found == pytest.approx(9.0, rel=CLOSE)
    else:
        assert np.log1p(found) == pytest.approx(brentq(excess, 0.0, np.log(10.0), xtol=1e-14), abs=1e-10)


def test_limits_that_do_not_bind_change_nothing_and_others_raise_the_price():
    lost, others, supply, demand = *one(1.0), np.array([[3.0], [4.0]]), *one(0.3, 0.4)
    free = price_rise(lost, others, supply, demand)[0]
    assert price_rise(lost, others, supply, demand, np.full((2, 1), 1e6))[0] == pytest.approx(free, rel=CLOSE)
    none = price_rise(lost, others, supply, demand, np.zeros((2, 1)))[0]
    assert none == pytest.approx((8.0 / 7.0) ** (1 / 0.4) - 1, rel=CLOSE)  # demand alone gives way
    assert free < none


def test_nothing_lost_and_nobody_left():
    assert price_rise(*one(0.0), np.array([[2.0]]), *one(0.2, 0.2))[0] == 0
    assert price_rise(*one(2.0), np.array([[0.0]]), *one(0.2, 0.2))[0] == pytest.approx(9.0)


def test_small_formula_is_the_limit_of_the_exact_one():
    lost, others = 1e-6, np.array([[1.0]])
    exact = price_rise(*one(lost), others, *one(0.3, 0.5))[0]
    small = small_rise(*one(lost, 1.0, 0.3, 0.5))[0]
    assert exact == pytest.approx(small, rel=1e-5)  # the next term is the rise itself, 1e-6


@settings(deadline=None)
@given(rise=st.floats(0.0, 9.0), demand=st.floats(0.0, 3.0))
def test_loss_is_the_area_under_the_demand_curve(rise, demand):
    grid = np.linspace(1.0, 1.0 + rise, 4001)
    area = np.trapezoid(5.0 * grid**-demand, grid)
    # the trapezoidal rule over 4,000 steps is good to about 1e-6 here
    assert buyers_loss(*one(5.0, rise, demand))[0] == pytest.approx(area, rel=1e-5, abs=1e-12)


@settings(deadline=None)
@given(share=st.floats(0.01, 0.95), supply=ELASTICITY, demand=ELASTICITY)
def test_fall_solves_supply_equal_to_demand(share, supply, demand):
    fall, diverted = (x[0] for x in price_fall(*one(share, supply, demand)))
    price = 1.0 - fall
    left = (1.0 - share) * price ** (-demand / (1.0 - share))
    assert price**supply == pytest.approx(left, rel=1e-9)  # both are powers of a number rounded once
    assert 1.0 - share * (1.0 - diverted) == pytest.approx(price**supply, abs=1e-9)
    assert 0.0 <= diverted <= 1.0


def test_small_fall_is_the_formula_of_the_methods_note():
    fall, diverted = small_fall(*one(0.2, 0.25, 0.75))
    assert (fall[0], diverted[0]) == (0.2, 0.75)
    exact_fall, exact = price_fall(*one(1e-6, 0.25, 0.75))
    assert exact_fall[0] == pytest.approx(1e-6, rel=1e-5)  # the next term is of the order of the share
    assert exact[0] == pytest.approx(0.75, rel=1e-4)  # the difference of two numbers near one, over 1e-6


def test_extremes_of_a_lost_buyer():
    fall, diverted = price_fall(*one(1.0, 0.5, 0.0))
    assert (fall[0], diverted[0]) == (1.0, 0.0)  # the only buyer is gone
    fall, diverted = price_fall(*one(0.4, 0.0, 0.5))
    assert diverted[0] == 1.0  # supply that cannot give way is sold at any price
    assert fall[0] == pytest.approx(1 - 0.6 ** (0.6 / 0.5), rel=CLOSE)
    fall, diverted = price_fall(*one(0.0, 0.5, 0.5))
    assert fall[0] == 0
    assert np.isnan(diverted[0])


@settings(deadline=None)
@given(
    share=st.floats(0.01, 1.0), exports=st.floats(0.1, 5.0), rivals=st.floats(0.1, 10.0), supply=ELASTICITY,
    demand=ELASTICITY,
)  # fmt: skip
def test_market_fall_is_the_root_of_supply_less_demand(share, exports, rivals, supply, demand):
    refused = share * exports
    left = exports + rivals - refused
    fall, diverted = (x[0] for x in market_fall(*one(refused, left, share, supply, demand)))
    root = brentq(
        lambda p: (refused + left) * np.exp(supply * p) - left * np.exp(-demand * p), -200.0, 0.0, xtol=1e-13
    )
    assert fall == pytest.approx(-np.expm1(root), abs=1e-9)  # brentq stops within 1e-13 of the logarithm
    kept = 1.0 - share * (1.0 - diverted)  # what the seller still sells, over its old exports
    assert kept == pytest.approx(np.exp(supply * root), abs=1e-9)
    assert 0.0 <= diverted <= 1.0


def test_a_small_seller_loses_nothing_on_a_thick_market():
    """All its goods went to one buyer, a thousandth of the market: they are sold elsewhere at nearly the old price."""
    fall, diverted = market_fall(*one(1.0, 999.0, 1.0, 0.2, 0.3))
    assert fall[0] == pytest.approx(1 - 0.999**2, rel=CLOSE)
    assert diverted[0] == pytest.approx(0.999**0.4, rel=CLOSE)
    # small shocks: both ways of writing them meet (methods 6.7)
    small, part = small_fall(*one(1.0, 0.2, (0.3 * 999 + 0.2 * 999) / 1.0))
    assert fall[0] == pytest.approx(small[0], rel=2e-3)  # the next term is of the order of the share lost
    assert diverted[0] == pytest.approx(part[0], rel=1e-3)


def test_market_fall_at_its_ends():
    fall, diverted = market_fall(*one(3.0, 0.0, 1.0, 0.2, 0.3))
    assert (fall[0], diverted[0]) == (1.0, 0.0)  # nobody else buys
    fall, diverted = market_fall(*one(0.0, 3.0, 0.0, 0.2, 0.3))
    assert fall[0] == 0.0
    assert np.isnan(diverted[0])
    with pytest.raises(InputError, match="Amounts, shares and elasticities"):
        market_fall(*one(1.0, 1.0, 1.5, 0.1, 0.1))


def test_wrong_numbers_are_refused():
    with pytest.raises(InputError, match="must be >= 0, and one elasticity"):
        price_rise(*one(-1.0), np.array([[1.0]]), *one(0.1, 0.1))
    with pytest.raises(InputError, match="must be >= 0, and one elasticity"):
        price_rise(*one(1.0), np.array([[1.0]]), *one(0.0, 0.0))
    with pytest.raises(InputError, match=r"Shares must be in \[0, 1\]"):
        price_fall(*one(1.2, 0.1, 0.1))


def test_elasticities_by_product():
    found = responses(["270900", "271121", "260300", "100300", "220421", "854231"])
    assert found.names == (
        "crude oil",
        "gas",
        "minerals and metals",
        "agriculture",
        "manufactures",
        "manufactures",
    )
    assert found.one_price.tolist() == [True, True, True, True, False, False]
    assert (np.diff(found.supply, axis=0) >= 0).all()
    assert (np.diff(found.demand, axis=0) >= 0).all()
    assert found.sources[0].startswith("Bilgin and Ellwanger")
    assert all("assumption" in source for source in found.sources[1:])
    assert found.sigma[2][5] == pytest.approx(5.419917)  # Fontagne, Guimbard and Orefice, industry C26


def test_every_chapter_has_elasticities():
    codes = [f"{chapter:02d}0000" for chapter in range(1, 98)]
    found = responses(codes)
    assert np.isfinite(found.sigma).all()
    assert (found.sigma >= 1.5).all()


def test_wrong_elasticities_are_refused():
    with pytest.raises(ElasticityError, match="low <= central <= high"):
        responses(["270900"], [replace(MARKETS[0], supply=(0.5, 0.2, 0.9))])
    with pytest.raises(ElasticityError, match="fits no group"):
        responses(["270900"], [Market(("01",), "x", "one price", (0.1, 0.1, 0.1), (0.1, 0.1, 0.1), "x")])
    assert len({prefix for market in MARKETS for prefix in market.prefixes}) == sum(
        len(m.prefixes) for m in MARKETS
    )
