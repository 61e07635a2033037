"""The sentences of every pair of the embedded world: computed numbers, no broken or contradictory text.

Losses come from the committed evidence table of all 3,160 pairs, of which other tests recompute a sample;
shares are computed here.
"""

from __future__ import annotations

import re
from itertools import combinations

import pandas as pd
import pytest
from tests.unit.test_claims import assert_numbers, check

from suasion import measures
from suasion.dossier import claims as c
from suasion.sources import country_name


@pytest.fixture(scope="module")
def losses(root) -> dict[tuple[str, str, str], pd.Series]:
    """Row of the evidence table by pair, country and horizon."""
    table = pd.read_csv(root / "docs" / "evidence" / "exit_costs.csv")
    return {(r.pair, r.country, r.horizon): r for r in table.itertuples()}


def test_every_pair_has_its_losses(losses, world):
    """3,160 pairs, both sides, both horizons, each with a number or a reason."""
    pairs = {"-".join(pair) for pair in combinations(world.countries, 2)}
    assert len(pairs) == 3160
    assert {key[0] for key in losses} == pairs
    assert len(losses) == 3160 * 2 * 2
    assert all(pd.notna(row.loss_percent) or row.reason for row in losses.values())


@pytest.mark.parametrize("horizon", ["short", "long"])
def test_what_a_break_costs(losses, world, horizon):
    """Direction words, ratios and amounts of all pairs read back."""
    for a, b in combinations(world.countries, 2):
        x, y = (losses["-".join((a, b)), code, horizon] for code in (a, b))
        size = (y.loss_usd / y.loss_percent) / (x.loss_usd / x.loss_percent)
        percent = [c.Quantity(row.loss_percent, "percent") for row in (x, y)]
        money = [c.Quantity(row.loss_usd, "musd") for row in (x, y)]
        claim = c.Asymmetry("s", country_name(a), country_name(b), *percent, *money, size, horizon)
        sentence = check(claim)
        found = re.match(r"(.+) loses more than (.+?) if all trade", sentence)
        if found:
            assert (found[1] == claim.a) == (x.loss_percent > y.loss_percent), sentence
        ratios = [
            max(u / v, v / u)
            for u, v in ((x.loss_percent, y.loss_percent), (x.loss_usd, y.loss_usd))
            if u / v > 0
        ]
        assert_numbers(claim, sentence, [(r, "ratio") for r in (*ratios, max(size, 1 / size))])


def test_who_depends_more(world):
    """Shares of turnover of all pairs, both ways."""
    shares = 100 * measures.share_matrix(world).to_pandas()
    for a, b in combinations(world.countries, 2):
        x, y = shares.loc[a, b], shares.loc[b, a]
        claim = c.Dependence(
            "s",
            country_name(a),
            country_name(b),
            c.Quantity(x, "share"),
            c.Quantity(y, "share"),
            "turnover",
            "2022",
        )
        sentence = check(claim)
        if claim.verb == "depends more on":
            assert x > y
        if claim.verb == "is depended on more by":
            assert y > x
        ratio = [(max(x / y, y / x), "ratio")] if x and y else []
        assert_numbers(claim, sentence, ratio)
