"""An edition: what stands is kept, every link leads to a file, pages open from a disk and are searched without a server."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from made_up import made_up

pytest.importorskip("fastapi", reason="the extra `app` is absent")
pytest.importorskip("playwright.sync_api", reason="Playwright absent: pip install playwright")

from suasion.answers.catalogue import speaking
from suasion.cli.app import run
from suasion.dossier import dossier
from suasion.dossier.export import as_json
from suasion.dossier.gather import in_language
from suasion.errors import InputError
from suasion.web.edition import files as laid_files
from suasion.web.edition import links, parse_pairs, record, units, write, write_edition
from suasion.web.edition import plan as planned
from suasion.web.edition.plan import Plan, make_plan
from suasion.web.edition.search import called
from suasion.worker import Worker
from suasion.world import load_world

pytestmark = pytest.mark.browser
AUDIENCE = ("USA", "EU")
DAY = "2026-12-02"
ADDRESS = "https://example.org/edition"
TWENTY = (
    "RUS-CHN,USA-CHN,DEU-CHN,DEU-RUS,HUN-RUS,KAZ-RUS,KAZ-CHN,TWN-CHN,JPN-CHN,KOR-CHN,IND-CHN,IND-RUS,AUS-CHN,MEX-USA,"
    "CAN-USA,UKR-RUS,ARM-RUS,MNG-CHN,SAU-USA,VNM-CHN"
)
"""Two of them with an economy that is estimated."""


def quiet(*_: object) -> None:
    """Report to nobody."""


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


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()
    }


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition in two languages whose making was interrupted at its second pair, and then asked for the first alone."""
    out, world = tmp_path_factory.mktemp("edition") / "out", load_world()
    asked: list[tuple[str, str]] = []

    def gathered(a: str, b: str, *_: Any, **__: Any) -> object:
        asked.append((a, b))
        if len(asked) == 2:
            raise KeyboardInterrupt
        return made_up()

    def written(pairs: str, **options: Any) -> Any:
        chosen = parse_pairs(pairs, world)
        given = {"audience": AUDIENCE, "languages": ("de",), "also": ("svg", "html"), "address": ADDRESS}
        return write_edition(chosen, out, world, day=DAY, progress=quiet, **{**given, **options})

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(units, "dossier", gathered)
        patched.setattr(units, "in_language", lambda made, *_: made)  # what is made up is in no world
        for one in (units, laid_files):  # closings are solved
            patched.setattr(one, "straits_file", lambda: {"straits": {}})
        patched.setattr(planned, "HOLDERS", ("CHN",))
        with pytest.MonkeyPatch.context() as first:
            # All else would be made again, as every page depends on the list of pairs.
            first.setattr(
                units.Units, "names", lambda made: ["pair:" + "-".join(pair) for pair in made.plan.pairs]
            )
            with pytest.raises(KeyboardInterrupt):
                written("RUS-CHN,usa-China")
        assert asked == [("RUS", "CHN"), ("USA", "CHN")]
        (out.parent / "outside").touch()
        (out / "stale.html").touch()
        noted = record.Noted("country:XXX", "", "", ("stale.html", "../outside"))
        with (out / record.NAME).open("ab") as file:
            file.write(noted.line)
            file.write(b'{"unit": "pair:USA-CHN", "solved')  # a kill came in between
        done = written("RUS-CHN,CHN-RUS")
        assert (done.pairs, len(asked), done.failed) == (1, 2, {})
        again = written("RUS-CHN")
        assert (again.made, again.kept, len(asked)) == (0, done.made + done.kept, 2)
    return out


def test_what_an_earlier_call_wrote_goes_and_what_lies_outside_stays(laid: Path) -> None:
    assert not (laid / "stale.html").exists()
    assert (laid.parent / "outside").exists()
    noted = [json.loads(line) for line in (laid / record.NAME).read_text("utf-8").splitlines()]
    assert {one["unit"] for one in noted} >= {"pair:RUS-CHN", "country:RUS", "country:CHN", "plain:trial"}
    here = {name for name in contents(laid) if not name.startswith(("search/", "de/search/"))}
    assert here - {name for one in noted for name in one["files"]} == {
        record.NAME, "feed.xml", "de/feed.xml", "sitemap.xml",
    }  # fmt: skip


def check_links(folder: Path) -> int:
    """Follow every link of every page; how many there were."""
    pages = {one.resolve(): Links(one.read_text("utf-8")) for one in folder.rglob("*.html")}
    followed = 0
    for page, found in pages.items():
        for address in found.addresses:
            if address.startswith("data:"):
                continue
            plain, _, part = address.partition("#")
            if plain.startswith(ADDRESS):  # the same page in other languages
                assert (folder / plain.removeprefix(f"{ADDRESS}/")).is_file(), (page.name, address)
                continue
            assert "://" not in plain, (page.name, address)
            assert not plain.startswith("/"), (page.name, address)
            target = (page.parent / plain.partition("?")[0]).resolve() if plain else page
            assert target.is_file(), (page.name, address)
            assert not part or part in pages[target].places, (page.name, address)
            followed += 1
    for language in ("", "de/"):
        for shard in (folder / language / "search").glob("*.js"):
            told = json.loads(shard.read_text("utf-8").removeprefix("suasionSearch(").removesuffix(");\n"))
            for entry in told.get("entries", told.get("general", ())):
                path, _, part = entry["p"].partition("#")
                target = (folder / language / path).resolve()
                assert target in pages, entry["p"]
                assert not part or part in pages[target].places, entry["p"]
                assert entry["t"]
                assert entry["s"]
                followed += 1
    return followed


def test_every_link_is_relative_and_leads_to_something(laid: Path) -> None:
    assert check_links(laid) > 1000
    sheets = "".join(one.read_text("utf-8") for one in laid.rglob("*.css"))
    assert "url(/" not in sheets
    forms = {
        found
        for one in laid.rglob("*.html")
        for found in re.findall(r"<form[^>]*action=\"([^\"]*)", one.read_text("utf-8"))
    }
    assert forms
    assert all(one.endswith("search.html") for one in forms)  # all others would need a server


def test_a_page_says_what_it_is_to_who_passes_it_on(laid: Path) -> None:
    """Title, sentence and card in the head, other languages, a feed and a sitemap with whole addresses."""
    page = (laid / "de/dossier/RUS-CHN.html").read_text("utf-8")
    told = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', page))
    assert told["image"] == f"{ADDRESS}/de/dossier/RUS-CHN.png"
    assert (laid / "de/dossier/RUS-CHN.png").read_bytes().startswith(b"\x89PNG")
    assert told["url"] == f"{ADDRESS}/de/dossier/RUS-CHN.html"
    assert told["title"]
    assert told["description"]
    others = dict(re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]*)">', page))
    assert others == {"en": f"{ADDRESS}/dossier/RUS-CHN.html", "de": f"{ADDRESS}/de/dossier/RUS-CHN.html"}
    places = ET.parse(laid / "sitemap.xml").getroot()
    listed = {one.text for one in places.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    pages = {name for name in contents(laid) if name.endswith(".html") and "/suasion-" not in name}
    assert listed == {f"{ADDRESS}/{name}" for name in pages}
    assert ET.parse(laid / "feed.xml").getroot().tag.endswith("feed")


def test_the_feed_tells_what_moved(laid: Path, tmp_path: Path) -> None:
    """A pair whose first sentence is another one than in the edition before stands in the feed, with both."""
    out = tmp_path / "out"
    shutil.copytree(laid, out)
    world = load_world()
    plan = make_plan([("RUS", "CHN")], world, "2027-01-05", spoken=("de",))
    held = record.Record(out)
    made = units.UnitMade(
        "pair:RUS-CHN", {"dossier/RUS-CHN.html": b"x"}, {}, {"en": "It is 2 %.", "de": "Es sind 2 %."}
    )
    before = held.units["pair:RUS-CHN"].first["en"]
    write._keep(held, made, plan, "other")
    write._together(out, plan, held, {"pair:RUS-CHN"})
    feed = (out / "feed.xml").read_text("utf-8")
    (entry,) = ET.fromstring(feed).iter("{http://www.w3.org/2005/Atom}entry")
    told = "".join(entry.itertext())
    assert "It is 2 %." in told
    assert before in told
    assert "2027-01-05" in told
    assert "Es sind 2 %." in (out / "de/feed.xml").read_text("utf-8")


def visited(browser: Any, width: int) -> tuple[Any, list[str]]:
    """A page, and what goes wrong on it."""
    page, wrong = browser.new_context(viewport={"width": width, "height": 900}).new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type != "log" else None)
    # A page that is left while it loads is no fault: its requests are ended by the browser.
    page.on("requestfailed", lambda one: wrong.append(one.url) if one.failure != "net::ERR_ABORTED" else None)
    return page, wrong


def ask(page: Any, text: str) -> str:
    """Type a question into the bar, and return what is answered."""
    page.locator("header input[name=q]").fill(text)
    page.keyboard.press("Enter")
    page.wait_for_selector("#answers[aria-busy=false]")
    return str(page.locator("#answers").inner_text())


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_open_from_a_disk(laid: Path, browser: Any, width: int) -> None:
    page, wrong = visited(browser, width)
    for name in (
        "index",
        "countries",
        "method",
        "country/RUS",
        "leverage/CHN-ten",
        "de/dossier/RUS-CHN",
        "dossier/RUS-CHN",
    ):
        page.goto((laid / f"{name}.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate("[...document.fonts].some(face => face.status == 'loaded')"), name
    page.evaluate("document.querySelectorAll('.folds > details').forEach(fold => { fold.open = true; })")
    assert page.locator(".panel svg.chart:visible").count() > 8
    page.goto((laid / "index.html").as_uri())
    page.locator(".chips a").first.click()
    page.locator("nav a").nth(2).click()
    assert page.url == (laid / "leverage" / "CHN.html").as_uri()
    page.locator("footer a[hreflang=de]").click()
    assert page.url == (laid / "de/leverage" / "CHN.html").as_uri()
    assert wrong == []
    page.context.close()


def test_the_search_answers_without_a_server(laid: Path, browser: Any) -> None:
    """In both languages, in any order of words, with a sentence and a link that leads to its place; what is not there is said."""
    page, wrong = visited(browser, 390)
    page.goto((laid / "dossier/RUS-CHN.html").as_uri())
    told = ask(page, "What would Russia lose without China?")
    heading = (laid / "dossier/RUS-CHN.html").read_text("utf-8")
    first = page.locator("#answers a").first
    assert "RUS – CHN" in first.inner_text()
    assert re.search(r"\d", told)
    link = page.locator('#answers a[href*="#"]').first
    part = str(link.get_attribute("href")).partition("#")[2]
    assert f'id="{part}"' in heading
    link.click()
    assert "/dossier/RUS-CHN.html#" in page.url
    page.goto((laid / "de/index.html").as_uri())
    assert "RUS – CHN" in ask(page, "Seit wann ist Russland von China abhängig?")
    assert "/de/" in page.locator("#answers a").first.evaluate("link => link.href")
    assert "Was das Modell" in ask(page, "Hatte das Modell recht?") or page.locator("#answers a").count() > 0
    page.goto((laid / "index.html").as_uri())
    assert "Not known here" in ask(page, "Narnia Gondor")
    index = laid / "search/index.js"  # straits, which are left out here, are solved for a whole edition
    content = index.read_text("utf-8")
    strait = {
        "p": "strait/hormuz.html",
        "q": "straits",
        "s": ["It closes."],
        "t": "Closing",
        "n": called("hormuz"),
    }
    index.write_text(content.replace('"general": [', f'"general": [{json.dumps(strait)}, '), "utf-8")
    for text in (
        "What would closing Hormuz cost China?",
        "Was kostet China eine Sperrung der Straße von Hormus?",
    ):
        page.goto((laid / "index.html").as_uri())
        ask(page, text)
        assert str(page.locator("#answers a").first.get_attribute("href")).endswith("strait/hormuz.html"), (
            text
        )
    index.write_text(content, "utf-8")
    assert wrong == []
    page.context.close()


def test_a_unit_is_the_same_wherever_it_is_made(laid: Path) -> None:
    """Bytes of a process and of the function that a cluster calls are those of this process."""
    world = load_world()
    plan = make_plan([("RUS", "CHN")], world, DAY, audience=AUDIENCE, spoken=("de",))
    assert Plan.from_json(plan.to_json()) == plan
    kept = {
        one: (laid / path / "dossier/RUS-CHN.json").read_bytes() for one, path in (("en", ""), ("de", "de"))
    }
    own = units.Units(plan, world)
    worker = Worker(write.TARGET, plan.to_json())
    try:
        for request in (("country:RUS", {}), ("pair:RUS-CHN", kept), ("plain:search", {})):
            here = own.make(*request)
            assert len(here.files) > 1
            assert worker.ask(request) == here
        assert write.make(plan.to_json(), request) == here
    finally:
        worker.end()


def test_another_world_is_made_in_this_process(tmp_path: Path) -> None:
    small = load_world().select(["USA", "CHN", "DEU", "RUS", "AUS"])
    with pytest.raises(InputError, match="--workers 0"):
        write_edition([("RUS", "CHN")], tmp_path / "out", small, day=DAY, workers=2, progress=quiet)


@pytest.mark.evidence
def test_a_dossier_in_another_language_is_that_of_its_own_process(tmp_path: Path) -> None:
    """What is solved once is told in German as a process that speaks German tells it."""
    world = load_world()
    made = in_language(dossier("HUN", "RUS", AUDIENCE, world), "de", AUDIENCE, world)
    with speaking("de"):
        german = json.loads(as_json(made))
    code = "from suasion.dossier import dossier; from suasion.dossier.export import as_json; import sys; from pathlib import Path; "
    code += f"Path(sys.argv[1]).write_text(as_json(dossier('HUN', 'RUS', {AUDIENCE!r})), 'utf-8')"
    out = tmp_path / "de.json"
    subprocess.run(
        [sys.executable, "-c", code, str(out)],
        check=True,
        env={**os.environ, "SUASION_LANGUAGE": "de"},
    )
    assert json.loads(out.read_text("utf-8")) == german


@pytest.fixture(scope="module")
def twenty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition of twenty pairs, made by two processes, killed on the way and asked again."""
    out = tmp_path_factory.mktemp("twenty") / "out"
    command = [
        sys.executable,
        "-m",
        "suasion",
        "edition",
        "--pairs",
        TWENTY,
        "--out",
        str(out),
        "--languages",
        "de",
    ]
    command += ["--workers", "2"]
    struck = subprocess.Popen(command)
    while len(list(out.glob("dossier/*.html"))) < 3:
        assert struck.poll() is None
        time.sleep(0.2)
    struck.send_signal(signal.SIGKILL)
    struck.wait()
    before = {name: content for name, content in contents(out).items() if name.startswith("dossier/")}
    solved = {one.stat().st_mtime_ns for one in out.glob("dossier/*.json")}
    subprocess.run(command, check=True)
    assert solved <= {
        one.stat().st_mtime_ns for one in out.glob("dossier/*.json")
    }  # none of them is made twice
    now = contents(out)
    assert len([name for name in now if re.fullmatch(r"dossier/\w+-\w+\.html", name)]) == 20
    assert all(now[name] == content for name, content in before.items())
    return out


@pytest.mark.evidence
def test_twenty_pairs_open_from_a_disk_and_answer(twenty: Path, browser: Any) -> None:
    """No dead address, no error on the console, and the search finds each pair by its names."""
    assert check_links(twenty) > 5000
    page, wrong = visited(browser, 1280)
    for one in sorted(twenty.rglob("*.html")):
        page.goto(one.as_uri())
    assert wrong == []
    for pair in TWENTY.split(","):
        a, b = pair.split("-")
        page.goto((twenty / "index.html").as_uri())
        told = ask(page, f"{a} {b} trade since when")
        assert f"{a} – {b}" in told, pair
    ask(page, "What would closing Hormuz cost Japan?")
    assert str(page.locator("#answers a").first.get_attribute("href")).endswith("strait/hormuz.html")
    assert wrong == []
    page.context.close()


@pytest.mark.evidence
def test_a_cluster_writes_the_same_bytes(twenty: Path, tmp_path: Path) -> None:
    """A Dask scheduler with a worker on this machine, for the first three pairs of the twenty."""
    distributed = pytest.importorskip("distributed")
    world, pairs = load_world(), parse_pairs(",".join(TWENTY.split(",")[:3]), load_world())
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        there = partial(
            write_edition, pairs, world=world, day=DAY, languages=("de",), audience=AUDIENCE, progress=quiet
        )
        done = there(out=tmp_path / "cluster", cluster=cluster.scheduler_address)
    assert done.failed == {}
    here = there(out=tmp_path / "here")
    assert here.made == done.made
    assert contents(tmp_path / "cluster") == contents(tmp_path / "here")


@pytest.mark.parametrize("pairs", ["", "RUS", "RUS-CHN-USA", "RUS-RUS", "RUS-Atlantis"])
def test_a_pair_that_is_none_is_told(pairs: str) -> None:
    with pytest.raises(InputError, match=r"as in RUS-CHN|Atlantis"):
        parse_pairs(pairs, load_world())


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").touch()
    assert run(["edition", "--pairs", "RUS-CHN", "--out", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert run(["edition", "--pairs", "RUS-CHN", "--out", str(tmp_path / "mine.txt")]) == 3
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
