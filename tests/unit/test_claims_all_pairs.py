"""The sentences of every pair of the embedded world: computed numbers, no broken or contradictory text.

Losses come from the committed evidence table of all 3,160 pairs, of which other tests recompute a sample;
shares are computed here.
"""

from __future__ import annotations

from itertools import combinations, islice
from types import SimpleNamespace

import pandas as pd
import pytest
from tests.unit.test_claims import assert_numbers, check

from suasion import measures
from suasion.answers.values import Country, Quantity, Word
from suasion.dossier.chapter import Conclusion
from suasion.questions.dependence import compared_shares
from suasion.questions.losses import compare_losses


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


each = pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.evidence)])
"""Of so many pairs one: a seventh has every country and every kind of sentence."""


@each
@pytest.mark.parametrize("horizon", ["short", "long"])
def test_what_a_break_costs(losses, world, horizon, every):
    """Direction words, ratios and amounts of all pairs read back."""
    for a, b in islice(combinations(world.countries, 2), None, None, every):
        x, y = (losses["-".join((a, b)), code, horizon] for code in (a, b))
        size = (y.loss_usd / y.loss_percent) / (x.loss_usd / x.loss_percent)
        sizes = {
            f"percent_{name}": Quantity(row.loss_percent, "percent") for name, row in (("a", x), ("b", y))
        }
        sizes |= {f"musd_{name}": Quantity(row.loss_usd, "musd") for name, row in (("a", x), ("b", y))}
        who = {"a": Country(a), "b": Country(b), "when": Word("run", horizon)}
        found = list(compare_losses(who, sizes, (None, None), size))
        for one in found:
            claim = Conclusion("s", one)
            assert_numbers(claim, check(claim))
        if found[0].compared and found[0].compared.direction in ("above", "below"):
            assert (found[0].compared.direction == "above") == (x.loss_percent > y.loss_percent)
        moneys = [one for one in found if one.key == "exit_cost.times"]
        if moneys and moneys[0].compared.direction == "above":
            big, small = (x, y) if moneys[0].values["big"] == Country(a) else (y, x)
            assert big.loss_usd > small.loss_usd


@each
def test_who_depends_more(world, every):
    """Shares of turnover of all pairs, both ways."""
    shares = measures.share_matrix(world).to_pandas()
    for a, b in islice(combinations(world.countries, 2), None, None, every):
        x, y = shares.loc[a, b], shares.loc[b, a]
        found = SimpleNamespace(a=a, b=b, year=world.year, share={a: x, b: y}.__getitem__)
        for one in compared_shares(found):
            claim = Conclusion("s", one)
            assert_numbers(claim, check(claim))
            if claim.verb == "above":
                assert x > y
            if claim.verb == "below":
                assert y > x
