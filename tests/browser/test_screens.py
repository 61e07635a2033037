"""The front of a dossier in Chromium: its words and pixels, labels that keep apart, and nothing wider than the page.

Two dossiers are looked at: one of invented numbers with real records of trade, and one without an answer. With
``SUASION_SCREENS=1`` eight real pairs are made by the application and looked at too.
"""

from __future__ import annotations

import dataclasses
import re
import string
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from tests.browser.measured import LONG_NAMED, MEASURE, PAIRS, PIXELS, WHOLE, WIDTHS, WORDS, kept, measured
from tests.browser.visit import Visit
from tests.unit.made_up import made_up, outside

from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.style import width
from suasion.answers.values import Quantity
from suasion.dossier import page
from suasion.dossier.screens import Light, screens
from suasion.questions import alliance, ladder, share, trade_history

pytest.importorskip("playwright.sync_api", reason="Playwright absent: pip install playwright")
pytestmark = pytest.mark.browser

UNSAID = re.compile(
    r"real expenditure|welfare|short run|long run|horizon|outlet|turnover|exit cost|embargo|90 % band|\bdraws\b|"
    r"deficit rule|equilibri|nowcast|\bRAS\b|audience|look-through|base rate|yielded|defied|\brungs?\b|ceiling"
)
"""Words of the trade that the front says plainly; folds may have them."""
REASONS = {
    "verdict.answer.no_range",
    "verdict.answer.later_no_range",
    "verdict.closed.no_range",
    "verdict.level.reached",
    "verdict.level.passed",
    "verdict.level.not_reached",
    "verdict.answer.bracket",
    "verdict.used.near",
}
"""Sentences that say themselves that no range was run; the bracket is one, and the record of all cases is counted."""
MEASURED = "verdict.changed."
"""Sentences whose shares are measured, beside losses that are modelled."""
RECORDED = "before"
"""Place of a share that was observed."""
FRONT = f"() => ({MEASURE})().text"


@cache
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
    for name, one in made.items():
        (place / f"{name}.html").write_text(page.render_html(one), encoding="utf-8")
    return place


@pytest.fixture(scope="module", params=["full", "outside", *(PAIRS if WHOLE else ())])
def shown(request, browser, folder) -> Iterator[object]:
    one = Visit(browser, "" if request.param in PAIRS else folder.as_uri())
    if request.param in PAIRS:
        one.address = request.getfixturevalue("address")
        one.go(f"/dossier/{request.param.replace('-', '/')}")
    else:
        one.page.goto((folder / f"{request.param}.html").as_uri())
    one.page.name = request.param
    yield one.page
    assert one.errors == []
    one.context.close()


def test_words_pixels_and_labels_of_the_front(shown):
    rows = measured(shown, shown.name if shown.name in PAIRS else "")
    assert max(row["words"] for row in rows) <= LONG_NAMED.get(shown.name, WORDS)
    assert all(row["pixels"] <= PIXELS.get(row["width"], row["pixels"]) for row in rows)


def test_a_label_on_a_mark_is_seen(browser):
    one = browser.new_page()
    drawn = '<rect x="5" y="5" width="30" height="10" fill="blue"/><text x="20" y="14">12 %</text>'
    for moved, found in ((0, 1), (40, 0)):
        body = drawn.replace('x="20"', f'x="{20 + moved}"')
        one.set_content(f'<main><svg class="chart" width="200" height="40">{body}</svg></main>')
        assert len(one.evaluate(MEASURE)["marked"]) == found
    one.close()


def test_the_committed_table_has_every_pair_on_every_screen():
    rows = [row for row in kept() if row["page"] in PAIRS]
    assert sorted((row["page"], int(row["width"])) for row in rows) == sorted(product(PAIRS, WIDTHS))
    assert all(int(row["words"]) <= LONG_NAMED.get(row["page"], WORDS) for row in rows)
    assert all(int(row["pixels"]) <= PIXELS.get(int(row["width"]), int(row["pixels"])) for row in rows)


def bare(finding) -> set[str]:
    """Places of a sentence whose number is printed and has no range."""
    places = string.Formatter().parse(DEFAULT_LANGUAGE.template(finding.key))
    told = {
        name: finding.values[name]
        for _, name, form, _ in places
        if name not in (None, RECORDED) and form != "size"
    }
    return {
        name
        for name, value in told.items()
        if isinstance(value, Quantity)
        and value.unit not in ("count", *(["probability"] if finding.key.startswith(MEASURED) else []))
        and value.low is None
    }


@pytest.mark.parametrize("made", [with_records, made_up, outside])
def test_every_number_of_the_front_has_a_range_or_a_reason(made):
    """What is measured needs none; of what is modelled each sentence brings one, or says that none was run."""
    shown = [one for one in screens(made()) if one.block.light != Light.MEASURED]
    found = [one for screen in shown for one in screen.block.said if one is not screen.block.aside]
    assert found
    assert {one.key: bare(one) for one in found if bare(one) and one.key not in REASONS} == {}


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
        "[...document.querySelectorAll('.screen a, .opening a')].filter(link => link.pathname == location.pathname)"
        ".map(link => link.hash.slice(1)).filter(Boolean)"
    )
    assert set(links) <= ids


def test_an_address_opens_its_fold(shown):
    assert shown.evaluate("document.querySelectorAll('.folds details[open]').length") == 0
    shown.evaluate("location.hash = 'sources'")
    shown.wait_for_function("document.getElementById('sources').open")
    shown.evaluate("document.getElementById('sources').open = false")


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
    found = shown.evaluate("axe.run({resultTypes: ['violations']})")
    assert [(v["id"], [node["target"] for node in v["nodes"]][:3]) for v in found["violations"]] == []
