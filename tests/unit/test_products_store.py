"""The product store: what is added is what was in the files, or nothing is."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.unit.baci_files import HEAD, ROWS, baci_zip, members, trade_name

from suasion.errors import DataError, DuplicateLabelError, InputError, OutputError, SourceFileError
from suasion.products import baci, embedded_store, ingest_baci, open_store, query
from suasion.products.baci import PARTIAL
from suasion.products.store import POINTER
from suasion.sources.baci_countries import baci_countries, number_of
from suasion.sources.materials import materials
from suasion.temporary import made_folder


def content(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()} if folder.exists() else set()


def with_row(row: str, year: int = 2022) -> dict[int, tuple[str, ...]]:
    return {**ROWS, year: (*ROWS[year], row)}


def test_zip_comes_in_whole(tmp_path):
    steps = []
    made = ingest_baci([baci_zip(tmp_path)], tmp_path / "s", progress=lambda *step: steps.append(step))
    assert [(p["year"], p["rows"], p["no_quantity"]) for p in made.parts] == [
        (2021, 3, 1),
        (2022, 3, 1),
        (2023, 3, 0),
    ]
    assert made.parts[0]["value"] == 157.75
    assert made.rows()[-1][:2] == ("total", 9)
    assert not made.already
    assert [step[:2] for step in steps] == [(1, 3), (2, 3), (3, 3)]
    store = open_store(tmp_path / "s")
    assert (store.revision, store.release, store.years) == ("HS92", "202401b", (2021, 2022, 2023))
    table = query(store, "SELECT * FROM trade ORDER BY ALL")
    assert table.loc[0].to_list() == [2021, 36, 156, 270112, 100.5, 1000.0]
    assert table["quantity"].isna().sum() == 2  # "NA" and an empty cell are unknown, not zero
    assert store.products.set_index("product")["name"]["010121"] == "Horses"  # a code keeps its leading zero


def test_same_content_twice_changes_nothing(tmp_path):
    first = ingest_baci([baci_zip(tmp_path)], tmp_path / "s")
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "s").rglob("*")}
    copy = tmp_path / "renamed"
    copy.mkdir()
    other = copy / "BACI_other.zip"
    other.write_bytes((tmp_path / "BACI_HS92_V202401b.zip").read_bytes())
    again = ingest_baci([other], tmp_path / "s")
    assert again.already
    assert again.parts == first.parts
    assert before == {p: p.stat().st_mtime_ns for p in (tmp_path / "s").rglob("*")}


def test_plain_files_and_folders_work(tmp_path):
    folder = tmp_path / "csv"
    folder.mkdir()
    for name, text in members(ROWS).items():
        (folder / name).write_text(text, "utf-8")
    whole = ingest_baci([folder], tmp_path / "a")
    one = ingest_baci([folder / trade_name(2021)], tmp_path / "b")
    both = ingest_baci([folder / trade_name(2022)], tmp_path / "b")
    assert [p["rows"] for p in whole.parts] == [3, 3, 3]
    assert [p["year"] for p in one.parts] == [2021]
    assert [p["year"] for p in both.parts] == [2021, 2022]  # years of one release add up
    assert query(open_store(tmp_path / "b"), "SELECT count(*) AS n FROM trade")["n"][0] == 6


def test_cells_padded_with_blanks_are_read(tmp_path):
    padded = {
        2021: ("2021, 36, 156,270112,   100.5,       1000", "2021,643, 156,010121,    7.25,         NA")
    }
    ingest_baci([baci_zip(tmp_path, padded)], tmp_path / "s")
    table = query(open_store(tmp_path / "s"), "SELECT value, quantity FROM trade ORDER BY value")
    assert table["value"].to_list() == [7.25, 100.5]
    assert table["quantity"].isna().to_list() == [True, False]


def test_newer_release_replaces_and_says_so(tmp_path):
    ingest_baci([baci_zip(tmp_path / "old")], tmp_path / "s")
    new = ingest_baci(
        [baci_zip(tmp_path / "new", {2024: ("2024,36,156,270112,3,4",)}, release="202501")], tmp_path / "s"
    )
    assert new.replaced == "202401b"
    assert open_store(tmp_path / "s").years == (2024,)
    assert len(content(tmp_path / "s")) == 2  # the pointer and one folder


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2022,36,156,270112,abc,1", r"Y2022_V202401b.csv has 1 bad lines: line 5: v is 'abc', not a number"),
        ("2022,36,156,27x112,1,1", "line 5: k is '27x112', not a number"),
        ("2022,36,156,270112,-1,1", "line 5: v is '-1'; values are finite and not negative"),
        ("2022,36,156,270112,1,-5", "line 5: q is '-5'; quantities are finite and not negative, or NA"),
        ("2021,36,156,271121,1,1", "line 5: t is 2021, but the file is of 2022"),
        ("2022,36,999,270112,1,1", "line 5: j is 999, a country that no list knows"),
        ("2022,36,1156,270112,1,1", "line 5: j is 1156, a country that no list knows"),
        ("2022,36,36,270112,1,1", "line 5: exporter and importer are both 36"),
        ("2022,36,156,270199,1,1", "no product of HS92: another revision of the Harmonised System"),
        ("2022,36,156,270112,,1", "line 5: v is '', not a number"),
        ("2022,36,156", "line 5: k is '', not a number"),
        ("2022,36,156,270112,nan,1", "line 5: v is 'nan'; values are finite and not negative"),
        ("2022,36,156,270112,inf,1", "line 5: v is 'inf'"),
        ("2022,36,156,270112,1,nan", "line 5: q is 'nan'; quantities are finite"),
        ("2022,36,156,270112,1,inf", "line 5: q is 'inf'; quantities are finite"),
    ],
)
def test_bad_lines_are_named_and_nothing_is_kept(tmp_path, row, words):
    with pytest.raises(DataError, match=words):
        ingest_baci([baci_zip(tmp_path, with_row(row))], tmp_path / "s")
    assert content(tmp_path / "s") == set()


def test_values_in_another_unit_are_refused(tmp_path):
    rows = {2022: ("2022,36,156,270112,9e10,1", "2022,36,392,270112,9e10,1")}
    with pytest.raises(DataError, match=r"add up to 180 trillion USD.*are these in USD\? Nothing was kept"):
        ingest_baci([baci_zip(tmp_path, rows)], tmp_path / "s")
    assert content(tmp_path / "s") == set()


def test_only_the_first_bad_lines_are_shown(tmp_path):
    rows = {2022: tuple(f"2022,36,156,270112,x{n},1" for n in range(9))}
    with pytest.raises(DataError, match=r"9 bad lines: line 2: .*; and 4 more. Nothing was kept"):
        ingest_baci([baci_zip(tmp_path, rows)], tmp_path / "s")


def test_a_failure_leaves_the_old_store_alone(tmp_path):
    ingest_baci([baci_zip(tmp_path)], tmp_path / "s")
    before = content(tmp_path / "s")
    bad = {2020: ("2020,36,156,270112,abc,1",)}
    with pytest.raises(DataError, match="'abc'"):
        ingest_baci([baci_zip(tmp_path / "bad", bad)], tmp_path / "s")
    assert content(tmp_path / "s") == before
    assert open_store(tmp_path / "s").years == (2021, 2022, 2023)


KILLED = """
import os, signal, sys
from pathlib import Path
from suasion.products import baci
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)  # after the years are written, before they are put in place
baci._publish = die
baci.ingest_baci([Path(sys.argv[1])], Path(sys.argv[2]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
def test_a_killed_ingest_keeps_the_old_store_and_is_swept_up(tmp_path):
    store = tmp_path / "s"
    ingest_baci([baci_zip(tmp_path)], store)
    more = baci_zip(tmp_path / "more", {2020: ("2020,36,156,270112,1,1",)})
    done = subprocess.run([sys.executable, "-c", KILLED, str(more), str(store)], check=False)
    assert done.returncode == -9
    left = [path for path in store.iterdir() if path.name.startswith(PARTIAL)]
    assert len(left) == 1
    assert open_store(store).years == (2021, 2022, 2023)
    running = made_folder(store, PARTIAL)  # that of a process that still runs
    assert ingest_baci([more], store).parts[0]["year"] == 2020
    assert not left[0].exists()
    assert running.exists()
    assert open_store(store).years == (2020, 2021, 2022, 2023)


def test_what_another_ingest_adds_meanwhile_is_kept(tmp_path, monkeypatch):
    """Years of one release add up, also where both started from the same store."""
    store = tmp_path / "s"
    other = baci_zip(tmp_path / "other", {2020: ("2020,36,156,270112,1,1",)})
    write_all = baci._write_all

    def slowly(*arguments):
        made = write_all(*arguments)
        monkeypatch.setattr(baci, "_write_all", write_all)
        ingest_baci([other], store)  # begins and ends while this one reads
        return made

    monkeypatch.setattr(baci, "_write_all", slowly)
    ingest_baci([baci_zip(tmp_path)], store)
    assert open_store(store).years == (2020, 2021, 2022, 2023)
    assert query(open_store(store), "SELECT count(*) AS n FROM trade")["n"].iloc[0] == 10


WAITING = """
import sys
from pathlib import Path
from suasion.products import baci
print("ready", flush=True)
with baci._alone(Path(sys.argv[1])):
    print("in")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no lock on Windows")
def test_two_ingests_put_in_place_one_after_the_other(tmp_path):
    with baci._alone(tmp_path):
        waiting = subprocess.Popen(
            [sys.executable, "-c", WAITING, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert waiting.stdout.readline() == "ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(1.0)
    assert waiting.communicate(timeout=60)[0] == "in\n"


def test_flows_twice_are_refused(tmp_path):
    with pytest.raises(
        DuplicateLabelError,
        match=r"1 flows twice\. First: lines 2 and 5, exporter 36, importer 156, product 270112",
    ):
        ingest_baci([baci_zip(tmp_path, with_row("2022,36,156,270112,9,9"))], tmp_path / "s")
    assert content(tmp_path / "s") == set()


def test_truncated_zip_is_refused(tmp_path):
    path = baci_zip(tmp_path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(SourceFileError, match="is cut short or damaged"):
        ingest_baci([path], tmp_path / "s")
    assert content(tmp_path / "s") == set()


def test_damaged_member_is_refused(tmp_path):
    path = baci_zip(tmp_path)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo(trade_name(2022)).header_offset + 30 + len(trade_name(2022))
    data[start + 8] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises((SourceFileError, DataError), match=r"damaged|bad lines|cannot be read"):
        ingest_baci([path], tmp_path / "s")
    assert content(tmp_path / "s") == set()


def test_mixed_revisions_and_releases_are_refused(tmp_path):
    one, two = baci_zip(tmp_path / "a"), baci_zip(tmp_path / "b", {2019: ("2019,36,156,270112,1,1",)}, "HS17")
    with pytest.raises(InputError, match=r"mix HS revisions: HS17 in .*; HS92 in"):
        ingest_baci([one, two], tmp_path / "s")
    three = baci_zip(tmp_path / "c", {2019: ("2019,36,156,270112,1,1",)}, release="202501")
    with pytest.raises(InputError, match=r"mix releases: 202401b in .*; 202501 in"):
        ingest_baci([one, three], tmp_path / "s")
    ingest_baci([one], tmp_path / "s")
    with pytest.raises(InputError, match="holds HS92, the files are HS17"):
        ingest_baci([two], tmp_path / "s")


def test_other_files_are_refused(tmp_path):
    plain = tmp_path / "trade.csv"
    plain.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(InputError, match="No trade file of BACI found"):
        ingest_baci([plain], tmp_path / "s")
    with pytest.raises(SourceFileError, match="There is no file"):
        ingest_baci([tmp_path / "absent.zip"], tmp_path / "s")
    twice = baci_zip(tmp_path / "a")
    (tmp_path / trade_name(2021)).write_text(f"{HEAD}\n{ROWS[2021][0]}\n", "utf-8")
    with pytest.raises(InputError, match="Year 2021 occurs in two files"):
        ingest_baci([twice, tmp_path / trade_name(2021)], tmp_path / "s")
    head = tmp_path / "h" / trade_name(2021)
    head.parent.mkdir()
    head.write_text("t,i,j,k,v\n2021,36,156,270112,1\n", "utf-8")
    with pytest.raises(DataError, match="line 1 is 't,i,j,k,v', not t,i,j,k,v,q"):
        ingest_baci([head], tmp_path / "s")
    head.write_text(f"{HEAD}\n", "utf-8")
    with pytest.raises(DataError, match="has no rows"):
        ingest_baci([head], tmp_path / "s")
    lists = tmp_path / "l"
    lists.mkdir()
    (lists / trade_name(2021)).write_text(f"{HEAD}\n{ROWS[2021][0]}\n", "utf-8")
    (lists / "country_codes_V202401b.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(SourceFileError, match="lacks the columns country_code"):
        ingest_baci([lists], tmp_path / "s")


def test_unwritable_store_is_named(tmp_path):
    blocker = tmp_path / "file"
    blocker.write_text("", "utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        ingest_baci([baci_zip(tmp_path)], blocker / "s")


def test_open_store_errors(tmp_path):
    with pytest.raises(SourceFileError, match="holds no product store"):
        open_store(tmp_path)
    ingest_baci([baci_zip(tmp_path)], tmp_path / "s")
    store = open_store(tmp_path / "s")
    with pytest.raises(InputError, match="no year 1999; it has 2021 to 2023"):
        store.year(1999)
    with pytest.raises(InputError, match="query over the product store failed"):
        query(store, "SELECT nothing FROM nowhere")
    next((tmp_path / "s").rglob("trade-2022.parquet")).unlink()
    with pytest.raises(SourceFileError, match=r"lacks trade-2022.parquet"):
        open_store(tmp_path / "s")
    (tmp_path / "s" / POINTER).write_text("{", "utf-8")
    with pytest.raises(SourceFileError, match="delete the folder"):
        open_store(tmp_path / "s")


def test_user_store_is_the_default_where_there_is_one(tmp_path, monkeypatch):
    monkeypatch.setattr("suasion.products.store.user_store", lambda: tmp_path / "s")
    monkeypatch.setattr("suasion.products.baci.user_store", lambda: tmp_path / "s")
    assert open_store().folder is None
    ingest_baci([baci_zip(tmp_path)])
    assert open_store().folder == tmp_path / "s"


def test_embedded_store_loses_no_flow():
    table = materials()
    found = query(embedded_store(), "SELECT count(*) AS n, sum(value) AS v, sum(quantity) AS q FROM trade")
    assert found["n"][0] == len(table)
    # sums in another order differ in the last digits
    assert found["v"][0] == pytest.approx(table["value"].sum(), rel=1e-12)
    assert found["q"][0] == pytest.approx(table["quantity"].sum(), rel=1e-11)


def test_country_numbers_have_one_meaning_a_year():
    table = baci_countries()
    assert table["number"].is_unique
    assert number_of()["FRA"] == 251  # not ISO's 250: with Monaco
    assert number_of()["DEU"] == 276  # not 280, West Germany
    assert table.set_index("number").loc[[58, 490, 891], "country"].to_list() == ["BLX", "TWN", "SCG"]
    assert table.set_index("number").loc[891, "last_year"] == 2005
