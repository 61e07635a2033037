"""The second process draws what the first one would, and its death costs time only."""

from __future__ import annotations

import json

import pytest

from suasion.dossier import studio

SPEC = {
    "data": {"values": [{"x": 1, "y": 2}, {"x": 2, "y": 3}]},
    "mark": "point",
    "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}},
}


def specs(count):
    return [json.dumps({**SPEC, "title": f"picture {k}"}) for k in range(count)]


@pytest.fixture
def own(monkeypatch):
    """A studio of this test, closed after it."""
    made = studio.Studio()
    monkeypatch.setattr(studio, "studio", lambda: made)
    yield made
    if made.worker is not None:
        made.worker.end()


def test_both_processes_draw_the_same(own):
    texts = specs(3)
    assert studio.Drawings().all(texts) == [studio.draw_here(text) for text in texts]
    assert own.draw(texts[0]) == studio.draw_here(texts[0])


def test_pictures_drawn_ahead_are_used(own, monkeypatch):
    texts = specs(2)
    drawings = studio.Drawings()
    drawings.ahead(texts)
    drawings._helper.join()
    monkeypatch.setattr(studio, "draw_here", lambda text: pytest.fail("drawn twice"))
    assert [f"picture {k}" in svg for k, svg in enumerate(drawings.all(texts))] == [True, True]


def test_without_the_other_process_everything_is_drawn_here(own):
    own.worker.end()
    texts = specs(2)
    assert own.draw(texts[0]) is None
    assert studio.Drawings().all(texts) == [studio.draw_here(text) for text in texts]


def test_a_process_that_dies_midway_costs_no_picture(own):
    texts = specs(4)
    own.draw(texts[0])
    own.worker.kill()
    assert studio.Drawings().all(texts) == [studio.draw_here(text) for text in texts]


def test_a_specification_that_cannot_be_drawn_is_an_error_here_too(own):
    with pytest.raises(ValueError, match=r"."):
        studio.Drawings().all(['{"mark": "no such mark"}'])
    assert "svg" in own.draw(specs(1)[0]), "the other process goes on"


def test_no_studio_where_no_process_can_start(monkeypatch):
    monkeypatch.setattr("sys.executable", "/nonexistent/python")
    assert studio.Studio().draw(specs(1)[0]) is None
