"""Tables of pages that show rows of an evidence table print what stands there, digit by digit."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from suasion.coercion import loss_interval
from suasion.world import load_world

DOCS = Path(__file__).resolve().parents[2] / "docs"
CODES = {
    **{"USA": "USA", "EU": "EU", "China": "CHN", "Russia": "RUS"},
    **{
        "Germany": "DEU",
        "India": "IND",
        "Taiwan": "TWN",
        "Iran": "IRN",
        "North Korea": "PRK",
        "Mongolia": "MNG",
    },
    **{"Armenia": "ARM", "Cuba": "CUB", "Venezuela": "VEN", "Moldova": "MDA"},
}
ROW = re.compile(r"^\| (\w+) - (\w+) \| (.+) \|$", re.MULTILINE)
NUMBER = re.compile(r"-?\d*\.?\d+")
LOSS = re.compile(r"^\| ([\w ]+) without (\w+) \| (.+) \|$", re.MULTILINE)


def rows(page: str) -> list[tuple[str, str, list[str]]]:
    """Rows on two states: their codes, and the first number of each cell with what comes after a comma."""
    text = (DOCS / "explanation" / f"{page}.md").read_text("utf-8")
    cut = [(a, b, re.sub(r"\([^)]*\)", "", cells).split(" | ")) for a, b, cells in ROW.findall(text)]
    return [(CODES[a], CODES[b], [n for cell in cells for n in NUMBER.findall(cell)]) for a, b, cells in cut]


def printed(number: str, value: float) -> bool:
    # Half a unit of the last digit is rounding; a hundredth more for evidence of four to nine digits.
    return abs(float(number) - value) <= 0.51 * 10.0 ** -len(number.partition(".")[2])


@pytest.mark.parametrize("row", rows("joint-threats"), ids=lambda row: "-".join(row[:2]))
def test_joint_threats(row):
    table = pd.read_csv(DOCS / "evidence" / "joint_threats.csv").query("rule == 'counter'")
    one = table[(table.holder == row[0]) & (table.target == row[1])].iloc[0]
    columns = ["solo_percent", "joined", "opposed", "joint_percent", "own_percent"]
    assert all(printed(n, one[c]) for n, c in zip(row[2], columns, strict=True)), one[columns]


@pytest.mark.parametrize("row", rows("war-risk"), ids=lambda row: "-".join(row[:2]))
def test_war_risk(row):
    table = pd.read_csv(DOCS / "evidence" / "war_risk.csv").query("year == 2023 and horizon == 'long'")
    of = table[table.pair == f"{row[0]}-{row[1]}"]
    first, second = of[of.policy == "none"].itertuples()
    risk = 100.0 * of[of.policy == "tariffs"].risk.iloc[0]
    values = [f for one in (first, second) for f in (one.war_cost_musd / 1e3, one.war_cost_percent)]
    values += [first.ask_musd / 1e3, risk]
    assert all(printed(n, v) for n, v in zip(row[2], values, strict=True)), values


@pytest.mark.parametrize(
    "row", LOSS.findall((DOCS / "explanation" / "every-state.md").read_text("utf-8")), ids=lambda row: row[0]
)
def test_losses_of_estimated_states(row):
    ends = [re.findall(r"\d*\.?\d+", cell) for cell in row[2].split(" | ")]
    world = load_world()
    for (loss, low, high), horizon in zip(ends, ("long", "short"), strict=True):
        found = loss_interval(world, CODES[row[0]], CODES[row[1]], horizon)
        values = (found.loss_percent, found.low_percent, found.high_percent)
        assert all(printed(n, v) for n, v in zip((loss, low, high), values, strict=True)), values
