"""Every form of the dossier holds the same numbers, and says clearly what it cannot write."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
import tempfile
import xml.etree.ElementTree as ET
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pandas as pd
import pytest
from tests.unit.made_up import made_up, outside
from tests.unit.test_chapters import CHAPTER

from suasion.dossier import export
from suasion.dossier.compare import compare, read_context, write_compare_page
from suasion.dossier.tables import frames, long_frame, rows_of
from suasion.errors import InputError, OutputError


@pytest.fixture(scope="module")
def made():
    return dataclasses.replace(made_up(), chapters=(CHAPTER,))


def test_frames_hold_every_row_and_number(made):
    tables = frames(made)
    assert len(tables["materials_sold"]) == len(made.answers["materials"].table("materials-sold").rows)
    assert list(tables["exit_costs"].loss_percent) == [
        row["loss_percent"] for row in rows_of(made, "exit_cost", "exit-costs")
    ]
    assert len(tables["made_up_outlook_growth"]) == 29
    assert set(tables["findings"]["where"]) == {"summary"}


def test_the_long_table_loses_no_cell(made):
    long, tables = long_frame(made), frames(made)
    assert len(long) == sum(frame.size for frame in tables.values())
    one = long[(long.table == "exit_costs") & (long.column == "loss_percent")]
    assert list(one.value.fillna(-1)) == list(tables["exit_costs"].loss_percent.fillna(-1))
    assert not ((long.text != "") & long.value.notna()).any(), "a cell is a number or a text"


def test_stata_reads_the_long_table_back(made, tmp_path):
    file = tmp_path / "d.dta"
    made.write(str(file))
    again = pd.read_stata(file)
    # Stata keeps doubles as they are.
    pd.testing.assert_series_equal(again["value"], long_frame(made)["value"], check_names=False)


def test_a_workbook_has_a_sheet_for_each_table(made, tmp_path):
    file = tmp_path / "d.xlsx"
    made.write(str(file))
    book = pd.read_excel(file, sheet_name=None)
    assert list(book) == ["about", *(name[:31] for name in frames(made))]
    assert book["exit_costs"].loss_musd.sum() == pytest.approx(
        sum(row["loss_musd"] for row in rows_of(made, "exit_cost", "exit-costs")), rel=1e-12
    )


def test_markdown_tells_the_answer_first(made):
    lines = export.as_markdown(made).splitlines()
    assert lines[0] == f"# {made.question}"
    assert lines[2] == made.summary[0].sentence()
    assert f"## {CHAPTER.title}" in lines
    heads = [line for line in lines if line.startswith("|")]
    assert len({line.count("|") for line in heads}) > 1
    assert "nan" not in "\n".join(lines).lower().split()


def test_an_archive_holds_tables_charts_and_words_and_is_the_same_twice(made):
    first = export.as_zip(made)
    archive = zipfile.ZipFile(io.BytesIO(first))
    names = archive.namelist()
    assert {"README.txt", "dossier.json", "tables/exit_costs.csv"} <= set(names)
    rows = list(csv.DictReader(io.StringIO(archive.read("tables/exit_costs.csv").decode())))
    assert [float(r["loss_percent"]) for r in rows if r["loss_percent"]] == [
        row["loss_percent"] for row in rows_of(made, "exit_cost", "exit-costs")
    ]
    svg = archive.read("charts/exit-costs.svg").decode()
    ET.fromstring(svg)
    words = re.sub(r"<[^>]+>", " ", svg)
    for told in (
        "Russia loses more from a break than China",
        "Source:",
        "run 0123456789ab",
        "closed",
    ):
        assert told in words, told
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(re.findall(r'id="([^"]+)"', svg))
    assert not [name for name in names if name.endswith(".png")]
    assert json.loads(archive.read("dossier.json")) == json.loads(export.as_json(made))
    assert export.as_zip(made) == first


def test_a_pair_outside_the_table_is_written_too(tmp_path):
    for suffix in (".md", ".xlsx", ".dta", ".txt", ".json"):
        outside().write(str(tmp_path / f"d{suffix}"))
        assert (tmp_path / f"d{suffix}").stat().st_size > 500
    assert outside().summary[0].sentence() in (tmp_path / "d.md").read_text("utf-8")


@pytest.mark.browser
@pytest.mark.usefixtures("chromium")
def test_chromium_prints_the_page(tmp_path):
    made_up().write(str(tmp_path / "d.pdf"))
    assert (tmp_path / "d.pdf").read_bytes()[:5] == b"%PDF-"


class Listening(BaseHTTPRequestHandler):
    """Notes that somebody asked."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *given: object) -> None: ...


@pytest.mark.browser
def test_the_printing_browser_reaches_no_net_and_no_file(tmp_path, chromium, monkeypatch):
    """Its flags keep it from nets, also from this machine's own; the page's policy from files. Nothing is left over."""
    (tmp_path / "secret.txt").write_text("SECRET")
    folder = tempfile.mkdtemp(prefix="suasion-")  # short: the browser makes a socket in it
    monkeypatch.setattr(tempfile, "tempdir", folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Listening)
    Thread(target=server.serve_forever, daemon=True).start()
    here = f"127.0.0.1:{server.server_port}"
    tempting = (
        f'<img src="http://{here}/image"><iframe src="http://localhost:{server.server_port}/frame"></iframe>'
        f'<script>fetch("http://{here}/script")</script><iframe src="{(tmp_path / "secret.txt").as_uri()}"></iframe>'
    )
    strict = '<meta http-equiv="Content-Security-Policy" content="{}">'
    try:
        closed = export.print_page(strict.format("default-src 'none'") + tempting)
        monkeypatch.setattr(export, "LOADS_NOTHING", "default-src *")
        opened = export.print_page(strict.format("default-src * file: 'unsafe-inline'") + tempting)
    finally:
        server.shutdown()
        server.server_close()
    assert closed[:5] == opened[:5] == b"%PDF-"
    assert len(closed) < len(opened)  # with its policy gone the page has the file's text, and still no net
    assert Listening.asked == []
    assert list(Path(folder).iterdir()) == []
    Path(folder).rmdir()


def test_a_page_that_may_load_something_is_not_printed(monkeypatch):
    with pytest.raises(OutputError, match="policy that begins with"):
        export.print_page("<p>no policy</p>")


def test_what_cannot_be_written_is_said(tmp_path, monkeypatch):
    with pytest.raises(OutputError, match=r"its suffix must be one of \.html, \.pdf"):
        made_up().write(str(tmp_path / "d.docx"))
    with pytest.raises(OutputError, match="does not exist"):
        made_up().write(str(tmp_path / "none" / "d.md"))
    monkeypatch.setenv("SUASION_CHROMIUM", "no-such-browser")
    with pytest.raises(OutputError, match="needs Chromium"):
        made_up().write(str(tmp_path / "d.pdf"))


def test_two_dossiers_compared(tmp_path):
    first = made_up().to_dict()
    second = json.loads(json.dumps(first))
    table = second["answers"]["exit_cost"]["tables"][0]
    place = [column["name"] for column in table["columns"]].index("loss_percent")
    table["rows"][0][place] += 0.5
    marked = {"flags": "loss", "replacement_percent": 9.0, "no_switching_percent": 30.0}
    for name, cell in marked.items():
        table["rows"][0][[column["name"] for column in table["columns"]].index(name)] = cell
    second["answers"]["dependence"]["tables"][0]["rows"].pop()
    compared = compare(first, second, ("then", "now"))
    share, loss = compared.tables[:2]
    changes = [cell for cell in loss.cells("change_points") if cell is not None]
    assert changes[0] == pytest.approx(0.5, abs=1e-12)  # one sum of floats
    assert set(changes[1:]) == {0.0}
    # A flag and its bracket stand beside the loss of the edition that has them, and then people see them too.
    now = loss.frame.iloc[1]
    assert {name: now[name] for name in marked} == marked
    assert set(marked) <= set(loss.brief)
    assert [note.key for note in share.notes] == ["compare.only"]
    page = write_compare_page(compared, (first, second), tmp_path / "c.html").read_text("utf-8")
    assert page.count("<figure") == 3
    assert page.count(first["provenance"]["run_id"]) >= 2, "what made both stands under the numbers"


def test_dossiers_that_cannot_be_compared(tmp_path):
    with pytest.raises(InputError, match="name two of one pair"):
        compare(made_up().to_dict(), outside().to_dict())
    file = tmp_path / "x.json"
    file.write_text("{}")
    with pytest.raises(InputError, match="is not the JSON file of a dossier"):
        read_context(file)
    file.write_text('{"schema": 99}')
    with pytest.raises(InputError, match="version 99"):
        read_context(file)
