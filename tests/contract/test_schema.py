"""The schema and the arrays that carry its names agree."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

from suasion.errors import DuplicateLabelError, InputError, MissingValueError
from suasion.schema import OWNERS, describe, variable, variables
from suasion.schema.variables import parse_variables
from trees import nodes

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "suasion"
NAMING = (ast.Constant, ast.FunctionDef, ast.Attribute, ast.keyword, ast.AnnAssign)
ROW = """
[[variable]]
name = "flow"
of = "world"
dims = ["importer"]
unit = "million USD"
sign = ">= 0"
symbol = "X"
meaning = "Flow."
source = "Made up."
"""


def words_in_source() -> set[str]:
    """Names, attributes and string constants of the package outside the schema."""
    words: set[str] = set()
    for path in SRC.rglob("*.py"):
        if path.parent.name == "schema":
            continue
        for node in nodes(path, *NAMING):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value)
            elif isinstance(node, ast.FunctionDef):
                words.add(node.name)
            elif isinstance(node, ast.Attribute):
                words.add(node.attr)
            elif isinstance(node, ast.keyword) and node.arg:
                words.add(node.arg)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                words.add(node.target.id)
    return words


def test_every_row_is_used():
    words = words_in_source()
    assert not [row.name for row in variables() if row.name not in words]


@pytest.mark.parametrize("row", variables(), ids=lambda row: f"{row.of}.{row.name}")
def test_rows_are_whole(row):
    assert re.fullmatch(r"[a-z][a-z_0-9]*", row.name)
    assert row.of in OWNERS
    assert row.unit
    assert row.sign
    assert row.meaning.endswith(".")
    assert row.source.endswith(".")
    assert row.attrs["unit"] == row.unit


@pytest.mark.parametrize("row", [r for r in variables("world") if r.name != "use"], ids=lambda r: r.name)
def test_world_carries_the_schema(world, row):
    array = world[row.name]
    assert array.dims == row.dims
    assert array.attrs["unit"] == row.unit


def test_world_has_no_array_without_a_row(world):
    assert set(world.arrays) <= {row.name for row in variables("world")}


@pytest.fixture(scope="module")
def result(world):
    from suasion.equilibrium import Embargo, Scenario, simulate

    return simulate(world, Scenario("cut", (Embargo(("RUS",), ("CHN",)),)))


def labelled(result) -> dict:
    """Properties of a result that are annotated as labelled arrays."""
    found = {}
    for name, value in inspect.getmembers(type(result)):
        function = getattr(value, "fget", None) or getattr(value, "func", None)
        hint = str(getattr(function, "__annotations__", {}).get("return", ""))
        if hint.endswith("DataArray"):
            found[name] = value
    return found


def test_every_labelled_result_has_a_row(result):
    rows = {row.name: row for row in variables("result")}
    assert set(labelled(result)) == set(rows)


def test_results_carry_dims_and_units(result):
    wrong = []
    for row in variables("result"):
        if row.name == "welfare_linear":  # absent for an embargo, with the reason
            continue
        array = getattr(result, row.name)
        if array.dims != row.dims or array.attrs.get("unit") != row.unit:
            wrong.append((row.name, array.dims, array.attrs.get("unit")))
    assert not wrong


def numbers(*tables) -> set[str]:
    return {name for table in tables for name in table.select_dtypes("number").columns}


def test_exit_costs_have_rows(world):
    from suasion.coercion import exit_cost

    cost = exit_cost(world, "RUS", "CHN", horizon="long")
    rows = {row.name for row in variables("exit_cost")}
    assert numbers(cost.table, cost.ratios, cost.elsewhere) == rows


def test_power_has_rows(world):
    from suasion.coercion import power

    assert numbers(power(world, "CHN", "RUS")) == {row.name for row in variables("power")}


def test_lookup_by_name_and_owner():
    assert variable("output").of == "world"
    assert variable("output", of="result").unit == "per cent"
    assert "million USD" in describe("output")
    assert "per cent" in describe("output")
    assert "per cent" not in describe("output", of="world")


def test_wrong_lookups_say_what_is_near():
    with pytest.raises(InputError, match="Did you mean 'intermediate'"):
        variable("intermediates")
    with pytest.raises(InputError, match=r"Known: intermediate, final"):
        describe("zzz")
    with pytest.raises(InputError, match="give one of world, result"):
        variables("wrld")  # type: ignore[arg-type]


def test_broken_rows_are_refused():
    assert parse_variables(ROW)[0].dims == ("importer",)
    with pytest.raises(MissingValueError, match=r"'flow' has lacking, unknown or wrong fields: unit"):
        parse_variables(ROW.replace('unit = "million USD"\n', ""))
    with pytest.raises(MissingValueError, match="of = 'moon'"):
        parse_variables(ROW.replace("world", "moon"))
    with pytest.raises(DuplicateLabelError, match=r"two rows for world\.flow"):
        parse_variables(ROW + ROW)


def test_tables_of_dependence_have_rows(world):
    """Numbers that a reader meets in tables are in the schema too; labels and years are not numbers of ours."""
    from suasion.measures import concentration, dependence, material_shares

    found = dependence("RUS", "CHN", world)
    tables = [found.table, found.pair, *(side.table for side in found.exposure), concentration(world)]
    tables.append(material_shares("RUS", "CHN").table)
    known = {row.name for row in variables()}
    plain = {"year", "value", "a_on_b", "b_on_a", "seller_total", "buyer_total"}
    assert not numbers(*tables) - known - plain


def test_matrices_of_dependence_carry_dims_and_units(world):
    from suasion.measures import (
        exposure_matrix,
        share_matrix,
        trade,
        trade_power,
    )

    arrays = [trade(world), share_matrix(world)]
    arrays += [*trade_power(world, 4.0).values(), exposure_matrix(world, "face_value")]
    wrong = []
    for array in arrays:
        row = variable(str(array.name), of="dependence")
        if array.dims != row.dims or array.attrs.get("unit") != row.unit:
            wrong.append((row.name, array.dims))
    assert not wrong
