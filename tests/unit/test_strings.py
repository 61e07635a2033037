"""The catalogue of words: complete, used, without numbers that a claim should print, and translatable."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from suasion.dossier import strings
from suasion.errors import DataError

COMPUTED = (
    "claim.",
    "page.label.",
    "page.section.",
    "method.",
    "word.",
    "figure.exit.",
    "figure.critical.",
    "table.",
    "chapter.",
    "compare.",
    "answer.",
    "asked.",
    "why.",
    "changes.",
    "likelihood.",
    "figure.elsewhere.alt_",
    "pages.method.",
    "panel.",
    "article.",
    "material.note_",
)
"""Beginnings of keys of which some are put together from a verb or a name."""


@pytest.fixture(scope="module")
def code(root):
    folder = root / "src" / "suasion" / "dossier"
    return "\n".join(file.read_text("utf-8") for kind in ("*.py", "*.j2") for file in folder.rglob(kind))


def test_every_key_asked_for_is_there(code):
    asked = set(re.findall(r'(?:\bsay|\btemplate)\(\s*"([a-z_.]+[a-z_])"', code))
    assert len(asked) > 150
    assert asked - set(strings.catalogue()) == set()


def test_every_key_is_asked_for(code):
    idle = [
        key
        for key in strings.catalogue()
        if f'"{key}"' not in code and not key.startswith(COMPUTED) and key.rpartition(".")[2] not in code
    ]
    assert idle == []


WITH_WORDS = {"archive.py", "instruments.py"}
"""Tables of labels: columns of the files in an archive, and instruments with the starters made of them."""
KEYS = {"coalition buys", "coalition sells", "target buys", "target sells", "not measurable"}
"""Texts of several words that are keys of a context and are never shown as they are."""


def test_pages_say_nothing_that_is_not_in_the_catalogue(root):
    folder = root / "src" / "suasion" / "dossier" / "explore"
    said = {
        (file.name, text)
        for file in folder.glob("*.py")
        if file.name not in WITH_WORDS
        for text in spoken(ast.parse(file.read_text("utf-8")))
    }
    assert {text for _, text in said} - KEYS == set(), said


def spoken(tree: ast.Module) -> Iterator[str]:
    """Texts of two words and more that are neither documentation, nor an error, nor markup."""
    silent = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise | ast.Assert)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for part in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            bare = re.sub(r"<[^>]*>?|\S+=\"[^\"]*\"?|\bDid you mean\b", "", node.value)
            if re.search(r"[A-Za-z’]{2,}[,;:]? [a-z’]{2,}", bare):
                yield node.value


def test_no_template_holds_a_result():
    """Numbers of results are filled in; what stands in the words are definitions (2 % level, 90 % bands, years)."""
    allowed = re.compile(r"90|\b1 year|0\.5 %|0\.01 %|\b2 %|\b[01]\b|−1|A4|A5|m = 1|today is m")
    for key, words in strings.catalogue().items():
        if key.startswith("claim."):
            assert not re.search(r"\d", allowed.sub("", words)), (key, words)


def test_words_have_no_broken_marks():
    for key, words in strings.catalogue().items():
        assert words == words.strip() or key.startswith(
            ("claim.", "figure.", "page.", "answer.", "asked.", "side.")
        ), key
        assert "  " not in words, key
        assert "'" not in words, (key, "typographic apostrophes only")


def test_a_translation_is_checked_against_the_keys_and_their_places():
    own = dict(strings.catalogue())
    assert strings.difference(own) == []
    wrong = {**own, "extra.key": "x", "claim.trend.rose": "{ends} ist gestiegen"}
    del wrong["page.skip"]
    assert sorted(strings.difference(wrong)) == [
        "claim.trend.rose: places ['ends'], expected ['ends', 'subject']",
        "extra.key: unknown",
        "page.skip: missing",
    ]


def test_messages():
    with pytest.raises(DataError, match="is not in the catalogue of words: add it"):
        strings.say("page.nothing")
    with pytest.raises(DataError, match="needs the place 'ends'"):
        strings.say("claim.trend.rose", subject="x")
    with pytest.raises(DataError, match="no words in the language 'xx'"):
        strings.catalogue("xx")
    with pytest.raises(DataError, match="not in the catalogue"):
        strings.template("page.nothing")
