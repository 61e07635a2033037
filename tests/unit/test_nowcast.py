"""A world moved to another year: sales abroad as told, sales at home by one factor, incomes as wanted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fits.reconcile.concepts import goods_counted
from fits.reconcile.record import between, read_record
from suasion.coercion.leverage.losses import tie_losses
from suasion.errors import DataError, InputError
from suasion.world import load_world
from suasion.world.nowcast import moved, nowcast
from suasion.world.published import GOODS, income_growth
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
    for name in ("output", "value_added", "transfer", "input_use", "intermediate"):
        assert same.array(name) == pytest.approx(small.array(name), rel=1e-9, abs=1e-9)
    assert same.year == 2023
    assert "2 bilateral totals" in same.notes[-1]


def test_totals_are_met_and_incomes_kept(small):
    a, b, c = small.countries[:3]
    totals = pairs(small, [(a, b), (c, b)], 1.4)
    later = nowcast(small, totals, 2024)
    flow = later.array("intermediate") + later.array("final")
    for seller, buyer, value in totals.itertuples(index=False):
        found = flow[later.countries.index(buyer), later.countries.index(seller)].sum()
        assert found == pytest.approx(value, rel=1e-12)
    # Coefficients are those of the base to rounding: no input had to be cut.
    assert later.array("value_added").sum(1) == pytest.approx(small.array("value_added").sum(1), rel=1e-9)
    old, new = (w.array("input_use") / w.array("output")[:, :, None] for w in (small, later))
    assert new == pytest.approx(old, rel=1e-9)


def test_growth_scales_the_incomes(small):
    a, b = small.countries[:2]
    later = nowcast(small, pairs(small, [(a, b)], 1.1), 2024, growth={a: 1.2})
    ratio = later.array("value_added").sum(1) / small.array("value_added").sum(1)
    assert ratio == pytest.approx([1.2, 1, 1, 1], rel=1e-9)


def test_cells_abroad_grow_as_told_and_home_by_one_factor(small):
    """Odds of inputs against final use move by one number for a buyer and good."""
    rng = np.random.default_rng(0)
    growth = rng.uniform(0.7, 1.4, small.array("final").shape)
    later = moved(small, growth, np.ones(4), 2024, ("a step",))
    old, new = (w.array("intermediate") + w.array("final") for w in (small, later))
    ratio, home = new / old, np.arange(4)
    abroad = ~np.eye(4, dtype=bool)
    assert ratio[abroad] == pytest.approx(growth[abroad], rel=1e-12)
    assert np.ptp(ratio[home, home], axis=1) == pytest.approx(0, abs=1e-12)
    shift = [np.log(w.array("intermediate") / w.array("final")) for w in (small, later)]
    assert np.ptp(shift[1] - shift[0], axis=1) == pytest.approx(
        0, abs=1e-7
    )  # Newton stops at 1e-13 of purchases
    assert later.provenance.transformations[-1] == "a step"


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
    later = nowcast(world, totals, 2023)
    flow = later.array("intermediate") + later.array("final")
    r, c = later.countries.index("RUS"), later.countries.index("CHN")
    assert flow[c, r].sum() + flow[r, c].sum() == pytest.approx(240_000.0, rel=1e-9)


def test_the_next_year_of_customs_and_accounts_is_told_with_that_year_hidden():
    """The world of 2022 moved by customs of 2023 as the table counts them, services with both, and domestic product.

    Beside the reconciled world of 2023, whose flows weigh more than customs. Losses of the first year come near
    it; those of 2022 as it stands are further off, for Russia without Germany by a factor of two and more.
    """
    base, target = (load_world("reconciled", year) for year in (2022, 2023))
    grown = income_growth(2022, 2023)
    goods = np.exp(goods_counted(read_record()).middle[12])
    sold = (base.array("intermediate") + base.array("final"))[:, :, GOODS:].sum(2) * np.sqrt(
        np.outer(grown, grown)
    )
    n, i = np.nonzero(between() & (goods > 10.0))
    codes = np.array(base.countries)
    customs = pd.DataFrame({"exporter": codes[i], "importer": codes[n], "value": (goods + sold)[n, i]})
    later = nowcast(base, customs, 2023, growth=dict(zip(codes, grown, strict=True)))
    asked = [("RUS", "CHN"), ("DEU", "RUS"), ("DEU", "NOR"), ("CHL", "CHN"), ("AUS", "CHN"), ("POL", "DEU")]
    before, moved, wanted = (
        np.log(tie_losses(world, pairs=asked).set_index(["country", "partner"]).short_percent)
        for world in (base, later, target)
    )
    before, moved = before.reindex(wanted.index), moved.reindex(wanted.index)
    # Ends of the ranges that ship are .5 in logs from the loss: a tenth of that, and half at most.
    assert (moved - wanted).abs().median() < 0.05 < 0.1 < (before - wanted).abs().median()
    assert (moved - wanted).abs().max() < 0.25 < np.log(2.0) < (before - wanted).abs().max()
