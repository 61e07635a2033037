"""Readers of the site in Chromium: without scripts, and with ten questions of three steps each."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from tests.browser.measured import HEIGHT, MEASURE, WIDTHS

pytest.importorskip("fastapi", reason="the extra `app` is absent")
pytest.importorskip("playwright.sync_api", reason="Playwright absent: pip install playwright")
pytestmark = pytest.mark.browser

LEAST_LETTERS = {320: 10.0, 768: 12.0}
"""Pixels of the smallest letters of a drawing as they are shown, 12.9 elsewhere."""
DRAWN = """drawings => drawings.map(one => {
  const scale = one.getBoundingClientRect().width / one.viewBox.baseVal.width;
  return [...one.querySelectorAll('text')].map(text => scale * parseFloat(getComputedStyle(text).fontSize));
})"""
ENERGY = "/scenario?do=embargo&by=USA~EU&on=RUS&in=energy"


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
    reader.search("Russia without the Cook Islands")
    reader.follow("/dossier/RUS/COK")
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
    assert reader.page.locator('main ul a[href="/dossier/AUS/CHN"]').count() == 1
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


@pytest.mark.parametrize("text", ["Germany China since when", "Is Kazakhstan closer to Russia or China?"])
def test_the_drawing_of_an_answer_is_drawn_for_every_screen(visit, text):
    """Letters of full size on a phone too, and no label on a mark."""
    one = visit()
    page = one.go(f"/search?q={quote_plus(text)}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        sizes = page.locator("main svg.chart:visible").evaluate_all(DRAWN)
        assert sizes, width
        assert min(min(letters) for letters in sizes) >= LEAST_LETTERS.get(width, 12.9), width
        seen = page.evaluate(MEASURE)
        assert (seen["clipped"], seen["overlaps"], seen["marked"]) == ([], [], []), width
        assert seen["wide"] <= width
    one.clean()
