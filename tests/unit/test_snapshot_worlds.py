"""Builders of the worlds on small tables: seeds, published destinations, growth of pairs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from snapshot import destinations, growth, learned, seed

COUNTRIES, INDUSTRIES = ("AUT", "BEL", "CHN", "USA"), ("A01", "C26", "K")
GOODS = np.array([True, True, False])


def known(rng):
    inputs = rng.lognormal(3.0, 1.0, (4, 4, 3))
    inputs[np.arange(4), np.arange(4)] *= 10
    final = inputs.sum(0) * rng.uniform(0.5, 1.5, (4, 3))
    trade = rng.lognormal(3.0, 1.0, (4, 4))
    np.fill_diagonal(trade, 0.0)
    return seed.Known(inputs, final, trade, np.full(4, 0.1), GOODS, np.arange(3), final.sum(1))


@pytest.fixture(scope="module")
def fitted():
    """Tables whose final sales abroad follow the pattern of inputs with the power 0.7."""
    rng, truths = np.random.default_rng(0), []
    for _ in range(4):
        given = known(rng)
        weight = given.abroad**0.7
        abroad = 0.3 * given.final * weight / weight.sum(0)
        home = np.arange(4)
        abroad[home, home] = given.final - abroad.sum(0)
        truths.append(seed.Truth(given, abroad, np.zeros((4, 3))))
    return truths, seed.fit(truths, INDUSTRIES)


def test_logits_find_what_the_tables_were_made_with(fitted):
    truths, logits = fitted
    given = truths[0].known
    assert logits.share_abroad(given) == pytest.approx(
        0.3, abs=0.01
    )  # the ridge holds it off by less than a point
    found = seed.seed(given, logits)
    away = ~np.eye(4, dtype=bool)
    error = np.abs(found.inside - truths[0].final)[away].sum() / truths[0].final[away].sum()
    assert error < 0.1  # the outside takes a little of what these tables sell inside
    assert found.inside.sum(0) + found.outside == pytest.approx(given.final, rel=1e-9)


def test_logits_survive_their_file(fitted, tmp_path):
    truths, logits = fitted
    (tmp_path / "logit.json").write_text(logits.to_json(), encoding="utf-8")
    again = seed.Logits.read(tmp_path / "logit.json")
    # Six digits are kept.
    assert again.share_abroad(truths[0].known) == pytest.approx(
        logits.share_abroad(truths[0].known), rel=1e-4
    )


def test_the_rule_says_what_is_sold_outside(fitted):
    truths, logits = fitted
    given, rho = truths[0].known, np.array([1.0, 0.8, 1.0])
    found = seed.seed(given, logits, rho)
    away = ~np.eye(4, dtype=bool)
    inside = np.where(away[:, :, None], found.inside, 0.0).sum(0)
    assert found.outside == pytest.approx(rho * 0.1 * (given.abroad.sum(0) + inside), rel=1e-9)


def test_published_destinations_bind(fitted):
    truths, logits = fitted
    given = truths[0].known
    regions = ("EU27", "CHN", "USA", "ROW")
    rows = [
        (exporter, region, industry, value)
        for exporter, total in (("EU27", given.final[:2].sum(0)), ("CHN", given.final[2]))
        for k, industry in enumerate(INDUSTRIES[:2])
        for region, value in zip(regions, 0.95 * total[k] * np.array([0.4, 0.3, 0.2, 0.1]), strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["exporter", "importer", "industry", "final_musd"])
    table = destinations.published(frame, COUNTRIES, INDUSTRIES)
    found = destinations.estimate(given, logits, np.full(3, 0.5), table)
    flows = np.concatenate([found.final, found.sold_outside[None]])
    sums = table.sums(flows)
    bound = ~np.isnan(table.sales)
    assert sums[bound] == pytest.approx(
        table.sales[bound], rel=1e-4
    )  # fitting stops at 1e-6 of a seller's total
    assert found.booked().sum(0) == pytest.approx(given.final, rel=1e-9)
    assert found.gap < destinations.TOLERANCE


def test_members_of_regions_are_in_no_two():
    members = [code for group in destinations.GROUPS.values() for code in group.split()]
    assert len(members) == len(set(members)) == 27 + 4 + 11 + 6 + 17


# --- growth ------------------------------------------------------------------------------------------------


def test_pairs_grow_as_reported_and_holes_as_both():
    flows = np.full((2, 2, 3), 100.0)
    first = np.array([[np.nan, 1e6], [np.nan, np.nan]])
    both = np.log(np.full((2, 2), 1.1))
    found = growth.pair_growth(flows, (first, 2 * first), ({}, {}), both, INDUSTRIES, GOODS, {(1, 0): 1.5})
    own = growth.SLOPE * np.log(2) + (1 - growth.SLOPE) * np.log(1.1)
    assert np.log(found.factor[0, 1, 0]) == pytest.approx(own, rel=1e-3)  # a million is not endless beside 20
    assert found.factor[1, 0, :2] == pytest.approx(1.5)
    assert found.kind.tolist() == [[0, 1], [2, 0]]
    services = growth.SERVICES * np.log(1.5) + (1 - growth.SERVICES) * np.log(1.1)
    assert np.log(found.factor[1, 0, 2]) == pytest.approx(services)


def test_totals_of_economies_are_met_by_goods_of_free_pairs():
    rng = np.random.default_rng(1)
    flows = rng.lognormal(3.0, 0.5, (4, 4, 3))
    both = np.zeros((4, 4))
    found = growth.pair_growth(flows, None, ({}, {}), both, INDUSTRIES, GOODS, {(1, 0): 1.2})
    exports = np.array([1.1, 0.9, np.nan, 1.0])
    factor = growth.meet_totals(flows, found, GOODS, exports, np.full(4, np.nan))
    foreign = flows.copy()
    foreign[np.arange(4), np.arange(4)] = 0.0
    grown = (foreign * factor).sum((0, 2)) / foreign.sum((0, 2))
    assert grown[[0, 1, 3]] == pytest.approx([1.1, 0.9, 1.0], rel=1e-4)  # a dozen rounds of scaling
    assert factor[1, 0, :2] == pytest.approx(1.2)
    assert np.array_equal(factor[:, :, 2], found.factor[:, :, 2])


def test_a_growth_is_of_its_year():
    economy = pd.DataFrame(
        {
            "country": ["AAA", "AAA", "BBB"],
            "item": "exports",
            "year": [2022, 2023, 2023],
            "value": [2.0, 3.0, 1.0],
        }
    ).assign(vintage=2025)
    found = growth.totals_growth(economy, "exports", 2022, 2023, ["BBB", "AAA"])
    assert np.isnan(found[0])
    assert found[1] == 1.5


def test_an_earlier_table_draws_flows_half_way(fitted):
    """One exporter, one buyer by itself: the flow moves to the geometric mean of both, and home closes the row."""
    given = fitted[0][0].known
    flows = 100.0 * np.concatenate([fitted[0][0].final, np.zeros((1, 4, 3))])
    ratio, abroad = np.full((2, 1, 2), np.nan), 100.0 * given.abroad
    inputs = abroad[1, 0, 0]
    ratio[0, 0, 0] = 2.0 * flows[1, 0, 0] / inputs
    buyers = np.array([[0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 1.0, 1.0]])
    earlier = destinations.Earlier(ratio, buyers, np.array([0]), np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]))
    assert min(flows[1, 0, 0], inputs) > destinations.TINY
    moved = earlier.moved(flows, abroad)
    assert moved[1, 0, 0] == pytest.approx(np.sqrt(2.0) * flows[1, 0, 0])
    assert moved[2:4, 0] == pytest.approx(flows[2:4, 0])
    assert moved.sum(0) == pytest.approx(flows.sum(0))


def test_what_is_not_published_is_learned_from_what_is(monkeypatch):
    """Sales to one region are twice the estimate, where published: so are those of a seller that publishes nothing."""
    monkeypatch.setitem(learned.TREES, "max_iter", 80)
    rng, names, size, kinds = np.random.default_rng(0), [f"C{k:02}" for k in range(12)], 12, 30
    inputs, final = rng.lognormal(5.0, 1.0, (size, size, kinds)), rng.lognormal(5.0, 1.0, (size, size, kinds))
    trade = rng.lognormal(5.0, 1.0, (size, size))
    goods = np.ones(kinds, dtype=bool)
    sold = final.sum(0)
    given = seed.Known(inputs, sold, trade, np.zeros(size), goods, np.arange(kinds), final.sum((1, 2)))
    flows = np.concatenate([final, np.ones((1, size, kinds))])
    told = np.where(np.arange(size + 1) == 3, 2.0, 1.0)[None, :, None]
    rows = [
        (names[i], (*names, "ROW")[n], f"K{k}", told[0, n, 0] * flows[n, i, k])
        for i in range(size)
        for n in range(size + 1)
        for k in range(kinds)
    ]
    frame = pd.DataFrame(rows, columns=["exporter", "importer", "industry", "final_musd"])
    table = destinations.published(frame, names, [f"K{k}" for k in range(kinds)]).without(["C05"])
    found = learned.factors(flows, seed.Seed(final, np.ones((size, kinds))), given, table)[5]
    away = np.array([n != 5 for n in range(size + 1)])
    assert np.median(found[3]) == pytest.approx(2.0, rel=0.05)  # trees shrink a step at a time
    assert np.median(found[away & (told[0, :, 0] == 1.0)]) == pytest.approx(1.0, rel=0.02)
