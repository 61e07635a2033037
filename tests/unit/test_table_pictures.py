"""Pictures of tables that need no package: each row and each range is drawn, gaps stay gaps, labels stay on the paper."""

from __future__ import annotations

import re

import pytest

import suasion as su
from suasion.answers.answer import Answer
from suasion.answers.picture import panels_of, rows_of
from suasion.answers.picture import svg as svg_of
from suasion.answers.style import width
from suasion.answers.table import Picture, Table
from suasion.sources.outline import rings


@pytest.fixture(scope="module")
def answers() -> tuple[Answer, ...]:
    return su.exit_cost("RUS", "CHN"), su.dependence("RUS", "CHN"), su.trade_history("RUS", "CHN")


def tables(answers: tuple[Answer, ...]) -> list[Table]:
    found = [table for answer in answers for table in answer.tables if table.picture is not None]
    assert {table.picture.form for table in found} == {"ranges", "lines"}
    return found


def test_every_number_stands_beside_its_mark(answers: tuple[Answer, ...]) -> None:
    for table in tables(answers):
        if table.picture.form == "ranges":
            svg = svg_of(table)
            rows = rows_of(table)
            for label in rows["label"]:
                assert re.search(rf">[^<]*{re.escape(label)}</text>", svg), label


def test_labels_stay_on_the_paper(answers: tuple[Answer, ...]) -> None:
    """Measured by the letters of the font that the image carries; a pixel of rounding."""
    for table in tables(answers):
        svg = svg_of(table)
        edge = float(re.search(r'viewBox="-12 -12 (\d+)', svg)[1]) - 12
        for x, size, look, words in re.findall(
            r'<text x="([\d.-]+)" y="[\d.-]+" font-size="(\d+)"([^>]*)>([^<]*)<', svg
        ):
            wide = width(words, float(size), "sans-bold" if 'font-weight="700"' in look else "sans")
            anchor = re.search(r'text-anchor="(\w+)"', look)
            right = {"start": 1.0, "middle": 0.5, "end": 0.0}[anchor[1] if anchor else "start"]
            assert float(x) + right * wide <= edge + 1, words
            assert float(x) - (1.0 - right) * wide >= -12 - 1, words


def test_a_line_breaks_where_a_year_is_missing() -> None:
    rows = [{"country": "RUS", "year": year, "share_a": part} for year, part in ((2019, 0.1), (2020, 0.2))]
    rows += [{"country": "RUS", "year": 2021, "share_a": None}]
    rows += [{"country": "RUS", "year": year, "share_a": part} for year, part in ((2022, 0.3), (2023, 0.4))]
    whole = [row for row in rows if row["share_a"] is not None]
    picture = Picture("lines", "year", "trade_share", series="country")

    def drawn(given: list[dict[str, object]]) -> str:
        named = [
            {"country": row["country"], "year": row["year"], "trade_share": row["share_a"]} for row in given
        ]
        table = Table.of("trade-history", "country year trade_share", named, picture=picture)
        return panels_of(table)[0].drawing("").wide

    assert drawn(rows).count("<path") == drawn(whole).count("<path") + 1


def test_a_map_has_its_classes_and_says_each_number() -> None:
    found = su.leverage(holder="CHN").table("exposed")
    svg = svg_of(found)
    outlined = rows_of(found)["id"].isin(
        list(rings())
    )  # the smallest are not; some shapes are part of another state
    assert svg.count("<title>") >= outlined.sum() > 160
    assert all(f"var(--map-{place})" in svg for place in range(6))
