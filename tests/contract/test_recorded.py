"""Numbers of models and dossiers on the pinned world are those recorded in tests/recorded.

A change that means to move them says so in the changelog and records them anew (``python tools/record.py --record``).
Every frame but one is made again here, and of two pairs the dossier and one answer in four, and only their files are read;
``make evidence`` makes all.
"""

from __future__ import annotations

import json

import pytest

import record
import record_files as files

EVERY = 4
"""Of so many questions the answer to one is made again; what they rest on are the frames, which all are."""
NAMES = files.frame_names(record.FOLDER)


@pytest.fixture(scope="module")
def economy():
    with record.pinned() as world:
        yield world


def test_all_frames_are_recorded(economy):
    assert sorted(record.frames(economy)) == NAMES
    assert files.pairs(record.FOLDER) == sorted(record.PAIRS)
    assert files.dossier_names(record.FOLDER) == sorted([*record.PAIRS, f"{record.FULL} full"])


LONG = ("outlook.outlook",)
"""Frames that take as long as all others, of which an answer and a dossier have parts: evidence."""


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=[pytest.mark.evidence] if one in LONG else []) for one in NAMES]
)
def test_a_frame_is_as_recorded(economy, name):
    found = json.loads(json.dumps(record.frame(economy, name)))
    assert not list(record.differences(files.frame(record.FOLDER, name), found, record.RTOL))


@pytest.mark.parametrize("pair", record.SAMPLE)
def test_a_dossier_is_as_recorded(economy, pair):
    found = record.dossier(economy, pair)
    assert not list(record.differences(files.dossier(record.FOLDER, pair), found, record.RTOL))


@pytest.mark.parametrize("pair", record.SAMPLE)
def test_answers_are_as_recorded(economy, pair):
    found = json.loads(json.dumps(record.answers(economy, pair, EVERY)))
    recorded = files.answers(record.FOLDER, pair)
    assert len(found) > len(recorded) / (2 * EVERY)
    kept = {name: recorded[name] for name in found if name in recorded}
    assert not list(record.differences(kept, found, record.RTOL))


def test_a_moved_number_is_found():
    old = {"frames": {"x": {"loss": [1.0, None, "short"]}}}
    moved = {"frames": {"x": {"loss": [1.0 + 1e-6, None, "short"]}}}
    close = {"frames": {"x": {"loss": [1.0 + 1e-12, None, "short"], "more": [1]}}}
    assert list(record.differences(old, close, record.RTOL)) == []
    assert len(list(record.differences(old, close, 0.0))) == 1
    assert len(list(record.differences(old, moved, record.RTOL))) == 1
    assert list(record.differences(old, {"frames": {}}, record.RTOL)) == ["/frames/x: gone"]


def test_a_recording_reads_as_it_was_written(tmp_path):
    table = {
        "year": [2019, 2020, None],
        "code": ["0101", "nan", "true"],
        "text": ["a\tb", "", '"x"'],
        "share": [1.0, 1 / 3, -2.5e-300],
        "same": [False, False, False],
    }
    tables = {"one": table, "two": {"x": [], "y": []}, "three": {"x": [7], "y": [None]}, "four": {}}
    made = {
        "frames": {"f": table},
        "answers": {"q": {}},
        "dossiers": {"A-B full": {"/a/0": 1e20, "/b": None}},
    }
    made["answers"] = {"A-B": {"question": tables}}
    files.write(made, tmp_path, None)
    assert files.read(tmp_path) == made
    files.write(made, tmp_path)
    assert list(record.differences(made, files.read(tmp_path), record.RTOL)) == []
    assert files.frame(tmp_path, "f")["share"] == [1.0, 0.3333333333, 0.0]


def test_only_what_moved_is_recorded_anew():
    old = {"x": {"loss": [0.3333333333, 2.0, None]}, "gone": [1]}
    new = {"x": {"loss": [1 / 3, 2.1, None]}, "more": [2.0]}
    assert record.settled(old, new) == {"x": {"loss": [0.3333333333, 2.1, None]}, "more": [2.0]}
