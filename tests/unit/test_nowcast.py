"""A world moved to later totals meets them, keeps its outputs, and stays the nearest such table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from suasion.errors import DataError, InputError
from suasion.world.nowcast import nowcast
from suasion.world.testing import random_world


def pairs(world, names, factor):
    flow = world.array("intermediate") + world.array("final")
    rows = []
    for seller, buyer in names:
        i, n = world.countries.index(seller), world.countries.index(buyer)
        rows.append((seller, buyer, factor * flow[n, i].sum()))
    return pd.DataFrame(rows, columns=["exporter", "importer", "value"])


@pytest.fixture(scope="module")
def small():
    return random_world(4, 3, seed=3)


def test_the_base_is_its_own_nowcast(small):
    a, b = small.countries[:2]
    same = nowcast(small, pairs(small, [(a, b), (b, a)], 1.0), 2023)
    for name in ("output", "value_added", "transfer", "input_use"):
        assert same.array(name) == pytest.approx(small.array(name), rel=1e-9, abs=1e-9)
    assert same.year == 2023
    assert "2 bilateral totals" in same.notes[-1]


def test_totals_are_met_and_outputs_kept(small):
    a, b, c = small.countries[:3]
    totals = pairs(small, [(a, b), (c, b)], 1.4)
    moved = nowcast(small, totals, 2024)
    flow = moved.array("intermediate") + moved.array("final")
    for seller, buyer, value in totals.itertuples(index=False):
        found = flow[moved.countries.index(buyer), moved.countries.index(seller)].sum()
        assert found == pytest.approx(value, rel=1e-9)
    assert moved.array("output") == pytest.approx(small.array("output"), rel=1e-9)
    bought = (small.array("intermediate") + small.array("final")).sum(1)
    assert flow.sum(1) == pytest.approx(bought, rel=1e-8), "purchases stay, partners change"
    assert moved.array("transfer") == pytest.approx(small.array("transfer"), rel=1e-6, abs=1e-6)


def test_growth_scales_the_outputs(small):
    a, b = small.countries[:2]
    moved = nowcast(small, pairs(small, [(a, b)], 1.1), 2024, growth={a: 1.2})
    ratio = moved.array("output").sum(1) / small.array("output").sum(1)
    assert ratio == pytest.approx([1.2, 1, 1, 1], rel=1e-9)


def test_the_fit_is_the_nearest_table(small):
    """The ratio to the base is a product of a factor of the pair, one of the seller's good, one of the buyer's good."""
    a, b = small.countries[:2]
    moved = nowcast(small, pairs(small, [(a, b)], 1.3), 2024)
    old, new = (w.array("intermediate") + w.array("final") for w in (small, moved))
    log = np.log(new / old)[:, 2:]  # sellers without a total: no factor of a pair
    # Double differences over buyers and sellers vanish, good by good.
    double = log - log[:1] - log[:, :1] + log[:1, :1]
    assert np.abs(double).max() < 1e-7  # the fit stops at relative gaps of 1e-10


def test_countries_may_stand_in_any_order(small):
    a, b, c = small.countries[:3]
    totals = pairs(small, [(a, b), (c, a), (b, c)], 1.2)
    first, second = nowcast(small, totals, 2024), nowcast(small, totals.iloc[::-1], 2024)
    assert np.array_equal(first.array("final"), second.array("final"))


@pytest.mark.parametrize(
    ("change", "message", "error"),
    [
        (lambda t: t.drop(columns="value"), "lacks the column value", InputError),
        (lambda t: pd.concat([t, t]), "twice", InputError),
        (lambda t: t.assign(value=-1.0), "not negative", InputError),
        (lambda t: t.assign(value=np.nan), "must be a number", InputError),
        (lambda t: t.assign(importer=t.exporter), "both exporter and importer", InputError),
        (lambda t: t.assign(value=1e15), "check the unit", DataError),
        (lambda t: t.assign(importer="FRA"), "not among the 4 countries", InputError),
    ],
)
def test_impossible_totals_are_named(small, change, message, error):
    a, b = small.countries[:2]
    with pytest.raises(error, match=message):
        nowcast(small, change(pairs(small, [(a, b)], 1.1)), 2024)


def test_growth_must_be_positive(small):
    with pytest.raises(InputError, match="must be positive"):
        nowcast(small, pairs(small, [small.countries[:2]], 1.1), 2024, growth=0.0)


def test_russia_and_china_moved_to_customs_totals(world):
    """Chinese customs print 240.1 bn USD of turnover for 2023; goods only, so a smoke test of size, not of truth."""
    totals = pd.DataFrame(
        {"exporter": ["RUS", "CHN"], "importer": ["CHN", "RUS"], "value": [129_000.0, 111_000.0]}
    )
    moved = nowcast(world, totals, 2023)
    flow = moved.array("intermediate") + moved.array("final")
    r, c = moved.countries.index("RUS"), moved.countries.index("CHN")
    assert flow[c, r].sum() + flow[r, c].sum() == pytest.approx(240_000.0, rel=1e-9)
