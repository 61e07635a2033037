"""The site of files: what stands is kept, every link leads to a file, and pages open from a disk, without a server."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from made_up import made_up

pytest.importorskip("fastapi", reason="the extra `app` is absent")
pytest.importorskip("playwright.sync_api", reason="Playwright absent: pip install playwright")

from suasion.cli.app import run
from suasion.errors import InputError
from suasion.web.static_site import links, parse_pairs, site, write_site
from suasion.world import load_world

pytestmark = pytest.mark.browser
OLD = "country/XXX.html"
AUDIENCE = ("USA", "EU")


class Links(HTMLParser):
    """What a page refers to, what can be referred to in it, and forms, which would need a server."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.places: set[str] = set()
        self.forms = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.forms += tag == "form"
        for name, text in attributes:
            if name in ("href", "src", "action"):
                self.addresses.append(text or "")
            if name == "id":
                self.places.add(text or "")


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose making was interrupted at its second pair, and then asked for the first alone."""
    out, world = tmp_path_factory.mktemp("site") / "out", load_world()
    asked: list[tuple[str, str]] = []

    def gathered(a: str, b: str, *_: Any, **__: Any) -> object:
        asked.append((a, b))
        if len(asked) == 2:
            raise KeyboardInterrupt
        return made_up()

    def quiet(*_: object) -> None:
        pass

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(site, "dossier", gathered)
        with pytest.raises(KeyboardInterrupt):
            write_site(parse_pairs("RUS-CHN,usa-China"), out, world, audience=AUDIENCE, progress=quiet)
        assert asked == [("RUS", "CHN"), ("USA", "CHN")]
        record = json.loads((out / site.RECORD).read_text("utf-8"))
        assert set(record["pairs"]) == {"RUS-CHN"}
        for stale in (out / OLD, out.parent / "outside"):
            stale.parent.mkdir(exist_ok=True)
            stale.touch()
        record["files"] = [OLD, "../outside"]
        (out / site.RECORD).write_text(json.dumps(record), "utf-8")
        kept = write_site(parse_pairs("RUS-CHN,CHN-RUS"), out, world, audience=AUDIENCE, progress=quiet)
        assert (kept, len(asked)) == (1, 2)
    return out


def test_what_an_earlier_call_wrote_goes_and_what_lies_outside_stays(laid: Path) -> None:
    assert not (laid / OLD).exists()
    assert (laid.parent / "outside").exists()
    record = json.loads((laid / site.RECORD).read_text("utf-8"))
    here = {one.relative_to(laid).as_posix() for one in laid.rglob("*") if one.is_file()}
    assert here == set(record["files"])


def test_every_link_is_relative_and_leads_to_something(laid: Path) -> None:
    pages = {one.resolve(): Links(one.read_text("utf-8")) for one in laid.rglob("*.html")}
    assert len(pages) > 15
    followed = 0
    for page, found in pages.items():
        assert not found.forms, page
        for address in found.addresses:
            if address.startswith("data:"):
                continue
            plain, _, part = address.partition("#")
            assert "://" not in plain, (page.name, address)
            assert not plain.startswith("/"), (page.name, address)
            target = (page.parent / plain.partition("?")[0]).resolve() if plain else page
            assert target.is_file(), (page.name, address)
            assert not part or part in pages[target].places, (page.name, address)
            followed += 1
    assert followed > 500
    sheets = "".join(one.read_text("utf-8") for one in laid.rglob("*.css"))
    assert "url(/" not in sheets


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_open_from_a_disk(laid: Path, browser: Any, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type != "log" else None)
    page.on("requestfailed", lambda request: wrong.append(request.url))
    for name in ("index", "countries", "method", "country/RUS", "leverage/CHN-ten", "dossier/RUS-CHN"):
        page.goto((laid / f"{name}.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate("[...document.fonts].some(face => face.status == 'loaded')"), name
    page.evaluate("document.querySelectorAll('.folds > details').forEach(fold => { fold.open = true; })")
    assert page.locator(".panel svg.chart:visible").count() > 8
    page.goto((laid / "index.html").as_uri())
    page.locator(".chips a").first.click()
    page.locator("nav a").nth(2).click()
    assert page.url == (laid / "leverage" / "CHN.html").as_uri()
    assert wrong == []
    context.close()


@pytest.mark.parametrize("pairs", ["", "RUS", "RUS-CHN-USA", "RUS-RUS", "RUS-Atlantis"])
def test_a_pair_that_is_none_is_told(pairs: str) -> None:
    with pytest.raises(InputError, match=r"as in RUS-CHN|Atlantis"):
        parse_pairs(pairs)


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").touch()
    assert run(["site", "--pairs", "RUS-CHN", "--out", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert run(["site", "--pairs", "RUS-CHN", "--out", str(tmp_path / "mine.txt")]) == 3
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


def test_links_become_files_or_words() -> None:
    """A link to what is not there leaves its words in a sentence, and nothing in a line of links; forms go."""
    files = {"/a": "b/a.html", "/c?x=1&y=2": "c.html"}
    text = (
        '<p><a href="/a#part">A</a> and <a href="/away">away</a></p><p class="tools"><a href="/away">x</a></p>'
        '<form action="/find"><input></form><ul class="chips" aria-label="c">'
        '<li><a href="/c?y=2&amp;z=&amp;x=1">c</a></li><li><a href="/c?x=1">d</a></li></ul>'
    )
    assert links.relinked(text, "b/page.html", files) == (
        '<p><a href="a.html#part">A</a> and away</p>'
        '<ul class="chips" aria-label="c"><li><a href="../c.html">c</a></li></ul>'
    )
