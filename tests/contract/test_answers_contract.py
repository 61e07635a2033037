"""What holds the house together: models give numbers, questions give answers, answers know how to be shown.

Each test finds offenders. Those known are in ``KNOWN``, a list that may only shrink: who mends one takes it off, and
a test says so when a listed one is mended.
"""

from __future__ import annotations

import ast
import inspect
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from suasion.equilibrium.flags import LOSS
from suasion.questions import QUESTIONS
from suasion.questions.kinds import SOLVING, Lack
from suasion.world import load_world
from texts import sentences
from trees import tree_of

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "suasion"
KNOWN = json.loads(Path(__file__).with_name("known.json").read_text("utf-8"))

MODELS = (
    "coercion",
    "equilibrium",
    "games",
    "measures",
    "outlook",
    "products",
    "scores",
    "statecraft",
    "sweep",
    "world",
)
"""Rooms without words."""
PROSE = {"reason", "note", "basis", "headline", "sentence", "text", "verdict"}
"""Attributes that hold words, or did; what one is compared with is an enum's member by now."""
STEERED = {"startswith", "endswith", "match", "search", "find"}


def trees(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    for room in rooms or [""]:
        for path in sorted((SRC / room).rglob("*.py")):
            yield str(path.relative_to(SRC)), tree_of(path)


def same(kind: str, found: Counter[str]) -> None:
    """Compare offenders by file with those known: none may come, and a mended one leaves the list."""
    known = Counter(KNOWN[kind])
    more = {name: count for name, count in found.items() if count > known[name]}
    fewer = {name: found[name] for name, count in known.items() if found[name] < count}
    assert not more, f"{kind}: new offenders {more}"
    assert not fewer, (
        f"{kind}: mended; write these counts into {Path(__file__).with_name('known.json').name}: {fewer}"
    )


def prose_steers(tree: ast.Module) -> int:
    """Places where code decides by what a text says."""
    count = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in STEERED:
            count += _prose(node.func.value) or any(map(_prose, node.args))
        elif isinstance(node, ast.Compare):
            words = [one for one in (node.left, *node.comparators) if _literal(one)]
            count += bool(words) and any(map(_prose, (node.left, *node.comparators)))
    return count


def _prose(node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return node.slice.value in PROSE
    return isinstance(node, ast.Attribute) and node.attr in PROSE


def _literal(node: ast.AST) -> bool:
    """A text that is not empty: whether there is a reason at all may be asked."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(node.value)


def test_no_prose_steers():
    skipped = ("sources/", "errors.py")
    found = {name: prose_steers(tree) for name, tree in trees() if not name.startswith(skipped)}
    same("prose steers", Counter({name: count for name, count in found.items() if count}))


def test_steering_by_prose_is_seen():
    seen = (
        'if row.reason.startswith("already"): pass\nif found.basis == "base rate": pass\n"x" in row["note"]'
    )
    assert prose_steers(ast.parse(seen)) == 3
    assert prose_steers(ast.parse('if row.reason != "": pass\nif row.basis is Basis.OWN: pass')) == 0


def test_models_have_no_sentences():
    found = {name: len(sentences(tree)) for name, tree in trees(*MODELS)}
    same("sentences in models", Counter({name: count for name, count in found.items() if count}))


def test_sentences_are_seen_and_what_is_raised_is_not():
    told = "words that a reader sees"
    seen = f"NOTE = '{told}'\ndef note(x):\n    if x:\n        return f'{{x}} {told}'\n    frame['why'] = '{told}'"
    assert len(sentences(ast.parse(seen))) == 3
    hidden = (
        f"raise InputError('{told}')\nclass Lack(StrEnum):\n    NONE = '{told}'\nALLOWED: dict[str, Advice] = {{1: '{told}'}}\n"
        f"def faults(x) -> Iterator[Fault]:\n    yield x, '{told}'\ndef check(x):\n    hint = '{told}'\n    raise DataError(hint)"
    )
    assert not sentences(ast.parse(hidden))


PRINTED = re.compile(r":\.\d%|:\.\d+g?}\s?%|:\.\d+f}\s?%|:g}\s?%")


def test_one_printer():
    """A number gets its per cent sign in one file."""
    found: Counter[str] = Counter()
    for path in sorted(SRC.rglob("*.py")):
        name = str(path.relative_to(SRC))
        if name != "answers/numbers.py":
            lines = path.read_text("utf-8").splitlines()
            found[name] = sum(
                bool(PRINTED.search(line)) or ("round(" in line and "%" in line) for line in lines
            )
    same("own printers", +found)
    assert sum("_PRINTERS" in path.read_text("utf-8") for path in SRC.rglob("*.py")) == 1


def test_no_two_classes_of_one_name():
    names = Counter(
        node.name
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    same("classes of one name", Counter({name: count for name, count in names.items() if count > 1}))


def test_answers_import_no_model():
    """Answers know the names of states and industries and the outlines of a map, and nothing else of the data."""
    wrong = [
        (name, node.module)
        for name, tree in trees("answers")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("suasion.sources")
        if node.module
        not in (
            "suasion.sources.countries",
            "suasion.sources.icio2022",
            "suasion.sources.outline",
        )
    ]
    assert not wrong


def test_models_do_not_draw():
    """Pictures are made of answers; the charts that models still have are known, and go."""
    found = Counter(
        name
        for name, tree in trees(*MODELS)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom | ast.Import)
        if any("resvg_py" in one.name for one in node.names)
        or (getattr(node, "module", "") or "").startswith("suasion.answers.picture")
    )
    same("models that draw", found)


@pytest.mark.parametrize("every", [48, pytest.param(1, marks=pytest.mark.evidence)])
def test_no_other_test_reads_english(every):
    """In German, and with every word of it turned into another one, all tests of answers pass but those of words.

    every: of so many questions one is asked.
    """
    files = ["tests/unit/test_answers.py"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-m", "not words", "-p", "no:cacheprovider", *files],
        cwd=ROOT,
        env=os.environ | {"SUASION_SCRAMBLE": str(every), "SUASION_LANGUAGE": "de"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:]


def test_lists_are_sorted_and_used():
    assert list(KNOWN) == sorted(KNOWN)
    for kind, known in KNOWN.items():
        assert list(known) == sorted(known), kind
        assert all(count > 0 for count in known.values()), kind


@pytest.mark.parametrize("room", ["questions", "answers"])
def test_rooms_of_answers_are_on_no_list(room):
    """What is built in the new form is built in it whole."""
    for kind, known in KNOWN.items():
        assert not [name for name in known if name.startswith(f"{room}/")], kind


@pytest.mark.parametrize("name", sorted(name for name, one in QUESTIONS.items() if one.lacks is not None))
def test_a_question_that_solves_has_the_options_of_all_or_says_why_not(name):
    question = QUESTIONS[name]
    has = {one.name for one in question.parameters} & set(SOLVING)
    assert question.lacks is not None
    assert has.isdisjoint(question.lacks)
    assert has | set(question.lacks) == set(SOLVING)
    assert all(isinstance(why, Lack) for why in question.lacks.values())
    afar = question.schema()["properties"]
    assert has - {"world"} <= set(afar)
    assert all(afar[option]["description"] for option in has - {"world"})


def test_a_question_that_solves_says_so(monkeypatch):
    """Those of a world that solve nothing are asked without a solver."""
    quiet = [
        one
        for one in QUESTIONS.values()
        if one.lacks is None and "world" in inspect.signature(one.ask).parameters
    ]
    assert {"dependence", "channels"} <= {one.name for one in quiet}

    def refuse(*args, **kwargs):
        raise AssertionError("the model was solved")

    for module in [
        one for name, one in sys.modules.items() if name.startswith("suasion.") and hasattr(one, "respond")
    ]:
        monkeypatch.setattr(module, "respond", refuse)
    for one in quiet:
        assert one.ask("DEU", "CHN").question == one.name


LARGE = {
    "country": ("BLR",),
    "critical_levels": ("BLR", "RUS"),
    "defiance": ("BLR", "RUS"),
    "dispute": ("BLR", "RUS"),
    "exit_cost": ("BLR", "RUS"),
    "joint_threats": ("RUS",),
    "leverage": (),
    "simulate": ("embargo RUS on BLR in all",),
    "why": ("embargo RUS on BLR in all",),
}
"""Questions that tell losses of a first year, and what is asked so that one is beyond the model."""
LOSSES = (
    "loss_percent",
    "short_percent",
    "war_cost_percent",
    "joint_percent",
    "solo_percent",
    "harm_percent",
)
LOSERS = ("country", "state", "party", "target", "weaker")


@pytest.fixture(scope="module")
def dependent_world():
    """Four economies and four industries; Belarus would lose a quarter without Russia."""
    return load_world().select(["BLR", "RUS", "USA"], ["B06", "C19", "C26"])


def first_year(table):
    """Rows of a table that are of the first year, or of no horizon of their own."""
    for row in table.frame.to_dict("records"):
        past = isinstance(row.get("table_year"), float) and row["table_year"] > 0.0
        if str(row.get("horizon", "short")) == "short" and not past:
            yield row


@pytest.mark.filterwarnings("ignore::suasion.errors.SuasionWarning")
@pytest.mark.parametrize("name", LARGE)
def test_no_large_loss_of_a_first_year_is_told_without_flag_and_bracket(name, dependent_world):
    """Each stands beside its own bracket, or under a caution on the same state that names both ends."""
    asked = QUESTIONS[name]
    several = {one.name: one.kind for one in asked.parameters}
    horizon = {"simulate": ("short",)}.get(name, "short")
    given = {"horizon": horizon} if "horizon" in several else {}
    answer = asked.ask(*LARGE[name], **given, world=dependent_world)
    cautions = {
        one.values["state"].code
        for one in answer.findings
        if one.caution and {"state", "flags", "low", "high"} <= set(one.values)
    }
    told = 0
    for table in answer.tables:
        for row in first_year(table):
            losses = [row[loss] for loss in LOSSES if isinstance(row.get(loss), float)]
            who = next((row[name] for name in LOSERS if row.get(name)), None)
            if who is not None and losses and max(losses) > 100.0 * LOSS:
                told += 1
                bracket = row.get("flags") and row["replacement_percent"] <= row["no_switching_percent"]
                assert bracket or who in cautions, (table.key, row)
    assert told


@pytest.mark.filterwarnings("ignore::suasion.errors.SuasionWarning")
def test_a_flag_of_the_long_run_has_no_bracket_and_says_so():
    """Slovakia's crude oil and gas are nearly all Russian: a flag on supply at every horizon."""
    world = load_world(year=2022).select(["SVK", "RUS", "USA"], ["B06", "C19"])
    answer = QUESTIONS["exit_cost"].ask("SVK", "RUS", audience=(), horizon="long", world=world)
    row = answer.table().frame.set_index("country").loc["SVK"]
    assert row["flags"] == "supply"
    assert row[["replacement_percent", "no_switching_percent"]].isna().all()
    told = [one for one in answer.findings if one.key == "exit_cost.bracket_none"]
    assert [one.values["state"].code for one in told] == ["SVK"]
    assert all(one.sentence() for one in answer.findings)
