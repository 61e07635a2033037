"""Every page of the application, opened once and looked at: on five screens, in the light and the dark, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.browser.measured import WIDTHS, kept, measured
from tests.browser.visit import Visit

from suasion.world.load import LATEST

pytest.importorskip("fastapi", reason="the extra `app` is absent")
pytest.importorskip("playwright.sync_api", reason="Playwright absent: pip install playwright")
pytestmark = pytest.mark.browser

ENERGY = "/scenario?do=embargo&by=USA~EU&on=RUS&in=energy"
SITE = {
    "front": "/",
    "country": "/country/DEU",
    "small": "/country/KAZ",
    "bloc": "/country/ASEAN",
    "outside": "/country/MNG",
    "leverage": "/leverage",
    "ten": "/leverage?holder=RUS&when=ten&group=BRICS",
    "pairs": "/pairs",
    "countries": "/countries",
    "search": "/search?q=rare+earths",
}
"""Pages that most readers meet: their words and pixels are counted."""
PAGES = {
    **SITE,
    "scenario": ENERGY,
    "why": ENERGY.replace("/scenario?", "/scenario/why?"),
    "changes": "/changes",
    "claims": "/claims",
    "trial": "/trial",
    "closer": "/closer/KAZ/RUS/CHN",
    "status": "/status",
    "builder": "/scenario",
    "compare": "/compare?s=do%3Dembargo%26by%3DUSA~EU%26on%3DRUS%26in%3Denergy&s=do%3Dtariff%26by%3DUSA%26on%3DCHN%26size%3D60",
    "dossier": "/dossier/DEU/FRA",
    "forecasts": "/forecasts",
    "measure": "/measure/russia_2022",
    "strait": "/strait/hormuz",
    "sweep": "/sweep?by=USA~EU&on=RUS&do=tariff&size=25&in=energy&years=10",
    "tariffs": "/tariffs?day=2026-07-22",
    "sweeps": "/sweep",
    "cite": "/cite?of=%2Fscenario%3Fdo%3Dembargo%26by%3DUSA~EU%26on%3DRUS%26in%3Denergy",
    "embed": ENERGY.replace("/scenario?", "/embed/scenario/sides?"),
    "embedded-map": ENERGY.replace("/scenario?", "/embed/scenario/map?"),
    "products": "/products?q=rare",
    "product": "/products/260600?buyer=CHN",
    "data": "/data",
    "method": "/method",
    "api": "/api",
}
MOST_WORDS = {"front": 700, "leverage": 750}
USUAL_WORDS = 800
MOST_PIXELS = {390: 5_400, 1280: 3_000}
"""Of a page with its folds closed; lists of all countries are as long as there are countries."""
MOVED = 0.25
"""Part by which a page may be longer or shorter than when all were measured for the committed table: its words and data
move a little with every change."""
LONG = ("countries", "pairs")
DEAR = ("outside", "small", "strait", "ten")
"""Pages of whose template there is another one, two of them on a world of all states, half a minute of a core: evidence."""
LARGEST = 1_000_000
"""Bytes of a page with all that it loads; a dossier has more in its folds."""
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
HEADINGS = "() => [...document.querySelectorAll('main h1, main h2:not(.label)')].map(one => one.innerText)"
WORDS = """() => {
  const main = document.querySelector('main').cloneNode(true);
  main.querySelectorAll('details:not([open]), select, svg, .folds').forEach(one => one.remove());
  return main.textContent;
}"""
WEIGHT = "() => performance.getEntries().reduce((sum, one) => sum + (one.decodedBodySize || 0), 0)"
FEW = """() => document.querySelectorAll('tbody, svg g, ul, ol').forEach(
  one => [...one.children].slice(20).forEach(more => more.remove()))"""
"""Rows and marks of one list are alike: twenty of each are looked at for all."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DARK = {*SITE, "dossier", "scenario", "product"}
"""Pages whose dark is looked at by axe: all kinds of drawing, table and form stand on one of them."""
CONTRAST = {"type": "rule", "values": ["color-contrast"]}


@pytest.fixture(
    scope="module",
    params=[pytest.param(n, marks=[pytest.mark.evidence] if n in DEAR else []) for n in PAGES],
)
def seen(request, browser, address) -> Iterator[tuple[str, Visit]]:
    """A page that stays open for all that is asked of it; at the end it must have been clean."""
    one = Visit(browser, address)
    one.go(PAGES[request.param])
    yield request.param, one
    one.clean()
    one.context.close()


def test_nothing_is_cut_or_covered_on_any_screen(seen):
    """No label leaves its drawing or meets another, nothing is wider than the page, and the page is not too long."""
    name, one = seen
    rows = measured(one.page, name)
    if name in SITE and name not in LONG:
        assert all(row["pixels"] <= MOST_PIXELS.get(row["width"], row["pixels"]) for row in rows)
    known = [row for row in kept() if row["page"] == name]
    assert [int(row["width"]) for row in known] == list(WIDTHS)
    for now, before in zip(rows, known, strict=True):
        assert now["pixels"] == pytest.approx(int(before["pixels"]), rel=MOVED), now["width"]


def test_words_are_few_and_plain(seen):
    """Words of the house stay in folds; headings have two numbers at most; the page is light."""
    name, one = seen
    assert one.page.locator("h1").count() == 1
    for heading in one.page.evaluate(HEADINGS):
        assert len(re.findall(r"\d[\d.,]*\s?(?:%|bn|mn|tn)", heading)) <= 2, heading
    if name in SITE:
        text = one.page.evaluate(WORDS)
        assert name in LONG or len(text.split()) <= MOST_WORDS.get(name, USUAL_WORDS)
        assert [word for word in NEVER if word in text.lower()] == []
        assert re.search(r"Economy of \d{4}", text) or name == "search"
    foot = one.page.locator("footer")
    assert not foot.count() or str(LATEST) in foot.inner_text()
    assert name == "dossier" or one.page.evaluate(WEIGHT) <= LARGEST


def test_everybody_can_read_it_in_the_light_and_the_dark(seen):
    """No fault by axe; the dark differs in its colours alone."""
    axe = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python absent")
    name, one = seen
    one.page.evaluate(FEW)
    one.page.evaluate((Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
    for scheme, rules in (("light", RULES), ("dark", CONTRAST))[: 1 + (name in DARK)]:
        one.page.emulate_media(color_scheme=scheme)
        found = one.page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", rules)
        assert [(v["id"], [n["html"][:160] for n in v["nodes"]][:3]) for v in found["violations"]] == []
