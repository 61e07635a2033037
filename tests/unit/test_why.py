"""Numbers taken apart: parts that add up to the whole, ranges that hold it, and a change log that is up to date."""

from __future__ import annotations

from urllib.parse import parse_qsl

import numpy as np
import pytest

from record_headlines import headline_values
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.dossier.site import changes
from suasion.equilibrium import compile_scenario
from suasion.equilibrium.accounts import sector_last
from suasion.questions.scenarios.address import Query, parse_query, scenario_of
from suasion.questions.scenarios.parts import MOST_PARTS, parts_of, scenario_with
from suasion.questions.scenarios.warm_model import WarmModel
from suasion.questions.why import MOST_ASSUMPTIONS, why
from suasion.web.views import WhyPage
from suasion.world import load_world

EXACT = 1e-6
"""Per cent: a hundred times the gap between solutions of the batch and single ones (1e-8)."""
ADDRESSES = (
    "do=embargo&by=USA~DEU&on=RUS&in=energy&years=1",
    "do=embargo&by=USA&on=CHN",
    "do=tariff&do=export_tax&by=USA&by=CHN&on=CHN&on=USA&in=goods&in=electronics&size=25&size=10",
    "do=endowments&on=RUS&size=-5",
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
    same = ("cut", "tariff", "export_tax", "trade_cost", "productivity", "endowments")
    for name in same:
        one, two = getattr(whole, name, None), getattr(again, name, None)
        assert (one is None) == (two is None), name
        if one is not None:  # flows that are empty in the base may differ: nothing moves there
            touched = sector_last(economy.accounts.receipts).transpose(2, 0, 1) > 0
            alike = np.asarray(one) == np.asarray(two)
            assert alike[touched].all() if alike.shape == touched.shape else alike.all(), name


def rows_of(answer, key: str) -> list[dict]:
    tables = [table for table in answer.tables if table.key == key]
    return tables[0].frame.to_dict("records") if tables else []


@pytest.mark.parametrize("address", ADDRESSES)
def test_parts_add_up_and_ranges_hold_the_answer(desk, address):
    query = read(address)
    found = why(address, model=desk)
    (check,) = found.checks
    assert check.holds
    point = desk.point(query)
    for side in rows_of(found, "totals-by-side"):
        parts, moved = (
            [row for row in rows_of(found, key) if row["party"] == side["party"]]
            for key in ("parts", "assumptions")
        )
        if not parts:
            continue
        for name in ("loss_percent", "loss_musd"):
            assert sum(row[name] for row in parts) == pytest.approx(side[name], abs=EXACT * 1e4)
        assert sum(row["loss_percent"] for row in parts) == pytest.approx(side["loss_percent"], abs=EXACT)
        assert len(moved) <= MOST_ASSUMPTIONS
        assert all(
            row["loss_percent_least"] <= side["loss_percent"] <= row["loss_percent_most"] for row in moved
        )
        spans = [row["loss_percent_most"] - row["loss_percent_least"] for row in moved]
        assert spans == sorted(spans, reverse=True)
        if side["party"] == "RUS":
            place = desk.world.countries.index("RUS")
            assert side["loss_percent"] == pytest.approx(-point.percent[place], abs=EXACT)
    page = WhyPage(query, found)
    for side in page.sides:
        if side["parts"]:
            assert sum(part["percent"] for part in side["parts"]) == pytest.approx(side["percent"], abs=EXACT)
            assert side["assumptions"].count("<svg") == 2  # for a column, and for a phone


def test_a_single_part_has_it_all(desk):
    found = why("do=endowments&on=RUS&size=-5", model=desk)
    assert len(rows_of(found, "parts")) == 1
    (finding,) = found.findings
    assert finding.key == "why.alone.loses"


def test_what_has_no_equilibrium_says_why(desk):
    found = why("do=embargo&by=all&on=all", model=desk)
    assert found.absent.key == "why.unsolved"
    assert WhyPage(read("do=embargo&by=all&on=all"), found).sentence == found.absent.sentence()


def test_the_change_log_is_up_to_date():
    """The newest record equals the model to what the page prints: run tools/record_headlines.py with a reason."""
    newest = {}
    for line in changes.recorded():
        newest[line["pair"], line["country"], line["measure"]] = float(line["value"])
    now = headline_values(load_world())
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
    found = changes.changes([first, second])
    assert [record["moved"] for record in found.rows("headline-records")] == [1, 0]
    (row,) = found.rows("headline-numbers")
    assert row["value_percent"] == 1.41
    (step,) = found.rows("headline-revisions")
    assert (step["date"], step["reason"]) == ("2027-01-02", "New table")
    printed = found.table("headline-revisions").words
    assert (printed("before_percent"), printed("value_percent")) == (("0.98 %",), ("1.4 %",))
    unmoved = changes.changes([first, {**second, "value": first["value"]}])
    assert [record["moved"] for record in unmoved.rows("headline-records")] == [0, 0]
    assert not unmoved.rows("headline-revisions")


@pytest.mark.parametrize(
    ("probability", "word"),
    [(0.019, "almost no chance"), (0.0500001, "very unlikely"), (0.5, "roughly even"), (0.8, "likely"), (1.0, "almost certain")],
)  # fmt: skip
def test_a_probability_has_its_word(probability, word):
    assert DEFAULT_LANGUAGE.likelihood(probability) == word
