"""The page: one file, without addresses, complete without JavaScript; and the terminal's text."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
from functools import cache
from html.parser import HTMLParser

import pytest
from tests.unit.made_up import made_up, outside

from suasion.dossier import page, tables
from suasion.dossier.text import as_text
from suasion.sources import dots, outline


@cache
def full() -> str:
    return page.render_html(made_up(), outline(), dots())


@cache
def bare() -> str:
    return page.render_html(outside(), outline(), dots())


class Outline(HTMLParser):
    """Tags with their attributes, and the text of headings and scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.headings: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.inside = tag
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(tag)

    def handle_data(self, data):
        if self.inside == "script":
            self.scripts.append(data)

    def handle_endtag(self, tag):
        self.inside = ""


@cache
def parsed(html: str) -> Outline:
    outline_of = Outline()
    outline_of.feed(html)
    return outline_of


def test_below_two_megabytes():
    assert len(full().encode()) < 2_000_000


def test_heading_is_a_question_and_the_answer_comes_first():
    html = full()
    assert "<h1>Who depends on whom: Russia and China?</h1>" in html
    after = html[html.index("</h1>") :]
    assert after.index('class="answer"') < after.index("<nav")
    assert "Russia loses more than China" in after[: after.index("<nav")]


def test_headings_step_by_one():
    levels = [int(tag[1]) for tag in parsed(full()).headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))


def test_skip_link_language_and_landmarks():
    html = full()
    assert '<html lang="en">' in html
    assert '<a class="skip" href="#main">' in html
    assert '<main id="main">' in html


def test_nothing_is_loaded_from_elsewhere():
    for tag, attributes in parsed(full()).tags:
        for name in ("src", "href"):
            value = attributes.get(name) or ""
            assert value.startswith(("data:", "#")) or not value, (tag, value[:60])


def test_no_style_attributes_and_no_event_handlers():
    for _, attributes in parsed(full()).tags:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_policy_names_exactly_the_scripts_and_the_style():
    html = full()
    policy = page.policy_of(html)
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    inline = [match[1] for match in re.finditer(r"<script>(.*?)</script>", html, re.DOTALL)]
    for text in (style, *inline):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert policy.count("sha256-") == len(inline) + 1


def test_every_picture_has_a_description_and_a_size():
    pictures = [attributes for tag, attributes in parsed(full()).tags if tag == "img"]
    assert len(pictures) > 15
    for attributes in pictures:
        assert len(attributes["alt"]) > 30
        assert int(attributes["width"]) > 0
        assert attributes["src"].startswith("data:image/svg+xml,")


def test_every_live_panel_has_its_specification():
    html = full()
    wanted = set(re.findall(r'data-spec="([^"]+)"', html))
    islands = dict(
        re.findall(r'<script type="application/json" id="([^"]+)">(.*?)</script>', html, re.DOTALL)
    )
    assert wanted == {key for key in islands if key.startswith("spec-")}
    for text in islands.values():
        json.loads(text)


def test_tables_and_files_hold_the_same_number_of_rows():
    html = full()
    counts = re.findall(r"Table: ([\d,]+) rows", html)
    files = re.findall(r"Download the ([\d,]+) rows", html)
    assert counts == files
    assert len(counts) == 9


def test_what_cannot_be_computed_is_said():
    html = bare()
    assert (
        "What a break would cost cannot be computed: Iran is not among the 80 economies of the table." in html
    )
    assert html.count('class="absent"') == 6
    assert "spec-materials-a-0" in html


@pytest.mark.parametrize("make", [full, bare])
def test_no_broken_text(make):
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", make(), flags=re.DOTALL)
    assert not re.search(r"\bnan\b|\bNone\b|\bN/A\b|(?<![\d.,])0 times|−−|\{\{|\}\}", text)


def test_text_fits_eighty_columns_and_says_the_same():
    for make in (made_up, outside):
        text = as_text(make())
        assert max(len(line) for line in text.splitlines()) <= 80
        flat = " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())
        for claim in make().summary:
            assert claim.sentence() in flat
    assert "What a break would cost: This needs the model" in " ".join(as_text(outside()).split())


def test_ratio_table_multiplies_out():
    for row in made_up().ratios.rows:
        # an identity up to rounding of doubles
        assert row.ratio_percent == pytest.approx(row.ratio_usd * row.income_ratio, rel=1e-12)
    printed = tables.ratio_table(made_up()).rows
    assert printed[2] == ("long", "open", "Russia", "10", "1.2", "8.9")


def test_units_stay_with_their_numbers():
    assert page.tight("1.4 % and 26 bn USD") == "1.4\N{NO-BREAK SPACE}% and 26\N{NO-BREAK SPACE}bn USD"


def test_no_script_can_be_ended_by_data():
    assert "</script" not in page._island({"x": "</script><script>alert(1)</script>"})
