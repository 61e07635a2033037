"""A notebook in a real kernel, in an environment without ipywidgets: what asks DuckDB answers there as elsewhere."""

from __future__ import annotations

import json
import sys

import pytest
from harness import WORK, Box

from suasion.world.testing import random_world

pytest.importorskip("ipykernel")

GRID = "name: small\nworld: {name: file, path: world.npz}\npairs: all\nreport: all\n"
TRADE = "exporter_iso3,importer_iso3,year,trade\nUSA,CAN,2019,1.5\nUSA,CAN,2019,2.5\n"
#: One cell for each door that asks DuckDB, and what its answer must hold.
CELLS = (
    ("import importlib.util as found; found.find_spec('ipywidgets') is None", "True"),
    ("import suasion as su; from suasion import sweep", ""),
    ("su.replaceability('CHN', 'RUS')", "replaceability"),
    ("from suasion.products import open_store, query, screen; store = open_store()", ""),
    ("query(store, 'select count(*) as n from trade').n[0] > 1000", "True"),
    ("len(screen('DEU').table) > 10", "True"),
    ("sweep.run_sweep('grid.yaml', 'out', workers=0).complete", "True"),
    ("sweep.query('out', 'select count(*) as n from sweep').n[0]", "50"),
    ("from suasion.sources.itpd import read_itpd; read_itpd('trade.csv').value[0]", "4.0"),
)
#: Runs the cells in a kernel that is a process of its own, and prints what each showed.
RUN = """
import json, sys
import nbformat
from nbclient import NotebookClient

cells = [nbformat.v4.new_code_cell(text) for text in json.load(sys.stdin)]
book = nbformat.v4.new_notebook(cells=cells)
NotebookClient(book, kernel_name="python3", timeout=100, allow_errors=True).execute()
print(json.dumps([cell.outputs for cell in book.cells]))
"""


def test_what_asks_duckdb_answers_in_a_notebook(box: Box, tmp_path):
    random_world(5, 3, seed=4).save(tmp_path / "world.npz")
    box.write(f"{WORK}/world.npz", (tmp_path / "world.npz").read_bytes())
    box.write(f"{WORK}/grid.yaml", GRID)
    box.write(f"{WORK}/trade.csv", TRADE)
    text = json.dumps([cell for cell, _ in CELLS])
    run = box.run("-c", RUN, program=[sys.executable], text=text)
    assert run.code == 0, run.err
    for (cell, shown), outputs in zip(CELLS, json.loads(run.out), strict=True):
        failed = [one["evalue"] for one in outputs if one["output_type"] == "error"]
        assert not failed, f"{cell}: {failed[0]}"
        assert shown in "".join(one["data"]["text/plain"] for one in outputs if "data" in one), cell
    box.check(run, 0, numbers=False)  # a table may hold what is missing
