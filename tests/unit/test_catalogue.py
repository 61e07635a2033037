"""The catalogue and the store: what an entry may claim, what enters the store, and what it says when something is wrong."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

import pandas as pd
import pytest
from baci_files import baci_zip

from suasion.cli.app import CANNOT, OK, UNWRITABLE, run
from suasion.errors import ChecksumError, DuplicateLabelError, InputError, OutputError, SourceFileError
from suasion.sources import catalogue_store as stores
from suasion.sources.catalogue import catalogue, data_set, entry, found_in, years_named
from suasion.sources.catalogue_store import add, installed, load, located, manifest_of, store_folder, verify

WANTED = [
    "unga-votes",
    "unga-resolutions",
    "ideal-points",
    "ideal-points-2024",
    "atop",
    "cow-alliances",
    "nmc",
    "contiguity",
    "distance",
    "mids",
    "igos",
    "democracy",
    "rivalries",
    "sipri",
    "gsdb",
    "exercises",
    "nuclear",
    "gcdf",
    "pwt",
    "itpd",
    "icio",
    "wiod13",
    "wiod16",
    "eora26",
    "baci",
    "un-comtrade",
    "imts",
    "batis",
    "bimts",
    "troops",
    "cow-states",
    "majors",
    "cow-trade",
    "dyad-record",
]
STATES = "ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday\n"


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch) -> Path:
    """No test touches the store of whoever runs it."""
    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))
    return tmp_path / "store"


def rivalries(folder: Path, rows: int = 200, name: str = "tss_rivalries.csv") -> Path:
    """Write a file that the reader of rivalries takes: whole if it has 150 rows or more."""
    table = pd.DataFrame(
        {
            "tssr_id": range(rows),
            "rivalry": "a-b",
            "ccode1": 2,
            "ccode2": 20,
            "start": 1900,
            "end": 1950,
            "spatial": 1,
        }
    )
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / name, index=False)
    return folder / name


def test_every_entry_is_complete_and_claims_no_success():
    assert set(WANTED) == set(catalogue())
    for item in catalogue().values():
        assert all((item.title, item.covers, item.citation, item.licence, item.read))
        assert item.page.startswith("http") or item.page == "unknown"
        assert item.verified == "never", (
            "an address counts as verified when somebody reached it, with the day"
        )
        assert callable(item.function()) or item.name == "baci"
        for file in item.files:
            assert file.checksum == "" or file.checksum.partition(":")[0] in ("sha256", "sha1")
            assert file.address == "" or file.address.startswith("https://")
        assert (item.years is not None) == (item.kind == "years")


def test_unknown_names_and_broken_entries_are_named():
    with pytest.raises(InputError, match=r"no data set 'atob'\. Did you mean 'atop'"):
        data_set("atob")
    with pytest.raises(SourceFileError, match="entry x is not valid: licence"):
        entry(
            "x",
            dict.fromkeys(("title", "covers", "page", "kind", "reader", "citation", "read"), "a")
            | {"files": [{}]},
        )
    good = dict.fromkeys(("title", "covers", "page", "reader", "citation", "read", "licence"), "a")
    with pytest.raises(SourceFileError, match="entry x is not valid: kind or files"):
        entry("x", good | {"kind": "heap", "files": [{"name": "f"}]})
    with pytest.raises(SourceFileError, match="cannot read x"):
        entry("x", good | {"kind": "one", "files": [{"name": "f"}], "reader": "suasion.nothing:f"}).function()


def test_years_choose_the_file():
    icio = data_set("icio")
    assert icio.file_of(2016).name == "ICIO2021_2015-2018.zip"
    assert icio.file_of(2020).name == "2016-2022_SML.zip"
    assert icio.file_of(2020).address == ""
    assert data_set("un-comtrade").file_of(2020).address.count("2020") == 1
    with pytest.raises(InputError, match=r"a file a year, 1995 to 2022: give one \(--year\), not 1990"):
        icio.file_of(1990)
    with pytest.raises(InputError, match=r"give one \(--year\)\.$"):
        icio.file_of(None)
    assert years_named(Path("ICIO2021_2015-2018.zip")) == (2015, 2016, 2017, 2018)
    assert years_named(Path("WIOT2014_October16_ROW.RData")) == (2014,)
    assert years_named(Path("2019_SML.csv")) == (2019,)
    assert years_named(Path("WIOTS_in_R.zip")) == ()


def test_add_checks_copies_and_writes_down(tmp_path, own_store):
    source = rivalries(tmp_path)
    (stored,) = add("rivalries", [source], source="https://example.org/r.csv")
    assert stored.size == source.stat().st_size
    assert stored.holds == "200 rows, start 1900 to 1900"
    assert stored.source == "https://example.org/r.csv"
    assert stored.as_published is None  # no checksum of this file is known
    kept = located("rivalries")
    assert kept.read_bytes() == source.read_bytes()
    manifest = json.loads((own_store / "rivalries" / "manifest.json").read_text("utf-8"))
    assert manifest["citation"] == data_set("rivalries").citation
    assert manifest["licence"] == data_set("rivalries").licence
    assert len(load("rivalries")) == 200
    assert list(installed()) == ["rivalries"]
    assert sorted(p.name for p in (own_store / "rivalries").iterdir()) == [
        "manifest.json",
        "tss_rivalries.csv",
    ]


def test_adding_again_changes_nothing_and_another_release_replaces(tmp_path, own_store):
    add("rivalries", [rivalries(tmp_path)])
    before = (own_store / "rivalries" / "manifest.json").stat().st_mtime_ns
    assert add("rivalries", [tmp_path / "tss_rivalries.csv"]) == manifest_of("rivalries")
    assert (own_store / "rivalries" / "manifest.json").stat().st_mtime_ns == before
    add("rivalries", [rivalries(tmp_path, 300, "newer.csv")])
    assert [f.file for f in manifest_of("rivalries")] == ["newer.csv"]
    assert not (own_store / "rivalries" / "tss_rivalries.csv").exists()
    assert len(load("rivalries")) == 300


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b\n1,2\n", r"wrong\.csv has no column rivalry"),
        ("tssr_id,rivalry,ccode1,ccode2,start,end\n", r"wrong\.csv has no rows"),
        (
            "tssr_id,rivalry,ccode1,ccode2,start,end\n1,a,2,x,1900,1910\n",
            r"1 rows have no whole number in cow2.*row 1 \(x\)",
        ),
        ("tssr_id,rivalry,ccode1,ccode2,start,end\n1,a,2,20,1900,1890\n", "rivalry a ends before it begins"),
        (
            "tssr_id,rivalry,ccode1,ccode2,start,end\n1,a,2,20,1900,1910\n",
            r"has 1 rows; a whole file .* at least 150",
        ),
    ],
)
def test_wrong_files_do_not_enter_and_are_named_by_their_own_place(tmp_path, own_store, content, message):
    add("rivalries", [rivalries(tmp_path)])
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=message) as caught:
        add("rivalries", [wrong])
    assert ".incoming" not in str(caught.value)
    assert [f.file for f in manifest_of("rivalries")] == ["tss_rivalries.csv"]
    assert sorted(p.name for p in (own_store / "rivalries").iterdir()) == [
        "manifest.json",
        "tss_rivalries.csv",
    ]


def test_what_is_given_must_be_right(tmp_path):
    with pytest.raises(SourceFileError, match="There is no file"):
        add("rivalries", [tmp_path / "none.csv"])
    with pytest.raises(SourceFileError, match="named as published"):
        add("rivalries", [tmp_path])
    one, two = rivalries(tmp_path / "a"), rivalries(tmp_path / "b")
    with pytest.raises(InputError, match="is one file; 2 were given"):
        add("rivalries", [one, two])
    (tmp_path / "un_votes.rda").write_bytes(b"x")
    with pytest.raises(InputError, match=r"unga-votes also needs un_roll_calls\.rda"):
        add("unga-votes", [tmp_path / "un_votes.rda"])
    with pytest.raises(InputError, match=r"not kept as files: read it with `suasion\.products\.ingest_baci`"):
        add("baci", [one])
    with pytest.raises(InputError, match=r"may not be called manifest\.json"):
        add("rivalries", [rivalries(tmp_path, name="manifest.json")])
    unknown = tmp_path / "data.xyz"
    unknown.write_text("x", encoding="utf-8")
    with pytest.raises(SourceFileError, match=r"ends in \.xyz"):
        add("rivalries", [unknown])


def test_files_by_year_add_up(tmp_path, monkeypatch):
    """Two years side by side; the same year again replaces its own file only."""
    for year in (2000, 2001):
        (tmp_path / f"imts_exports_{year}.csv").write_text(
            "COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,TIME_PERIOD,OBS_VALUE\n"
            f"USA,XG_FOB_USD,CHN,A,{year},5\n",
            encoding="utf-8",
        )
        add("imts", [tmp_path / f"imts_exports_{year}.csv"])
    assert [f.file for f in manifest_of("imts")] == ["imts_exports_2000.csv", "imts_exports_2001.csv"]
    assert load("imts", year=2001)["value"].tolist() == [5.0]
    nameless = tmp_path / "exports.csv"
    shutil.copy(tmp_path / "imts_exports_2000.csv", nameless)
    with pytest.raises(SourceFileError, match=r"exports\.csv names no year"):
        add("imts", [nameless])


def test_a_set_that_is_not_here_says_how_to_get_it(own_store):
    with pytest.raises(
        SourceFileError, match=r"rivalries is needed: it is not in .*suasion data add rivalries tss_rivalries"
    ):
        located("rivalries")
    with pytest.raises(
        SourceFileError,
        match=r"To get it, run `suasion data fetch wiod16`, or download it from https://www.rug",
    ):
        located("wiod16")


def test_lost_and_changed_files_are_found(tmp_path, own_store):
    add("rivalries", [rivalries(tmp_path)])
    assert [row["state"] for row in verify()] == ["ok"]
    kept = own_store / "rivalries" / "tss_rivalries.csv"
    kept.write_text(kept.read_text("utf-8") + "\n", encoding="utf-8")
    assert [row["state"] for row in verify()] == ["changed"]
    kept.unlink()
    assert [row["state"] for row in verify()] == ["missing"]
    with pytest.raises(SourceFileError, match=r"tss_rivalries\.csv of it is gone"):
        located("rivalries")
    add("rivalries", [tmp_path / "tss_rivalries.csv"])
    assert [row["state"] for row in verify()] == ["ok"]


def test_an_r_file_that_its_reader_cannot_open_is_one_clear_line(
    reference_data, tmp_path, monkeypatch, capsys
):
    """A table with a column of text that rdata takes for another type."""
    monkeypatch.setenv("SUASION_DATA", str(tmp_path))
    assert run(["data", "add", "troops", str(reference_data / "troopdata" / "basedata.rda")]) == 1
    err = capsys.readouterr().err.strip()
    assert "basedata.rda cannot be read: it is damaged, or holds what the package rdata does not know" in err
    assert "take another file of the data set" in err
    assert "Traceback" not in err


def test_a_damaged_manifest_is_named_and_mended(tmp_path, own_store):
    add("rivalries", [rivalries(tmp_path)])
    (own_store / "rivalries" / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(
        SourceFileError, match=r"manifest\.json is damaged .*Add the files of rivalries again"
    ):
        manifest_of("rivalries")
    add("rivalries", [tmp_path / "tss_rivalries.csv"])
    assert len(load("rivalries")) == 200


def test_a_full_disk_is_said_before_and_while_copying(tmp_path, monkeypatch):
    source = rivalries(tmp_path)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(stores.shutil, "disk_usage", lambda _: usage._replace(free=10))
    with pytest.raises(
        OutputError, match=r"disk of .* is full: [0-9,]+ bytes are needed, 10 are free.*--store"
    ):
        add("rivalries", [source])
    monkeypatch.undo()

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "s"))
    monkeypatch.setattr(stores, "_copied", full)
    with pytest.raises(OutputError, match="cannot be written: No space left on device"):
        add("rivalries", [source])
    assert not list((tmp_path / "s" / "rivalries").iterdir()), "nothing half written stays"


def test_a_store_that_cannot_be_written_is_named(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match=r"store .*file/rivalries cannot be written: .*--store"):
        add("rivalries", [rivalries(tmp_path)], store=blocked)


def test_where_the_store_is(tmp_path, monkeypatch):
    assert store_folder(tmp_path / "given") == tmp_path / "given"
    assert store_folder() == tmp_path / "store"
    monkeypatch.setenv("HOME", str(tmp_path))
    assert store_folder("~/mine") == tmp_path / "mine"
    monkeypatch.delenv("SUASION_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    assert tmp_path / "home" in store_folder().parents


def test_published_files_are_found_in_a_folder_of_downloads(tmp_path):
    rivalries(tmp_path / "sub", name="tss_rivalries.rda")
    (tmp_path / "wiod").mkdir()
    (tmp_path / "wiod" / "wiot_2005.RData").write_bytes(b"x")
    (tmp_path / "un_votes.rda").write_bytes(b"x")  # one part of two
    assert found_in(tmp_path) == {
        "rivalries": tmp_path / "sub" / "tss_rivalries.rda",
        "wiod13": tmp_path / "wiod",
    }


def test_commands(tmp_path, own_store, capsys):
    source = rivalries(tmp_path)
    assert run(["data", "add", "rivalries", str(source)]) == OK
    assert "rivalries: tss_rivalries.csv, 200 rows" in capsys.readouterr().err
    assert run(["data", "list", "--format", "json"]) == OK
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["rivalries"]["state"] == "added"
    assert rows["atop"]["state"] == "not here"
    assert rows["materials.parquet"]["state"] == "embedded"
    assert run(["data", "info", "rivalries"]) == OK
    out = capsys.readouterr().out
    assert "licence: not read: see page" in out
    assert "added tss_rivalries.csv: 200 rows" in out
    assert run(["data", "info", "wiod16"]) == OK
    assert "(verified: never)" in capsys.readouterr().out
    assert run(["data", "info", "rivalry"]) == CANNOT
    assert "Did you mean 'rivalries'" in capsys.readouterr().err
    assert run(["data", "verify", "--format", "csv"]) == OK
    assert "rivalries,tss_rivalries.csv,ok" in capsys.readouterr().out
    (own_store / "rivalries" / "tss_rivalries.csv").unlink()
    assert run(["data", "verify", "--format", "csv"]) == CANNOT
    assert "rivalries/tss_rivalries.csv (missing)" in capsys.readouterr().err
    blocked = tmp_path / "blocked"
    blocked.write_text("x", encoding="utf-8")
    assert run(["data", "add", "rivalries", str(source), "--store", str(blocked)]) == UNWRITABLE


def test_products_go_into_their_own_store(tmp_path, capsys):
    """BACI is read into the product store, not kept as a file."""
    archive = baci_zip(tmp_path / "down")
    assert run(["data", "add", "baci", str(archive), "--store", str(tmp_path / "own")]) == OK
    err = capsys.readouterr().err
    assert "HS92, release 202401b" in err
    assert (tmp_path / "own" / "products").is_dir()
    assert run(["data", "add", "baci", str(tmp_path / "none.zip")]) == CANNOT
    assert "none.zip" in capsys.readouterr().err


def test_duplicates_in_a_file_are_listed(tmp_path):
    table = pd.DataFrame(
        {"ccode": [2, 2], "year": [1990, 1990], "v2x_polyarchy": [0.5, 0.6], "polity2": [1, 1]}
    )
    table.to_csv(tmp_path / "d.csv", index=False)
    with pytest.raises(DuplicateLabelError, match="2 rows share their cow, year: cow 2, year 1990"):
        add("democracy", [tmp_path / "d.csv"])


def test_the_real_files_are_the_described_ones(reference_data, tmp_path):
    """Small sets: in, checked, equal to what the catalogue says, and out again through the reader."""
    there = found_in(reference_data)
    for name, rows in (
        ("cow-states", 243),
        ("majors", 14),
        ("gsdb", 1325),
        ("nuclear", 3152),
        ("ideal-points", 10469),
    ):
        path = there[name]
        add(name, [path], tmp_path)
        assert all(f.as_published for f in manifest_of(name, tmp_path)), name
        made = load(name, tmp_path)
        assert len(getattr(made, "spells", made)) == rows
    assert {row["state"] for row in verify(tmp_path)} == {"ok"}
    with pytest.raises(SourceFileError, match=r"cow_nmc\.rda has no column"):
        add("atop", [there["nmc"]], tmp_path)


def test_checksum_errors_are_source_errors():
    assert issubclass(ChecksumError, SourceFileError)
