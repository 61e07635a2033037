"""The pages of the site in Chromium: words, pixels, clipping, overlaps, access, and ten questions in three steps each."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the extra `app` is absent")
pytest.importorskip("playwright.sync_api", reason="Playwright absent: pip install playwright")
pytestmark = pytest.mark.browser

ENERGY = "/scenario?do=embargo&by=USA~EU&on=RUS&in=energy"
WHOLE = bool(os.environ.get("SUASION_BROWSER"))
"""All widths and pages; without, the pages that most readers meet, on a phone and a desk."""
PAGES = {
    "home": "/",
    "country": "/country/DEU",
    "leverage": "/leverage",
    **(
        {
            "small": "/country/KAZ",
            "bloc": "/country/ASEAN",
            "outside": "/country/MNG",
            "ten": "/leverage?holder=RUS&when=ten&group=BRICS",
            "pairs": "/pairs",
            "countries": "/countries",
            "search": "/search?q=rare+earths",
        }
        if WHOLE
        else {}
    ),
}
WIDTHS = (320, 390, 768, 1280, 1920) if WHOLE else (320, 1280)
MOST_WORDS = {"home": 700, "leverage": 750}
USUAL_WORDS = 800
MOST_PIXELS = {390: 5_400, 1280: 3_000}
"""Of a page with its folds closed; lists of all countries are as long as there are countries."""
LONG = ("countries", "pairs")
LARGEST = 1_000_000
"""Bytes of a page with all that it loads."""
NEVER = (
    "welfare",
    "real expenditure",
    "exit cost",
    "nowcast",
    "90 % draws",
    "audience",
    "ceiling",
    "look-through",
)
"""Words of the house that no reader meets outside a fold."""
CLIPPED = """() => [...document.querySelectorAll('main svg.chart text')].filter(text => {
  const svg = text.closest('svg').getBoundingClientRect(), box = text.getBoundingClientRect();
  return box.width && !text.classList.contains('turned') && (box.left < svg.left - 2 || box.right > svg.right + 2);
}).map(text => text.textContent)"""
OVERLAPS = """() => {
  const found = [];
  for (const svg of document.querySelectorAll('main svg.chart')) {
    const boxes = [...svg.querySelectorAll('text:not(.turned)')].map(text => [text.textContent, text.getBoundingClientRect()])
      .filter(([, box]) => box.width);
    boxes.forEach(([one, a], k) => boxes.slice(k + 1).forEach(([other, b]) => {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > 0.35 * Math.min(a.height, b.height)) found.push(`${one} / ${other}`);
    }));
  }
  return found;
}"""
HEADINGS = "() => [...document.querySelectorAll('main h1, main h2:not(.label)')].map(one => one.innerText)"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_or_covered(visit, name, width):
    """No label leaves its drawing or meets another, nothing is wider than the page, and the page is not too long."""
    one = visit(viewport={"width": width, "height": 900})
    page = one.go(PAGES[name])
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CLIPPED) == []
    assert page.evaluate(OVERLAPS) == []
    if width in MOST_PIXELS and name not in LONG:
        assert page.evaluate("document.documentElement.scrollHeight") <= MOST_PIXELS[width]
    one.clean()


@pytest.mark.parametrize("name", PAGES)
def test_words_are_few_and_plain(visit, name):
    """Words of the house stay in folds; headings have a verb's length and two numbers at most; the page is light."""
    one = visit()
    page = one.go(PAGES[name])
    text = page.evaluate(
        "() => { document.querySelectorAll('main details:not([open])').forEach(one => one.remove());"
        "document.querySelectorAll('main select, main svg').forEach(one => one.remove());"
        "return document.querySelector('main').innerText; }"
    )
    if name not in LONG:
        assert len(text.split()) <= MOST_WORDS.get(name, USUAL_WORDS)
    assert [word for word in NEVER if word in text.lower()] == []
    for heading in page.evaluate(HEADINGS):
        assert len(re.findall(r"\d[\d.,]*\s?(?:%|bn|mn|tn)", heading)) <= 2, heading
    assert re.search(r"Economy of \d{4}", text) or name == "search"
    size = page.evaluate(
        "() => performance.getEntries().reduce((sum, one) => sum + (one.decodedBodySize || 0), 0)"
    )
    assert size <= LARGEST
    one.clean()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_read_it(visit, name, scheme):
    """No fault by axe, in the light and in the dark."""
    axe = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python absent")
    one = visit(color_scheme=scheme)
    page = one.go(PAGES[name])
    assert page.locator("h1").count() == 1
    page.evaluate((Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(
        "() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    assert [(v["id"], [n["html"][:160] for n in v["nodes"]][:3]) for v in found["violations"]] == []
    one.clean()


def test_the_sentence_works_without_scripts(visit):
    """A choice and a button: the answer of another pair."""
    one = visit(java_script_enabled=False)
    page = one.page
    page.goto(one.address)
    page.get_by_label("Who loses").select_option("DEU")
    page.get_by_role("button", name="Show").click()
    assert "a=DEU" in page.url
    assert re.search(r"About \d", page.locator("#answer").inner_text())


class Reader:
    """Somebody who begins at the start page, and whose steps are counted."""

    def __init__(self, one) -> None:
        self.one, self.page, self.steps = one, one.go("/"), 0

    def step(self, act, *given):
        """One step: a click, a search, a form that is sent; the page that it leads to has arrived."""
        self.steps += 1
        act(*given)
        self.one.arrived()

    def search(self, text: str) -> None:
        """Type into the search of the bar."""
        box = self.page.get_by_role("search").first.get_by_role("searchbox")
        self.step(
            lambda: (
                box.fill(text),
                self.page.keyboard.press("Enter"),
                self.page.wait_for_url("**/search?**"),
            )
        )

    def follow(self, address: str) -> None:
        """Click the first link that leads to an address."""
        found = self.page.locator(f'main a[href="{address}"], nav a[href="{address}"]').first
        self.step(lambda: (found.click(), self.page.wait_for_url(f"**{address}")))

    def data(self, where: str) -> dict[str, str]:
        """The data of the first element that fits, as its page gives them to programs."""
        return self.page.locator(where).first.evaluate("one => ({...one.dataset})")


def loss_without(reader: Reader, a: str, b: str) -> None:
    """The answer of the start page is of the pair, and is a loss within its range."""
    told = reader.data("#answer")
    assert (told["a"], told["b"]) == (a, b)
    assert 0 < float(told["low"]) < float(told["percent"]) < float(told["high"])


def what_germany_would_lose_without_china(reader: Reader) -> None:
    reader.follow("/?a=DEU&b=CHN")
    loss_without(reader, "DEU", "CHN")


def who_could_squeeze_kazakhstan(reader: Reader) -> None:
    reader.search("Kazakhstan")
    reader.follow("/country/KAZ")
    assert reader.data("h1")["country"] == "KAZ"
    holders = reader.page.locator('[data-table="depends-on"] svg.wide a').evaluate_all(
        "all => all.map(one => one.getAttribute('href'))"
    )
    assert "/dossier/KAZ/RUS" in holders
    assert "/dossier/KAZ/CHN" in holders


def what_an_embargo_on_russian_energy_costs_us(reader: Reader) -> None:
    reader.follow(ENERGY)
    assert reader.data("#answer")["address"] == ENERGY.partition("?")[2]
    told = reader.data("#answer .kicker .side-a"), reader.data("#answer .kicker .side-b")
    assert told[0]["party"].split(" + ") == ["USA", "EU"]
    assert told[1]["party"] == "RUS"
    assert all(float(one["musd"]) > 1_000 for one in told)


def who_replaces_china_s_rare_earths(reader: Reader) -> None:
    reader.search("rare earths")
    reader.follow("/products/284690")
    form = reader.page.locator("form[action='/products/284690']")
    reader.step(lambda: (form.locator("[name=stops]").select_option("CHN"), form.get_by_role("button").click(),
                         reader.page.wait_for_url("**stops=CHN**")))  # fmt: skip
    told = reader.data("#list-1")
    assert (told["code"], told["stops"]) == ("284690", "CHN")
    assert int(told["count"]) >= 3


def whether_a_russian_chinese_pact_is_likely_by_2030(reader: Reader) -> None:
    told = reader.data("#board")
    assert (told["asked"], told["states"], told["closes"]) == ("pact", "RUS-CHN", "2030-12-31")
    assert 0 < float(told["low"]) < float(told["probability"]) < float(told["high"]) < 1


def what_changed_since_2013(reader: Reader) -> None:
    reader.search("Russia")
    reader.follow("/country/RUS")
    first, last = reader.data('[data-table="partner-shares"]')["years"].split("\N{EN DASH}")
    assert int(first) <= 2013 < int(last)
    assert reader.page.locator('[data-table="partner-shares"] svg.chart').count() == 2


def how_sure(reader: Reader) -> None:
    reader.search("Russia without Afghanistan")
    reader.follow("/dossier/RUS/AFG")
    lights = reader.page.locator("#sure tbody .evidence").evaluate_all(
        "all => all.map(one => one.dataset.light)"
    )
    assert len(lights) == 6
    assert set(lights) <= {"measured", "modelled", "judged", "unknown"}


def what_others_found(reader: Reader) -> None:
    reader.follow(ENERGY)
    rows = reader.page.locator("#published tbody tr")
    assert rows.count() >= 3
    assert all(row.get_attribute("data-agreement") for row in rows.all())
    assert rows.locator(".source").count() == rows.count()


def the_same_for_my_pair(reader: Reader) -> None:
    reader.search("Australia without China")
    assert reader.page.locator('main a[href="/dossier/AUS/CHN"]').count() == 1
    reader.follow("/?a=AUS&b=CHN")
    loss_without(reader, "AUS", "CHN")


def the_numbers_as_a_file(reader: Reader) -> None:
    reader.follow("/leverage")
    with reader.page.expect_download() as kept:
        reader.page.locator('a[href="/leverage.csv"]').click()
    reader.steps += 1
    lines = Path(kept.value.path()).read_text(encoding="utf-8").splitlines()
    assert {"country", "partner", "short_percent", "long_percent"} <= set(lines[0].split(","))
    assert len(lines) > 6_000


TEN = (
    what_germany_would_lose_without_china,
    who_could_squeeze_kazakhstan,
    what_an_embargo_on_russian_energy_costs_us,
    who_replaces_china_s_rare_earths,
    whether_a_russian_chinese_pact_is_likely_by_2030,
    what_changed_since_2013,
    how_sure,
    what_others_found,
    the_same_for_my_pair,
    the_numbers_as_a_file,
)


@pytest.mark.parametrize("asked", TEN, ids=lambda asked: asked.__name__)
def test_ten_questions_are_answered_in_three_steps(visit, asked):
    one = visit()
    reader = Reader(one)
    asked(reader)
    assert reader.steps <= 3
    one.clean()
