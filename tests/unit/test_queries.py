"""Plain questions: what is named, which question is meant, and the answer at every door."""

from __future__ import annotations

import asyncio
import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from suasion.answers.catalogue import languages
from suasion.dossier.site.search import search_page
from suasion.errors import InputError
from suasion.queries import ask, best, mentioned, readings
from suasion.queries.vocabulary import asking_words, vocabulary
from suasion.questions import QUESTIONS
from suasion.questions.scenarios.lexicon import spelled
from suasion.questions.scenarios.words import measures_in
from suasion.sources.groups import group_names

BENCH = list(
    csv.DictReader(Path(__file__).with_name("plain_questions.csv").read_text(encoding="utf-8").splitlines())
)
FILES_ALONE = {"bargain"}
"""Questions of a file of one's own: no sentence can ask them."""
BUILT = {"simulate", "why"}
"""Questions of a measure: the parser of plain measures reads them."""


def asked(row: dict[str, str]) -> dict[str, str]:
    return dict(part.split("=", 1) for part in filter(None, row["arguments"].split(";")))


@pytest.mark.parametrize("row", BENCH, ids=lambda row: row["text"])
def test_a_question_is_understood(row):
    if not row["question"]:  # nothing here answers it, and it is told why
        assert readings(row["text"]) == ()
        with pytest.raises(InputError, match=r"^Not known, because|^Say "):
            best(row["text"])
        return
    first = best(row["text"])
    assert (first.question, dict(first.arguments)) == (row["question"], asked(row))


@pytest.mark.parametrize("text", ["what is love", "Was ist Liebe?", "", "Is it closer to us?"])
def test_what_nothing_answers_says_so(text):
    with pytest.raises(InputError, match="is not understood"):
        best(text)


@pytest.mark.parametrize("language", languages())
def test_the_bench_has_fifty_questions_a_language_twenty_of_them_published(language):
    rows = [row for row in BENCH if row["language"] == language]
    assert len({row["text"] for row in rows}) >= 50
    published = [row for row in rows if row["address"]]
    assert len({row["text"] for row in published}) >= 20
    assert all(row["address"].startswith("http") and row["locator"] for row in published)


@pytest.mark.parametrize("language", languages())
def test_whoever_asks_who_gains_first_asks_of_the_measure(language):
    said = {"en": "Who gains from a tariff of 60 % by the United States on China?",
            "de": "Wer gewinnt bei einem Zoll von 60 % der USA auf China?"}  # fmt: skip
    found = best(said[language])
    assert found.question == "simulate"
    assert measures_in(found.arguments["scenario"]) == measures_in(
        "a tariff of 60 % by the United States on China"
    )


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("how dependant is Poland on Germnay", "dependence POL DEU"),
        ("Russia and China stop all trade", "exit-cost RUS CHN"),
        ("Welche Länder hängen am stärksten von Russland ab?", "leverage --holder RUS"),
        ("Which ASEAN country is most exposed to China?", "leverage --holder CHN --group ASEAN"),
        ("ideal point distance between India and China", "alignment IND CHN"),
        ("UN voting of Brazil and the US since 2000", "alignment BRA USA"),
        ("current US tariff on China", "tariffs USA"),
        ("What does Germany pay in tariffs to the US?", "tariffs USA"),
        ("optimal tariff of the US against the EU", "tariff-war --players USA,EU"),
        ("smart sanctions on Iran at least cost for the EU", "frontier EU IRN"),
        ("critical imports of India from China", "replaceability IND CHN"),
        ("How did Russia's trade with India change after the invasion of Ukraine", "trade-history RUS IND"),
        ("What would Germany lose without Chinese machinery?", "simulate 'export_ban CHN on DEU in C28'"),
    ],
)
def test_a_researcher_is_answered_what_was_asked(text, command):
    assert best(text).command == f"suasion {command}"


@pytest.mark.parametrize(
    "text",
    [
        "compute pairs of tolls",
        "Pairs most exposed",
        "Three suppliers",
        "China overall learning",
        "importers and exporters chose",
        "Ruritania",
    ],
)
def test_other_words_are_no_misspellings(text):
    assert spelled(text, asking_words()) == text


def test_what_is_said_to_be_nobody_is_no_group_and_of_two_goods_none_is_dropped():
    for language in languages():
        assert not {name.upper() for name in vocabulary(language).nobody} & set(group_names())
    with pytest.raises(InputError, match="'gallium'"):
        best("Chinese export controls on gallium and germanium against the US")


@pytest.mark.parametrize("language", languages())
def test_every_question_can_be_asked(language):
    """English has them all; whatever German lacks would be asked in English."""
    meant = {query.question for query in vocabulary(language).queries}
    assert meant <= QUESTIONS.keys()
    assert QUESTIONS.keys() - meant <= FILES_ALONE | BUILT


@pytest.mark.parametrize("language", languages())
def test_queries_name_arguments_that_are_there(language):
    for query in vocabulary(language).queries:
        known = {one.name: one for one in QUESTIONS[query.question].parameters}
        assert query.arguments.keys() <= known.keys(), query
        assert {one.name for one in known.values() if one.required} <= query.arguments.keys(), query


def test_names_adjectives_possessives_and_inflections_are_states():
    assert mentioned("Chinese exports to Russia's neighbour Kazakhstan") == ("CHN", "RUS", "KAZ")
    assert mentioned("chinesische Ausfuhren nach Rußland, in die Türkei und die USA") == (
        "CHN",
        "RUS",
        "TUR",
        "USA",
    )
    assert mentioned("Deutschlands Handel mit dem Vereinigten Königreich") == ("DEU", "GBR")
    assert mentioned("what is in it for us and can it be") == ()


def test_readings_name_others_and_their_commands():
    found = readings("is Kazakhstan closer to Russia or China")
    assert [one.question for one in found[:2]] == ["closer_to", "triangle"]
    assert found[0].command == "suasion closer-to KAZ RUS CHN"
    assert readings("") == ()


def test_who_bears_the_loss_comes_first_in_any_order():
    said = ("What would Germany lose without China?", "Without China, what would Germany lose?",
            "what would a break with China cost Germany", "Was kostet Deutschland ein Bruch mit China?")  # fmt: skip
    assert {(one.question, *one.arguments.values()) for one in map(best, said)} == {
        ("exit_cost", "DEU", "CHN")
    }


@pytest.mark.parametrize(
    "text",
    [
        "China cuts off rare earth exports to Japan",
        "What would Japan lose if China banned exports of rare earths?",
        "China stoppt die Ausfuhr seltener Erden nach Japan",
        "Was verlöre Japan, wenn China seltene Erden sperrt?",
    ],
)
def test_who_stops_a_raw_material_and_who_buys_it_are_not_swapped(text):
    assert best(text).question == "raw_materials"
    assert best(text).arguments == {"good": "284690", "buyer": "JPN", "stops": "CHN"}


def test_an_answer_is_that_of_its_question():
    plain, direct = (
        ask("Steht Kasachstan Russland oder China näher?"),
        QUESTIONS["closer_to"].ask("KAZ", "RUS", "CHN"),
    )
    assert plain.tables == direct.tables
    assert plain.findings == direct.findings


def test_the_command_answers_and_refuses_in_one_line():
    run = [sys.executable, "-m", "suasion", "ask"]
    done = subprocess.run(
        [*run, "rare", "earths", "--format", "json"], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["question"] == "raw_materials"
    refused = subprocess.run([*run, "what is love"], capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert refused.stdout == ""


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("closing Hormuz, Japan", "/strait/hormuz"),
        ("what did sanctions do to Russia's trade", "/measure/russia_2022"),
        ("Germany-China since when", "/dossier/DEU/CHN#changed"),
        ("is Kazakhstan closer to Russia or China", "/closer/KAZ/RUS/CHN"),
        ("who has power over Hungary", "/country/HUN"),
        ("tariff of 60 %, who gains", "/scenario?do=tariff&by=USA&on=CHN&size=60&years=10"),
        (
            "Will the EU impose sanctions on Serbia?",
            "/api/answers/sanctions_onset.html?a=EU&b=SRB",
        ),  # it has no page
    ],
)
def test_the_search_leads_to_the_page_that_has_the_answer(text, path):
    asked = pytest.importorskip("suasion.web.site.asked", reason="the extra `app` is absent")
    assert asked.address_of(best(text)) == path


def test_the_search_says_why_a_measure_is_not_understood_and_offers_no_wider_one():
    asked = pytest.importorskip("suasion.web.site.asked", reason="the extra `app` is absent")
    box = asyncio.run(
        asked.answer_box(None, "China stops exports of gallium to the US")
    )  # no service is asked
    assert (box.first, box.others, box.waits) == (None, (), False)
    assert "Gallium is not among the 74" in box.error
    assert "measures" not in search_page("China stops exports of gallium to the US")["found"]


def test_a_state_stands_between_a_state_and_a_group():
    """Without a group all its members are lost at once, its distance is theirs in the mean, and pairs' records are left out."""
    from suasion.questions import closer_to, exit_cost
    from suasion.sources.groups import expand
    from suasion.statecraft.align.parts import added_ideal_points, distance_path

    found = closer_to("TUR", "RUS", "EU")
    lost = {(row["horizon"], row["partner"]): row["loss_percent"] for row in found.rows("closer-losses")}
    cut = {row["horizon"]: row["loss_percent"] for row in exit_cost("TUR", "EU").rows("exit-costs")
           if (row["country"], row["outlet"]) == ("TUR", "open")}  # fmt: skip
    assert {horizon: lost[horizon, "EU"] for horizon in cut} == pytest.approx(cut)
    assert {row["partner"] for row in found.rows("closer-pacts")} == {"RUS"}
    assert found.rows("closer-trade")
    last = [row for row in found.rows("closer-votes") if row["partner"] == "EU"][-1]
    paths = (distance_path("TUR", one, added_ideal_points()) for one in expand(["EU"], 2025))
    of_year = [one for path in paths for one in path.loc[path["year"] == last["year"], "distance"]]
    assert last["ideal_distance"] == pytest.approx(sum(of_year) / len(of_year))
    assert any(one.key == "closer_to.members" for table in found.tables for one in table.notes)


def test_a_search_opens_its_answer_when_it_is_made():
    """The page names the job, which the script follows, and leads back to itself, in its own language."""
    pytest.importorskip("fastapi", reason="the extra `app` is absent")
    from types import SimpleNamespace

    from suasion.web.render import Renderer, static_files
    from suasion.web.site.asked import AnswerBox, Read

    renderer = Renderer({name: file.address for name, file in static_files().items()})
    job = SimpleNamespace(key="abc", done=0, total=0)
    box = AnswerBox(Read("What?", "suasion straits", "/strait/hormuz"), (), waits=True, job=job)
    page = renderer.text("search", {"text": "x", "found": {}, "box": box, "target": "/de/search?q=x"})
    assert 'id="progress"' in page
    assert 'data-job="abc" data-target="/de/search?q=x"' in page
    assert 'id="meter"' in page
