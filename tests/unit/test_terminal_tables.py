"""Tables on a terminal of eighty columns: whole words, and an excerpt that stands for the whole."""

from __future__ import annotations

import io
import re
import sys

import pytest

from suasion.answers.render.text import WIDTH, grid_text, table_text
from suasion.answers.table import Table
from suasion.answers.values import Country
from suasion.cli.console import readable, tell
from suasion.errors import InputError
from suasion.questions.scenarios.reading import query_in

PAIR = {"a": Country("RUS"), "b": Country("CHN")}
HEADS = ("Strait", *(f"Column{k}" for k in range(1, 10)))


def shares(state, years):
    return [{"country": state, "year": year, "trade_share": 0.1} for year in years]


def states_of(text):
    return re.findall(r"^ (Russia|China) ", text, re.MULTILINE)


@pytest.mark.parametrize("names", [("Hormuz", "Malacca"), ("Hormuz", "Hormuz")])
def test_columns_that_do_not_fit_stand_below_with_what_names_their_rows(names):
    rows = [(name, *(f"considerable{row}{k}" for k in range(1, 10))) for row, name in enumerate(names)]
    text = grid_text("", HEADS, rows)
    assert max(map(len, text.splitlines())) <= WIDTH
    blocks = text.split("Strait")[1:]
    assert len(blocks) > 1
    assert all(text.count(cell) == 1 for row in rows for cell in row[1:])
    for block in blocks:
        lines = [line.split() for line in block.splitlines() if "considerable" in line]
        named = lines if len(set(names)) > 1 else [line[1:] for line in lines]
        assert [line[0] for line in named] == [*names]
        assert [line[0] for line in lines] == [*names] or [line[0] for line in lines] == ["1", "2"]


def test_columns_that_fit_stand_beside_each_other():
    assert grid_text("", HEADS[:4], [("Hormuz", "1", "2", "3")]).count("Strait") == 1


def test_an_excerpt_of_two_states_has_the_last_years_of_each():
    rows = shares("RUS", range(2000, 2024)) + shares("CHN", range(2010, 2014))
    text = table_text(Table.of("trade-history", "country year trade_share", rows, values=PAIR), most=10)
    assert states_of(text) == ["Russia"] * 6 + ["China"] * 4
    assert "2023" in text
    assert "2017" not in text
    assert "10 of 28 rows: the last of each" in text


def test_an_excerpt_of_a_list_by_size_has_its_largest():
    rows = [{"country": state, "trade_share": 0.1} for state in ("RUS", "CHN", "DEU", "FRA")]
    text = table_text(Table.of("trade-history", "country trade_share", rows, values=PAIR), most=2)
    assert states_of(text) == ["Russia", "China"]
    assert "The first 2 of 4 rows." in text


def test_an_excerpt_of_a_list_by_name_has_its_largest_and_no_alphabet():
    """The rest of the world stands last in a world, by no letter."""
    sizes = {"CHN": 0.1, "DEU": 0.2, "RUS": 0.4, "ROW": 0.3}
    rows = [{"country": state, "trade_share": size} for state, size in sizes.items()]
    made = Table.of("trade-history", "country trade_share", rows, values=PAIR, axes="country")
    text = table_text(made, most=2)
    assert states_of(text) == ["Russia"]
    assert "The largest 2 of 4 rows." in text


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


def test_messages_on_a_terminal_keep_words_and_paths_whole(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("sys.stderr", Terminal())
    path = "/a/folder/with/a/name/longer/than/the/terminal/is/wide.json"
    tell(f"Russia supplied more than half of what India bought, see {path}")
    lines = sys.stderr.getvalue().splitlines()
    assert path in [line.strip() for line in lines]
    assert all(len(line) <= 40 for line in lines if path not in line)
    assert [line[:2] == "  " for line in lines] == [False, *[True] * (len(lines) - 1)]


def test_a_terminal_of_plain_letters_shows_names_without_accents():
    assert readable("Türkiye’s −2 %", "ascii") == "Turkiye's -2 %"


@pytest.mark.parametrize("size", ["nan", "inf", "1e300"])
def test_a_size_that_is_no_size_is_told_as_one(size):
    with pytest.raises(InputError, match=r"`size` is .*; it must be a number from"):
        query_in(f"tariff {size} USA on CHN")
