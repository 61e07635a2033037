"""The commands ``screen`` and ``replace``: data on stdout, words on stderr, a picture where asked."""

from __future__ import annotations

import csv
import io
import json

import pytest
from tests.unit.baci_files import baci_zip
from tests.unit.test_products_screen import EXAMPLE, SOLD, steady

from suasion.cli.app import CANNOT, OK, UNWRITABLE, USAGE, run
from suasion.dossier.charts.figure import count_marks, draw_svg
from suasion.dossier.charts.products import (
    lost_buyer_figure,
    prepare_losses,
    replace_figure,
    screen_figure,
)
from suasion.products import ingest_baci, replaceability, screen


def test_screen_prints_a_table(capsys):
    assert run(["screen", "DEU", "--count", "3"]) == OK
    out, err = capsys.readouterr()
    assert out.startswith("DEU, 2024: imports and loss in million USD, largest loss first")
    assert out.count("271121") == 1
    assert max(len(line) for line in out.splitlines()) <= 80
    assert "data: BACI by CEPII, 74 raw materials, 1995 to 2024" in err
    assert "products are dependent by the rule (commission)" in err
    assert "not applied" in err


def test_production_is_taken_from_a_file_or_from_the_store(capsys, tmp_path, monkeypatch):
    made = tmp_path / "made.csv"
    made.write_text(
        "year,country,product,quantity\n" + "".join(f"{y},DEU,282200,9e9\n" for y in range(2020, 2025)),
        "utf-8",
    )
    assert run(["screen", "DEU", "--production", str(made), "--format", "csv"]) == OK
    out, err = capsys.readouterr()
    row = next(r for r in csv.DictReader(io.StringIO(out)) if r["product"] == "282200")
    assert float(row["outside_share"]) < 0.01
    assert "production: made.csv" in err
    assert "applied to the 1 products with known production" in err
    assert run(["data", "add", "production", str(made), "--store", str(tmp_path)]) == OK
    assert "production: 5 rows, 1 countries, 1 products, 2020 to 2024" in capsys.readouterr().err
    monkeypatch.setattr("suasion.products.store.user_store", lambda: tmp_path / "products")
    assert run(["replace", "DEU", "--from", "FIN", "--format", "json"]) == OK
    out, err = capsys.readouterr()
    assert "production: made.csv" in err
    assert "best year of production" in json.loads(out)[0]["room_basis"]
    assert run(["data", "add", "production", str(made), str(made), "--store", str(tmp_path)]) == CANNOT
    assert "one table of production; 2 files were given" in capsys.readouterr().err


def test_the_list_of_data_shows_what_the_product_store_has(capsys, tmp_path):
    def states():
        assert run(["data", "list", "--store", str(tmp_path), "--format", "json"]) == OK
        rows = {row["name"]: row["state"] for row in json.loads(capsys.readouterr().out)}
        return rows["baci"], rows["production"]

    assert states() == ("not here", "not here")
    made = tmp_path / "made.csv"
    made.write_text("year,country,product,quantity\n2024,DEU,282200,9\n", "utf-8")
    assert run(["data", "add", "production", str(made), "--store", str(tmp_path)]) == OK
    assert states() == ("not here", "added")
    assert run(["data", "add", "baci", str(baci_zip(tmp_path)), "--store", str(tmp_path)]) == OK
    assert states() == ("added", "added")
    for name in ("baci", "production"):
        capsys.readouterr()
        assert run(["data", "info", name, "--store", str(tmp_path)]) == OK
        assert "state: added" in capsys.readouterr().out


def test_screen_for_machines_has_every_column(capsys):
    assert run(["screen", "EU", "--variant", "cepii", "--year", "2019", "--format", "csv"]) == OK
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    oil = next(row for row in rows if row["product"] == "270900")
    assert oil["supplier"] == "RUS"
    assert 0 < float(oil["import_concentration"]) < 1
    assert run(["screen", "DEU", "--format", "json"]) == OK
    made = json.loads(capsys.readouterr().out)
    assert made[0]["outside_share"] is None  # not applied is null, not zero
    assert {"margin_low", "margin_high", "probability", "loss_high"} <= set(made[0])


def test_replace_prints_both_ways(capsys):
    assert run(["replace", "CHN", "--from", "RUS", "--count", "2"]) == OK
    out, err = capsys.readouterr()
    for words in (
        "CHN from RUS, 2024, million USD: what CHN could not easily get elsewhere",
        "CHN from RUS, 2024, million USD: what RUS could not easily sell elsewhere",
        "RUS from CHN, 2024, million USD: what RUS could not easily get elsewhere",
        "RUS from CHN, 2024, million USD: what CHN could not easily sell elsewhere",
    ):
        assert words in out
    assert "Where all is rerouted the price does not move at all" in " ".join(err.split())


def test_replace_for_machines_names_both_sides(capsys):
    assert run(["replace", "CHN", "--from", "RUS", "--format", "json", "--rerouted", "0.5"]) == OK
    rows = json.loads(capsys.readouterr().out)
    assert {(row["buyer"], row["seller"]) for row in rows} == {("CHN", "RUS"), ("RUS", "CHN")}
    whole = replaceability("CHN", "RUS").table.set_index("product")["loss"]
    oil = next(row for row in rows if row["product"] == "270900" and row["buyer"] == "CHN")
    assert oil["loss"] < whole["270900"]


def test_errors_are_one_line(capsys, tmp_path):
    for words, code, text in (
        (["screen", "Atlantis"], CANNOT, "There is no country 'Atlantis'"),
        (["screen", "DEU", "--variant", "oecd"], CANNOT, "There is no variant 'oecd'"),
        (["replace", "CHN", "--from", "China"], CANNOT, "overlap"),
        (["screen", "DEU", "--year", "1990"], CANNOT, "no year 1990"),
        (["screen", "DEU", "--store", str(tmp_path)], CANNOT, "holds no product store"),
        (["screen", "DEU", "--chart", "x.pdf"], CANNOT, "give a file that ends in .svg"),
        (["screen", "DEU", "--chart", str(tmp_path / "no" / "x.svg")], UNWRITABLE, "does not exist"),
    ):
        assert run(words) == code
        last = capsys.readouterr().err.splitlines()[-1]
        assert last.startswith("suasion: ")
        assert text in last
    assert run(["screen", "DEU", "--years", "9"]) == USAGE


def test_charts_are_written(capsys, tmp_path):
    target = tmp_path / "s.svg"
    assert run(["replace", "CHN", "--from", "RUS", "--chart", str(target)]) == OK
    assert count_marks(target.read_text("utf-8")) >= 3 * 12
    assert f"wrote {target}" in capsys.readouterr().err


def test_own_store_is_used(capsys, tmp_path):
    ingest_baci([baci_zip(tmp_path)], tmp_path / "s")
    assert run(["screen", "JPN", "--store", str(tmp_path / "s"), "--format", "csv"]) == OK
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["product"] for row in rows] == ["270112"]
    assert rows[0]["name"] == "Coal: bituminous, not agglomerated"
    # nothing to draw between countries that do not trade
    assert (
        run(
            [
                "replace",
                "DEU",
                "--from",
                "JPN",
                "--store",
                str(tmp_path / "s"),
                "--chart",
                str(tmp_path / "a.svg"),
            ]
        )
        == OK
    )
    assert "nothing to draw" in capsys.readouterr().err


@pytest.mark.parametrize(
    "figure",
    [
        lambda: replace_figure(replaceability("CHN", "RUS")),
        lambda: lost_buyer_figure(replaceability("CHN", "RUS")),
        lambda: screen_figure(screen("DEU")),
    ],
    ids=["replace", "lost buyer", "screen"],
)
def test_figures_hold_what_they_draw(figure):
    made = figure()
    assert count_marks(draw_svg(made.panels[0])) >= made.panels[0].least_marks
    assert len(made.frame) == 12
    assert made.frame["loss, million USD"].is_monotonic_decreasing
    assert made.source
    assert made.notes
    assert made.alt.endswith(".")


def test_small_losses_are_not_drawn():
    table = screen("AAA", steady([*EXAMPLE, SOLD])).table
    assert prepare_losses(table)["row"].to_list() == ["270900 (270900)"]
    assert prepare_losses(table.assign(loss=0.001)).empty
