"""Numbers taken apart: parts that add up to the whole, ranges that hold it, and a change log that is up to date."""

from __future__ import annotations

import csv
import io
from urllib.parse import parse_qsl

import numpy as np
import pytest

from suasion.dossier.explore import changes
from suasion.dossier.explore.why import MOST_ASSUMPTIONS, why_context, why_csv
from suasion.dossier.explore.why_parts import MOST_PARTS, parts_of, scenario_with
from suasion.dossier.words import likelihood
from suasion.equilibrium import compile_scenario
from suasion.equilibrium.accounts import sector_last
from suasion.questions.scenarios.address import Query, parse_query, scenario_of
from suasion.questions.scenarios.warm_model import WarmModel

EXACT = 1e-6
"""Per cent: a hundred times the gap between solutions of the batch and single ones (1e-8)."""
ADDRESSES = (
    "do=embargo&by=USA~DEU&on=RUS&in=energy&years=1",
    "do=embargo&by=USA&on=CHN",
    "do=tariff&do=export_tax&by=USA&by=CHN&on=CHN&on=USA&in=goods&in=electronics&size=25&size=10",
    "do=labour&on=RUS&size=-5",
)


def read(address: str) -> Query:
    return parse_query(parse_qsl(address, keep_blank_values=True))


@pytest.fixture(scope="module")
def desk(world) -> WarmModel:
    return WarmModel(world.select(["RUS", "CHN", "USA", "DEU", "FRA", "IND"]))


@pytest.mark.parametrize("address", ADDRESSES)
def test_parts_together_are_the_scenario(desk, address):
    query = read(address)
    scenario, economy = scenario_of(query), desk.economy(query)
    parts = parts_of(desk.world, scenario, sector_last(economy.accounts.receipts))
    assert 1 <= len(parts) <= MOST_PARTS
    whole = compile_scenario(desk.world, scenario)
    again = compile_scenario(desk.world, scenario_with(scenario, parts))
    same = ("cut", "tariff", "export_tax", "trade_cost", "productivity", "labour")
    for name in same:
        one, two = getattr(whole, name, None), getattr(again, name, None)
        assert (one is None) == (two is None), name
        if one is not None:  # flows that are empty in the base may differ: nothing moves there
            touched = sector_last(economy.accounts.receipts).transpose(2, 0, 1) > 0
            alike = np.asarray(one) == np.asarray(two)
            assert alike[touched].all() if alike.shape == touched.shape else alike.all(), name


@pytest.mark.parametrize("address", ADDRESSES)
def test_parts_add_up_and_ranges_hold_the_answer(desk, address):
    query = read(address)
    found = why_context(desk, query)
    assert found.reason == ""
    assert found.gap < EXACT
    point = desk.point(query)
    for side in found.sides:
        if not side.parts:
            continue
        assert sum(part.percent for part in side.parts) == pytest.approx(side.percent, abs=EXACT)
        assert side.parts[-1].end == pytest.approx(side.percent, abs=EXACT)
        assert all(a.end == b.start for a, b in zip(side.parts, side.parts[1:], strict=False))
        assert len(side.assumptions) <= MOST_ASSUMPTIONS
        assert all(row.low <= side.percent <= row.high for row in side.assumptions)
        spans = [row.high - row.low for row in side.assumptions]
        assert spans == sorted(spans, reverse=True)
    russia = next((side for side in found.sides if side.name == "Russia"), None)
    if russia:
        assert russia.percent == pytest.approx(point.percent[desk.world.countries.index("RUS")], abs=EXACT)


def test_a_single_part_has_it_all(desk):
    found = why_context(desk, read("do=labour&on=RUS&size=-5"))
    (side,) = [side for side in found.sides if side.role == "target"]
    assert len(side.parts) == 1
    assert side.sentence == f"Russia loses {side.text.removeprefix('−')}."


def test_what_has_no_equilibrium_says_why(desk):
    found = why_context(desk, read("do=embargo&by=all&on=all"))
    assert found.reason
    assert found.sides == ()
    assert found.reason in found.sentence


def test_the_file_holds_every_row(desk):
    found = why_context(desk, read(ADDRESSES[0]))
    rows = list(csv.DictReader(io.StringIO(why_csv(found))))
    for side in found.sides:
        own = [row for row in rows if row["side"] == side.name]
        assert [float(row["percent"]) for row in own if row["kind"] == "part"] == [
            p.percent for p in side.parts
        ]
        assert [float(row["low_percent"]) for row in own if row["kind"] == "assumption"] == [
            row.low for row in side.assumptions
        ]


def test_the_change_log_is_up_to_date(world):
    """The newest record equals the model to what the page prints: run tools/record_headlines.py with a reason."""
    newest = {}
    for line in changes.recorded():
        newest[line["pair"], line["country"], line["measure"]] = float(line["value"])
    now = changes.headline_values(world)
    assert set(newest) == set(now)
    moved = {
        key: (newest[key], value)
        for key, value in now.items()
        if changes.printed(key[2], value) != changes.printed(key[2], newest[key])
    }
    assert moved == {}


def test_revisions_are_told_with_size_day_and_reason():
    first = dict(changes.recorded()[1])
    second = {**first, "date": "2027-01-02", "reason": "New table", "value": "1.41"}
    found = changes.changes_context([first, second])
    assert [record.moved for record in found.records] == [1, 0]
    (row,) = found.pairs["Russia and China"]
    assert row.text == "1.4 %"
    assert row.revisions == ("0.98 % → 1.4 % on 2027-01-02: New table",)
    unmoved = changes.changes_context([first, {**second, "value": first["value"]}])
    assert [record.moved for record in unmoved.records] == [0, 0]


@pytest.mark.parametrize(
    ("probability", "word"),
    [(0.019, "almost no chance"), (0.0500001, "very unlikely"), (0.5, "roughly even"), (0.8, "likely"), (1.0, "almost certain")],
)  # fmt: skip
def test_a_probability_has_its_word(probability, word):
    assert likelihood(probability) == word
