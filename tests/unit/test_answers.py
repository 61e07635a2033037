"""Answers: one set of numbers at every door, every word in the catalogue, and another language as one more file."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import hashlib
import html
import inspect
import io
import json
import os
import pickle
import re
from collections import Counter
from functools import cache
from pathlib import Path

import jsonschema
import pandas as pd
import pytest
from tests.boxes import marks

import record
from fits.pacts.ratios import EvidenceKind
from suasion.answers import numbers as n
from suasion.answers.answer import Answer
from suasion.answers.catalogue import OWN, catalogue
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.numbers import MINUS
from suasion.answers.picture import alt_of, rows_of
from suasion.answers.picture import svg as svg_of
from suasion.answers.picture.rows import MOST_ROWS
from suasion.answers.render import as_json, render
from suasion.answers.render.data import as_csv
from suasion.answers.render.html import as_html
from suasion.answers.render.json import VERSION
from suasion.answers.render.text import UNASKED_ROWS, as_text, table_text
from suasion.answers.table import Table
from suasion.answers.values import Comparison, Country, Direction, Quantity
from suasion.cli.app import OK, run
from suasion.cli.console import Format
from suasion.cli.questions import print_answer
from suasion.coercion.critical import Crossing, Definition
from suasion.coercion.frontier.coalition import Transfers
from suasion.coercion.frontier.response import WarStage
from suasion.coercion.frontier.rows import TaxStatus
from suasion.coercion.frontier.secondary import BystanderCourse
from suasion.coercion.joint_threats import Camp
from suasion.coercion.levers.plan import WhyNot
from suasion.coercion.levers.rows import Influence, LeverUnit
from suasion.coercion.published import Agreement, Cause
from suasion.coercion.war_risk import TradePolicy
from suasion.errors import DataError, InputError
from suasion.files import write_bytes
from suasion.outlook.learner.fan import Regime
from suasion.outlook.scoreboard.frozen import Foretold, Made
from suasion.products import Lacking
from suasion.products.replace import RoomBasis
from suasion.questions import QUESTIONS
from suasion.questions.bands import when_of
from suasion.questions.levers.beyond import CapitalStock
from suasion.questions.text import arguments
from suasion.questions.triangle import about as with_third
from suasion.questions.verdict.parts import Light
from suasion.schema.variables import unit_of, units
from suasion.statecraft.alliance.endings import PactClass, PactConduct
from suasion.statecraft.alliance.number import Mover, PactEvent
from suasion.statecraft.events import EventKind
from suasion.statecraft.ladder.evidence import Rung
from suasion.statecraft.record import FactKind
from suasion.statecraft.sanctions import OnsetFactor
from suasion.statecraft.supplier.choice import Tipping
from suasion.statecraft.triangle.edges import CaseVerdict, Edge, EdgeBasis
from suasion.web.routes_answers import formed
from suasion.world.forms import load

DELIVERIES = pd.DataFrame(
    [("RUS", "CHN", year, 900.0 - 30.0 * (year - 2000)) for year in range(2000, 2024)]
    + [("FRA", "CHN", year, 200.0 + 20.0 * (year - 2000)) for year in range(2000, 2024)]
    + [("CHN", "PAK", year, 100.0) for year in range(2000, 2024)],
    columns=["supplier", "recipient", "year", "tiv_m"],
)
PAIRS = [
    ("RUS", "CHN"), ("USA", "CHN"), ("VNM", "CHN"), ("PRK", "CHN"), ("MEX", "USA"), ("DEU", "RUS"), ("UKR", "RUS"),
    ("GBR", "ITA"), ("BRA", "VNM"),
]  # fmt: skip
"""Of the twenty whose answers are recorded: great powers, who depends on one side, who is outside the table, neighbours
with most trade, who is sanctioned, who is at war, who is alike, and who trades little."""
SELDOM = {("USA", "CHN"), ("VNM", "CHN"), ("MEX", "USA"), ("DEU", "RUS"), ("GBR", "ITA")}
"""Those of them that differ in their numbers alone from what the others have: evidence."""
EVERY = int(os.environ.get("SUASION_SCRAMBLE", "1"))
"""Of so many questions one is tried."""
if "SUASION_SCRAMBLE" in os.environ:  # whether a test reads English is seen in one answer of a question
    PAIRS = [("RUS", "CHN")]
OTHERS = {
    "country": [("FRA",)],
    "frontier": [("USA", "RUS")],
    "joint_threats": [("RUS",)],
    "simulate": [("tariff 60 USA on CHN in goods",), ("do=embargo&by=USA~EU&on=RUS&in=energy&years=1",)],
    "sensitivity": [("FRA",)],
    "straits": [()],
    "tariffs": [("USA",), ("CHN",)],
    "screen": [("DEU",)],
    "why": [("embargo USA on RUS in energy",)],
    "welfare_exposure": [("DEU",)],
    "friends_and_enemies": [()],
    "power_over_years": [("USA",)],
    "raw_materials": [()],
    "trial": [()],
    "before_after": [()],
    "sanctions_onset": [("USA", "CHN"), ("EU", "RUS")],
    "closer_to": [("KAZ", "RUS", "CHN"), ("MNG", "RUS", "CHN")],
    "panel": [("DEU", "JPN")],
}
"""What is asked of others than two states."""
LONG = {
    **{key: [pair for pair in PAIRS if pair[1] == "CHN"] for key in ("channels", "critical_levels")},
    **dict.fromkeys(("hindcast", "outlook", "published", "share"), PAIRS[::3]),
    "alignment_tariff": [("RUS", "CHN"), ("PRK", "CHN")],
    "drivers": [("RUS", "CHN")],
    "levers": [("RUS", "CHN"), ("PRK", "CHN")],
    "restoration": [("UKR", "RUS"), ("RUS", "IRN")],
    "verdict": [("RUS", "CHN")],
}
"""What takes long is asked of few pairs, and of one that has no answer."""
FILES = {
    "bargain": [("three_pipelines",)],
    "leverage": [()],
    "dated_measures": [()],
    "forecast_skill": [()],
    "signal": [("russia_china_2014_2026",)],
    "supplier": [("russia_5g",)],
    "tariff_war": [()],
    "triangle": [(*pair, with_third(*pair)["c"]) for pair in PAIRS],
}
"""Files that ship, for questions that are asked of one; three powers; none for a question about everybody."""
DRAWN = {
    "alignment_tariff": [("RUS", "CHN")],
    "alliance": [("RUS", "CHN"), ("BRA", "VNM")],
    "arms": [("CHN", "RUS"), ("CHN", "FRA")],
    "critical_levels": [("RUS", "CHN")],
    "levers": [("RUS", "CHN")],
    "dependence": [("RUS", "CHN")],
    "dispute": [("USA", "CHN")],
    "events": [],  # texts and days
    "sanctions_onset": [("USA", "CHN")],
    "energy_trade": [("RUS", "CHN")],
    "drivers": [("RUS", "CHN")],
    "exit_cost": [("RUS", "CHN"), ("DEU", "POL")],
    "alignment": [("RUS", "CHN")],
    "defiance": [("RUS", "CHN")],
    "ladder": [("RUS", "CHN"), ("USA", "JPN")],
    "hindcast": [("RUS", "CHN")],
    "outlook": [("RUS", "CHN")],
    "replaceability": [("RUS", "CHN")],
    "channels": [("RUS", "CHN")],
    "finance": [],  # no table of loans ships
    "forecasts": [],
    "share": [("RUS", "CHN")],
    "materials": [("RUS", "CHN")],
    "pipeline_rent": [("RUS", "CHN")],
    "published": [("DEU", "CHN")],
    "published_totals": [("RUS", "CHN")],
    "trade_history": [("RUS", "CHN")],
    "substitutes": [("RUS", "CHN")],
    "restoration": [],  # a number or two
    "verdict": [],  # that of exit_cost
    **OTHERS,
    **FILES,
    "triangle": [("RUS", "CHN", "USA")],
    "dated_measures": [],  # a list of names
    "tariffs": [("USA",)],
    "panel": [],  # a table for other programs
}
"""What is asked where pictures are drawn: it takes long."""
ENUMS = {
    "agreement": Agreement,
    "event_kind": EventKind,
    "fact_kind": FactKind,
    "rung": Rung,
    "cause": Cause,
    "asked": Foretold,
    "made": Made,
    "regime": Regime,
    "bystander_course": BystanderCourse,
    "crossing": Crossing,
    "tax_status": TaxStatus,
    "transfers": Transfers,
    "war_stage": WarStage,
    "definition": Definition,
    "loans_status": Lacking,
    "room_basis": RoomBasis,
    "capital_stock": CapitalStock,
    "lever_class": Influence,
    "lever_unit": LeverUnit,
    "why_not": WhyNot,
    "camp": Camp,
    "policy": TradePolicy,
    "tipping": Tipping,
    "edge_sign": Edge,
    "evidence": Light,
    "evidence_of_pacts": EvidenceKind,
    "mover": Mover,
    "onset_factor": OnsetFactor,
    "pact": PactEvent,
    "pact_class": PactClass,
    "pact_conduct": PactConduct,
    "tie": EdgeBasis,
    "verdict": CaseVerdict,
}
"""Closed lists of the models that sentences and cells name."""
BESIDE = {Lacking: {"measured"}, Cause: {"none"}}
"""Words of a column that are no member: the number is there, or there is nothing to explain."""


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    path = tmp_path_factory.mktemp("arms") / "table.csv"
    DELIVERIES.to_csv(path, index=False)
    return path


@cache
def pinned_world():
    """Twenty-five economies: quick to solve."""
    return load(record.WORLD)


PINNED = (
    "substitutes",
    "country",
    "critical_levels",
    "defiance",
    "dependence",
    "dispute",
    "exit_cost",
    "frontier",
    "joint_threats",
    "leverage",
    "sensitivity",
    "simulate",
    "straits",
    "tariffs",
    "verdict",
    "welfare_exposure",
    "why",
)
"""What is solved on the pinned world."""


def asked(name, pair, register) -> Answer:
    if name in ("alignment_tariff", "drivers", "levers", "friends_and_enemies", "power_over_years"):
        return QUESTIONS[name].ask(*pair, world=pinned_world(), draws=2)
    if name == "outlook" and pair == PAIRS[0]:  # without options it is the question on the share
        return QUESTIONS[name].ask(*pair, world=pinned_world(), to=2025, draws=2)
    if name == "panel":
        return QUESTIONS[name].ask(pair, years=(2019, 2020, 2023))
    if name == "frontier":
        few = {"weights": (0.0, 1.0), "groups": ("energy_mining",), "horizon": "short"}
        return QUESTIONS[name].ask((pair[0],), pair[1], **few, world=pinned_world())
    if name == "substitutes" and pair != PAIRS[0]:  # forms agree with few draws as with many
        return QUESTIONS[name].ask(*pair, world=pinned_world(), draws=2)
    if name in PINNED:
        bands = {"draws": 8} if pair in (("DEU", "POL"), ("DEU",), OTHERS["simulate"][0]) else {}
        return QUESTIONS[name].ask(*pair, world=pinned_world(), **bands)
    options = {
        "arms": {"file": register},
        "supplier": {"draws": 100},
        "signal": {"draws": 100},
        "forecast_skill": {"group": "coal"},
    }
    return QUESTIONS[name].ask(*pair, **options.get(name, {}))


@cache
def kept(name, pair, register) -> Answer:
    """An answer that is looked at twice, and by the process whose words are scrambled too: whoever is first asks."""
    named = hashlib.sha256(repr((name, pair)).encode()).hexdigest()
    path = Path(os.environ["SUASION_TESTS_KEPT"]) / f"{named}.answer"
    if path.exists():
        return pickle.loads(path.read_bytes())
    made = asked(name, pair, register)
    write_bytes(path, pickle.dumps(dataclasses.replace(made, result=None)))
    return made


def cases(pairs):
    return [
        pytest.param(
            (name, pair),
            id=f"{name}-{'-'.join(pair)}",
            marks=[pytest.mark.evidence] if pair[:2] in SELDOM and len(pairs[name]) > 2 else [],
        )
        for name in list(QUESTIONS)[::EVERY]
        for pair in pairs[name]
    ]


@pytest.fixture(
    scope="module",
    params=cases({**dict.fromkeys(QUESTIONS, PAIRS), **OTHERS, **FILES, "forecasts": [()], **LONG}),
)
def any_answer(request, register):
    name, pair = request.param
    return (kept if pair in DRAWN[name] else asked)(name, pair, register)


@pytest.fixture(scope="module", params=cases(DRAWN))
def answer(request, register):
    return kept(*request.param, register)


@pytest.fixture(scope="module")
def page(answer):
    """It as a page: drawn once for what is asked of it."""
    return as_html(answer)


@pytest.fixture(scope="module")
def drawings(answer):
    """The picture of each of its tables that has one."""
    return {table.key: svg_of(table) for table in answer.tables if table.picture}


def test_every_question_is_tried():
    assert set(DRAWN) == set(QUESTIONS)


def test_all_forms_of_all_answers_agree(any_answer):
    """Text and JSON show the same numbers, and an answer is made again of its JSON."""
    plain = json.loads(json.dumps(any_answer.to_dict(), allow_nan=False))
    assert Answer.from_dict(plain) == any_answer
    assert plain["version"] == VERSION
    text = " ".join(as_text(any_answer, width=4000).split())
    kept = [any_answer.absent] if any_answer.absent else any_answer.findings
    told = [plain["absent"]] if any_answer.absent else plain["findings"]
    for finding, one in zip(kept, told, strict=True):
        said = finding.sentence()
        assert said == one["sentence"]
        assert said in text
        if any_answer.question != "verdict":  # which rounds, and says fractions as words
            assert all(quantity.text in said for quantity in finding.quantities)
    for table in any_answer.tables:
        narrow, wide = (Counter(re.sub(r"[\s─]", "", table_text(table, width=at))) for at in (80, 4000))
        assert not wide - narrow  # no cell is cut
        words = set(" ".join(cell for row in table.printed() for cell in row).split())
        assert {word for word in words if len(word) < 30} <= set(table_text(table).split())  # nor a word


def test_an_answer_is_printed_with_its_findings_first_and_no_long_table(any_answer):
    """The file has all rows."""
    printed, text = str(any_answer), as_text(any_answer)
    found = " ".join(printed.split())
    rows = any_answer.tables[0].printed() if any_answer.tables else ()
    for finding in any_answer.findings if any_answer.tables else ():
        title = " ".join(any_answer.table().title().split())
        assert found.index(finding.sentence()) < found.rindex(title)
    assert (len(rows) > UNASKED_ROWS) == (len(printed.splitlines()) < len(text.splitlines()))


def test_a_table_over_years_is_cut_to_its_last(answer):
    for table in answer.tables:
        words = table.words("year") if table.columns[0].name == "year" else ()
        short = table_text(table, most=1)
        assert len(short.splitlines()) <= len(table_text(table).splitlines()) + 1
        if len(table.rows) > 1 and words and table.picture is None and words[0] < words[-1]:
            assert words[-1] in short
            assert DEFAULT_LANGUAGE.words["table.printed.last"].format(shown=1, rows=len(table.rows)) in short


def test_no_two_rows_of_a_table_share_all_their_keys(any_answer):
    """A row is named by its axes; of a list, in which nothing names a row, no two are the same."""
    for table in any_answer.tables:
        names = [column.name for column in table.columns]
        keys = [names.index(axis) for axis in table.axes] or range(len(names))
        again = Counter(tuple(row[key] for key in keys) for row in table.rows).most_common(1)
        assert not again or again[0][1] == 1, (table.key, table.axes, again)


def test_frame_and_files_of_an_answer_hold_every_row(any_answer):
    """No other table of an answer has rows of the kind of the main one that frame and files lack; a digest says so."""
    if any_answer.absent:
        return
    main = any_answer.table()
    held = {column.name for column in main.columns}
    for table in any_answer.tables:
        assert {one.key for one in any_answer.tables} >= {table.whole or table.key}
        if main.axes and table.axes == main.axes and held <= {column.name for column in table.columns}:
            assert len(any_answer.frame) >= len(table.rows), (main.key, table.key)
    rows = list(csv.DictReader(io.StringIO(render(any_answer, "csv").decode())))
    assert len(rows) == len(any_answer.frame) == len(any_answer.whole().rows)
    assert len(any_answer.head()) == min(len(main.rows), UNASKED_ROWS)
    if len(any_answer.frame) > len(main.rows):
        assert Quantity(len(any_answer.frame), "count").text in as_text(any_answer)


def test_five_faces_of_all_answers_agree(any_answer, capsys):
    """Python, CSV, JSON, command line and web have each quantity under one name, in one unit, with one value."""
    plain = json.loads(as_json(any_answer))
    print_answer(any_answer, "", Format.json)
    assert json.loads(capsys.readouterr().out) == plain
    kept = gzip.compress(as_json(any_answer).encode())  # as the web keeps it
    for table, one in zip(any_answer.tables, plain["tables"], strict=True):
        units = {column["name"]: column["unit"] for column in one["columns"]}
        frame = table.frame
        assert frame.attrs["units"] == units
        assert list(frame.columns) == list(units)
        assert all(unit_of(name) == unit for name, unit in units.items())
        assert one["rows"] == [list(row) for row in table.rows]
        for name, cells in zip(units, zip(*table.rows, strict=True), strict=True):
            assert [None if cell != cell else cell for cell in frame[name].tolist()] == list(cells), name
        file = as_csv(table)
        head, *rows = csv.reader(io.StringIO(file))
        assert head == list(units)
        assert rows == [["" if cell is None else str(cell) for cell in row] for row in table.rows]
        print_answer(any_answer, table.key, Format.csv)
        assert capsys.readouterr().out.strip() == file.strip()
        assert formed(kept, "csv", table.key).decode() == file


def test_the_schema_accepts_what_was_asked(any_answer):
    schema = QUESTIONS[any_answer.question].schema()
    given = json.loads(json.dumps(any_answer.to_dict()))["run"]["parameters"]
    assert set(schema["required"]) <= set(given)
    jsonschema.validate(
        {name: value for name, value in given.items() if name in schema["properties"]}, schema
    )


def shown(table) -> int:
    """Numbers of a table that its picture has: of ranges, the first sixteen rows of each panel."""
    picture = table.picture
    panels = table.cells(picture.panel) if picture.panel else ("",) * len(table.rows)
    pairs = zip(panels, table.cells(picture.value), strict=True)
    known = Counter(panel for panel, cell in pairs if cell is not None)
    most = MOST_ROWS if picture.form == "ranges" and not picture.series else len(table.rows)
    return sum(min(count, most) for count in known.values())


def test_a_picture_draws_every_number(answer, drawings):
    """Each row with a number is a mark of ranges, and a point of a line, a curve or a map."""
    for table in answer.tables:
        if table.picture is None:
            continue
        known, form, drawing = shown(table), table.picture.form, drawings[table.key]
        assert len(rows_of(table).dropna(subset=["value"])) >= known
        if form in ("ranges", "steps"):
            assert marks(drawing) >= known
        elif form == "map":
            assert drawing.count("<title>") == known
        elif form in ("lines", "curve"):
            assert len(re.findall(r"[ML][-\d.]+ [-\d.]+", drawing)) >= known
        assert alt_of(table)


def test_words_of_closed_lists_are_all_there_and_none_is_idle():
    for name, enum in ENUMS.items():
        there = {key.split(".")[2] for key in DEFAULT_LANGUAGE.words if key.startswith(f"word.{name}.")}
        assert there == {member.value for member in enum} | BESIDE.get(enum, set())


def test_findings_are_ordered_by_weight_and_the_few_have_all_cautions():
    light, heavy = Finding("x", weight=1.0), Finding("y", weight=3.0)
    caution = Finding("z", weight=0.5, caution=True)
    made = Answer("arms", {}, (light, heavy, caution), absent=Finding("arms.missing"))
    assert made.findings == (heavy, light, caution)
    assert made.few(1) == (heavy, caution)


def test_a_run_says_how_an_answer_is_made_again():
    one, two = (QUESTIONS["alliance"].ask("Russia", "CHN", by=by) for by in ((2030,), (2030, 2036)))
    assert one.run.command == "suasion alliance RUS CHN --by 2030"
    assert two.run.command == "suasion alliance RUS CHN"
    assert one.run.id != two.run.id
    assert two.run.id == QUESTIONS["alliance"].ask("RUS", "CHN").run.id


def test_a_band_that_covers_zero_leaves_the_direction_open():
    one, two = Quantity(2.0, "percent"), Quantity(1.0, "percent")
    assert Comparison(one, two).direction is Direction.ABOVE
    assert Comparison(one, two, Quantity(1.0, "percent", -0.5, 2.0)).direction is Direction.UNCLEAR
    assert Comparison(one, two, Quantity(1.0, "percent", 0.5, 2.0)).direction is Direction.ABOVE
    assert Comparison(one, Quantity(None, "percent")).direction is Direction.UNKNOWN


@pytest.mark.parametrize("form", ["json", "csv", "md", "txt", "xlsx"])
def test_an_answer_is_written_in_the_form_that_the_ending_names(form, tmp_path):
    made = QUESTIONS["alliance"].ask("RUS", "CHN")
    path = made.write(tmp_path / f"answer.{form}")
    if form == "xlsx":
        book = pd.read_excel(path, sheet_name=None)
        assert list(book) == ["about", *(table.key for table in made.tables)]
        assert list(book["pacts"].columns) == [column.name for column in made.table().columns]
    else:
        assert path.read_bytes() == render(made, form)
    with pytest.raises(InputError, match="cannot be written as 'doc'"):
        made.write(tmp_path / "answer.doc")


def test_a_table_has_its_axes(answer):
    table = answer.table()
    assert set(table.xarray.sizes) == set(table.axes)
    table = next(one for one in answer.tables if one.picture)
    name = table.picture.value
    assert table.xarray[name].attrs["units"] == table.column(name).unit


def test_every_word_is_in_the_catalogue(answer, page):
    """Rendering asks for each title, head, word, note and sentence; a missing key is an error."""
    assert not re.search(r"{\w", as_text(answer) + re.sub('src="[^"]*"', "", page))
    for table in answer.tables:
        assert len(table_text(table).splitlines()) > len(table.printed())
        assert not [note for note in table.notes if not note.sentence()]


def test_a_page_shows_the_cells_and_sentences(answer, page):
    for table in answer.tables:
        if not table.detail:
            assert all(f"<td>{html.escape(cell)}</td>" in page for row in table.printed() for cell in row)
    assert all(html.escape(finding.sentence()) in page for finding in answer.findings)
    assert as_html(Answer.from_dict(answer.to_dict())) == page


def test_files_have_numbers_not_words(answer):
    """A file has every row: of a main table that is a digest, those of the table behind it."""
    table = answer.whole()
    rows = list(csv.DictReader(io.StringIO(render(answer, "csv").decode())))
    units = {column.name: column.unit for column in table.columns}
    assert len(answer.table().rows) <= len(rows) == len(table.rows) == len(answer.frame)
    assert answer.frame.attrs["units"] == units
    for name, unit in units.items():
        if unit not in ("country", "industry", "word", "text"):
            assert not [row[name] for row in rows if row[name] and not re.fullmatch(r"-?[\d.e-]+", row[name])]


def test_a_band_is_drawn_and_printed_wherever_there_is_one(answer, drawings):
    table = next(one for one in answer.tables if one.picture)
    name, drawing = table.picture.value, drawings[table.key].partition("</style>")[2]
    ends = table.band(name)
    known = bool(ends) and bool(table.frame[list(ends)].notna().to_numpy().any())
    assert bool(known or table.bounds(name)) == ("-band)" in drawing)
    assert known == any(re.search(r"\(.+\)", cell) for cell in table.words(name))


def test_places_of_sentences_are_filled_and_none_is_idle():
    """A sentence names only values that its finding has; numbers in it come from values."""
    for key, words in DEFAULT_LANGUAGE.words.items():
        if key.partition(".")[0] in QUESTIONS and not key.startswith(OWN):
            assert not re.search(r"\d", re.sub(r"`.*?`|-\d{4}|\d{4}-", "", words)) or key.endswith(
                "source"
            ), key


STATES = "a|b|of|on|by|state|country|partner|seller|buyer|holder|target|third"


@pytest.mark.words
def test_a_state_that_begins_a_second_sentence_has_its_capital():
    assert DEFAULT_LANGUAGE.country("USA", "start").partition(" ")[0].istitle()  # its name has an article
    inside = re.compile(rf"[.?!] {{(?:{STATES})(?:}}|:(?!start|of))")
    assert not [key for key, words in DEFAULT_LANGUAGE.words.items() if inside.search(words)]


@pytest.mark.words
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


@pytest.mark.words
def test_another_language_is_one_file():
    """The same numbers with its signs, and states in its cases, with verbs in their number."""
    german = Language(catalogue("de"))
    signs = str.maketrans(",.", ".,")
    for answer in (QUESTIONS["alliance"].ask("USA", "CHN"), QUESTIONS["defiance"].ask("NLD", "RUS")):
        for one in answer.findings:
            numbers = [
                re.findall(r"\d[\d.,]*\d|\d", one.sentence(said)) for said in (DEFAULT_LANGUAGE, german)
            ]
            assert sorted(numbers[0]) == sorted(text.translate(signs) for text in numbers[1]), one.key
    states = {"a": Country("USA"), "b": Country("RUS"), "c": (Country("RUS"), Country("NLD"))}
    said = Language(
        {
            **german.words,
            "x": "{a:+kauft|kaufen} von {b:dat}, {b:start+kauft|kaufen} von {a:dat}, {c:kauft|kaufen+}.",
        }
    )
    assert said.say("x", states) == (
        "die Vereinigten Staaten kaufen von Russland, Russland kauft von den Vereinigten Staaten, "
        "kaufen Russland und die Niederlande."
    )


@pytest.mark.words
def test_one_printer_knows_almost_and_surely():
    probabilities = (0.9994, 0.9989, 0.997, 0.994, 1.0, 0.0, 0.00004, 0.000004)
    assert [n.printed(p, "probability") for p in probabilities] == [
        "more than 99.9 %", "99.9 %", "99.7 %", "99 %", "100 %", "0 %", "0.0040 %", "less than 0.001 %",
    ]  # fmt: skip


@pytest.mark.words
@pytest.mark.parametrize(
    ("draws", "most", "least"),
    [
        (1, "not known", "not known"),
        (3, "not known", "not known"),
        (4, "more than 25.0 %", "less than 75 %"),
        (64, "more than 95.3 %", "less than 4.7 %"),
        (1000, "more than 99.7 %", "less than 0.30 %"),
        (2000, "more than 99.8 %", "less than 0.20 %"),
        (8000, "more than 99.9 %", "less than 0.038 %"),
    ],
)
def test_all_or_none_of_the_draws_is_no_certainty(draws, most, least):
    """Of n draws without exception 3 / n is still in line with the record at 95 %: the bound is never tighter."""
    assert Quantity(1.0, "probability", draws=draws).text == most
    assert Quantity(0.0, "probability", draws=draws).text == least


@pytest.mark.words
def test_a_band_that_rules_out_nothing_names_no_value():
    wide, narrow = (Quantity(0.5, "probability", 0.5 - half, 0.5 + half) for half in (0.3, 0.2))
    assert wide.with_band == "not known (90 % band 20 to 80 %)"
    assert narrow.with_band == "50 % (90 % band 30 to 70 %)"
    # A unit whose size has its sign has it at both ends of the band.
    assert (
        Quantity(-1.5, "change", -2.2, -0.6).with_band
        == f"{MINUS}1.5 % (90 % band {MINUS}2.2 to {MINUS}0.60 %)"
    )
    assert Quantity(0.5, "change", -0.2, 1.2).with_band == f"+0.50 % (90 % band {MINUS}0.20 to +1.2 %)"
    row = {"probability": 0.5, "probability_low": 0.2, "probability_high": 0.8}
    assert Table.of("within", "probability", [row]).printed() == (("not known (20 to 80 %)",),)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda one: one.name)
def test_a_question_declares_itself_to_every_door(question):
    assert question.summary.endswith(".")
    assert not [one.name for one in question.parameters if not one.help]
    made = question.schema()
    positional = [one.name for one in question.parameters if one.required]
    assert made["required"] == (positional if question.from_afar else [])
    kinds = {one.kind for one in inspect.signature(question.ask).parameters.values()}
    assert kinds <= {
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.KEYWORD_ONLY,
    }  # states, then options
    assert run([question.command, "--help"]) == OK


def test_arguments_from_text():
    alliance = QUESTIONS["alliance"]
    assert arguments(alliance, {"a": "RUS", "b": "CHN", "by": "2030,2036"}) == {
        "a": "RUS",
        "b": "CHN",
        "by": (2030, 2036),
    }
    for text, message in (
        ({"a": "RUS"}, "needs b"),
        ({"a": "RUS", "b": "CHN", "x": "1"}, "no argument 'x'"),
        ({"a": "R", "b": "C", "by": "soon"}, "whole years"),
    ):
        with pytest.raises(InputError, match=message):
            arguments(alliance, text)
    with pytest.raises(InputError, match="no argument 'folder'"):  # files do not come from afar
        arguments(alliance, {"a": "RUS", "b": "CHN", "folder": "/"})
    supplier = QUESTIONS["supplier"]
    assert arguments(supplier, {"file": "russia_5g", "draws": "200"}) == {"file": "russia_5g", "draws": 200}
    for text, message in (
        ({"file": "/etc/passwd"}, "what ships is russia_5g"),
        ({"file": "russia_5g", "draws": "1000000"}, "give 100 to 100000"),
    ):
        with pytest.raises(InputError, match=message):
            arguments(supplier, text)


def test_what_a_question_is_asked_of():
    assert QUESTIONS["alliance"].about("RUS", "CHN") == {"a": "RUS", "b": "CHN"}
    assert QUESTIONS["supplier"].about("RUS", "CHN") is None


@pytest.mark.words
def test_an_empty_answer_says_why(register):
    nothing = asked("arms", ("FRA", "PAK"), register)
    assert nothing.absent is not None
    assert "Neither delivered arms" in as_text(nothing)
    with pytest.raises(DataError, match="There is no table"):
        nothing.table()
    with pytest.raises(DataError, match="needs tables, or why"):
        Answer("arms", {})


@pytest.mark.words
def test_a_table_of_a_frame_keeps_codes():
    table = Table.of(
        "skill",
        "pact log_skill",
        pd.DataFrame({"pact": ["bilateral"], "log_skill": [float("nan")]}),
    )
    assert table.rows == (("bilateral", None),)
    assert table.printed() == (("a bilateral pact", "no data"),)


def test_a_table_without_rows_keeps_its_columns():
    none = Table.of("skill", "pact log_skill", pd.DataFrame())
    assert none.cells("log_skill") == ()
    assert list(none.frame) == ["pact", "log_skill"]


def test_every_column_has_one_unit_and_a_head():
    assert not [name for name in units() if f"head.{name}" not in DEFAULT_LANGUAGE.words]
    assert unit_of("import_share_low") == unit_of("import_share") == "probability"
    with pytest.raises(InputError, match="no column 'weight'"):
        unit_of("weight")


@pytest.mark.words
@pytest.mark.parametrize(
    ("label", "told"), [("1", "Im ersten Jahr"), ("5", "Nach 5 Jahren"), ("2.5", "Nach 2,5 Jahren")]
)
def test_a_horizon_in_years_has_its_case_in_german(label, told):
    """A span reads "5 Jahre"; a moment within a sentence, and in a column of horizons, is another word."""
    german = Language(catalogue("de"))
    who = {"a": Country("RUS"), "b": Country("CHN"), "when": when_of(label)}
    assert Finding("exit_cost.unsolved", who).sentence(german).lower().count(told.lower()) == 1
    assert german.show(Quantity(5, "years")) == "5 Jahre"
    assert german.word("horizon", "5") == "nach 5 Jahren"
