"""The page in Chromium: under its strict policy, from a file and from a server, with and without JavaScript."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.made_up import made_up, outside

from suasion.dossier import page
from suasion.sources import country_at, outline

pytest.importorskip("playwright.sync_api", reason="Playwright absent: pip install playwright")
pytestmark = pytest.mark.browser

WATCH = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', e => window.__violations.push(
  `${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
"""
WAIT_S = 30.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("pages")
    for name, make in (("full", made_up), ("outside", outside)):
        (place / f"{name}.html").write_text(page.render_html(make()), encoding="utf-8")
    return place


class Strict(http.server.SimpleHTTPRequestHandler):
    """Serves files with the policy that each page carries, as a header too."""

    def end_headers(self) -> None:
        file = Path(self.translate_path(self.path))
        if file.suffix == ".html" and file.is_file():
            policy = page.policy_of(file.read_text(encoding="utf-8"))
            self.send_header("Content-Security-Policy", f"{policy}; frame-ancestors 'none'")
        super().end_headers()

    def log_message(self, *args: object) -> None:
        """Stay silent."""


@pytest.fixture(scope="module")
def address(folder) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Strict, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


class Visit:
    """An open page, what it asked for and what it complained about."""

    def __init__(self, browser, url: str, **options) -> None:
        self.context = browser.new_context(**options)
        self.context.add_init_script(WATCH)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.warnings: list[str] = []
        self.page.on(
            "console",
            lambda message: self.warnings.append(message.text) if message.type == "warning" else None,
        )
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console", lambda message: self.errors.append(message.text) if message.type == "error" else None
        )
        self.page.goto(url)

    def unfold(self) -> None:
        """Open all folds."""
        self.page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")


@pytest.fixture
def visit(browser, folder, address) -> Iterator[object]:
    opened: list[Visit] = []

    def go(name: str, served: bool = False, **options) -> Visit:
        url = f"{address}/{name}.html" if served else (folder / f"{name}.html").as_uri()
        opened.append(Visit(browser, url, **options))
        return opened[-1]

    yield go
    for one in opened:
        one.context.close()


def foreign(requests: list[str]) -> list[str]:
    return [url for url in requests if not url.startswith(("file:", "data:", "http://127.0.0.1:"))]


SHOWN = "[...document.querySelectorAll('.panel svg.chart')].filter(one => one.checkVisibility()).length"
"""Charts of folds that are seen."""


@pytest.mark.parametrize("served", [False, True], ids=["file", "served"])
@pytest.mark.parametrize("name", ["full", "outside"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_chart_is_shown_once_under_the_strict_policy(visit, name, served, width):
    one = visit(name, served, viewport={"width": width, "height": 800})
    one.unfold()
    assert one.page.evaluate(SHOWN) == len(panels(name))
    assert one.page.evaluate("window.__violations") == []
    assert one.errors == []
    assert one.warnings == []
    assert foreign(one.requests) == []


def panels(name: str) -> list[object]:
    from suasion.dossier.figures import figures

    dossier = made_up() if name == "full" else outside()
    return [panel for figure in figures(dossier) for panel in figure.panels]


def test_the_policy_is_really_in_force(visit):
    one = visit("full", served=True)
    one.page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.__bad = 1';"
        " document.head.append(s); }"
    )
    assert one.page.evaluate("window.__bad") is None
    assert one.page.evaluate("window.__violations.length") >= 1  # header and page each report


def test_without_javascript_every_chart_is_shown(visit):
    one = visit("full", java_script_enabled=False)
    for fold in one.page.locator(".folds > details > summary").all():
        fold.click()
    charts = one.page.locator(".panel svg.chart:visible")
    assert charts.count() == len(panels("full"))
    for chart in charts.all():
        box = chart.bounding_box()
        assert box["width"] > 100
        assert box["height"] > 30
    assert foreign(one.requests) == []


def test_printing_shows_the_charts(visit):
    one = visit("full")
    one.unfold()
    one.page.emulate_media(media="print")
    assert one.page.evaluate(SHOWN) == len(panels("full"))
    assert len(one.page.pdf(format="A4", print_background=True)) > 50_000


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_sideways_scroll(visit, width):
    one = visit("full", viewport={"width": width, "height": 800})
    one.unfold()
    assert one.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_dark_has_dark_paper_and_readable_charts(visit):
    one = visit("full", color_scheme="dark")
    one.unfold()
    assert (
        one.page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(18, 21, 26)"
    )
    fill = "getComputedStyle(document.querySelector('.panel svg.chart text[fill=\"var(--ink)\"]')).fill"
    assert one.page.evaluate(fill) == "rgb(236, 234, 228)"  # the ink of the dark
    one.page.emulate_media(color_scheme="light")
    assert one.page.evaluate(fill) == "rgb(22, 25, 31)"
    assert one.page.evaluate("window.__violations") == []


def test_keyboard_reaches_the_findings_and_the_tables(visit):
    one = visit("full")
    one.page.keyboard.press("Tab")
    assert one.page.evaluate("document.activeElement.className") == "skip"
    one.page.keyboard.press("Enter")
    assert one.page.url.endswith("#main")


def test_csv_of_a_chart_comes_from_the_file_itself(visit):
    one = visit("full")
    one.unfold()
    with one.page.expect_download() as download:
        one.page.locator("#exit-costs .tools a").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert text.startswith("horizon,outlet,country,")
    assert len(text.splitlines()) == 9
    assert foreign(one.requests) == []


def test_all_economies_are_on_the_map_and_crimea_is_in_ukraine(visit):
    assert country_at(34.1, 45.0) == "UKR"
    one = visit("full")
    one.unfold()
    land = len(outline()["objects"]["countries"]["geometries"])
    shapes = one.page.evaluate(
        "document.querySelector('#elsewhere svg.map').querySelectorAll('g > path').length"
    )
    assert shapes == land
    assert (
        one.page.evaluate("document.querySelector('#elsewhere svg.map').querySelectorAll('circle').length")
        == 4
    )


@pytest.mark.parametrize(("name", "scheme"), [("full", "light"), ("outside", "light"), ("outside", "dark")])
def test_axe_finds_nothing(visit, name, scheme):
    """Rules of WCAG 2 A and AA, and best practice: headings, names, contrast, tables; colours are tested as tokens."""
    axe = pytest.importorskip("axe_playwright_python.base")
    one = visit(name, color_scheme=scheme)
    one.unfold()
    one.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    one.page.evaluate(axe.AXE_FILE_PATH.read_text("utf-8"))
    # Contrast of the thousand labels of all charts takes most of a minute; their colours are those of the other pages.
    rules = {"color-contrast": {"enabled": name != "full"}}
    found = one.page.evaluate("rules => axe.run({rules, resultTypes: ['violations']})", rules)
    assert [(v["id"], [node["target"] for node in v["nodes"]][:3]) for v in found["violations"]] == []


def test_a_number_leads_to_its_rows_and_on_to_its_method(visit):
    """A click on a number of a screen opens the fold and the table; the section names its method."""
    one = visit("full")
    link = one.page.locator("#answer a.num[href='#table-exit-costs']").first
    assert not one.page.locator("#table-exit-costs").is_visible()
    link.click()
    one.page.locator("#table-exit-costs").wait_for(state="visible", timeout=5000)
    one.page.locator("#exit-costs a[href='#method-break']").click()
    one.page.locator("#method-break").wait_for(state="visible", timeout=5000)
    assert one.page.url.endswith("#method-break")
    assert one.page.evaluate("window.__violations") == []


def test_print_has_the_screens_and_leaves_closed_folds_out(visit):
    one = visit("full")
    one.page.emulate_media(media="print")
    assert one.page.locator("#answer-title").is_visible()
    assert one.page.locator(".folds").is_hidden()
    assert one.page.locator("#why svg.narrow").first.is_visible()
    printed = one.page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2
