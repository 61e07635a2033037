"""Numbers of models and dossiers on the pinned world are those recorded in tests/recorded.

A change that means to move them says so in the changelog and records them anew (``python tools/record.py --write
tests/recorded/numbers.json.gz``). Every frame is made again here and three dossiers; ``make evidence`` makes all.
"""

from __future__ import annotations

import json

import pytest

import record

RECORDED = record.read()
NAMES = sorted(RECORDED["frames"])


@pytest.fixture(scope="module")
def economy():
    with record.pinned() as world:
        yield world


def test_all_frames_are_recorded(economy):
    assert sorted(record.frames(economy)) == NAMES
    assert sorted(RECORDED["answers"]) == sorted(record.PAIRS)
    assert sorted(RECORDED["dossiers"]) == sorted([*record.PAIRS, f"{record.FULL} full"])


@pytest.mark.parametrize("name", NAMES)
def test_a_frame_is_as_recorded(economy, name):
    found = json.loads(json.dumps(record.frame(economy, name)))
    assert not list(record.differences(RECORDED["frames"][name], found, record.RTOL))


@pytest.mark.parametrize("pair", record.SAMPLE)
def test_a_dossier_is_as_recorded(economy, pair):
    found = record.dossier(economy, pair)
    assert not list(record.differences(RECORDED["dossiers"][pair], found, record.RTOL))


@pytest.mark.parametrize("pair", record.SAMPLE[::2])
def test_answers_are_as_recorded(economy, pair):
    found = json.loads(json.dumps(record.answers(economy, pair)))
    assert not list(record.differences(RECORDED["answers"][pair], found, record.RTOL))


def test_a_moved_number_is_found():
    old = {"frames": {"x": {"loss": [1.0, None, "short"]}}}
    moved = {"frames": {"x": {"loss": [1.0 + 1e-6, None, "short"]}}}
    close = {"frames": {"x": {"loss": [1.0 + 1e-12, None, "short"], "more": [1]}}}
    assert list(record.differences(old, close, record.RTOL)) == []
    assert len(list(record.differences(old, close, 0.0))) == 1
    assert len(list(record.differences(old, moved, record.RTOL))) == 1
    assert list(record.differences(old, {"frames": {}}, record.RTOL)) == ["/frames/x: gone"]
