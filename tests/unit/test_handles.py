"""What every answer can be asked for: frames, arrays, pictures, files of every form, and one line of itself."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr

import suasion as su
from suasion.answers.answer import Answer
from suasion.answers.numbers import NOISE, printed
from suasion.answers.render import FORMS, render
from suasion.errors import DataError
from suasion.world import World


@pytest.fixture(scope="module")
def part() -> World:
    return su.load_world().select(["RUS", "CHN", "USA", "DEU"], ["B06", "C19", "C26"])


@pytest.fixture(scope="module")
def cost(part: World) -> Answer:
    return su.exit_cost("RUS", "CHN", world=part, horizon="long", draws=8)


@pytest.fixture(scope="module")
def shares(part: World) -> Answer:
    return su.dependence("RUS", "CHN", world=part)


def test_one_line_of_itself(cost: Answer) -> None:
    assert repr(cost).startswith("<Answer exit_cost RUS CHN: exit-costs (4), ")
    assert len(repr(cost)) < 200
    assert repr(cost.table()).startswith("<Table exit-costs: 4 rows of horizon, outlet")
    assert "<table" in cost.table()._repr_html_()
    assert cost._repr_html_().startswith("<section")


def test_names_stand_beside_codes_on_request(cost: Answer) -> None:
    plain, named = cost.to_frame(), cost.to_frame(names=True)
    assert plain.equals(cost.frame)
    assert set(named.columns) - set(plain.columns) >= {"country_name", "partner_name"}
    assert dict(zip(named.country, named.country_name, strict=True)) == {"RUS": "Russia", "CHN": "China"}
    assert named.drop(columns=[one for one in named if one not in plain]).equals(plain)
    assert set(named.attrs["units"]) == set(named.columns)


def test_the_array_has_the_units_of_the_frame(cost: Answer) -> None:
    held = cost.xarray
    units = cost.frame.attrs["units"]
    assert all(held[name].attrs["units"] == units[name] for name in held.data_vars)


@pytest.mark.parametrize("ending", ["csv", "parquet", "dta", "xlsx", "json", "nc"])
def test_numbers_are_the_same_in_every_file(cost: Answer, tmp_path: Path, ending: str) -> None:
    """One name and one unit in Python and in each file; read back by what others read them with."""
    path = cost.write(tmp_path / f"cost.{ending}")
    readers = {
        "csv": lambda: pd.read_csv(path),
        "parquet": lambda: pd.read_parquet(path),
        "dta": lambda: pd.read_stata(path),
        "xlsx": lambda: pd.read_excel(path, sheet_name="exit-costs"),
        "json": lambda: from_json(json.loads(path.read_text())),
        "nc": lambda: xr.open_dataset(path, engine="scipy").to_dataframe().reset_index(),
    }
    back = readers[ending]()
    axes = list(cost.table().axes)
    ours = cost.frame.set_index(axes).sort_index()
    theirs = back.set_index(axes).sort_index()
    for name in ("loss_percent", "loss_percent_low", "loss_percent_high", "loss_musd"):
        # Text is the shortest that reads back as the same number; a workbook keeps 16 digits, as its format does.
        near = 1e-15 if ending == "xlsx" else 0.0
        pd.testing.assert_series_equal(ours[name], theirs[name].reindex(ours.index), rtol=near, atol=0.0)


def from_json(plain: dict) -> pd.DataFrame:
    table = plain["tables"][0]
    return pd.DataFrame(table["rows"], columns=[one["name"] for one in table["columns"]])


def test_units_travel(cost: Answer, tmp_path: Path) -> None:
    from pyarrow import parquet

    units = cost.frame.attrs["units"]
    schema = parquet.read_schema(cost.write(tmp_path / "cost.parquet"))
    assert {field.name: field.metadata[b"unit"].decode() for field in schema} == units
    held = xr.open_dataset(cost.write(tmp_path / "cost.nc"), engine="scipy")
    assert held["loss_percent"].attrs["units"] == units["loss_percent"]
    with pd.io.stata.StataReader(cost.write(tmp_path / "cost.dta")) as stata:
        assert stata.variable_labels()["loss_musd"].endswith(", musd")


@pytest.mark.parametrize("ending", sorted(set(FORMS) - {"svg", "png"}))
def test_every_form_of_a_table_with_missing_cells(shares: Answer, ending: str) -> None:
    assert render(shares, ending, "" if ending in ("html", "md", "json", "xlsx") else "exposure")


def test_a_list_has_no_axes_to_write() -> None:
    answer = su.dated_measures()
    bare = Answer("dated_measures", {}, tables=(_without_axes(answer),))
    with pytest.raises(DataError, match="has no axes"):
        render(bare, "nc")


def _without_axes(answer: Answer):
    from dataclasses import replace

    return replace(answer.table(), axes=())


def test_latex_compiles_in_form(cost: Answer) -> None:
    """Rules, a row a line, what LaTeX takes as a command made plain, and notes below."""
    text = render(cost, "tex").decode()
    rows = [line for line in text.splitlines() if line.endswith(r"\\")]
    assert len(rows) == 1 + len(cost.table().rows)
    assert all(line.count("&") - line.count(r"\&") == len(cost.table().shown) - 1 for line in rows)
    assert text.count(r"\begin{") == text.count(r"\end{")
    for rule in ("toprule", "midrule", "bottomrule", "caption", "label{tab:exit-costs}"):
        assert f"\\{rule}" in text
    assert " %" not in text.replace(r" \%", "")


def test_noise_of_the_solver_prints_as_nothing() -> None:
    for unit in ("percent", "change", "musd", "musd_change", "score"):
        assert printed(1e-10, unit) == printed(-1e-10, unit) == printed(0.0, unit)
        assert printed(10 * NOISE, unit) != printed(0.0, unit)


def test_a_picture_shows_itself(cost: Answer) -> None:
    assert cost.plot()._repr_svg_().startswith("<svg")
    assert repr(cost.plot()).startswith("<Plot: SVG of ")
    assert io.BytesIO(render(cost, "png")).read(4) == b"\x89PNG"
