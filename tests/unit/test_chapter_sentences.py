"""Chapters of many pairs: every number read back from the sentences, no broken text, no words that numbers did not choose."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest

import reading
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.values import Quantity
from suasion.dossier import gather
from suasion.dossier.chapter import Conclusion
from suasion.dossier.chapters import QUICK, gather_chapters

PAIRS = ("RUS-CHN", "AUS-CHN", "MEX-USA", "ISL-STP", "RUS-IRN", "PRK-CHN")


SELDOM = ("AUS-CHN", "MEX-USA")
"""Those that differ from the first in their numbers alone: evidence."""


@pytest.fixture(
    scope="module",
    params=[pytest.param(p, marks=[pytest.mark.evidence] if p in SELDOM else []) for p in PAIRS],
)
def chapters(request, world):
    a, b = request.param.split("-")
    question = gather.ask(a, b, ("USA", "EU"), world)
    return tuple(gather_chapters(question, world, lambda *_: None))


def test_every_quick_chapter_is_there_or_does_not_concern_the_pair(chapters):
    left_out = set(QUICK) - {chapter.key for chapter in chapters}
    assert left_out <= {
        "found",
        "signals",
        "pipeline_rent",
        "energy_trade",
        "share",
        "goods",
        "restoration",
    }, (
        "only what others found, the ledger, the gas network, energy, a share, goods not traded and a war may be left out"
    )
    assert all(bool(chapter.tables) != bool(chapter.reason) for chapter in chapters)


def test_sentences_and_cells_read_back(chapters):
    assert [fault for chapter in chapters for fault in reading.faults(chapter)] == []


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("It is nan.", "broken text"),
        ("It is  {x}.", "broken text"),
        ("It is.", "is not in"),
        ("It is more than {x}.", "direction"),
        ("In 2020 it is {x}.", "digits"),
    ],
)
def test_a_fault_is_found(words, fault):
    """The reader above would see what it looks for."""
    language = Language({**DEFAULT_LANGUAGE.words, "broken": words})
    claim = Conclusion("s", Finding("broken", {"x": Quantity(3.0, "percent")}))
    assert any(fault in found for found in reading.sentence_faults(claim, language))


def test_pairs_were_read_without_a_fault(root, world):
    """One in so many of all."""
    table = pd.read_csv(root / "docs" / "evidence" / "chapters_read.csv")
    assert set(table.pair) <= {"-".join(sorted(pair)) for pair in combinations([*world.countries, "IRN"], 2)}
    assert table.pair.is_unique
    assert len(table) > 20
    assert table.pair.str[:3].nunique() > 10
    assert table.faults.isna().all(), table.faults.dropna().tolist()[:5]
    assert (table.sentences > 0).all()


def test_a_table_without_a_pair_says_why(world):
    question = gather.ask("RUS", "IRN", None, world)
    made = {chapter.key: chapter for chapter in gather_chapters(question, world, lambda *_: None)}
    assert "Iran" in made["channels"].reason
