"""The front of a dossier in Chromium: its words and pixels, labels that keep apart, and nothing wider than the page.

Two dossiers are looked at: one of invented numbers with real records of trade, and one without an answer. With
``SUASION_SCREENS="RUS-CHN USA-VNM"`` real pairs are made and looked at too.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.made_up import made_up, outside

from suasion.answers.style import width
from suasion.dossier import page
from suasion.questions import alliance, ladder, share, trade_history
from suasion.sources import dots, outline

pytest.importorskip("playwright.sync_api", reason="Playwright absent: pip install playwright")
pytestmark = pytest.mark.browser

WIDTHS = (320, 390, 768, 1280, 1920)
WORDS = 950
PIXELS = {1280: 5400, 390: 8200}
"""Most words beside the labels of charts, and most pixels down to the folds; at 1280 the closed folds are among them."""
REAL = os.environ.get("SUASION_SCREENS", "").split()
UNSAID = re.compile(
    r"real expenditure|welfare|short run|long run|horizon|outlet|turnover|exit cost|embargo|90 % band|\bdraws\b|"
    r"deficit rule|equilibri|nowcast|\bRAS\b|audience|look-through|base rate|yielded|defied|\brungs?\b|ceiling"
)
"""Words of the trade that the front says plainly; folds may have them."""
FRONT = """() => {
  const front = document.querySelector('main').cloneNode(true);
  front.querySelectorAll('.folds, svg').forEach(part => part.remove());
  return front.textContent.replace(/\\s+/g, ' ').trim();
}"""
BOXES = """() => [...document.querySelectorAll('main svg.chart')].filter(svg => svg.getBoundingClientRect().width)
  .map(svg => [...svg.querySelectorAll('text')].map(text => {
    const box = text.getBoundingClientRect();
    return [text.textContent, box.left, box.top, box.right, box.bottom];
  }))"""


def with_records():
    """Invented losses beside what is on record, and what a short chapter says of the ladder."""
    made = made_up()
    answers = {**made.answers, "trade_history": trade_history("RUS", "CHN")}
    asked = {"alliance": alliance, "ladder": ladder, "share": share}
    front = {name: ask("RUS", "CHN") for name, ask in asked.items()}
    return dataclasses.replace(made, answers=answers, front=front)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("screens")
    made = {"full": with_records(), "outside": outside()}
    if REAL:
        from suasion.dossier import dossier

        made |= {pair: dossier(*pair.split("-")) for pair in REAL}
    for name, one in made.items():
        (place / f"{name}.html").write_text(page.render_html(one, outline(), dots()), encoding="utf-8")
    return place


@pytest.fixture(scope="module", params=["full", "outside", *REAL])
def shown(request, browser, folder) -> Iterator[object]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.errors = []
    opened.on("pageerror", lambda error: opened.errors.append(str(error)))
    opened.on("console", lambda said: opened.errors.append(said.text) if said.type == "error" else None)
    opened.goto((folder / f"{request.param}.html").as_uri())
    yield opened
    context.close()


@pytest.mark.parametrize("wide", sorted(PIXELS))
def test_words_and_pixels_of_the_front(shown, wide):
    shown.set_viewport_size({"width": wide, "height": 900})
    whole = "document.documentElement.scrollHeight"
    front = "document.querySelector('.folds').getBoundingClientRect().top + scrollY"
    assert shown.evaluate(whole if wide == 1280 else front) <= PIXELS[wide]
    assert len(shown.evaluate(FRONT).split()) <= WORDS


@pytest.mark.parametrize("wide", WIDTHS)
def test_nothing_is_wider_than_the_page_and_no_labels_meet(shown, wide):
    shown.set_viewport_size({"width": wide, "height": 900})
    assert shown.evaluate("document.documentElement.scrollWidth") <= wide
    for labels in shown.evaluate(BOXES):
        for place, (text, left, top, right, bottom) in enumerate(labels):
            assert left >= -2, text
            assert right <= wide + 2, text
            for other, left_2, top_2, right_2, bottom_2 in labels[place + 1 :]:
                # The box of a line of text is a third taller than its letters.
                spare = 0.3 * min(bottom - top, bottom_2 - top_2)
                apart = (
                    right <= left_2 + 2
                    or right_2 <= left + 2
                    or bottom <= top_2 + spare
                    or bottom_2 <= top + spare
                )
                assert apart, f"{text!r} meets {other!r} at {wide}"


def test_the_front_speaks_plainly(shown):
    front = shown.evaluate(FRONT)
    assert UNSAID.findall(front) == []
    assert not re.search(r"\bnan\b|\bNone\b|\{|\}|−−", front)


def test_headings_have_at_most_two_numbers(shown):
    headings = shown.locator("main h1, main .screen h2").all_inner_texts()
    assert len(headings) == 7
    for heading in headings:
        assert len(re.findall(r"\d[\d.,]*", heading)) <= 2, heading


def test_every_screen_has_a_light_in_words(shown):
    lights = shown.locator("main .kicker .evidence").all_inner_texts()
    assert len(lights) == 7
    assert all(words.strip() for words in lights)


def test_numbers_lead_to_places_that_are_there(shown):
    targets = shown.evaluate("[...document.querySelectorAll('main a.num')].map(link => link.hash.slice(1))")
    ids = set(shown.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)"))
    assert set(targets) <= ids
    links = shown.evaluate(
        "[...document.querySelectorAll('.screen a, .opening a')].map(link => link.hash.slice(1)).filter(Boolean)"
    )
    assert set(links) <= ids


def test_an_address_opens_its_fold(shown):
    assert shown.evaluate("document.querySelectorAll('.folds details[open]').length") == 0
    shown.evaluate("location.hash = 'sources'")
    shown.wait_for_function("document.getElementById('sources').open")
    shown.evaluate("document.getElementById('sources').open = false")
    assert shown.errors == []


def test_letters_have_the_widths_that_labels_are_placed_by(shown):
    for text, size, bold in (("Russia 11 %", 14, True), ("imports-only formula", 13, False)):
        seen = shown.evaluate(
            """([text, size, weight]) => {
              const pen = document.createElement('canvas').getContext('2d');
              pen.font = `${weight} ${size}px "Suasion Sans"`;
              return pen.measureText(text).width;
            }""",
            [text, size, 700 if bold else 400],
        )
        # Kerning makes text narrower, by a few hundredths at most.
        known = width(text, size, "sans-bold" if bold else "sans")
        assert 0.95 * known <= seen <= 1.01 * known


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(shown, scheme):
    axe = pytest.importorskip("axe_playwright_python.base")
    shown.emulate_media(color_scheme=scheme)
    shown.evaluate(axe.AXE_FILE_PATH.read_text("utf-8"))
    found = shown.evaluate("axe.run()")
    assert [(v["id"], [node["target"] for node in v["nodes"]][:3]) for v in found["violations"]] == []
