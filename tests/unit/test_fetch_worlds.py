"""Every source of world tables and totals, fetched from a server on this machine in its official layout.

Each is handed out whole, over a redirection, cut short, as another file, too slowly, and not at all.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from baci_files import baci_zip
from file_server import FileServer, serving
from official_files import (
    IMTS_HEAD,
    IMTS_ROWS,
    comtrade_answer,
    eora_bundle,
    icio_text,
    wiod16_bundle,
    zipped,
)

from suasion.cli.app import CANNOT, OK, run
from suasion.errors import ChecksumError, SourceFileError
from suasion.sources import fetch as module
from suasion.sources.catalogue import data_set
from suasion.sources.catalogue_store import located, manifest_of
from suasion.sources.comtrade import read_comtrade_totals
from suasion.sources.fetch import Patience, download, fetch
from suasion.sources.imts import read_imts
from suasion.world import load_world

PATIENCE = Patience(connect=2.0, read=10.0, tries=1, redirects=3)
IMPATIENT = dataclasses.replace(PATIENCE, read=0.3)
KEY = "COMTRADE_API_KEY"


def wiod13_file(_: Path, reference: Callable[[], Path]) -> bytes:
    """The real file of 2011: the layout is too large to make up."""
    return (reference() / "wiod13" / "wiot_2011.RData").read_bytes()


SOURCES: dict[str, tuple[int | None, Callable[..., bytes]]] = {
    "icio": (2018, lambda *_: zipped({"ICIO2021_2018.csv": icio_text(old=True)[0]})),
    "wiod13": (2011, wiod13_file),
    "wiod16": (2014, lambda folder, _: wiod16_bundle(folder)),
    "eora26": (2015, lambda folder, _: eora_bundle(folder / "eora")),
    "baci": (None, lambda folder, _: baci_zip(folder).read_bytes()),
    "un-comtrade": (2020, lambda *_: comtrade_answer()),
    "imts": (2020, lambda *_: (IMTS_HEAD + IMTS_ROWS).encode()),
}
"""Year asked for, and the file as published, small."""


@pytest.fixture(scope="module")
def server() -> Iterator[FileServer]:
    with serving() as made:
        yield made


@pytest.fixture(scope="module")
def published(server, tmp_path_factory, request) -> Callable[[str], bytes]:
    """Make the file of a source once, and put it on the server."""

    def make(name: str) -> bytes:
        if name not in server.files:
            folder = tmp_path_factory.mktemp(name)
            server.files[name] = SOURCES[name][1](folder, lambda: request.getfixturevalue("reference_data"))
        return server.files[name]

    return make


@pytest.fixture
def pinned(server, published, tmp_path, monkeypatch) -> Callable[..., str]:
    """Point a source's entry at the server; its file has the size and checksum of what was published."""
    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))
    monkeypatch.setenv(KEY, "my-own-key")
    for proxy in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(proxy, raising=False)

    def pin(name: str, kind: str, checksum: str = "") -> str:
        body, item = published(name), data_set(name)
        address = server.address(kind, name)
        whole = checksum or f"sha256:{hashlib.sha256(body).hexdigest()}"
        wanted = item.file_of(SOURCES[name][0])
        files = tuple(
            dataclasses.replace(f, size=len(body), checksum=whole, address=address)
            if f.of_year(SOURCES[name][0]).name == wanted.name
            else f
            for f in item.files
        )
        entry = dataclasses.replace(item, files=files)
        monkeypatch.setattr(module, "data_set", lambda _: entry)
        return address

    return pin


def opened(name: str, year: int | None) -> None:
    """Read what came, as a user would, and look for something that only the right file has."""
    if name == "un-comtrade":
        table = read_comtrade_totals(located(name), year).set_index(["reporter", "partner"])
        assert table["value"]["RUS", "CHN"] == 49.1e9
    elif name == "imts":
        assert read_imts(located(name), year).set_index("exporter")["value"]["RUS"] == 5.0
    else:
        countries = {"icio": "MEX", "wiod13": "RUS", "wiod16": "AUS", "eora26": "SDN"}
        world = load_world(name, year)
        assert (world.year, countries[name] in world.countries) == (year, True)


TABLES = [name for name in SOURCES if name != "baci"]


@pytest.mark.parametrize("kind", ["ok", "redirect"])
@pytest.mark.parametrize("name", TABLES)
def test_a_source_arrives_and_is_read(pinned, server, name, kind):
    if name == "wiod16":
        pytest.importorskip("rdata")
    address = pinned(name, kind)
    year = SOURCES[name][0]
    (stored,) = fetch(name, year, patience=PATIENCE)
    assert (stored.source, stored.size) == (address, len(server.files[name]))
    assert stored.sha256 == hashlib.sha256(server.files[name]).hexdigest()
    opened(name, year)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("gone", "the server answers 404 Not Found"),
        ("truncated", "closed connection|ended after"),
        ("slow", r"no answer within 0\.3 seconds"),
    ],
)
@pytest.mark.parametrize("name", list(SOURCES))
def test_a_source_that_does_not_arrive_says_how_to_get_it(pinned, server, name, kind, reason):
    """Page, file, size, checksum and the command that adds it; nothing enters the store."""
    if name == "wiod16":
        pytest.importorskip("rdata")
    address = pinned(name, kind)
    item, year = module.data_set(name), SOURCES[name][0]
    with pytest.raises(SourceFileError, match=reason) as caught:
        download(name, year, patience=IMPATIENT if kind == "slow" else PATIENCE)
    file = item.file_of(year)
    text = str(caught.value)
    for part in (
        address,
        item.page,
        f"file {file.name}",
        f"{len(server.files[name]):,} bytes",
        file.checksum,
        f"`suasion data add {name} {file.name}`",
    ):
        assert part in text
    assert not manifest_of(name)


@pytest.mark.parametrize("name", list(SOURCES))
def test_another_file_than_the_published_one_is_refused(pinned, tmp_path, name):
    if name == "wiod16":
        pytest.importorskip("rdata")
    pinned(name, "ok", checksum=f"sha256:{'0' * 64}")
    with pytest.raises(
        ChecksumError, match=r"gave a file with checksum .*another release, or damaged.*By hand"
    ):
        download(name, SOURCES[name][0], patience=PATIENCE)
    assert not [p for p in (tmp_path / "store").rglob("*") if p.is_file()]
    assert not manifest_of(name)


@pytest.mark.parametrize("kind", ["ok", "redirect", "gone"])
def test_products_are_fetched_into_their_own_store(pinned, capsys, kind, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    pinned("baci", kind)
    code = run(["data", "fetch", "baci", "--timeout", "5"])
    said = capsys.readouterr().err
    assert code == (CANNOT if kind == "gone" else OK)
    assert ("suasion data add baci BACI_HS92_V" in said) == (kind == "gone")
    assert ("baci: 2022, 3 flows" in said) == (kind != "gone")


@pytest.mark.parametrize("name", TABLES)
def test_a_page_instead_of_the_file_does_not_enter(pinned, server, name, monkeypatch):
    """A server that answers with a page to sign in, where neither size nor checksum is known."""
    pinned(name, "page")
    item = module.data_set(name)
    bare = tuple(dataclasses.replace(f, size=None, checksum="") for f in item.files)
    monkeypatch.setattr(module, "data_set", lambda _: dataclasses.replace(item, files=bare))
    with pytest.raises(SourceFileError, match=rf"What came from .* is not {name}: .*By hand") as refused:
        fetch(name, SOURCES[name][0], patience=PATIENCE)
    assert "{year}" not in str(refused.value)  # the file is named as it is published
    assert not manifest_of(name)
