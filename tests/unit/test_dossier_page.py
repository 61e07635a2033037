"""The page: one file, without addresses, complete without JavaScript; and the terminal's text."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import itertools
import re
from functools import cache
from html.parser import HTMLParser

import pytest
from tests.unit.made_up import made_up, outside

from suasion.answers import numbers as n
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.render.marked import linked, tight
from suasion.dossier import figures, page, sections, tables
from suasion.dossier.chapter import Conclusion
from suasion.dossier.text import as_text
from suasion.remarks import Remark, _words

SCREENS = ("changed", "why", "closed", "used", "outside", "sure")


@cache
def full() -> str:
    return page.render_html(made_up())


@cache
def bare() -> str:
    return page.render_html(outside())


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


def test_below_two_megabytes_with_room():
    assert len(full().encode()) < 1_950_000


def test_the_answer_comes_first_and_all_the_rest_is_folded():
    html = full()
    order = [
        '<h1 id="answer-title">',
        *(f'<section class="screen" id="{key}"' for key in SCREENS),
        "<details",
    ]
    assert sorted(order, key=html.index) == order
    head = html[html.index("<h1") : html.index("</h1>")]
    assert 'class="side-a">Russia<' in head
    assert 'class="side-b">China<' in head
    folds = re.findall(r'<details id="([^"]+)">', html)
    assert {"findings", "dependence", "break", "level", "methods", "sources"} <= set(folds)


def test_headings_step_by_one():
    levels = [int(tag[1]) for tag in parsed(full()).headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))


def test_skip_link_language_and_landmarks():
    html = full()
    assert '<html lang="en">' in html
    assert '<a class="skip" href="#main">' in html
    assert '<main id="main" class="page">' in html


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
    html = full()
    pictures = [
        attributes
        for tag, attributes in parsed(html).tags
        if tag == "svg" and "chart" in (attributes.get("class") or "")
    ]
    assert len(pictures) > 14
    for attributes in pictures:
        assert len(attributes["aria-label"]) > 15
        assert int(attributes["width"]) > 0
        assert attributes["role"] in ("img", "group")
    assert {one.alt for one in figures.figures(made_up())} <= {one["aria-label"] for one in pictures}


def test_every_number_of_a_sentence_leads_to_a_table_and_each_table_to_its_method():
    """Addresses of all links within the page exist, and no number of a finding stands without one."""
    html = full()
    ids = {attributes.get("id") for _, attributes in parsed(html).tags}
    links = re.findall(r'href="#([^"]+)"', html)
    assert set(links) <= ids
    assert len([link for link in links if link.startswith("table-")]) > 20
    methods = {link for link in links if link.startswith("method-")}
    assert methods >= {f"method-{key}" for key in ("dependence", "materials", "break", "others", "level")}
    for found in re.findall(r"<li>(.*?)</li>", html[html.index('class="findings"') :], re.DOTALL)[:6]:
        bare = re.sub(r'<a class="num".*?</a>|<[^>]+>', " ", found)
        assert not re.search(r"\d\s*%|USD", bare), bare


def test_a_finding_stands_under_the_question_whose_answer_it_is():
    dossier = made_up()
    for section in sections.page_sections(dossier, ()):
        names = {one.topic.partition(".")[0] for one in section.findings}
        answers = {name for key, name, *_ in sections._PLAN if key == section.key} or {section.key}
        assert names <= answers, section.key
    topics = ("trade_history.changed", "published_totals.none")
    places = [sections.section_of(Conclusion("", Finding(topic))) for topic in topics]
    assert places == ["history", "published"]


def test_years_and_names_of_resolutions_are_no_results():
    text = "It was 9.6 % in 2013, more than 1,000 times in 2024 (A/RES/68/262), −0.5 % (90 % band −1.0 to 2.0 %)."
    found = re.findall(r">([^<]+)</a>", linked(text, "#t", plain=True).replace("\N{NO-BREAK SPACE}", " "))
    assert found == ["9.6 %", "more than 1,000 times", "−0.5 % (90 % band −1.0 to 2.0 %)"]
    assert linked("<b> 3 m", "") == "&lt;b&gt; 3 m"


def test_tables_and_files_hold_the_same_number_of_rows():
    html = full()
    counts = re.findall(r"Table: ([\d,]+) rows", html)
    files = re.findall(r"Download the ([\d,]+) rows", html)
    assert counts == files
    assert len(counts) == 9


def test_what_cannot_be_computed_is_said():
    html = bare()
    assert (
        "What a break between Russia and Iran would cost cannot be computed: Iran is not in the world’s table"
        in html
    )
    assert html.count('class="absent"') == 7
    assert '<figure id="materials-sold">' in html


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


def test_ratio_table_multiplies_out():
    table = made_up().answers["exit_cost"].table("loss-ratios")
    for row in table.frame.itertuples():
        # an identity up to rounding of doubles
        assert row.ratio_percent == pytest.approx(row.ratio_musd * row.income_ratio, rel=1e-12)
    long, opened = DEFAULT_LANGUAGE.word("horizon", "long"), DEFAULT_LANGUAGE.word("outlet", "open")
    assert table.printed()[1] == (long, opened, "Russia", "11", "1.3", "8.9", "clear")


def test_units_stay_with_their_numbers():
    key = next(key for key, words in _words().items() if "{" not in words)
    assert (
        tight(Remark(key, {})).replace("\N{NO-BREAK SPACE}", " ") == _words()[key]
    )  # a text with more to it
    assert (
        tight("1.4 % and 26 bn USD")
        == "1.4\N{NO-BREAK SPACE}% and 26\N{NO-BREAK SPACE}bn\N{NO-BREAK SPACE}USD"
    )
    assert tight("66–170 bn of 9") == "66–170\N{NO-BREAK SPACE}bn of 9"


def test_no_script_can_be_ended_by_data():
    assert "</script" not in page.island({"x": "</script><script>alert(1)</script>"})


def test_file_picture_table_and_sentence_agree_to_the_last_printed_digit():
    """The rows of the answer, printed by the house's rule, are the labels of the picture, the cells and the sentence."""
    made = made_up()
    shown = next(one for one in figures.figures(made) if one.key == "exit-costs")
    picture = shown.html
    told = made.summary[0].sentence()
    for row in tables.rows_of(made, "exit_cost", "exit-costs"):
        size = n.percent(row["loss_percent"])
        assert f" {size} (" in picture
        if (row["horizon"], row["outlet"]) == ("long", "open"):
            assert size in told
    rows = list(csv.DictReader(io.StringIO(shown.csv())))
    assert [float(row["loss_percent, %"]) for row in rows] == [
        row["loss_percent"] for row in tables.rows_of(made, "exit_cost", "exit-costs")
    ]
