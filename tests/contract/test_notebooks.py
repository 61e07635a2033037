"""The notebooks of the documentation run in a real kernel, and show what a run gives."""

from __future__ import annotations

import re
from importlib.util import find_spec

import nbformat
import numpy as np
import pandas as pd
import pytest

import suasion as su
from run_notebooks import FOLDER, notebooks, shown, stale

ALL = pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
SHORT = ("your-own-table",)
"""On a table of one's own. The others take ten seconds and more and are evidence: what their cells ask is asked in the tests
of answers."""
RUN = pytest.mark.parametrize(
    "path",
    [pytest.param(p, marks=[] if p.stem in SHORT else [pytest.mark.evidence]) for p in notebooks()],
    ids=lambda path: path.stem,
)


@RUN
def test_a_notebook_shows_what_a_run_gives(path):
    assert not stale(path), "python tools/run_notebooks.py"


@ALL
def test_a_notebook_is_shown_with_its_output_and_without_this_machine(path):
    book = nbformat.read(path, as_version=4)
    code = [
        cell
        for cell in book.cells
        if cell.cell_type == "code" and not cell.source.startswith(("import", "from"))
    ]
    assert code
    assert all(cell.outputs for cell in code), "a cell shows nothing"
    assert max(len(cell.source.splitlines()) for cell in code) <= 10
    assert not re.search(r"/(tmp|home|work|root)/", path.read_text("utf-8"))


def test_five_lessons_and_the_list_of_analyses():
    assert len(notebooks()) >= 6
    listed = (FOLDER / "index.md").read_text("utf-8").split()
    assert {path.stem for path in notebooks()} <= set(listed)


def test_numbers_are_compared_to_two_digits():
    made = [
        nbformat.v4.new_output("stream", text=f"a loss of {number} %")
        for number in ("5.2613", "5.2640", "5.9")
    ]
    books = [nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[one])]) for one in made]
    first, near, other = (list(shown(book)) for book in books)
    assert first == near != other


def test_a_paper_takes_ten_lines():
    book = nbformat.read(FOLDER / "a-paper.ipynb", as_version=4)
    assert sum(len(cell.source.splitlines()) for cell in book.cells if cell.cell_type == "code") <= 10


PACKAGES = [name for name in ("linearmodels", "pyfixest") if find_spec(name)]
"""Those of the lesson that are installed here; the first is with all that develops."""


@pytest.mark.filterwarnings(
    r"ignore:\s*Inputs contain missing values"
)  # shares of 2021 and 2022 are not on record
@pytest.mark.parametrize("name", PACKAGES)
@pytest.mark.parametrize(
    ("what", "column"),
    [("shares", "trade_share"), pytest.param("losses", "long_percent", marks=pytest.mark.evidence)],
)
def test_the_panel_of_the_paper_goes_straight_into_packages_for_panels(name, what, column):
    """Their slope is that of least squares with a column for each state and year; that on losses is printed."""
    text = "\n".join(one.source for one in nbformat.read(FOLDER / "a-paper.ipynb", as_version=4).cells)
    fences = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    panel = su.panel("ASEAN", on="CHN", years=range(2011, 2025), what=[what, "votes"])
    names = {"panel": panel}
    exec(next(one for one in fences if name in one).replace("long_percent", column), names)
    rows = panel.frame.dropna(subset=[column, "ideal_distance"])
    effects = pd.get_dummies(rows[["country", "year"]].astype(str), dtype=float)
    columns = np.column_stack([rows[column], effects])
    slope = np.linalg.lstsq(columns, rows["ideal_distance"], rcond=None)[0][0]
    assert names["slope"] == pytest.approx(slope, rel=1e-6)  # effects are taken out by steps
    if what == "losses":
        printed = float(re.search(r"Either finds (\S+) a per cent", text)[1].replace("−", "-"))
        assert printed == pytest.approx(slope, abs=0.0005)  # three digits


def test_eleven_analyses_take_six_lines_and_show_a_figure():
    book = nbformat.read(FOLDER / "eleven-analyses.ipynb", as_version=4)
    code = [cell for cell in book.cells if cell.cell_type == "code"][1:]
    assert len(code) == 11
    assert max(len(cell.source.splitlines()) for cell in code) <= 6
    assert all(any("image/svg+xml" in one.get("data", {}) for one in cell.outputs) for cell in code)
