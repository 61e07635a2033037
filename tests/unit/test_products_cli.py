"""The commands ``screen`` and ``replace``: data on stdout, words on stderr, a picture where asked."""

from __future__ import annotations

import csv
import io
import json

from tests.boxes import marks
from tests.unit.baci_files import baci_zip

from suasion.cli.app import CANNOT, OK, UNWRITABLE, USAGE, run
from suasion.products import ingest_baci
from suasion.products import replaceability as solve
from suasion.questions import replaceability, screen


def test_screen_prints_a_table(capsys):
    assert run(["screen", "DEU", "--count", "3"]) == OK
    out, err = capsys.readouterr()
    assert len(out.splitlines()) > 3
    assert max(len(line) for line in out.splitlines()) <= 80
    assert err


def test_production_is_taken_from_a_file_or_from_the_store(capsys, tmp_path, monkeypatch):
    made = tmp_path / "made.csv"
    made.write_text(
        "year,country,product,quantity\n" + "".join(f"{y},DEU,282200,9e9\n" for y in range(2020, 2025)),
        "utf-8",
    )
    alone = screen("DEU", production=made)
    row = alone.table("screen-all").frame.set_index("hs").loc["282200"]
    assert row.outside_share < 0.01
    notes = {note.key: note for table in alone.tables for note in table.notes}
    assert notes["replaceability.production"].values["source"] == "made.csv"
    assert notes["screen.second_some"].values["known"].value == 1
    assert run(["data", "add", "production", str(made), "--store", str(tmp_path)]) == OK
    assert "production: 5 rows, 1 countries, 1 products, 2020 to 2024" in capsys.readouterr().err
    monkeypatch.setattr("suasion.products.store.user_store", lambda: tmp_path / "products")
    both = replaceability("DEU", "FIN")
    assert set(both.table("goods-all").frame.room_basis) == {"production"}
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
    words = [
        "screen",
        "EU",
        "--variant",
        "cepii",
        "--year",
        "2019",
        "--show",
        "screen-all",
        "--format",
        "csv",
    ]
    assert run(words) == OK
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    oil = next(row for row in rows if row["hs"] == "270900")
    assert oil["seller"] == "RUS"
    assert 0 < float(oil["import_concentration"]) < 1
    made = screen("DEU").table("screen-all").frame
    assert made.outside_share.isna().all()  # not applied is missing, not zero
    assert {"margin_low", "margin_high", "flagged_probability", "withheld_musd_most"} <= set(made)


def test_replace_is_asked_by_its_older_name_too(capsys):
    """The count is of the table that is read; a file has every good."""
    spoken = ["replaceability", "CHN", "RUS", "--count", "2", "--format", "csv"]
    older = ["replace", "CHN", "--from", "RUS", "--count", "2", "--format", "csv"]
    printed = []
    for words in (spoken, older):
        assert run(words) == OK
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    answer = replaceability("CHN", "RUS", count=2)
    assert len(answer.table().rows) == 2 * 2
    assert len(printed[0].splitlines()) == 1 + len(answer.table("goods-all").rows)


def test_both_ways_are_those_of_the_model():
    """Every number of the model is there under a name with its unit; sums beyond the cap are not."""
    answer = replaceability("CHN", "AUS", rerouted=0.5)
    frame = answer.table("goods-all").frame
    assert set(zip(frame.buyer, frame.seller, strict=True)) == {("CHN", "AUS"), ("AUS", "CHN")}
    found = solve("CHN", "AUS", rerouted=0.5).table.set_index("product")
    own = frame[frame.buyer == "CHN"].set_index("hs")
    told = own.loss_status == "measured"
    assert (own.withheld_musd[told] == found.loss.reindex(own.index)[told]).all()
    assert own.withheld_musd[~told].isna().all()
    assert (own.refusal_musd == found.seller_loss.reindex(own.index)).all()
    whole = replaceability("CHN", "AUS").table("goods-all").frame
    iron = whole[(whole.hs == "260111") & (whole.buyer == "CHN")].iloc[0]
    assert iron.loss_status == "beyond"
    assert iron.rise_percent >= 899.9


def test_lists_are_as_long_as_asked_and_ordered_by_loss():
    answer = replaceability("CHN", "RUS", count=3)
    for key, who, loss in (("goods", "buyer", "withheld_musd"), ("outlets", "seller", "refusal_musd")):
        for _, part in answer.table(key).frame.groupby(who):
            assert len(part) == 3
            assert part[loss].is_monotonic_decreasing


def test_errors_are_one_line(capsys, tmp_path):
    for words, code, text in (
        (["screen", "Atlantis"], CANNOT, "There is no country 'Atlantis'"),
        (["screen", "DEU", "--variant", "oecd"], CANNOT, "There is no variant 'oecd'"),
        (["replace", "CHN", "--from", "China"], CANNOT, "overlap"),
        (["screen", "DEU", "--year", "1990"], CANNOT, "no year 1990"),
        (["screen", "DEU", "--store", str(tmp_path)], CANNOT, "holds no product store"),
        (["screen", "DEU", "--chart", "x.pdf"], CANNOT, "give a file that ends in"),
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
    assert marks(target.read_text("utf-8")) >= 2 * 12
    assert f"wrote {target}" in capsys.readouterr().err


def test_own_store_is_used(capsys, tmp_path):
    ingest_baci([baci_zip(tmp_path)], tmp_path / "s")
    assert run(["screen", "JPN", "--store", str(tmp_path / "s"), "--format", "csv"]) == OK
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["hs"] for row in rows] == ["270112"]
    assert rows[0]["good"] == "Coal: bituminous, not agglomerated"
    # countries that do not trade: no answer, and why
    assert run(["replace", "DEU", "--from", "JPN", "--store", str(tmp_path / "s")]) == CANNOT
    assert replaceability("DEU", "JPN", store=tmp_path / "s").absent.key == "replaceability.none"
