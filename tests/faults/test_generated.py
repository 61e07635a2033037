"""Faults by property: whatever is changed in a file, an answer, an argument or a byte that ships is answered or one error.

What is changed, and how, is drawn; a slice of a few seconds runs with the suite, and ``make evidence PART=faults`` draws
many times more. Each check is a function, so that a test can put back what was mended once and see that it is found.
"""

from __future__ import annotations

import copy
import datetime
import inspect
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_kinds_of_files import HOME, READERS, SHIPPED

import suasion as su
from suasion import assistant, files, sweep
from suasion.answers.answer import Answer
from suasion.answers.render import as_json
from suasion.equilibrium.elasticities.response import elasticities_in
from suasion.errors import ChecksumError, SuasionError
from suasion.public.grammar import Call
from suasion.questions import QUESTIONS, alliance, exit_cost
from suasion.world import from_long, from_table
from suasion.world.testing import random_world

#: With this variable many times more is drawn, as in `make evidence`.
TIMES = 40 if os.environ.get("SUASION_FAULTS") else 1
ODD: tuple[Any, ...] = (
    None, True, 5, -7, 0, 10**400, 1e300, float("nan"), float("inf"), 3 + 2j, "", "Atlantis", "RUS;CHN", "\N{SNOWMAN}",
    "A" * 5000, "RUS\nCHN", b"x", [], {}, ["RUS", 5], {"a": {"b": []}}, datetime.date(2020, 1, 1), object(),
)  # fmt: skip
PLAIN = [one for one in ODD if isinstance(one, (str, int, float, list, dict, type(None)))]
"""Those of them that JSON and YAML can hold."""


def drawn(examples: int) -> Callable[[Any], Any]:
    """So many examples in the suite, always the same ones."""
    return settings(
        max_examples=examples * TIMES,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def met(call: Callable[[], Any]) -> Any:
    """What a call gives; None where it is refused in words. Any other error is a fault, and goes on."""
    try:
        return call()
    except SuasionError as error:
        words = str(error).strip()
    assert len(words) > 10
    assert "Traceback" not in words
    return None


def places(plain: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Way to every value of a tree of lists and mappings."""
    if at:
        yield at
    for key in plain if isinstance(plain, dict) else range(len(plain)) if isinstance(plain, list) else ():
        yield from places(plain[key], (*at, key))


def spoiled(plain: Any, data: st.DataObject) -> Any:
    """The same tree with one value gone, twice there, under another name, or an odd one in its place."""
    made = copy.deepcopy(plain)
    *way, key = data.draw(st.sampled_from(list(places(made))), label="where")
    inside = made
    for step in way:
        inside = inside[step]
    how = data.draw(st.sampled_from(("odd", "odd", "gone", "renamed", "twice")), label="how")
    if how == "odd":
        inside[key] = data.draw(st.sampled_from(PLAIN), label="odd")
    elif how == "twice" and isinstance(inside, list):
        inside.append(inside[key])
    elif how == "renamed" and isinstance(inside, dict):
        inside[f"{key}x"] = inside.pop(key)
    else:
        del inside[key]
    return made


def damaged(content: bytes, data: st.DataObject) -> bytes:
    """The same bytes with one bit flipped, cut off, empty, or with a piece twice."""
    at = data.draw(st.integers(0, max(0, len(content) - 1)), label="at")
    how = data.draw(st.sampled_from(("flipped", "cut", "empty", "twice")), label="how")
    flipped = content[:at] + bytes([content[at] ^ (1 << at % 8)]) + content[at + 1 :]
    return {"flipped": flipped, "cut": content[:at], "empty": b"", "twice": content[:at] + content}[how]


# ------------------------------------------------------------------- files


@pytest.mark.parametrize("kind", [*READERS, "file of elasticities"])
@drawn(12)
@given(data=st.data())
def test_a_file_of_judgements_is_read_or_refused(kind, data, tmp_path_factory):
    """Files that ship, of every kind that has a reader, grids of sweeps among them, with a value or a byte changed."""
    name = SHIPPED.get(kind)
    text = (HOME / name).read_text("utf-8") if name else "name: all\npairs: [[RUS, CHN]]\ndraws: 2\n"
    if data.draw(st.booleans(), label="as bytes"):
        text = damaged(text.encode(), data).decode("utf-8", "replace")
    else:
        text = yaml.safe_dump(spoiled(yaml.safe_load(text), data), allow_unicode=True)
    if kind in READERS:
        met(lambda: READERS[kind](text, "mine.yaml"))
        return
    path = tmp_path_factory.getbasetemp() / "mine.yaml"
    path.write_text(text, "utf-8")
    met(lambda: elasticities_in(str(path)))


# ----------------------------------------------------------------- answers


@cache
def plain_answers() -> tuple[dict[str, Any], ...]:
    """Answers as the package writes them: of records, and of a model."""
    small = random_world(4, 3, seed=2)
    made = alliance("RUS", "CHN"), exit_cost("C1", "C2", world=small, elasticities="sigma=4")
    return tuple(one.to_dict() for one in made)


def read_again(plain: Any) -> None:
    """An answer of what a file holds, shown in its forms, or one error."""
    made = met(lambda: Answer.from_dict(plain))
    if made is not None:
        for shown in (str, as_json, lambda one: one.frame):
            met(lambda shown=shown: shown(made))


@drawn(60)
@given(data=st.data())
def test_an_answer_in_json_is_read_or_refused(data):
    read_again(spoiled(data.draw(st.sampled_from(plain_answers())), data))


# --------------------------------------------------------------- arguments


NAMES = ("RUS", "CHN", "USA", "DEU")


def asked_oddly(name: str, odd: Any) -> None:
    """A question with an odd value in the place of each of what it needs: refused, since it is no such thing."""
    needed = [one.name for one in QUESTIONS[name].parameters if one.required]
    for place in range(len(needed)):
        given_ = list(NAMES[: len(needed)])
        given_[place] = odd
        met(lambda given_=given_: getattr(su, name)(*given_))


@pytest.mark.parametrize(
    "name", [n for n, one in QUESTIONS.items() if any(p.required for p in one.parameters)]
)
def test_a_question_asked_of_what_is_none_is_refused(name):
    for odd in ODD if TIMES > 1 else ODD[len(name) % 3 :: 3]:
        asked_oddly(name, odd)


MADE = tuple(
    name
    for name in su.__all__
    if callable(one := getattr(su, name)) and name not in QUESTIONS and not name.startswith("__")
    if not (inspect.isclass(one) and issubclass(one, Exception | Warning))
    if any(p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in inspect.signature(one).parameters.values())
)  # fmt: skip
"""Whatever else is public and needs an argument: instruments, readers, joins, tables."""


@pytest.mark.parametrize("name", MADE)
def test_what_is_public_takes_its_arguments_or_refuses_them(name):
    call = getattr(su, name)
    kinds = inspect.signature(call).parameters.values()
    needed = [p for p in kinds if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    usual = ["RUS", "CHN", 0.1, *["x"] * len(needed)]
    for place in range(len(needed)):
        for odd in ODD if TIMES > 1 else ODD[len(name) % 3 :: 3]:
            given_ = usual[: len(needed)]
            given_[place] = odd
            met(lambda given_=given_: call(*given_))


@drawn(25)
@given(data=st.data())
def test_a_tool_of_the_assistant_answers_or_refuses(data):
    """Arguments of a request as JSON, of questions that solve nothing."""
    name = data.draw(st.sampled_from(("alliance", "ladder", "arms", "share", "ask")), label="tool")
    usual = {"text": "Is a pact of Russia and China likely?"} if name == "ask" else {"a": "RUS", "b": "CHN"}
    met(lambda: assistant.ask(name, spoiled({**usual, "detail": "full"}, data)))


# ------------------------------------------------------------------ tables


@drawn(25)
@given(data=st.data())
def test_a_table_is_taken_or_refused(data):
    """Arrays, labels and long tables with an odd value in the place of one of them."""
    rng = np.random.default_rng(0)
    parts = [rng.uniform(1, 2, (6, 6)), rng.uniform(9, 12, (6, 3)), None, ["A", "B", "C"], ["x", "y"], 2020]
    long = pd.DataFrame(
        [(a, i, b, u, 1.0) for a in "ABC" for i in "xy" for b in "ABC" for u in ("x", "y", "final")],
        columns=["exporter", "input", "importer", "user", "value"],
    ).astype(object)
    odd = data.draw(st.sampled_from(ODD), label="odd")
    place = data.draw(st.integers(0, 9), label="place")
    if place < len(parts):
        met(lambda: from_table(*parts[:place], odd, *parts[place + 1 :]))
        return
    row = data.draw(st.integers(0, len(long) - 1), label="row")
    long.iat[row, data.draw(st.integers(0, 4), label="column")] = (
        str(odd) if isinstance(odd, list | dict) else odd
    )
    met(lambda: from_long(long, 2020))


@pytest.fixture(scope="module")
def part_of_a_sweep(tmp_path_factory) -> Path:
    """A finished sweep of a small world."""
    folder = tmp_path_factory.mktemp("sweep")
    random_world(4, 2, seed=4).save(folder / "w.npz")
    (folder / "g.yaml").write_text("name: s\nworld: {name: file, path: w.npz}\npairs: all\nreport: all\n")
    assert sweep.run_sweep(folder / "g.yaml", folder / "out", workers=0).complete
    return folder / "out"


@drawn(10)
@given(data=st.data())
def test_a_part_of_a_sweep_is_read_or_refused(data, part_of_a_sweep):
    """What processes of a cluster wrote, damaged on a disk."""
    files_ = sorted(one for one in part_of_a_sweep.rglob("*") if one.is_file())
    path = data.draw(st.sampled_from(files_), label="file")
    content = path.read_bytes()
    path.write_bytes(damaged(content, data))
    try:
        met(lambda: sweep.query(part_of_a_sweep, "select count(*) as n from sweep"))
    finally:
        path.write_bytes(content)


# ------------------------------------------------------------------- bytes


def damaged_files(folder: Path, chosen: list[str], patched: pytest.MonkeyPatch) -> list[str]:
    """Of files of the package those of which a damaged copy is read without a word."""
    patched.setattr(files, "package_folder", lambda: folder)
    unnoticed = []
    for place in chosen:
        content = (HOME / place).read_bytes()
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 4]) + content[middle + 1 :]
        for harm in (flipped, content[:-1], b""):
            copy_ = folder / place
            copy_.parent.mkdir(parents=True, exist_ok=True)
            copy_.write_bytes(harm)
            with suppress(ChecksumError):
                files.shipped_bytes("suasion", place)
                unnoticed.append(place)
    return unnoticed


def test_every_file_that_ships_is_held_to_its_checksum(tmp_path, monkeypatch):
    """One bit, a lost end, and nothing; that no reader goes round this door is a contract."""
    shipped = sorted(files.published())
    assert len(shipped) > 60
    assert damaged_files(tmp_path, shipped, monkeypatch) == []


# --------------------------------------------------- what it would have found


def test_it_finds_what_was_mended(tmp_path, monkeypatch):
    """Put back as they were: arguments that nobody looked at, an answer that was taken as it came, bytes not held."""
    with monkeypatch.context() as patched:
        patched.setattr(Call, "bound", lambda one: dict(zip(one.shape.subjects, one.args, strict=False)))
        for name in ("bargain", "panel", "frontier", "signal"):
            with pytest.raises(TypeError):
                asked_oddly(name, 3 + 2j)
    with monkeypatch.context() as patched:
        patched.setattr("suasion.sources.countries.resolve_country", lambda text: text.upper())
        with pytest.raises(AttributeError):
            asked_oddly("triangle", 5)
    with monkeypatch.context() as patched:
        from suasion.answers.render import json

        patched.setattr(json, "from_dict", json._answer_of)
        for harm in ({}, [], {**plain_answers()[0], "tables": 5}):
            with pytest.raises((KeyError, TypeError)):
                read_again(harm)
    with monkeypatch.context() as patched:
        patched.setattr(files, "_hold", lambda *_: None)
        assert damaged_files(tmp_path, ["snapshot/materials.parquet"], patched)
