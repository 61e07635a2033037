"""Charts draw every row, keep their labels, and say in words and tables what they show."""

from __future__ import annotations

import csv
import dataclasses
import io
import itertools
import re
from functools import cache

import pandas as pd
import pytest
from tests.unit.made_up import made_up, outside

from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.picture import spec, theme
from suasion.answers.picture.lines import _lonely as lonely
from suasion.answers.picture.spec import drawn as drawn_rows
from suasion.answers.picture.spec import spread
from suasion.dossier import elsewhere
from suasion.dossier.figure import count_marks, draw_svgs
from suasion.dossier.figures import figures
from suasion.errors import ChartError
from suasion.sources import dots, outline


@cache
def made():
    return figures(made_up(), outline(), dots())


@cache
def drawn() -> dict[str, str]:
    topology = outline()
    return {
        panel.key: draw_svgs((panel,), {"world": topology} if panel.key == "map" else None)[0]
        for one in made()
        for panel in one.panels
    }


def test_all_figures_of_the_page_are_there():
    keys = [one.key for one in made()]
    assert keys == [
        "shares", "exposure", "materials-sold", "materials-bought", "totals", "exit-costs", "exit-audience", "elsewhere", "critical-curves",
    ]  # fmt: skip


def test_every_panel_draws_its_marks():
    for one in made():
        for panel in one.panels:
            assert count_marks(drawn()[panel.key]) >= panel.least_marks > 0, panel.key


@pytest.mark.parametrize("one", made(), ids=lambda one: one.key)
def test_words_table_and_file_go_with_every_figure(one):
    assert one.title
    assert one.subtitle
    assert one.source
    assert len(one.alt) > 40
    assert not re.search(r"\bnan\b|\bNone\b", one.alt + one.title + one.subtitle)
    rows = list(csv.reader(io.StringIO(one.csv())))
    assert rows[0] == list(one.frame.columns)
    assert len(rows) == len(one.frame) + 1
    assert "nan" not in one.csv().lower().split(",")


def test_specs_are_valid_vega_lite():
    import altair as alt

    for one in made():
        for panel in one.panels:
            alt.Chart.from_dict({"$schema": alt.SCHEMA_URL, **panel.spec}, validate=True)


def test_an_empty_chart_raises():
    panel = made()[0].panels[0]
    spec = {**panel.spec, "datasets": {name: [] for name in panel.spec["datasets"]}}
    with pytest.raises(ChartError, match=r"chart 'shares-0' drew 0 marks, expected at least 6"):
        draw_svgs((dataclasses.replace(panel, spec=spec),))


def test_no_address_outside_the_file():
    for svg in drawn().values():
        assert not re.search(r"(?:href|src)=\"http|url\(http", svg)


def test_dark_colours_cover_all_light_ones():
    assert set(theme.CHANGE_COLOURS) <= set(theme.DARK)
    assert len(set(theme.DARK)) == len(theme.DARK)
    drawn = "".join(f'<path fill="{light}"/>' for light in theme.DARK)
    for light, dark in theme.DARK.items():
        assert f'[fill="{light}" i]{{fill:{dark}}}' in theme.dark_style(drawn)
    assert theme.BLUE not in theme.dark_style(f'<path fill="{theme.ORANGE}"/>'), (
        "only the colours of the drawing"
    )


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    first, second = sorted((luminance(one), luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def test_contrast_of_text_and_marks():
    # WCAG 2.2: 4.5 for text, 3 for marks; orange is 2.98 on white to two decimals and is printed as 3.0 in the guidance
    for dark in (False, True):
        paper = theme.DARK[theme.PAPER] if dark else theme.PAPER
        for text in (theme.INK, theme.MUTED, theme.PLUM):
            assert contrast(theme.DARK[text] if dark else text, paper) >= 4.5
        for mark in theme.SIDES:
            assert contrast(theme.DARK[mark] if dark else mark, paper) >= 2.95


def moved():
    return made_up().answers["exit_cost"].table("elsewhere")


def test_all_economies_are_drawn_or_dotted():
    frame = elsewhere.prepare_elsewhere(moved(), outline(), dots())
    assert len(frame) == 80
    assert set(frame["drawn"]) == {"shape", "dot"}
    assert set(frame.loc[frame["drawn"] == "dot", "id"]) == {"HKG", "MLT", "SGP", "STP"}


def test_an_economy_without_a_place_is_named():
    frame = dots()
    one = elsewhere.elsewhere_figure(made_up(), outline(), frame[frame["country"] != "SGP"])
    assert any("Not on the map: Singapore" in note for note in one.notes)


def test_map_says_how_disputed_areas_are_drawn():
    one = next(one for one in made() if one.key == "elsewhere")
    assert any("Crimea is drawn as part of Ukraine" in note for note in one.notes)
    assert [key.style for key in one.legend][-1] == "no-data"
    assert len(theme.change_classes()) == len(theme.CHANGE_COLOURS) == len(theme.CHANGE_BOUNDS) + 1


def test_bars_are_sorted_and_leave_the_pair_out():
    frame = elsewhere.prepare_elsewhere(moved(), outline(), dots())
    losers = elsewhere.prepare_bars(frame, ("RUS", "CHN"), -1)
    assert losers["change"].is_monotonic_increasing
    assert "Russia" not in set(losers["name"])


def test_a_gap_breaks_the_line_and_a_lone_point_is_a_dot():
    figure = next(one for one in made() if one.key == "materials-sold")
    panel = next(one for one in figure.panels if one.title == "coal")
    line = next(layer for layer in panel.spec["layer"] if layer["mark"]["type"] == "line")
    assert line["mark"]["invalid"] == "break-paths-show-domains"
    rows = panel.spec["datasets"][line["data"]["name"]]
    assert [row["at"] for row in rows if row["value"] is None] == [2003]
    table = made_up().answers["materials"].table("materials-sold")
    alone = [row for row in table.rows if row[5] is None or row[3] == 2010]
    frame = drawn_rows(dataclasses.replace(table, rows=tuple(alone)), table.picture, DEFAULT_LANGUAGE)
    assert lonely(frame[frame["panel"] == "coal"]).any()


def test_wide_curves_are_drawn_in_logs_and_each_has_its_ends():
    figure = next(one for one in made() if one.key == "critical-curves")
    assert [panel.title for panel in figure.panels] == ["Russia", "China"]
    encoding = figure.panels[0].spec["layer"][0]["encoding"]
    assert encoding["x"]["scale"]["type"] == "linear"  # 0.25 to 4
    assert encoding["y"]["scale"]["type"] == "log"  # 0.025 to 14
    words = [layer for layer in figure.panels[0].spec["layer"] if layer["mark"]["type"] == "text"]
    assert len(words) == 4  # both ends of both runs


def test_labels_at_the_ends_of_lines_stay_apart():
    assert spread([50.0, 50.1], 100.0, 150) == [7, -7]
    assert spread([50.0, 15.0], 100.0, 150) == [0, 0]
    for ends in ([0.1, 0.0], [3.0], [0.0, 0.0, 0.0], [2.8, 3.8, 2.4], [90.0, 10.0, 12.0]):
        shifts = spread(ends, 100.0, 150)
        places = sorted(1.5 * end - shift for end, shift in zip(ends, shifts, strict=True))
        assert places[0] >= spec.LINE / 2 - 0.5  # no label on the axis; half a pixel is rounding
        assert all(above - below >= spec.LINE - 1 for below, above in itertools.pairwise(places))


def test_exposure_takes_the_most_exposed_first():
    figure = next(one for one in made() if one.key == "exposure")
    assert [panel.title for panel in figure.panels] == ["Russia", "China"]
    assert figure.frame["look_through_share, 0 to 1"][:8].is_monotonic_decreasing


def test_totals_are_dots_with_marks_and_no_lines():
    figure = next(one for one in made() if one.key == "totals")
    assert figure.frame["mark"].tolist() == [
        "2013 (a)",
        "2019 (b)",
        "2023 (c)",
        "2024 (d)",
        "2021 (e)",
        "2021 (f)",
    ]
    marks = {layer["mark"]["type"] for panel in figure.panels for layer in panel.spec["layer"]}
    assert marks == {"rule", "point", "text"}


def test_a_pair_outside_the_table_still_gets_its_materials():
    assert [one.key for one in figures(outside(), outline(), dots())] == ["materials-sold"]


def test_records_keep_missing_as_none_and_cut_digits():
    frame = pd.DataFrame({"x": [1 / 3, float("nan")], "y": ["a", None]})
    assert spec.records(frame) == [{"x": 0.333333, "y": "a"}, {"x": None, "y": None}]
