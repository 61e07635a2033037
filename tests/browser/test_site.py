"""The pages of the site in Chromium: words, pixels, clipping, overlaps, access, and ten questions in three steps each."""

from __future__ import annotations

import os
import re

import pytest

pytest.importorskip("fastapi", reason="the extra `app` is absent")
pytest.importorskip("playwright.sync_api", reason="Playwright absent: pip install playwright")
pytestmark = pytest.mark.browser

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
    from pathlib import Path

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


def search(page, text: str) -> None:
    """Step: type into the search of the bar."""
    page.get_by_role("search").first.get_by_role("searchbox").fill(text)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")


TEN = {
    "what Germany would lose without China": (
        lambda page: page.get_by_role("link", name="Germany – China").first.click(),
        r"About [\d.]+\s% of its spending power",
    ),
    "who could squeeze Kazakhstan": (
        lambda page: (search(page, "Kazakhstan"), page.get_by_role("link", name="Kazakhstan").first.click()),
        r"Kazakhstan depends most on",
    ),
    "what an embargo on Russian energy costs us": (
        lambda page: page.get_by_role("link", name="joint US-EU embargo").click(),
        r"Russia",
    ),
    "who replaces China's rare earths": (
        lambda page: (
            search(page, "rare earths"),
            page.get_by_role("link", name="Rare earth compounds").click(),
        ),
        r"Who could step in",
    ),
    "whether a Russian-Chinese pact is likely by 2030": (
        lambda page: None,
        r"defence pact of Russia and China by 2030",
    ),
    "what changed since 2000": (
        lambda page: (search(page, "Germany"), page.get_by_role("link", name="Germany").first.click()),
        r"How it changed",
    ),
    "how sure": (lambda page: None, r"range [\d.]+ to"),
    "the same for my pair": (
        lambda page: search(page, "Australia without China"),
        r"Australia – China",
    ),
    "who holds most leverage": (
        lambda page: page.get_by_role("navigation").get_by_role("link", name="Leverage").click(),
        r"economies would lose more than 5",
    ),
}
"""Questions, the steps that answer them from the start page, and what the page must then say."""


@pytest.mark.parametrize("asked", TEN)
def test_ten_questions_are_answered_in_three_steps(visit, asked):
    steps, answer = TEN[asked]
    one = visit()
    page = one.go("/")
    steps(page)
    page.locator("main").wait_for()
    one.arrived()
    text = page.locator("main").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    assert re.search(answer, text), text[:600]


def test_the_numbers_are_a_file(visit):
    """The tenth: from the leverage page all pairs as CSV."""
    one = visit()
    page = one.go("/leverage")
    with page.expect_download() as kept:
        page.get_by_role("link", name="All pairs as CSV").click()
    assert kept.value.suggested_filename == "suasion-leverage.csv"
