"""Tables for papers: no scenario is dropped, numbers are numbers, every form has the same cells, LaTeX is whole."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

import suasion as su
from suasion.answers.render.paper import Grid
from suasion.answers.table import Table
from suasion.errors import InputError
from suasion.world.testing import random_world

WORLD = random_world(4, 2, seed=3)
RATES = ("10%", "30%")


@pytest.fixture(scope="module")
def wars():
    """Two tariffs on one world, with bands of few draws."""
    return [su.simulate(su.tariff("C1", "C2", rate), world=WORLD, draws=3) for rate in RATES]


def test_two_scenarios_stay_apart(wars) -> None:
    frame = su.table(wars).frame
    assert len(frame) == sum(len(one.frame) for one in wars)
    assert list(dict.fromkeys(frame["scenario"])) == [f"tariff C1 C2 {rate}" for rate in RATES]
    assert not frame.duplicated(["scenario", "horizon", "country"]).any()


def test_a_wide_table_has_a_column_for_each_scenario_and_number(wars) -> None:
    wide = su.table(wars, rows="country", columns=["loss_percent", "loss_musd"], style="wide").frame
    assert wide.columns.names == ["scenario", None]
    for rate, one in zip(RATES, wars, strict=True):
        own = one.frame.set_index("country")
        for name in ("loss_percent", "loss_percent_low", "loss_musd_high"):
            assert wide[(f"tariff C1 C2 {rate}", name)].tolist() == own.loc[wide.index, name].tolist()
    assert wide.attrs["units"]["loss_musd"] == "musd"


@pytest.mark.parametrize("bands", ["brackets", "below", "columns", "none"])
def test_every_form_has_the_same_cells(wars, bands, tmp_path: Path) -> None:
    made = su.table(
        wars,
        rows="country",
        columns="loss_percent",
        across="scenario",
        bands=bands,
        digits=3,
        notes="Own: 5% of x_1.",
    )
    numbers = [cell for row in made.grid.cells for cell in row[1:]]
    frame = made.frame
    shown = f"{abs(frame.iloc[0][('tariff C1 C2 10%', 'loss_percent')]):.3f}"
    assert shown in " ".join(numbers)
    latex, html, text = made.to_latex(), made.to_html(), made.to_markdown()
    for cell in numbers:
        assert cell in html
        assert cell in text
        assert cell.replace("\N{MINUS SIGN}", "$-$") in latex
    assert r"Own: 5\% of x\_1." in latex
    lows = any("[" in cell for cell in numbers)
    assert lows == (bands in ("brackets", "below"))
    assert len(made.grid.cells) == len(frame) * (2 if bands == "below" else 1)
    assert len(made.grid.heads[-1]) == 1 + 2 * (3 if bands == "columns" else 1)
    sheet = openpyxl.load_workbook(made.write(tmp_path / "made.xlsx"))["losses"]
    kept = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[1] for row in kept] == pytest.approx(
        frame.iloc[:, 0].tolist(), rel=1e-12
    )  # a workbook keeps doubles
    rows = list(csv.reader(made.write(tmp_path / "made.csv").read_text("utf-8").splitlines()))
    assert len(rows) == 1 + len(frame)


def test_decimals_show_two_figures_of_the_smaller_of_two_typical_numbers() -> None:
    """Of 3.42, 0.55, 3.70 and 0.56 the second and the last are not told as 0.5 and 0.6."""
    made = Table.of(
        "losses",
        "country loss_percent",
        [
            {"country": one, "loss_percent": size}
            for one, size in zip("ABCD", (3.42, 0.55, 3.7, 0.56), strict=True)
        ],
    )
    cells = Grid.of(made, ["country"], [], ["loss_percent"], None, "none").cells
    assert [row[1] for row in cells] == ["3.42", "0.55", "3.70", "0.56"]


def cells_of(line: str) -> int:
    """How many columns of a tabular a line fills."""
    parts = line.removesuffix(r"\\").split(" & ")
    return sum(
        int(found[1]) if (found := re.match(r"\\multicolumn{(\d+)}", part.strip())) else 1 for part in parts
    )


def test_latex_is_whole_and_compiles_where_there_is_latex(wars, tmp_path: Path) -> None:
    made = su.table(
        wars, rows="country", columns=["loss_percent", "loss_musd"], across="scenario", bands="below"
    )
    latex = made.to_latex(caption="Losses & gains", label="tab:own")
    width = len(re.search(r"\\begin{tabular}{([lr]+)}", latex)[1])
    lines = [line for line in latex.splitlines() if line.endswith(r"\\")]
    assert {cells_of(line) for line in lines} == {width}
    assert len(lines) == 2 + len(made.grid.cells)
    assert r"\multicolumn{2}{c}{tariff C1 C2 10\%}" in latex
    assert r"\cmidrule(lr){2-3} \cmidrule(lr){4-5}" in latex
    assert r"\caption{Losses \& gains}" in latex
    assert latex.count("{") == latex.count("}")
    assert compiles(latex, tmp_path)


def compiles(latex: str, folder: Path) -> bool:
    """Whether LaTeX, where there is one, makes pages of a table without a word on what does not fit in height."""
    program = shutil.which("pdflatex")
    packages = r"\documentclass{article}\usepackage{booktabs,longtable}"
    (folder / "paper.tex").write_text(rf"{packages}\begin{{document}}{latex}\end{{document}}", "utf-8")
    run = program and subprocess.run(
        [program, "-halt-on-error", "paper.tex"], cwd=folder, capture_output=True, text=True, check=False
    )
    too_much = ("too large for page", "Overfull")
    return not run or (run.returncode == 0 and not any(one in run.stdout for one in too_much))


@pytest.mark.parametrize("across", ["scenario", "country"])
def test_a_table_wider_than_a_line_stands_in_parts(across: str, tmp_path: Path) -> None:
    rates = range(10, 80, 10)
    answers = [su.simulate(f"tariff {rate} C1 on C2", world=WORLD, horizon="long") for rate in rates]
    rows = "country" if across == "scenario" else "scenario"
    made = su.table(answers, rows=rows, columns=["loss_percent", "loss_musd"], across=across)
    latex = made.to_latex()
    parts = re.findall(r"\\begin{(?:tabular|longtable)}{([lrp\d{}]+)}", latex)
    assert len(parts) > 1
    shown = sum(part.count("r") for part in parts)
    assert shown == len(made.grid.heads[-1]) - made.grid.names  # each column of numbers once
    assert latex.count(r"\caption{") == latex.count(r"\label{") == 1
    assert compiles(latex, tmp_path)


@pytest.mark.parametrize("ask", [su.dated_measures, lambda: su.events("USA", "CHN")], ids=["names", "words"])
def test_columns_of_words_fit_a_line(ask, tmp_path: Path) -> None:
    """Long names end a line after their signs; what is still wider stands in parts, each with the first columns."""
    latex = ask().write(tmp_path / "made.tex").read_text("utf-8")
    for form in re.findall(r"\\begin{(?:tabular|longtable)}{([lrp\d{}]+)}", latex):
        words = [float(one) for one in re.findall(r"p{(\d+)pt}", form)]
        assert sum(words) + 6 * form.count("p") <= 345
    assert compiles(latex, tmp_path)


def test_a_table_longer_than_a_page_goes_over_pages(tmp_path: Path) -> None:
    many = su.simulate_many([f"tariff {rate} C1 on C2" for rate in range(10, 70, 5)], world=WORLD)
    made = su.table([many], notes="x^2 of ~1")
    latex = made.to_latex()
    assert len(made.grid.cells) == 48
    assert r"\begin{longtable}" in latex
    assert latex.count(r"\shortstack[r]{Loss, \% of own \\ real expenditure}") == 2
    assert r"x\^{}2 of \~{}1" in latex
    assert compiles(latex, tmp_path)
    assert compiles(su.table([many], rows=("scenario", "country"), columns="loss_musd").to_latex(), tmp_path)


def test_rows_of_one_name_are_refused_and_named(wars) -> None:
    with pytest.raises(InputError, match=r"Two rows would be named 'C\d'"):
        su.table(wars, rows="country", columns="loss_percent")
    one = su.table(wars[:1], rows="country", columns="loss_percent")
    assert one.rows == ("country",)


def test_options_that_differ_tell_answers_apart() -> None:
    both = [
        su.simulate("tariff 20 C1 on C2", horizon=at, deficits=rule, world=WORLD)
        for at, rule in (("long", "balance"), ("long", "world"))
    ]
    frame = su.table(both).frame
    assert frame["deficits"].tolist() == ["balance"] * len(both[0].frame) + ["world"] * len(both[1].frame)
    assert len(su.table([both[0], both[0]]).frame) == len(both[0].frame)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bands": "round"}, "bands is 'round'; give brackets, below, columns, none"),
        ({"style": "tall"}, "style is 'tall'; give long, wide"),
        ({"digits": -1}, "digits is -1; give 0 to 12"),
    ],
)
def test_an_option_that_is_none_is_told(wars, options, message) -> None:
    with pytest.raises(InputError, match=message):
        su.table(wars, **options)
