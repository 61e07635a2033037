"""Answers: one set of numbers at every door, every word in the catalogue, and another language as one more file."""

from __future__ import annotations

import csv
import inspect
import io
import json
import re

import pandas as pd
import pytest

from suasion.answers import numbers as n
from suasion.answers.answer import Answer
from suasion.answers.finding import Finding
from suasion.answers.language import ENGLISH, Language
from suasion.answers.picture import spec_of
from suasion.answers.render.csv import as_csv
from suasion.answers.render.html import as_html
from suasion.answers.render.text import as_text, table_text
from suasion.answers.table import Table
from suasion.answers.values import Comparison, Country, Quantity
from suasion.cli.app import OK, run
from suasion.errors import DataError, InputError
from suasion.questions import QUESTIONS
from suasion.questions.question import arguments
from suasion.schema.columns import unit_of, units

DELIVERIES = pd.DataFrame(
    [("RUS", "CHN", year, 900.0 - 30.0 * (year - 2000)) for year in range(2000, 2024)]
    + [("FRA", "CHN", year, 200.0 + 20.0 * (year - 2000)) for year in range(2000, 2024)]
    + [("CHN", "PAK", year, 100.0) for year in range(2000, 2024)],
    columns=["supplier", "recipient", "year", "tiv_m"],
)
PAIRS = {
    "alliance": [("RUS", "CHN"), ("FRA", "DEU"), ("BRA", "VNM"), ("RUS", "UKR")],
    "arms": [("CHN", "RUS"), ("CHN", "FRA")],
}


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    path = tmp_path_factory.mktemp("arms") / "table.csv"
    DELIVERIES.to_csv(path, index=False)
    return path


def asked(name, pair, register) -> Answer:
    return QUESTIONS[name].ask(*pair, **({"file": register} if name == "arms" else {}))


@pytest.fixture(
    scope="module", params=[(name, pair) for name, pairs in PAIRS.items() for pair in pairs], ids=str
)
def answer(request, register):
    return asked(*request.param, register)


def test_every_question_is_tried():
    assert set(PAIRS) == set(QUESTIONS)


def test_every_word_is_in_the_catalogue(answer):
    """Rendering asks for each title, head, word, note and sentence; a missing key is an error."""
    assert not re.search(r"{\w", as_text(answer) + re.sub("<svg.*?</svg>", "", as_html(answer)))
    for table in answer.tables:
        assert len(table_text(table).splitlines()) > len(table.rows)
        assert not [note for note in table.notes if not note.sentence()]


def test_all_doors_print_the_same_numbers(answer):
    page, text, made = (
        as_html(answer),
        as_text(answer, width=2000),
        json.loads(json.dumps(answer.to_dict(), allow_nan=False)),
    )
    for finding, plain in zip(answer.findings, made["findings"], strict=True):
        said = finding.sentence()
        assert said == plain["sentence"]
        assert said in text
        assert all(q.text in said for q in finding.quantities)
    for row in answer.table().printed():
        assert all(f"<td>{cell}</td>" in page for cell in row)


def test_an_answer_is_made_again_of_its_json(answer):
    """Every form can be had of what was kept, and nothing is solved again."""
    again = Answer.from_dict(json.loads(json.dumps(answer.to_dict())))
    assert again == answer
    assert as_html(again) == as_html(answer)


def test_files_have_numbers_not_words(answer):
    table = answer.table()
    rows = list(csv.DictReader(io.StringIO(as_csv(table))))
    units = {column.name: column.unit for column in table.columns}
    assert len(rows) == len(table.rows) == len(answer.frame)
    assert answer.frame.attrs["units"] == units
    for name, unit in units.items():
        if unit not in ("country", "word", "text"):
            assert not [row[name] for row in rows if row[name] and not re.fullmatch(r"-?[\d.e-]+", row[name])]


def test_a_band_is_drawn_and_printed_wherever_there_is_one(answer):
    table = answer.table()
    assert table.picture is not None
    marks = [layer["mark"]["type"] for layer in spec_of(table)["layer"]]
    assert {"area", "rule"} & set(marks)
    assert any(re.search(r"\(.* to .*\)", cell) for row in table.printed() for cell in row)


def test_places_of_sentences_are_filled_and_none_is_idle():
    """A sentence names only values that its finding has; numbers in it come from values."""
    for key, words in ENGLISH.words.items():
        if key.startswith(("alliance.", "arms.")):
            assert not re.search(r"\d", re.sub(r"`.*?`|-\d{4}|\d{4}-", "", words)) or key.endswith(
                "source"
            ), key


@pytest.mark.parametrize(
    ("left", "right", "word"),
    [(0.4, 0.2, "larger"), (0.2, 0.4, "smaller"), (0.4, 0.4, "same"), (0.4, 0.39, "same")],
)
def test_numbers_choose_the_sentence(left, right, word):
    one, two = (Quantity(value, "probability") for value in (left, right))
    values = {
        "seller": Country("RUS"),
        "buyer": Country("USA"),
        "before": two,
        "after": one,
        "old": 2004,
        "new": 2023,
        "span": Quantity(5, "years"),
    }
    said = Finding("arms.share", values, Comparison(one, two)).sentence()
    assert word in said
    assert "the United States’ arms imports" in said


def test_another_language_is_other_words():
    german = Language(
        {
            **ENGLISH.words,
            "alliance.late_unclear": "Dass {a} und {b} binnen {years} {event:verb}: {probability:size}. Das Modell sagt {model:size}.",
            "word.event.forming.verb": "einen Verteidigungspakt schließen",
        }
    )
    said = QUESTIONS["alliance"].ask("RUS", "CHN").findings[0].sentence(german)
    assert (
        said
        == "Dass Russia und China binnen 10 years einen Verteidigungspakt schließen: 1.9 %. Das Modell sagt 2.0 %."
    )


def test_one_printer_knows_almost_and_surely():
    assert [n.printed(p, "probability") for p in (0.9994, 0.9989, 0.995, 1.0, 0.0)] == [
        "more than 99.9 %", "99.9 %", "99.5 %", "100 %", "0 %",
    ]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda one: one.name)
def test_a_question_declares_itself_to_every_door(question):
    assert question.summary.endswith(".")
    assert not [one.name for one in question.parameters if not one.help]
    made = question.schema()
    assert made["required"] == ["a", "b"]
    kinds = {one.kind for one in inspect.signature(question.ask).parameters.values()}
    assert kinds == {
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.KEYWORD_ONLY,
    }  # states, then options
    assert run([question.name, "--help"]) == OK


def test_arguments_from_text():
    alliance = QUESTIONS["alliance"]
    assert arguments(alliance, {"a": "RUS", "b": "CHN", "years": "1,5"}) == {
        "a": "RUS",
        "b": "CHN",
        "years": (1, 5),
    }
    for text, message in (
        ({"a": "RUS"}, "needs b"),
        ({"a": "RUS", "b": "CHN", "x": "1"}, "no argument 'x'"),
        ({"a": "R", "b": "C", "years": "soon"}, "whole years"),
    ):
        with pytest.raises(InputError, match=message):
            arguments(alliance, text)
    with pytest.raises(InputError, match="no argument 'folder'"):  # files do not come from afar
        arguments(alliance, {"a": "RUS", "b": "CHN", "folder": "/"})


def test_an_empty_answer_says_why(register):
    nothing = asked("arms", ("FRA", "PAK"), register)
    assert nothing.absent is not None
    assert "Neither delivered arms" in as_text(nothing)
    with pytest.raises(DataError, match="There is no table"):
        nothing.table()
    with pytest.raises(DataError, match="needs tables, or why"):
        Answer("arms", {})


def test_a_table_of_a_frame_keeps_codes():
    table = Table.of(
        "skill",
        "kind log_skill",
        pd.DataFrame({"kind": ["bilateral"], "log_skill": [float("nan")]}),
    )
    assert table.rows == (("bilateral", None),)
    assert table.printed() == (("a bilateral pact", "no data"),)


def test_every_column_has_one_unit_and_a_head():
    assert not [name for name in units() if f"head.{name}" not in ENGLISH.words]
    assert unit_of("import_share_low") == unit_of("import_share") == "probability"
    with pytest.raises(InputError, match="no column 'weight'"):
        unit_of("weight")
