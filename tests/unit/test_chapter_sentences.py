"""Chapters of many pairs: every number read back from the sentences, no broken text, no words that numbers did not choose."""

from __future__ import annotations

import re

import pytest
from tests.unit import claim_reader

from suasion.dossier import gather
from suasion.dossier.chapters import QUICK, gather_chapters
from suasion.dossier.claims import Finding

PAIRS = ("RUS-CHN", "AUS-CHN", "MEX-USA", "ISL-STP", "RUS-IRN", "PRK-CHN")
DIRECTION = re.compile(r"\b(more|less|higher|lower|larger|smaller|rose|fell|above|below|gain|lose)\b")
"""Words that a template may not hold by itself; computed places may."""
ALLOWED = {"no higher one holds", "whether on a higher one", "would lose {lost}", "costliest to lose"}
"""Set phrases in which such a word states no comparison of the numbers."""


@pytest.fixture(scope="module", params=PAIRS)
def chapters(request, world):
    a, b = request.param.split("-")
    question = gather.ask(a, b, ("USA", "EU"), world)
    return tuple(gather_chapters(question, world, lambda *_: None))


def test_every_quick_chapter_is_there_or_does_not_concern_the_pair(chapters):
    assert len(chapters) >= len(QUICK) - 2, "only the ledger and the gas network may be left out"
    assert all(bool(chapter.tables) != bool(chapter.reason) for chapter in chapters)


def test_sentences_read_back(chapters):
    for chapter in chapters:
        for claim in chapter.findings:
            sentence = claim.sentence()
            assert not claim_reader.FORBIDDEN.search(sentence), sentence
            assert isinstance(claim, Finding)
            printed = [quantity.text for quantity in claim.quantities if quantity.known]
            for text in printed:
                assert text in sentence, (text, sentence)


def test_templates_hold_no_numbers_and_no_direction_of_their_own(chapters):
    for chapter in chapters:
        for claim in chapter.findings:
            bare = claim.template
            assert not re.search(r"\d", bare), bare
            for phrase in ALLOWED:
                bare = bare.replace(phrase, "")
            assert not DIRECTION.search(bare), bare


def test_cells_print(chapters):
    for chapter in chapters:
        for table in chapter.tables:
            cells = " | ".join(cell for row in table.printed() for cell in row)
            assert not re.search(r"\bnan\b|\bNone\b|\binf\b", cells), (table.key, cells[:200])


def test_a_table_without_a_pair_says_why(world):
    question = gather.ask("RUS", "IRN", None, world)
    made = {chapter.key: chapter for chapter in gather_chapters(question, world, lambda *_: None)}
    assert "Iran" in made["channels"].reason
