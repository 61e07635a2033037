"""``--world`` and ``nowcast``: commands on another world than the embedded one."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from suasion.cli.app import CANNOT, OK, UNWRITABLE, run
from suasion.world import World
from suasion.world.load import option_of
from suasion.world.testing import golden_world, random_world


@pytest.fixture
def saved(tmp_path):
    """A small world of real countries, saved."""
    world = random_world(3, 2, seed=4)
    codes = dict(zip(world.countries, ("RUS", "CHN", "USA"), strict=True))
    named = world.replace(countries=tuple(codes.values()))
    path = tmp_path / "small.npz"
    named.save(path)
    return path


def shares(capsys) -> dict[str, float]:
    table = json.loads(capsys.readouterr().out)["tables"][0]
    names = [one["name"] for one in table["columns"]]
    rows = [dict(zip(names, cells, strict=True)) for cells in table["rows"]]
    return {row["channel"]: row["partner_share"] for row in rows if row["country"] == "RUS"}


def test_a_command_works_on_the_world_that_is_named(saved, capsys, monkeypatch):
    world = World.load(saved)
    trade = world.array("intermediate").sum(2) + world.array("final").sum(2)
    exports = trade[:, 0].sum() - trade[0, 0]
    assert run(["--world", str(saved), "depend", "RUS", "--on", "CHN", "--format", "json"]) == OK
    first = shares(capsys)
    assert first["exports"] == pytest.approx(trade[1, 0] / exports)
    monkeypatch.setenv("SUASION_WORLD", str(saved))  # the same by the environment
    assert run(["depend", "RUS", "--on", "CHN", "--format", "json"]) == OK
    assert shares(capsys)["exports"] == first["exports"]


def test_the_choice_holds_for_one_command(saved, capsys):
    assert run(["--world", str(saved), "depend", "RUS", "--on", "CHN", "--format", "json"]) == OK
    small = shares(capsys)["exports"]
    assert run(["depend", "RUS", "--on", "CHN", "--format", "json"]) == OK
    assert shares(capsys)["exports"] != pytest.approx(small)


def test_a_world_that_plays_no_part_is_said(saved, capsys):
    assert run(["--world", str(saved), "data", "list"]) == OK
    assert f"note: --world {saved} plays no part in this command." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("dataset", "option"),
    [
        ("OECD ICIO, 2025 release", "--world icio2022"),
        ("OECD ICIO", "--world icio:2019"),
        ("WIOD, 2013 release", "--world wiod13:2019"),
        ("my own table", "--world FILE.npz"),
    ],
)
def test_a_dossier_names_the_world_in_its_command(dataset, option):
    world = golden_world()
    other = world.replace(year=2019, provenance=replace(world.provenance, dataset=dataset))
    assert option_of(other) == option


@pytest.mark.parametrize(
    ("world", "words"),
    [
        ("wiod13:2012", "has the years 1995 to 2011: give one of them, not 2012"),
        ("wiod13", "has the years 1995 to 2011: give one"),
        ("wiod13:last", "'last' is not a year; write it as in wiod13:2011"),
        ("icio:1990", "1995 to 2022: give one of them, not 1990"),
        ("icio2022:2020", "The world icio2022 is of 2022, not 2020"),
        ("wiod31:2011", "There is no world 'wiod31'. Did you mean 'wiod16'?"),
        ("gone.npz", "There is no file gone.npz"),
        ("2010", "There is no reconciled world of 2010: there are 2011 to 2024"),
        ("published:2023", "Flows of 2023 are not published"),
    ],
)
def test_worlds_that_are_not_there(world, words, capsys):
    assert run(["--world", world, "depend", "RUS", "--on", "CHN"]) == CANNOT
    assert words in capsys.readouterr().err


def test_nowcast_writes_a_world_that_commands_open(saved, tmp_path, capsys):
    totals, out = tmp_path / "totals.csv", tmp_path / "later.npz"
    before = World.load(saved)
    old = float((before.array("intermediate") + before.array("final"))[1, 0].sum())
    totals.write_text(f"exporter,importer,value\nRussia,CHN,{1.1 * old}\n", encoding="utf-8")
    growth = tmp_path / "growth.csv"
    growth.write_text("country,factor\nCHN,1.05\n", encoding="utf-8")
    asked = ["nowcast", str(totals), "--year", "2025", "--out", str(out), "--growth", str(growth)]
    assert run(["--world", str(saved), *asked, "--format", "json"]) == OK
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["exporter"], row["importer"]) == ("RUS", "CHN")
    assert row["moved"] == pytest.approx(1.1 * old)  # met exactly
    assert row["change"] == pytest.approx(10.0)
    later = World.load(out)
    assert later.year == 2025
    assert later.array("value_added")[1].sum() == pytest.approx(1.05 * before.array("value_added")[1].sum())
    assert run(["--world", str(out), "depend", "RUS", "--on", "CHN", "--format", "json"]) == OK
    assert "moved from" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "options", "words", "code"),
    [
        ("exporter,importer,value\nRUS,CHN,much\n", {}, "line 2: 'much' is no number", CANNOT),
        ("exporter,importer\nRUS,CHN\n", {}, "has no column value", CANNOT),
        ("exporter,importer,value\nRUS,IRN,5\n", {}, "IRN is not among the 3 countries", CANNOT),
        ("exporter,importer,value\nRUS,CHN,1e15\n", {}, "too little to sell at", CANNOT),
        ("exporter,importer,value\nRUS,CHN,5\n", {"--year": "1999"}, "a nowcast goes forward", CANNOT),
        ("exporter,importer,value\nRUS,CHN,5\n", {"--out": "x.csv"}, "must end in .npz", CANNOT),
        ("exporter,importer,value\nRUS,CHN,5\n", {"--out": "/nowhere/x.npz"}, "/nowhere", UNWRITABLE),
        ("exporter,importer,value\nRUS,CHN,5\n", {"--growth": "gone.csv"}, "cannot be read as CSV", CANNOT),
    ],
)
def test_nowcast_refuses(saved, tmp_path, capsys, text, options, words, code):
    totals = tmp_path / "totals.csv"
    totals.write_text(text, encoding="utf-8")
    given = {"--year": "2025", "--out": str(tmp_path / "later.npz"), **options}
    flat = [part for pair in given.items() for part in pair]
    assert run(["--world", str(saved), "nowcast", str(totals), *flat]) == code
    assert words in capsys.readouterr().err


def test_golden_world_is_saved_and_opened(tmp_path, capsys):
    """A world whose countries are no states: commands name them by the world's own codes."""
    path = tmp_path / "golden.npz"
    golden_world().save(path)
    assert run(["--world", str(path), "frontier", "W", "R", "--lambda", "0", "--format", "csv"]) == OK
    assert capsys.readouterr().out.startswith("harm_weight,own_change_musd")
