"""The words of the web pages stand in one place, and templates and catalogue fit each other."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the extra `app` is absent")

from suasion.errors import DataError
from suasion.web import strings

ROOM = Path(strings.__file__).parent
TEMPLATES = sorted((ROOM / "templates").glob("*.j2"))
DYNAMIC = (
    "nav.",
    "script.",
    "error.",
    "figures.",
    "why.sales",
    "why.purchases",
)
"""Sections whose keys are put together where they are asked for."""
ATTRIBUTES = r'\b(?:aria-label|placeholder|alt|label|title)="([^"]*)"'
ALLOWED = {"Suasion", "Retry", "After", "USD"}
"""Names that are the same in every language, and headers of the protocol."""


def asked_in(text: str) -> dict[str, set[str]]:
    """Keys that a template asks for, with the places that it fills."""
    found: dict[str, set[str]] = {}
    for key, rest in re.findall(
        r"\bt\('([\w.]+)'((?:[^()']|'[^']*'|\([^()]*(?:\([^()]*\)[^()]*)*\))*)\)", text
    ):
        found.setdefault(key, set()).update(re.findall(r", (\w+)=", rest))
    return found


def places(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_words_of_its_own(path):
    text = path.read_text(encoding="utf-8")
    bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    bare = re.sub(r"<(script|code)\b.*?</\1>", "", bare, flags=re.DOTALL)
    shown = [*re.findall(ATTRIBUTES, bare), re.sub(r"<[^>]*>", " ", bare)]
    words = {
        word for part in shown for word in re.findall(r"&\w+;|[A-Za-z]{2,}", part) if not word.startswith("&")
    }
    assert words <= ALLOWED
    code = " ".join(re.findall(r"\{[{%](.*?)[}%]\}", text, flags=re.DOTALL))
    literals = [one for pair in re.findall(r"\"([^\"]*)\"|'([^']*)'", code) for one in pair]
    assert [one for one in literals if re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", one)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_key_that_a_template_asks_for_is_there_with_its_places(path):
    for key, given in asked_in(path.read_text(encoding="utf-8")).items():
        assert key in strings.catalogue(), key
        assert places(strings.catalogue()[key]) <= given, key


KINDS = {
    "country.{kind}": ("country", "bloc"),
    "country.{goods}": ("measured", "measured_estimated"),
    "country.{others}": ("dossiers", "members"),
    "leverage.map_sub_{horizon}": ("short", "long"),
    "leverage.matrix_sub_{horizon}": ("short", "long"),
    "product.sales_{kind}": ("buyer", "world"),
    "product.who_supplies_{kind}": ("buyer", "world"),
}
"""Keys of layouts that a value of the page ends, and what it may be."""


def laid_out() -> set[str]:
    """Keys of words that the layouts of pages name."""
    text = (ROOM.parent / "pages" / "pages.toml").read_text(encoding="utf-8")
    words = r"(?:kicker|title|sub|ranged|none|fold|aria|head|caption|label|button|placeholder|note|evidence|words)"
    named = set(re.findall(rf'\b{words} = "(\w+\.[\w{{}}]+)"', text))
    named |= set(re.findall(r'\bheading = "([^"]+)"', text)) | set(re.findall(r'\["([\w.]+)", "/', text))
    named |= {
        key for group in re.findall(r"words = \[([^\]]*)\]", text) for key in re.findall(r'"([^"]+)"', group)
    }
    ended = {re.sub(r"\{\w+\}", end, key) for key in named & set(KINDS) for end in KINDS[key]}
    return (named - set(KINDS)) | ended


def test_every_key_of_a_layout_is_there():
    assert laid_out() <= set(strings.catalogue())


def test_no_words_are_left_over():
    asked = {
        key for path in TEMPLATES for key in re.findall(r"\bt\('([\w.]+)'", path.read_text(encoding="utf-8"))
    }
    code = " ".join(path.read_text(encoding="utf-8") for path in ROOM.rglob("*.py"))
    asked |= set(re.findall(r'(?:say\(\s*|catalogue\(\w+\)\[)"([\w.]+)"', code)) | laid_out()
    left = {key for key in strings.catalogue() if key not in asked and not key.startswith(DYNAMIC)}
    assert left == set()


def test_the_script_asks_only_for_words_that_are_there():
    text = (ROOM / "static" / "app.js").read_text(encoding="utf-8")
    asked = set(re.findall(r"\bwords\.(\w+)", text))
    assert asked == set(strings.part("script"))


def test_missing_words_and_places_are_said():
    with pytest.raises(DataError, match=r"front\.nothing"):
        strings.say("front.nothing")
    with pytest.raises(DataError, match="not complete"):
        strings.say("job.dossier", a="RUS")
    with pytest.raises(DataError, match="language 'xx'"):
        strings.catalogue("xx")


def test_words_are_escaped_where_they_enter_a_page():
    from suasion.web.render import environment, linked

    made = environment().from_string("{{ t('job.dossier', a='<b>', b='&') }}").render()
    assert made == "The dossier on &lt;b&gt; and &amp;"
    text = str(linked("<i> loses 2.1 % (49 bn USD), about 2 times; 90 % band −3 to −1 %", '"#x'))
    assert "<i>" not in text
    assert (
        text.count("<a ") == 4
    )  # 2.1 %, 49 bn USD, 2 times, and the end of the band; not the size of the band
    assert 'href="&#34;#x"' in text
