"""The web application in Chromium, as readers use it: by mouse, by keyboard, on a phone, without scripts."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from tests.browser.measured import HEIGHT, MEASURE, WIDTHS
from tests.browser.test_pages import ENERGY, PAGES
from tests.browser.visit import WAIT_S

pytest.importorskip("fastapi", reason="the extra `app` is absent")
pytest.importorskip("playwright.sync_api", reason="Playwright absent: pip install playwright")
pytestmark = pytest.mark.browser

DOSSIER = PAGES["dossier"]
SOLVED = "() => Number(document.getElementById('builder').dataset.solved || 0)"
IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
LARGEST_IMAGE = 150_000
"""Bytes: the pages have letters of their own, which weigh more in a picture than those of the system."""


def test_journey_from_the_front_page_to_the_cost_of_an_energy_embargo(visit):
    """At most eight clicks or keystrokes; here it is one."""
    one = visit()
    page = one.go("/")
    clicks = 0
    page.get_by_role("link", name="joint US-EU embargo on Russian energy").click()
    clicks += 1
    page.wait_for_url("**/scenario?**")
    answer = page.locator("#answer")
    assert answer.get_attribute("data-address") == ENERGY.partition("?")[2]
    assert answer.get_attribute("data-when") == "short"
    kicker = page.locator("#answer .kicker")
    assert kicker.locator(".side-a").count() == kicker.locator(".side-b").count() == 1
    assert clicks <= 8
    one.clean()


def test_journey_building_the_same_question_by_hand_gives_the_same_numbers(visit):
    one = visit()
    page = one.go("/scenario")
    assert page.locator("#answer").count() == 1  # a worked example where nothing is asked
    page.locator("[name=by]").first.fill("USA, EU")
    page.locator("[name=do]").first.select_option("embargo")
    page.locator("[name=on]").first.fill("Russia")
    page.locator("[name=in]").first.select_option("energy")
    page.get_by_role("button", name="Run again").click()
    one.until(told_of(ENERGY), lambda there: there)
    built = page.locator("#answer").get_attribute("data-question")
    assert "on=RUS" in page.url  # one address, whatever was typed
    assert one.go(ENERGY).locator("#answer").get_attribute("data-question") == built
    one.clean()


def told_of(path: str) -> str:
    """Script that says whether the answer shown is that of an address."""
    address = path.partition("?")[2]
    return f"() => document.getElementById('answer').dataset.address == '{address}' && document.getElementById('result').getAttribute('aria-busy') == 'false'"


def test_journey_the_answer_follows_its_sentence_and_the_range_follows_the_answer(visit):
    one = visit()
    page = one.go("/scenario?do=embargo&by=USA&on=RUS&in=energy")
    first = page.locator("#question").inner_text()
    page.locator("[name=years]").select_option("10")
    one.until(SOLVED, lambda count: count >= 1)
    assert "years=10" in page.url
    assert page.locator("#answer").get_attribute("data-when") == "long"
    page.locator("summary", has_text="Assumptions").click()
    page.locator("[name=ease]").focus()
    page.keyboard.press("ArrowRight")
    one.until(lambda_solved(2), lambda enough: enough)
    second, url = page.locator("#question").inner_text(), page.url
    assert "ease=1.1" in url
    assert first != second
    one.until("() => document.getElementById('answer').dataset.ranged", lambda there: there)
    # The range takes its own place; it may say that the other side's little could be a loss or a gain.
    assert page.locator("#question").inner_text().split(". ")[0] == second.split(". ")[0]
    assert page.url == url
    fresh = visit()
    assert (
        fresh.go(url.removeprefix(one.address)).locator("#answer").inner_text()
        == page.locator("#answer").inner_text()
    )
    one.clean()
    fresh.clean()


def test_labels_keep_off_marks_after_a_slider_has_moved(visit):
    """Both sliders, at an end each, on every screen; only those of a scenario move a picture."""
    one = visit()
    page = one.go("/scenario?do=tariff&by=USA&on=CHN&size=60")
    page.locator("summary", has_text="Assumptions").click()
    drawn = {page.locator("#answer").inner_html()}
    for name, end in (("ease", "Home"), ("swap", "End")):
        page.locator(f"[name={name}]").focus()
        page.keyboard.press(end)
        one.until(moved_to(name, page.locator(f"[name={name}]").input_value()), lambda there: there)
        one.until("() => document.getElementById('answer').dataset.ranged", lambda there: there)
        drawn.add(page.locator("#answer").inner_html())
        assert page.locator("#answer svg.chart").count()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            seen = page.evaluate(MEASURE)
            assert (seen["clipped"], seen["overlaps"], seen["marked"]) == ([], [], []), (name, end, width)
            assert seen["wide"] <= width
    assert len(drawn) == 3
    one.clean()


def moved_to(name: str, value: str) -> str:
    """Script that says whether the answer shown is that of a value of a slider."""
    return f"() => new URLSearchParams(document.getElementById('answer').dataset.address).get('{name}') == '{value}'"


def lambda_solved(count: int) -> str:
    return f"() => Number(document.getElementById('builder').dataset.solved || 0) >= {count}"


def test_journey_two_states_to_their_dossier(visit):
    one = visit()
    page = one.go("/")
    page.get_by_label("Who loses").select_option("DEU")
    page.get_by_label("Without whom").select_option("FRA")
    page.wait_for_url("**/?a=DEU&b=FRA*")
    page.get_by_role("link", name="Open the dossier").click()
    page.wait_for_url(f"**{DOSSIER}")
    one.arrived()
    heading = page.locator("h1").inner_text()
    assert "Germany" in heading
    assert "France" in heading
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert page.locator(".panel svg.chart:visible").count() > 5
    with page.expect_download() as kept:
        page.get_by_role("link", name="rows as CSV").first.click()
    assert "," in Path(kept.value.path()).read_text(encoding="utf-8").splitlines()[0]
    one.clean()


def test_journey_replacing_a_supplier(visit):
    one = visit()
    page = one.go("/products")
    page.get_by_label("Search: a material").fill("bauxite")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Bauxite").click()
    page.get_by_label("Buyer").select_option("CHN")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**buyer=CHN**")
    assert "If Guinea stopped selling bauxite to China, who could?" in page.locator("h1").inner_text()
    one.clean()


def test_journey_comparing_kept_scenarios(visit):
    one = visit()
    page = one.go("/compare?s=" + ENERGY.partition("?")[2].replace("=", "%3D").replace("&", "%26"))
    page.get_by_label("Add one").fill(f"{one.address}/scenario?do=embargo&by=USA&on=RUS&in=energy")
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**&s=**")
    assert page.locator(".compared li").count() == 2
    one.clean()


def shown(page) -> tuple[str, str, str]:
    """Address, answer and the horizon in the sentence."""
    return (
        page.url.partition("?")[2],
        page.locator("#question").inner_text(),
        page.locator("[name=years]").input_value(),
    )


def test_journey_undo_redo_and_replay(visit):
    one = visit()
    page = one.go("/scenario?do=embargo&by=USA&on=RUS&in=energy")
    assert page.get_by_role("button", name="Undo").is_disabled()
    first = shown(page)
    page.locator("[name=years]").select_option("10")
    one.until(lambda_solved(1), lambda enough: enough)
    second = shown(page)
    assert second[2] == "10"
    page.locator("[name=in]").first.select_option("metals")
    one.until(lambda_solved(2), lambda enough: enough)
    third = shown(page)
    page.get_by_role("button", name="Undo").click()
    one.until(lambda_solved(3), lambda enough: enough)
    assert shown(page) == second
    page.keyboard.press("Control+z")
    one.until(lambda_solved(4), lambda enough: enough)
    assert shown(page) == first
    for count in (5, 6):
        page.get_by_role("button", name="Redo").click()
        one.until(lambda_solved(count), lambda enough: enough)
    assert shown(page) == third
    assert page.get_by_role("button", name="Redo").is_disabled()
    page.get_by_role("button", name="Replay the last change").click()
    one.until(lambda_solved(7), lambda enough: enough)
    assert shown(page) == second
    one.until(lambda_solved(8), lambda enough: enough)
    assert shown(page) == third
    page.reload()
    assert page.get_by_role("button", name="Undo").is_enabled()  # the tab remembers its steps
    one.clean()


def test_journey_citing_and_freezing_a_result(visit):
    one = visit()
    page = one.go(ENERGY)
    answer = page.locator("#question").inner_text()
    page.locator("#keep summary").click()
    page.locator("#answer .tools").get_by_role("link", name="Cite", exact=True).first.click()
    page.wait_for_url("**/cite?**")
    text = page.get_by_label("Citation").input_value()
    assert text.startswith("OECD (2025)")
    page.get_by_role("button", name="Copy the citation").click()
    one.until("() => document.querySelector('[data-copied]')?.dataset.copied || ''", bool)
    assert page.evaluate("getSelection().toString() || document.activeElement.value").startswith(
        "OECD (2025)"
    )
    frozen = page.get_by_label("Frozen result").input_value()
    assert frozen in text
    one.go(frozen.removeprefix(one.address))
    assert page.locator("#question").inner_text() == answer
    assert page.locator("#builder").count() == 0
    one.clean()


def test_a_number_leads_to_its_table_and_the_table_to_its_method(visit):
    one = visit()
    page = one.go(ENERGY)
    page.locator("#answer .answer a.num").first.click()
    assert page.url.endswith("#losses")
    one.until("() => document.getElementById('losses').open", bool)
    page.locator("#answer .vintage").get_by_role("link", name="Method", exact=True).click()
    page.wait_for_url("**/method#welfare")
    assert page.locator("#welfare").inner_text() == "The model"
    one.clean()


@pytest.fixture
def somebody() -> Iterator[object]:
    """Another server, with one page: a browser lets no public page look into this machine."""
    servers = []

    def serve(body: str) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *words: object) -> None:
                """Say nothing."""

        servers.append(HTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://localhost:{servers[-1].server_port}/"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_figure_stands_in_a_page_of_somebody_else_and_nothing_else_does(visit, somebody):
    one = visit()
    snippet = one.go(PAGES["cite"]).get_by_label("What each side loses or gains").input_value()
    refused = snippet.replace("/embed/scenario/sides", "/scenario")
    assert refused != snippet
    body = f"<!doctype html><title>x</title>{snippet}{refused}"
    page = one.context.new_page()
    page.goto(somebody(body))
    end = time.monotonic() + WAIT_S
    while not (found := [frame for frame in page.frames if "/embed/scenario/sides" in frame.url]):
        assert time.monotonic() < end, [frame.url for frame in page.frames]
        page.evaluate("1")
        time.sleep(0.1)  # nothing in a frame without scripts tells when it is there
    look = "() => getComputedStyle(document.querySelector('.source')).color"
    while found[0].evaluate(look) == "rgb(0, 0, 0)" and time.monotonic() < end:
        time.sleep(0.1)
    assert found[0].evaluate(look) != "rgb(0, 0, 0)"  # its own look came too
    assert found[0].locator("svg.chart").count() == 2  # for a column, and for a phone
    assert 'target="_blank"' in found[0].content()
    time.sleep(1)  # nor that one was refused
    assert [one.url.split(":")[0] for one in page.frames[1:] if one is not found[0]] == ["chrome-error"]


def test_journey_a_sweep_sorted_by_its_cost(visit):
    one = visit()
    page = one.go("/sweep")
    page.get_by_label("Coalitions").fill("USA, EU")
    page.get_by_label("Targets").fill("RUS")
    page.get_by_label("Sizes, %").fill("25")
    page.get_by_label("Years after").fill("10")
    page.get_by_label("Embargo: no trade").uncheck()
    page.get_by_label("Tariff on imports").check()
    page.get_by_label("All goods and services").uncheck()
    page.get_by_label("Energy", exact=True).check()
    page.get_by_role("button", name="Solve all of them").click()
    page.wait_for_url("**/sweep?by=USA~EU**")
    one.arrived()
    rows = page.locator("#scenarios tbody tr")
    assert rows.count() == 2
    page.get_by_role("button", name="Coalition").first.click()
    assert rows.first.locator("td").first.inner_text() == "European Union"
    page.get_by_role("button", name="Coalition").first.click()
    assert rows.first.locator("td").first.inner_text() == "United States"
    rows.first.get_by_role("link", name="Open").click()
    page.wait_for_url("**/scenario?do=tariff&by=USA&on=RUS**")
    one.clean()


def test_a_link_into_a_folded_table_opens_it(visit):
    one = visit()
    page = one.go(ENERGY)
    page.locator("#answer .chips a[href='#industries']").click()
    one.until("() => document.getElementById('industries').open", bool)
    one.clean()


def test_twice_as_large_letters_need_no_sideways_scroll(visit):
    one = visit(viewport={"width": 640, "height": 700})  # what a window of 1,280 shows at 200 %
    for path in (ENERGY, "/sweep", "/leverage", PAGES["cite"]):
        page = one.go(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 640
    one.clean()


def test_errors_are_told_in_the_page(visit):
    one = visit()
    page = one.go("/scenario?do=embargo&by=USA&on=RUS&in=energy")
    page.locator("[name=on]").first.fill("Rusland")
    page.get_by_role("button", name="Run again").click()
    one.until("() => document.getElementById('status').textContent", lambda text: "Rusland" in text)
    assert one.page.evaluate("window.__violations") == []


def test_by_keyboard_alone(visit):
    one = visit()
    page = one.go("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    wanted = {"Open the dossier", "Germany – China", "Build your own"}
    seen = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.textContent.trim()"))
        if page.evaluate("document.activeElement === document.body"):
            break  # once round
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert wanted <= seen
    page.get_by_role("link", name="joint US-EU embargo").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/scenario?**")
    assert page.locator("#answer").get_attribute("data-address") == ENERGY.partition("?")[2]
    one.clean()


@pytest.mark.parametrize(
    "name",
    [
        "scenario",
        "dossier",
        "product",
        *(pytest.param(n, marks=pytest.mark.evidence) for n in ("leverage", "compare", "sweep")),
    ],
)
def test_without_scripts_every_number_is_there(visit, name):
    scripted = visit()
    with_scripts = scripted.go(PAGES[name])
    plain = visit(java_script_enabled=False)
    plain.page.goto(f"{plain.address}{PAGES[name]}")
    tables = "main table tbody"
    assert plain.page.locator(tables).all_text_contents() == with_scripts.locator(tables).all_text_contents()
    for picture in plain.page.locator("main img").all():
        assert picture.evaluate("i => i.complete && i.naturalWidth > 0")
    if name == "scenario":
        assert plain.page.locator("#map svg.map").count() == 1


def test_without_scripts_the_builder_works(visit):
    one = visit(java_script_enabled=False)
    page = one.page
    page.goto(f"{one.address}/scenario")
    page.locator("[name=by]").first.fill("USA, EU")
    page.locator("[name=do]").first.select_option("embargo")
    page.locator("[name=on]").first.fill("RUS")
    page.locator("[name=in]").first.select_option("energy")
    page.get_by_role("button", name="Run again").click()
    page.wait_for_url(f"**{ENERGY.replace('?', '**')}")
    assert page.locator("#answer").get_attribute("data-address") == ENERGY.partition("?")[2]


REAL = bool(os.environ.get("SUASION_IMAGES"))
SHOTS = {
    "front": ("/", 900),
    "scenario": (ENERGY, 830),
    "leverage": ("/leverage", 1050),
    "product": ("/products/260600?buyer=CHN", 900),
    "compare": (PAGES["compare"], 760),
    "sweep": (
        "/sweep?by=USA~EU&on=RUS~CHN&do=embargo~tariff&size=25&in=all~energy" if REAL else PAGES["sweep"],
        980,
    ),
    "cite": (PAGES["cite"], 900),
    "dossier": ("/dossier/RUS/CHN" if REAL else DOSSIER, 820),
    **{
        n: (PAGES[n], 900)
        for n in (
            "why",
            "country",
            "pairs",
            "products",
            "data",
            "method",
            "changes",
            "claims",
            "status",
            "api",
            "countries",
            "search",
            "forecasts",
        )
    },
}


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[] if REAL or n == "front" else [pytest.mark.evidence]) for n in SHOTS]
)
def test_pictures_for_the_documentation(visit, tmp_path, name):
    """Kept under docs/images where SUASION_IMAGES is set, so that a test run changes no file by itself.

    `test_pages.py` opens the same pages and looks at them.
    """
    path, height = SHOTS[name]
    one = visit(viewport={"width": 1000, "height": height}, device_scale_factor=0.8)
    page = one.go(path)
    folder = IMAGES if REAL else tmp_path
    file = folder / f"web-{name}.png"
    page.screenshot(path=file)
    assert 5_000 < file.stat().st_size <= LARGEST_IMAGE
