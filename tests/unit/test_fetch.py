"""Fetching, against a server on this machine: what arrives, what continues, what fails, and what it says then."""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from file_server import BODY, FileServer, serving

from suasion.cli.app import CANNOT, OK, UNWRITABLE, run
from suasion.errors import ChecksumError, InputError, OutputError, SourceFileError
from suasion.sources import fetch as module
from suasion.sources.catalogue import PublishedFile, data_set
from suasion.sources.catalogue_store import load, manifest_of
from suasion.sources.fetch import Patience, by_hand, fetch

HALF = len(BODY) // 2
IMPATIENT = Patience(connect=2.0, read=0.4, tries=2, redirects=3)
ONCE = dataclasses.replace(IMPATIENT, tries=1)


@pytest.fixture(scope="module")
def server() -> Iterator[FileServer]:
    with serving() as made:
        yield made


@pytest.fixture(autouse=True)
def fresh(server, tmp_path, monkeypatch) -> None:
    server.seen.clear()
    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def pinned(server, monkeypatch):
    """An entry whose file has a size, a checksum and an address, for one test."""

    def pin(kind: str, **changes: object) -> None:
        file = PublishedFile(
            "rivalries.csv", len(BODY), f"sha256:{hashlib.sha256(BODY).hexdigest()}", server.address(kind)
        )
        item = dataclasses.replace(data_set("rivalries"), files=(dataclasses.replace(file, **changes),))
        monkeypatch.setattr(module, "data_set", lambda _: item)

    return pin


def inside(tmp_path: Path) -> list[str]:
    folder = tmp_path / "store" / "rivalries"
    return sorted(p.name for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else []


@pytest.mark.parametrize("kind", ["ok", "redirect"])
def test_a_file_arrives_is_checked_and_written_down(server, pinned, tmp_path, kind):
    pinned(kind)
    heard: list[tuple[int, int, str]] = []
    (stored,) = fetch("rivalries", patience=IMPATIENT, progress=lambda *a: heard.append(a))
    assert stored.sha256 == hashlib.sha256(BODY).hexdigest()
    assert stored.source == server.address(kind)
    assert heard[-1] == (len(BODY), len(BODY), "rivalries.csv")
    assert inside(tmp_path) == ["manifest.json", "rivalries.csv"]
    assert not (tmp_path / "store" / "rivalries" / ".part").exists()
    assert len(load("rivalries")) == 400


@pytest.mark.parametrize("kind", ["resumed", "changed", "unmarked", "overlong", "busy"])
def test_a_download_that_was_cut_off_ends_whole(server, pinned, kind):
    """Continued where the server vouches for the same file, begun anew where not; the checksum is right either way."""
    pinned(kind)
    patience = dataclasses.replace(IMPATIENT, tries=3)
    (stored,) = fetch("rivalries", patience=patience)
    assert stored.size == len(BODY)
    ranges = [r.get("range") for r in server.seen]
    assert (f"bytes={HALF}-" in ranges) == (kind in ("resumed", "changed", "overlong"))


def test_a_download_continues_in_another_call(server, pinned, tmp_path):
    pinned("resumed")
    with pytest.raises(SourceFileError, match="could not be fetched"):
        fetch("rivalries", patience=ONCE)
    assert "rivalries.csv" in inside(tmp_path)  # the part, beside the store's own files
    assert not manifest_of("rivalries")
    fetch("rivalries", patience=ONCE)
    assert server.seen[-1]["range"] == f"bytes={HALF}-"
    assert inside(tmp_path) == ["manifest.json", "rivalries.csv"]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("gone", "the server answers 404 Not Found"),
        ("truncated", "closed connection|ended after"),
        ("loop", "more than 3 redirections"),
        ("slow", r"no answer within 0\.4 seconds"),
    ],
)
def test_failures_give_page_file_size_checksum_and_command(server, pinned, kind, reason):
    pinned(kind)
    with pytest.raises(SourceFileError, match=reason) as caught:
        fetch("rivalries", patience=ONCE)
    text = str(caught.value)
    for part in (
        server.address(kind),
        data_set("rivalries").page,
        "file rivalries.csv",
        f"{len(BODY):,} bytes",
        hashlib.sha256(BODY).hexdigest(),
        "`suasion data add rivalries rivalries.csv`",
    ):
        assert part in text
    assert not manifest_of("rivalries")


def test_a_server_that_is_not_there(pinned):
    pinned("ok", address="http://127.0.0.1:9/x")
    with pytest.raises(SourceFileError, match=r"could not be fetched from http://127\.0\.0\.1:9/x"):
        fetch("rivalries", patience=ONCE)


def test_another_file_than_the_published_one_is_refused(pinned, tmp_path):
    pinned("ok", checksum=f"sha256:{'0' * 64}")
    with pytest.raises(
        ChecksumError, match=r"gave a file with checksum .*another release, or damaged.*By hand"
    ):
        fetch("rivalries", patience=ONCE)
    pinned("ok", size=7)
    with pytest.raises(ChecksumError, match=r"gave [0-9,]+ bytes, rivalries\.csv has 7"):
        fetch("rivalries", patience=ONCE)
    assert inside(tmp_path) == []


def test_a_page_instead_of_data_is_refused(pinned, tmp_path):
    pinned("page", size=None, checksum="")
    with pytest.raises(SourceFileError, match=r"What came from .* is not rivalries: .*no column.*By hand"):
        fetch("rivalries", patience=ONCE)
    assert inside(tmp_path) == []


def test_without_an_address_it_says_how_to_get_it_by_hand():
    with pytest.raises(
        SourceFileError,
        match=r"No address is known for cow-alliances\. By hand: download it from https://correl",
    ):
        fetch("cow-alliances")
    with pytest.raises(
        SourceFileError,
        match=r"for gcdf.*`suasion data add gcdf gcdf_country_commitments.rda gcdf_yearly_flows.rda`",
    ):
        fetch("gcdf")
    with pytest.raises(InputError, match="a file a year"):
        fetch("icio")
    item = data_set("exercises")
    assert "no page is known" in by_hand(item, item.files[0])


def test_keys_come_from_the_environment_and_are_not_printed(server, monkeypatch):
    monkeypatch.delenv("COMTRADE_API_KEY", raising=False)
    with pytest.raises(
        InputError, match=r"needs an access key in the variable COMTRADE_API_KEY.*comtradedeveloper"
    ):
        fetch("un-comtrade", 2020, address=server.address("key"))
    monkeypatch.setenv("COMTRADE_API_KEY", "my-own-key")
    with pytest.raises(SourceFileError, match="answers 403") as caught:
        fetch("un-comtrade", 2020, address=server.address("key"), patience=ONCE)
    assert server.seen[-1]["ocp-apim-subscription-key"] == "my-own-key"
    assert "my-own-key" not in str(caught.value)


def test_the_type_asked_for(server):
    with pytest.raises(SourceFileError, match="answers 404"):
        fetch("imts", 2020, address=server.address("gone"), patience=ONCE)
    assert server.seen[-1]["accept"].startswith("application/vnd.sdmx.data+csv")


def test_https_is_not_left_for_http(server):
    """An answer from an address without encryption, when an encrypted one was asked."""
    import httpx

    answer = httpx.Response(200, request=httpx.Request("GET", server.address("ok")))
    reason, again = module._received(answer, "https://example.org/x", Path("x"), 0, None)
    assert "not encrypted" in reason
    assert not again


def test_a_store_that_cannot_be_written(pinned, tmp_path):
    pinned("ok")
    blocked = tmp_path / "blocked"
    blocked.write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be made"):
        fetch("rivalries", store=blocked, patience=ONCE)


def test_a_disk_that_fills_up_while_it_arrives(pinned, monkeypatch):
    pinned("ok")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module, "_note", full)
    with pytest.raises(OutputError, match=r"rivalries\.csv cannot be written: No space left on device"):
        fetch("rivalries", patience=ONCE)


def test_command(server, tmp_path, capsys):
    target = server.address("ok")
    assert (
        run(["data", "fetch", "rivalries", "--from", target]) == CANNOT
    )  # not the file that the catalogue describes
    assert "another release, or damaged" in capsys.readouterr().err
    assert run(["data", "fetch", "cow-alliances"]) == CANNOT
    assert "suasion data add cow-alliances hist_cow_alliance.rda" in capsys.readouterr().err
    blocked = tmp_path / "blocked"
    blocked.write_text("x", encoding="utf-8")
    assert run(["data", "fetch", "rivalries", "--from", target, "--store", str(blocked)]) == UNWRITABLE


def test_command_that_works(server, pinned, capsys):
    pinned("ok")
    assert run(["data", "fetch", "rivalries", "--timeout", "2"]) == OK
    assert "rivalries: rivalries.csv, 400 rows" in capsys.readouterr().err
