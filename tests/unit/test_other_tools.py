"""Files of an answer in other hands: R runs the recipes of the guide, and every reader finds the same numbers and units."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

import suasion as su
from suasion.world.testing import golden_world

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "other-tools.md"
RECIPES = re.findall(r"^```r\n(.*?)^```", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
WRITTEN = """
open <- subset(cost, outlet == "open")
cat(sprintf("%s %.12g %.12g\\n", open$country, open$loss_percent, open$loss_percent_low), sep = "")
"""


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> tuple[su.Answer, Path]:
    folder = tmp_path_factory.mktemp("files")
    cost = su.exit_cost("RUS", "CHN", horizon="long")
    for ending in ("parquet", "arrows", "dta", "csv"):
        cost.write(folder / f"cost.{ending}")
    return cost, folder


def test_units_stand_in_the_files(answer: tuple[su.Answer, Path]) -> None:
    cost, folder = answer
    units = {column.name: column.unit for column in cost.tables[0].columns}
    schema = parquet.read_schema(folder / "cost.parquet")
    assert json.loads(schema.metadata[b"units"]) == units
    assert {field.name: field.metadata[b"unit"].decode() for field in schema} == units
    with pd.read_stata(folder / "cost.dta", iterator=True) as reader:
        labels = reader.variable_labels()
    assert {name: label.rpartition(", ")[2] for name, label in labels.items()} == units


def test_an_answer_is_a_stream_of_arrow(answer: tuple[su.Answer, Path]) -> None:
    """Without a file, pyarrow has the numbers and units of the answer; DuckDB asks it by its name."""
    cost, _ = answer
    read = pa.table(cost)
    assert read.to_pandas().equals(cost.frame)
    units = {column.name: column.unit for column in cost.tables[0].columns}
    assert {field.name: field.metadata[b"unit"].decode() for field in read.schema} == units
    rows = duckdb.sql("select country, loss_percent from cost where outlet = 'open'").fetchall()
    own = cost.frame[cost.frame["outlet"] == "open"]
    assert rows == list(zip(own["country"], own["loss_percent"], strict=True))


def test_the_stream_as_a_file_is_the_same_table(answer: tuple[su.Answer, Path]) -> None:
    cost, folder = answer
    with pa.ipc.open_stream(folder / "cost.arrows") as stream:
        assert stream.read_all().equals(pa.table(cost), check_metadata=True)


def test_what_no_row_has_keeps_its_kind() -> None:
    """Numbers that no row has are missing numbers in every program, words missing words; neither is without a type."""
    panel = su.panel("ASEAN", on="CHN", what=["arms", "votes"], years=[2019])
    empty = panel.frame.columns[panel.frame.isna().all()]
    assert {"arms_tiv", "arms_source"} <= set(empty)
    assert panel.frame["arms_tiv"].dtype == float
    read = pa.table(panel).schema
    assert (read.field("arms_tiv").type, read.field("arms_source").type) == (pa.float64(), pa.string())


if find_spec("polars"):  # of the extra dev alone

    def test_polars_reads_the_stream_back(answer: tuple[su.Answer, Path]) -> None:
        import polars

        cost, _ = answer
        read = polars.DataFrame(cost)
        assert read.columns == list(cost.frame.columns)
        assert read.to_dicts() == cost.frame.astype(object).where(cost.frame.notna(), None).to_dict("records")


if find_spec("networkx"):  # of the extra dev alone

    def test_the_matrix_of_losses_is_a_graph() -> None:
        """The recipe of the page: an edge from who is lost to who loses, each pair both ways."""
        found: dict[str, Any] = {}
        recipe = (
            GUIDE.read_text("utf-8").partition("as a graph")[2].partition("```py\n")[2].partition("```")[0]
        )
        matrix = partial(su.leverage_matrix, world=golden_world())
        exec(recipe.rpartition("print(")[0], {"su": SimpleNamespace(leverage_matrix=matrix)}, found)
        graph, losses = found["graph"], found["losses"]
        assert set(graph) == {"R", "C", "W"}
        assert graph.number_of_edges() == len(losses) == 6
        for row in losses.itertuples():
            assert graph[row.partner][row.country]["loss_percent"] == row.loss_percent


if shutil.which("Rscript"):  # apt-get install r-base-core r-cran-haven r-cran-nanoarrow

    @pytest.mark.parametrize("recipe", RECIPES, ids=("dta", "arrows", "parquet", "csv"))
    def test_the_recipe_for_r_reads_the_same_numbers(answer: tuple[su.Answer, Path], recipe: str) -> None:
        cost, folder = answer
        for package in re.findall(r"library\((\w+)\)", recipe):
            if subprocess.run(["Rscript", "-e", f"library({package})"], capture_output=True).returncode:
                return  # R is here, the package is not
        run = subprocess.run(
            ["Rscript", "-e", recipe + WRITTEN], cwd=folder, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stderr
        told = [line.split() for line in run.stdout.splitlines()[-2:]]
        frame = cost.frame[cost.frame["outlet"] == "open"]
        assert [row[0] for row in told] == list(frame["country"])
        for row, (_, own) in zip(told, frame.iterrows(), strict=True):
            numbers = [own["loss_percent"], own["loss_percent_low"]]
            assert [float(one) for one in row[1:]] == pytest.approx(numbers, rel=1e-11)  # twelve digits
