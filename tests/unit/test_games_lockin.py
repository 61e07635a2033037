"""Lock-in and debt: limits, closed forms and messages."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suasion.errors import InputError
from suasion.games import (
    alternative_value,
    discount_cost,
    hold_up_loss,
    implied_power,
    lock_in,
    network_lock_in,
    outlets,
    pipeline_price,
    read_network,
    replacement_rise,
)
from suasion.games.debt import annuity

ROUNDING = 1e-12
NAN = math.nan


def test_two_equal_buyers_and_free_rerouting_leave_no_rent():
    assert alternative_value(80, 80) == 1
    assert hold_up_loss(80, 80, 0.7) == 0


def test_lock_in_weighs_products():
    assert lock_in([38, 0], [38, 140]) == pytest.approx(38 / 178)  # by capacity
    assert lock_in([38, 0], [38, 140], [1, 1]) == pytest.approx(0.5)
    assert lock_in([5], [5]) == 1


def test_lock_in_of_the_gas_network():
    """East Siberia feeds Power of Siberia 1 and nothing else: 38 of 228 bcm lead to China alone."""
    closed = read_network("eurasian_gas").network("closed")
    table = outlets(closed).set_index("producer")
    assert table.loc["East Siberia", "buyers"] == ("CHN",)
    assert table.loc["West Siberia", "buyers"] == ("BLR", "TUR")
    assert table.loc["Liquefied gas in China", "sole_buyer"] == ""  # its owner's own market is no other buyer
    assert network_lock_in(closed, "RUS", "CHN") == pytest.approx(38 / 228, rel=ROUNDING)
    assert network_lock_in(closed, "TKM", "CHN") == 1.0
    # a pipeline that is only an option is no outlet; one that stands is
    built = read_network("eurasian_gas").network("closed with option")
    assert network_lock_in(built, "RUS", "CHN") == network_lock_in(closed, "RUS", "CHN")
    joined = outlets(built.building("Power of Siberia 2", None)).set_index("producer")
    assert joined.loc["West Siberia", "buyers"] == ("BLR", "TUR", "CHN")


def test_alternative_is_held_within_zero_and_one():
    assert alternative_value(-3, 10) == 0
    assert alternative_value(12, 10) == 1
    assert alternative_value(4, 10) == pytest.approx(0.4)


@settings(deadline=None)
@given(st.floats(0, 500), st.floats(0, 500), st.floats(0, 1))
def test_pipeline_price_splits_the_gain(outside, gain, beta):
    found = pipeline_price(outside, outside + gain, beta)
    assert outside - 1e-9 <= found.price <= outside + gain + 1e-9  # rounding of sums near 1,000
    assert found.seller_gain + found.buyer_gain == pytest.approx(gain, abs=1e-9)


def test_no_price_where_there_is_nothing_to_gain():
    found = pipeline_price(100, 90)
    assert math.isnan(found.price)
    assert (found.seller_gain, found.buyer_gain) == (0, 0)


def test_hold_up_is_the_fall_of_the_price():
    """Sinking the pipe moves the seller's alternative from 200 to 40."""
    fall = pipeline_price(200, 300, 0.6).price - pipeline_price(40, 300, 0.6).price
    assert hold_up_loss(200, 40, 0.6) == pytest.approx(fall, abs=ROUNDING * 1e3)


def test_replacement_price():
    """1.55 of 100 million barrels a day, elasticities .1 and .1: 7.75 per cent for a small shock."""
    assert replacement_rise(1.55 / 100, 0.1, 0.1, exact=False) == pytest.approx(0.0775)
    rise = replacement_rise(0.0155, 0.1, 0.1)
    assert (1 - 0.0155) * (1 + rise) ** 0.1 == pytest.approx((1 + rise) ** -0.1, abs=ROUNDING)


@settings(deadline=None)
@given(st.floats(1e-6, 1e-4), st.floats(0.05, 2), st.floats(0.05, 2))
def test_exact_and_small_shocks_meet(share, supply, demand):
    exact, linear = (
        replacement_rise(share, supply, demand),
        replacement_rise(share, supply, -demand, exact=False),
    )
    assert exact == pytest.approx(linear, rel=2e-3)  # the next term is share (1 + 1/total) / 2 <= 6e-4


def test_discounts():
    cost = discount_cost(2.0, 100.0, 10, 0.05)
    assert (cost.annual, cost.undiscounted) == (200, 2000)
    assert cost.present_value == pytest.approx(sum(200 / 1.05**t for t in range(1, 11)))
    assert annuity(0.0, 7) == 7


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: lock_in([1], [1, 2]), "one number a product"),
        (lambda: lock_in([3], [2]), "that for one buyer between 0 and it"),
        (lambda: lock_in([1], [2], [0]), "Weights must be >= 0"),
        (lambda: alternative_value(1, 0), "present outlet is worth 0"),
        (lambda: pipeline_price(1, 2, 1.5), "beta is 1.5"),
        (lambda: hold_up_loss(1, 2), "cannot raise the seller's alternative"),
        (lambda: replacement_rise(1.0, 0.1, 0.1), "has no price"),
        (lambda: discount_cost(-1, 1, 1, 0), "must be >= 0"),
        (lambda: implied_power(3, 0, 2), "settlement of 3 is not between 0 and 2"),
        (lambda: lock_in([NAN], [2]), "must be finite numbers"),
        (lambda: alternative_value(NAN, 1), "best_other is nan"),
        (lambda: pipeline_price(1, math.inf), "replacement is inf"),
        (lambda: hold_up_loss(NAN, 1), "before is nan"),
        (lambda: replacement_rise(0.1, NAN, 0.1), "supply is nan"),
        (lambda: discount_cost(1, 1, 1, NAN), "rate is nan"),
        (lambda: implied_power(NAN, 0, 2), "settled is nan"),
        (
            lambda: network_lock_in(read_network("eurasian_gas").network(), "UKR", "CHN"),
            "'UKR' produces nothing",
        ),
    ],
)
def test_messages(call, message):
    with pytest.raises(InputError, match=message):
        call()
