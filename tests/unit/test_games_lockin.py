"""Lock-in: limits, closed forms and messages."""

from __future__ import annotations

import math

import pytest

from suasion.errors import InputError
from suasion.games import (
    lock_in,
    network_lock_in,
    outlets,
    read_network,
)

ROUNDING = 1e-12
NAN = math.nan


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


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: lock_in([1], [1, 2]), "one number a product"),
        (lambda: lock_in([3], [2]), "that for one buyer between 0 and it"),
        (lambda: lock_in([1], [2], [0]), "Weights must be >= 0"),
        (lambda: lock_in([NAN], [2]), "must be finite numbers"),
        (
            lambda: network_lock_in(read_network("eurasian_gas").network(), "UKR", "CHN"),
            "'UKR' produces nothing",
        ),
    ],
)
def test_messages(call, message):
    with pytest.raises(InputError, match=message):
        call()
