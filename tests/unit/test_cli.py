"""The command line: exit codes, one clean line per error, data on stdout and messages on stderr."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from html import escape
from pathlib import Path

import pytest
from tests.unit.made_up import made_up

from suasion.answers.answer import Answer
from suasion.answers.render.text import UNASKED_ROWS
from suasion.cli import commands, questions
from suasion.cli.app import CANNOT, OK, STOPPED, UNMAPPED, UNWRITABLE, USAGE, run
from suasion.cli.console import Format, as_csv, as_table, clean_line
from suasion.dossier.screens import screens
from suasion.dossier.screens.words import reason_of, said
from suasion.errors import InputError, SuasionError
from suasion.questions import QUESTIONS
from suasion.world import load_world

SCENARIO = """\
name: Two stop trading
instruments:
  - type: embargo
    senders: [USA]
    targets: [RUS]
"""


@pytest.fixture
def invented(monkeypatch):
    """The dossier command on invented numbers; returns the calls made."""
    calls = []

    def fake(*args, **kwargs):
        calls.append((args, kwargs))
        return made_up()

    monkeypatch.setattr(commands, "dossier", fake)
    return calls


def test_dyad_prints_the_dossier(invented, capsys):
    assert run(["dyad", "RUS", "CHN"]) == OK
    out, err = capsys.readouterr()
    assert out.startswith("Who depends on whom: Russia and China?")
    assert max(len(line) for line in out.splitlines()) <= 80
    told = " ".join(out.split())
    for screen in screens(made_up()):
        assert reason_of(screen) in told
        for one in screen.block.said:
            assert " ".join(said(one).split()) in told
    assert err == ""
    ((args, kwargs),) = invented
    assert args[:3] == ("RUS", "CHN", ("USA", "EU"))
    assert args[3].year == 2023  # the embedded world, where no other is named
    assert kwargs["bands"] is False


def test_dyad_options_reach_the_library(invented):
    assert run(["dyad", "RUS", "CHN", "--audience", "JPN, G7", "--bands", "--deficits", "world"]) == OK
    ((args, kwargs),) = invented
    assert args[2] == ("JPN", "G7")
    assert kwargs["bands"] is True
    assert kwargs["deficits"] == "world"


@pytest.mark.parametrize("text", ["none", "", "None"])
def test_an_empty_audience(text):
    assert commands.parties(text) == ()


def test_dyad_json_and_csv(invented, capsys):
    assert run(["dyad", "RUS", "CHN", "--format", "json"]) == OK
    assert json.loads(capsys.readouterr().out)["schema"] == 3
    assert run(["dyad", "RUS", "CHN", "--format", "csv"]) == OK
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows[0] == ["kind", "verb", "sentence", "source"]
    assert len(rows) == len(made_up().summary) + 1


def test_dyad_writes_files(invented, capsys, tmp_path):
    html, plain = tmp_path / "d.html", tmp_path / "d.json"
    assert run(["dyad", "RUS", "CHN", "--html", str(html), "--json", str(plain)]) == OK
    out, err = capsys.readouterr()
    shown = html.read_text(encoding="utf-8")
    assert '<h1 id="answer-title">' in shown
    assert re.search("<title>.*Russia.*China", shown)
    assert json.loads(plain.read_text(encoding="utf-8"))["a"]["code"] == "RUS"
    assert err.splitlines() == [f"wrote {html}", f"wrote {plain}"]
    assert "wrote" not in out


def test_unwritable_output_is_found_before_the_work(invented, capsys, tmp_path):
    assert run(["dyad", "RUS", "CHN", "--html", str(tmp_path / "absent" / "d.html")]) == UNWRITABLE
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("suasion: cannot write")
    assert invented == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["dyad", "Atlantis", "CHN"], "Atlantis"),
        (["dyad", "Korea", "CHN"], "fits more than one country"),
        (["dyad", "RUS", "Russia"], "are the same side"),
        (["dyad", "RUS", "CHN", "--audience", "NOWHERE"], "NOWHERE"),
        (["simulate", "/no/such/file.yaml"], "There is no scenario file"),
        (["data", "info", "icio2022"], "Did you mean"),
    ],
)
def test_errors_are_one_line_and_no_traceback(arguments, message, capsys):
    assert run(arguments) == CANNOT
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("suasion: ")
    assert err.count("\n") == 1
    assert message in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["dyad", "RUS"],
        ["dyad", "RUS", "CHN", "--format", "pdf"],
        ["dyad", "RUS", "CHN", "--deficits", "none"],
        ["tariff-war", "--deficits", "none"],
        ["nonsense"],
        ["dyad", "RUS", "CHN", "--nonsense"],
    ],
)
def test_wrong_usage(arguments, capsys):
    assert run(arguments) == USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("suasion: ")
    assert err.count("\n") == 1
    assert "--help" in err


def test_version_and_help(capsys):
    import suasion

    assert run(["--version"]) == OK
    assert capsys.readouterr().out == f"{suasion.__version__}\n"
    assert run(["dyad", "--help"]) == OK
    out = capsys.readouterr().out
    for option in ("--audience", "--bands", "--html", "--json", "--format", "--deficits"):
        assert option in out


def test_an_error_of_ours_that_is_unknown_to_the_command_line_is_still_one_line(monkeypatch, capsys):
    def broken(*args, **kwargs):
        raise SuasionError("first line\n  second line")

    monkeypatch.setattr(commands, "dossier", broken)
    assert run(["dyad", "RUS", "CHN"]) == CANNOT
    assert capsys.readouterr().err == "suasion: first line second line\n"


def test_a_defect_is_not_hidden(monkeypatch):
    def broken(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(commands, "dossier", broken)
    with pytest.raises(ZeroDivisionError):
        run(["dyad", "RUS", "CHN"])


def test_simulate_prints_and_writes(tmp_path, capsys):
    file, html = tmp_path / "s.yaml", tmp_path / "s.html"
    file.write_text(SCENARIO)
    assert run(["simulate", str(file), "--format", "json", "--html", str(html)]) == OK
    out, err = capsys.readouterr()
    made = Answer.from_dict(json.loads(out))
    losses = made.table("losses").frame
    assert len(losses) == 81  # the rest of the world is one
    assert losses["country"][0] == "RUS"
    assert losses["loss_percent"][0] > 0
    assert "residual" in err
    page = html.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert all(escape(finding.sentence()) in page for finding in made.findings)
    assert str(tmp_path) not in page + out
    assert len(page.encode()) < 2_000_000


def test_simulate_horizons_and_formats(tmp_path, capsys):
    file = tmp_path / "s.yaml"
    file.write_text(SCENARIO)
    assert (
        run(["simulate", str(file), "--horizon", "short,2", "--format", "csv", "--deficits", "world"]) == OK
    )
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["horizon"] for row in rows} == {"short", "2"}
    assert run(["simulate", str(file), "--horizon", "soon"]) == CANNOT
    assert "soon" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "code"), [("answer.doc", CANNOT), ("absent/answer.html", UNWRITABLE)])
def test_a_file_that_cannot_be_written_is_found_before_the_work(name, code, tmp_path, capsys):
    assert run(["alliance", "RUS", "CHN", "--out", str(tmp_path / name)]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1


def test_a_wrong_key_is_named_with_its_line(tmp_path, capsys):
    file = tmp_path / "s.yaml"
    file.write_text(SCENARIO.replace("targets", "target"))
    assert run(["simulate", str(file)]) == CANNOT
    err = capsys.readouterr().err
    assert "line" in err
    assert "target" in err
    assert err.count("\n") == 1


def test_depend(capsys):
    assert run(["depend", "Russia", "--on", "China", "--format", "csv"]) == OK
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    turnover = next(row for row in rows if (row["country"], row["channel"]) == ("RUS", "turnover"))
    assert float(turnover["partner_share"]) == pytest.approx(
        0.285, abs=0.0005
    )  # the share that the tables print
    assert run(["depend", "RUS", "--on", "IRN"]) == OK
    out, err = capsys.readouterr()
    assert len(out.splitlines()) > 5
    assert "Estimated" in " ".join(err.split())  # the table has not Iran; the world of every state has


def test_depend_through_the_years(capsys):
    assert run(["depend", "Russia", "--on", "China", "--history", "--format", "json"]) == OK
    table = json.loads(capsys.readouterr().out)["tables"][0]
    names = [one["name"] for one in table["columns"]]
    line = {row["year"]: row for row in (dict(zip(names, cells, strict=True)) for cells in table["rows"])
            if row["country"] == "RUS"}  # fmt: skip
    assert line[2013]["trade_share"] == pytest.approx(0.111, abs=0.0006)  # as BACI's totals give it


def test_data_list_and_info(capsys):
    assert run(["data", "list", "--format", "json"]) == OK
    files = [row["name"] for row in json.loads(capsys.readouterr().out)]
    assert "materials.parquet" in files
    assert run(["data", "info", "materials.parquet"]) == OK
    out = capsys.readouterr().out
    assert "CEPII" in out
    assert "licence: " in out


def test_table_shows_missing_and_csv_leaves_it_empty():
    assert "no data" in as_table(("x",), [(None,)])
    assert as_csv(("x", "y"), [(None, 1.5)]) == "x,y\n,1.5\n"
    assert clean_line(InputError("a\n b")) == "a b"
    assert clean_line(KeyError()) == "KeyError"
    assert Format("json") is Format.json


def test_help_starts_without_the_numerical_libraries():
    code = (
        "import sys; from suasion.cli.app import run; run(['--help']);"
        "heavy = {'numpy', 'pandas', 'xarray', 'altair', 'scipy'} & set(sys.modules); sys.exit(len(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("error", [MemoryError(), *map(SystemError, UNMAPPED)])
def test_whatever_says_that_memory_lacks_is_one_line(error, monkeypatch, capsys):
    def lacking(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("suasion.cli.app.app", lacking)
    assert run(["data", "list"]) == CANNOT
    assert capsys.readouterr().err.startswith("suasion: There is not enough memory for this.")


def test_a_reader_that_went_away_is_no_error():
    code = "from suasion.cli.app import run; import sys; sys.exit(run(['data', 'list', '--format', 'csv']))"
    pipe = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    pipe.stdout.close()
    _, err = pipe.communicate(timeout=60)
    assert "Traceback" not in err


def test_a_key_pressed_while_the_program_starts_ends_it_without_a_trace():
    """Interrupted in the midst of the imports, as by somebody who mistyped."""
    code = (
        "import builtins, sys; keep = builtins.__import__\n"
        "def interrupted(name, *rest):\n"
        "    if name == 'typer': raise KeyboardInterrupt\n"
        "    return keep(name, *rest)\n"
        "builtins.__import__ = interrupted\n"
        "from suasion.cli import main; main()"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (made.returncode, made.stdout, made.stderr) == (STOPPED, "", "")


def test_findings_stand_before_a_table_and_a_long_one_is_cut(capsys):
    """On a terminal both streams are one; who names the table, or another format, gets it whole."""
    command = ["trade-history", "RUS", "CHN"]
    asked = [sys.executable, "-m", "suasion", *command]
    text = subprocess.run(asked, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True).stdout.decode()
    finding, title, count = (
        text.index(part)
        for part in (
            "goods trade rose from",
            "own goods trade\n\n",
            f"{UNASKED_ROWS} of 58 rows: the last of each under",
        )
    )
    assert finding < title < count < text.index("--show trade-history prints all rows")
    lines = [len(re.findall(rf"^ {state}  ", text, re.MULTILINE)) for state in ("Russia", "China")]
    assert sum(lines) == UNASKED_ROWS
    assert min(lines) >= UNASKED_ROWS // 2
    for whole in (["--show", "trade-history"], ["--format", "csv"]):
        assert run([*command, *whole]) == 0
        whole = "".join(capsys.readouterr())
        assert len(re.findall(r"2023\b", whole)) > 2
        assert "rows." not in whole


def test_what_a_quota_leaves_is_said_for_a_line_and_for_a_file(tmp_path, capsys):
    """A line has what is taken away, a file what is left."""
    file = tmp_path / "quota.yaml"
    file.write_text(
        "name: Less\ninstruments:\n  - {type: quota, senders: [USA], targets: [CHN], share: 0.3}\n",
        encoding="utf-8",
    )
    for given, title, cut, left in (
        ("quota 30 USA on CHN", "What if the United States cut imports from China by 30 %?", 30, 70),
        (str(file), "What if: Less?", 70, 30),
    ):
        assert run(["simulate", given]) == OK
        told = capsys.readouterr().err
        assert told.startswith(title)
        assert f"by {cut} %: of each good at most {left} % of today’s quantity comes in." in told


def test_an_output_that_is_full_is_found_before_anything_is_asked(monkeypatch, capsys):
    def opened():
        raise AssertionError("a world was opened")

    monkeypatch.setattr(questions, "chosen_world", opened)
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert run(["exit-cost", "RUS", "CHN"]) == UNWRITABLE
    assert "Standard output cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize(("terminal", "draws", "tables"), [(True, 1, 2), (False, 1, 1), (True, 0, 1)])
def test_a_terminal_has_the_central_numbers_before_their_ranges(terminal, draws, tables, monkeypatch, capsys):
    monkeypatch.setattr(questions, "chosen_world", lambda: load_world("g20"))
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    given = {"state": "DEU", "draws": draws, "show": "", "chart": None, "out": None, "form": Format.table}
    assert questions.run_question(QUESTIONS["welfare_exposure"], given) == OK
    printed = capsys.readouterr()
    title = next(line for line in printed.out.splitlines() if line)
    assert printed.out.count(title) == tables
    assert ("These are the central numbers" in printed.err) == (tables == 2)
    first = printed.out[: printed.out.rindex(title)] if tables == 2 else printed.out
    assert (" to " in first) == (draws > 0 and tables == 1), "ranges only where they were drawn"
