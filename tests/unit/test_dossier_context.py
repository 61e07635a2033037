"""The context: complete, JSON-ready, refusing NaN; files written whole or not at all."""

from __future__ import annotations

import dataclasses
import json
import stat

import pytest
from tests.unit.made_up import made_up, outside
from tests.unit.test_chapters import CHAPTER

from suasion.dossier.chapter import Chapter
from suasion.dossier.context import SCHEMA, CertificateRow
from suasion.dossier.export import as_markdown
from suasion.dossier.forms import Dossier
from suasion.errors import DataError, OutputError
from suasion.files import check_writable, write_text
from suasion.questions import alliance

FIELDS = {
    "a", "b", "audience", "audience_name", "question", "summary", "answers", "sources", "caveats", "certificates",
    "provenance", "front", "names", "remarks", "chapters", "schema",
}  # fmt: skip


def test_published_fields_of_version_3():
    assert SCHEMA == 3
    assert {field.name for field in dataclasses.fields(Dossier)} == FIELDS


@pytest.mark.parametrize("make", [made_up, outside])
def test_to_dict_is_json_with_the_documented_keys(make):
    plain = make().to_dict()
    again = json.loads(json.dumps(plain, allow_nan=False))
    assert set(again) == FIELDS
    assert again["schema"] == 3
    assert all({"kind", "verb", "sentence", "source"} <= set(claim) for claim in again["summary"])
    assert all(bool(answer["tables"]) != bool(answer["absent"]) for answer in again["answers"].values())


@pytest.mark.parametrize("make", [made_up, outside])
def test_a_dossier_is_made_again_of_its_json(make):
    """Findings, tables and chapters: every form of it is the same."""
    first = dataclasses.replace(make(), chapters=(CHAPTER, Chapter("alliance", alliance("RUS", "CHN"))))
    again = Dossier.from_dict(json.loads(json.dumps(first.to_dict(), allow_nan=False)))
    assert again.to_dict() == first.to_dict()
    assert as_markdown(again) == as_markdown(first)
    assert again.to_text() == first.to_text()
    assert again.chapters == first.chapters


def test_nan_is_refused_with_its_place():
    made = made_up()
    broken = (CertificateRow("a cut", float("nan"), 0.0, False),)
    with pytest.raises(DataError, match=r"dossier\.certificates\[0\]\.residual is nan"):
        dataclasses.replace(made, certificates=broken).to_dict()


def test_headline_falls_back():
    assert made_up().headline("exit_cost.asymmetry", "else") == "Russia loses more from a break than China"
    assert outside().headline("exit_cost.asymmetry", "else") == "else"


def test_output_is_checked_before_the_work(tmp_path):
    with pytest.raises(OutputError, match="does not exist"):
        check_writable(tmp_path / "absent" / "x.html")
    with pytest.raises(OutputError, match="it is a folder"):
        check_writable(tmp_path)
    assert check_writable(tmp_path / "x.html") == tmp_path / "x.html"
    assert list(tmp_path.iterdir()) == []


def test_write_replaces_in_one_step(tmp_path, monkeypatch):
    target = tmp_path / "x.txt"
    write_text(target, "old")
    assert stat.S_IMODE(target.stat().st_mode) == 0o644

    def broken(self, other):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", broken)
    with pytest.raises(OutputError, match="No space left on device"):
        write_text(target, "new")
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["x.txt"]
