"""The probability of a bilateral defence pact of Russia and China is one number for a date, wherever it is told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from suasion.answers.answer import Answer
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.numbers import printed
from suasion.answers.render import render
from suasion.outlook.scoreboard.frozen import desk
from suasion.questions import alliance, forecasts, signal
from suasion.questions.levers import beyond as levers_beyond
from suasion.statecraft import pact_number
from suasion.statecraft.alliance.number import CLOSES, OPENS

LEDGER = "russia_china_2014_2026"
TOLD = re.compile(r"bilateral defence pact[^|.]*?by the end of (20\d\d)\b[^|.]*?[|:]\s*([0-9.]+) ?(?:\||%)")
"""A row or a sentence of a page that gives the probability by a date."""
OLD = re.compile(r"pact[^|.\n]*within ten years[^|.\n]*\|\s*[0-9.]+")
"""A row of a page that gives the probability by another horizon."""


def number(year: int) -> float:
    found = pact_number("RUS", "CHN", year)
    assert found is not None
    return found.probability


def told(answer: Answer) -> Iterator[tuple[int, float]]:
    """Year and probability of every place of an answer that tells a bilateral pact of the two."""
    for finding in answer.findings:
        if finding.key in ("alliance.moved", "alliance.bilateral"):
            yield finding.values["closes"], finding.values["probability"].value
    for row in answer.table("pacts").frame.to_dict("records"):
        if row["pact"] == "bilateral":
            yield row["closes"], row["probability"]
    quiet = answer.table("quiet").frame.iloc[0]
    assert quiet["quiet_to"] == OPENS.isoformat()
    yield answer.asked["closes"], quiet["probability"]
    for row in answer.table("likeliest").frame.to_dict("records"):
        if {row["state"], row["other_state"]} == {"RUS", "CHN"}:
            yield answer.asked["first"], row["probability"]


def test_every_table_and_sentence_of_the_answer_tells_it():
    found = list(told(alliance("RUS", "CHN")))
    assert {year for year, _ in found} == set(CLOSES)
    assert len(found) >= 6
    for year, probability in found:
        assert probability == pytest.approx(number(year), rel=1e-12)
    assert list(told(alliance("CHN", "RUS"))) == found


@pytest.mark.parametrize("form", ["json", "csv", "md", "txt", "html"])
def test_every_export_tells_it(form):
    text = render(alliance("RUS", "CHN"), form).decode()
    for year in CLOSES:
        wanted = repr(number(year)) if form in ("json", "csv") else printed(number(year), "probability")
        assert wanted in text.replace("&nbsp;", " ")


def test_an_export_makes_the_same_answer_again():
    plain = json.loads(json.dumps(alliance("RUS", "CHN").to_dict(), allow_nan=False))
    assert list(told(Answer.from_dict(plain))) == list(told(alliance("RUS", "CHN")))


def test_the_ledger_starts_and_ends_with_it():
    path = signal(LEDGER, draws=0).table("path").frame["posterior"]
    for one in (path.iloc[0], path.iloc[-1]):
        assert one == pytest.approx(number(2036), rel=1e-12)  # sums of zeros in log odds


def test_the_last_freeze_of_its_questions_says_it():
    """Who changes the numbers behind it freezes the questions again, under another name."""
    for year in CLOSES:
        frozen = [one for one in desk().forecasts if one.asked == "pact" and one.closes.year == year]
        assert len({one.id for one in frozen}) == len(frozen) >= 1
        assert frozen[-1].p == pytest.approx(number(year), abs=5e-7)  # six digits are frozen
        assert frozen[-1].opens == OPENS
        told = [one for one in forecasts(on=OPENS.isoformat()).findings if one.key == "forecasts.pact"]
        assert [one.values["frozen"].value for one in told] == [
            pytest.approx(number(y), abs=5e-7) for y in CLOSES
        ]


def test_the_levers_start_from_it():
    found = levers_beyond.pact_chance("RUS", "CHN")
    assert not isinstance(found, str)
    assert found.chance(0.0) == pytest.approx(100.0 * number(levers_beyond.TO), rel=1e-9)


def test_no_page_has_another(root):
    """Digits beside the question's rows and sentences; what stands in a table of the past is of another question."""
    found = []
    for path in [root / "README.md", *sorted((root / "docs").rglob("*.md"))]:
        text = path.read_text("utf-8")
        assert not OLD.search(text), path
        for year, digits in TOLD.findall(text):
            found.append((path.name, int(year), digits))
            assert printed(number(int(year)), "probability").removesuffix(" %") == digits, (path, year)
    assert {name for name, _, _ in found} >= {"pacts.md", "the-article-claims.md"}


def test_no_sentence_of_the_catalogue_has_it_written_out():
    for key, words in DEFAULT_LANGUAGE.words.items():
        if key.startswith(("alliance.", "signal.")) and not key.endswith("source"):
            assert not re.search(r"\d+(\.\d+)? ?%", words), key
