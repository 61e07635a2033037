"""Committed evidence still holds: inputs unchanged, tables untouched, sampled rows recomputed."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess

import pandas as pd
import pytest

import evidence
from evidence_tables import TABLES

ALL = pytest.mark.parametrize("table", TABLES, ids=lambda e: e.name)
LONG = (
    "assistant_questions",
    "flow_trials",
    "front_headings",
    "ideal_points",
    "joint_threats",
    "share_learner",
    "trial_response",
    "world_nowcasts",
)
"""Tables of which a sample takes five seconds and more."""
EVERY = 3
"""Of so many tables a few rows are made again in each run of the tests, of all in `make evidence PART=slow`: that code which a
table rests on has not moved since it was written is held for every one of them."""
SAMPLED = pytest.mark.parametrize(
    "table",
    [
        pytest.param(e, marks=[pytest.mark.evidence] if n % EVERY or e.name in LONG else [])
        for n, e in enumerate(TABLES)
    ],
    ids=lambda e: e.name,
)


@ALL
def test_inputs_are_the_ones_recorded(table):
    assert evidence.read_manifest()[table.name]["inputs"] == evidence.hashes(table), "run `make evidence`"


@ALL
def test_committed_table_is_the_one_written(table):
    recorded = evidence.read_manifest()[table.name]["table"]
    assert recorded == {table.path.name: evidence.sha256(table.path)}


@SAMPLED
def test_sampled_rows_are_reproduced(table, request):
    if table.added:
        request.getfixturevalue("reference_named")
    committed = evidence.read(table)
    fresh = table.sample(committed)
    assert len(fresh)
    assert evidence.mismatches(table, committed, fresh) == []


def test_index_lists_the_tables():
    assert (evidence.FOLDER / "index.md").read_text("utf-8") == evidence.index_page(TABLES)


def test_make_has_every_part_of_the_evidence(root):
    """Each is a target of half an hour at most, and none is left out where all are made."""
    told = subprocess.run(
        ["make", "-s", "evidence-parts"], cwd=root, capture_output=True, text=True, check=True
    )
    assert {e.part for e in TABLES} == set(told.stdout.split()) - {
        "recorded",
        "slow",
        "faults",
        "screens",
        "types",
    }


@pytest.mark.parametrize("given", [["nothing"], ["--part", "nothing"]])
def test_what_is_no_part_is_refused_with_what_there_is(given, capsys):
    with pytest.raises(SystemExit, match="2"):
        evidence.main(given)
    assert re.search("no table or part nothing; known: .*--part worlds.*exit_costs", capsys.readouterr().err)


def test_a_difference_is_found():
    table = dataclasses.replace(TABLES[0], tolerance=1e-6)
    committed = pd.DataFrame(
        {"pair": ["A-B"], "country": ["A"], "horizon": ["long"], "loss_percent": [1.0], "loss_usd": [5.0]}
    )
    assert evidence.mismatches(table, committed, committed) == []
    assert evidence.mismatches(table, committed, committed.assign(loss_usd=5.0 + 1e-7)) == []
    found = evidence.mismatches(table, committed, committed.assign(loss_usd=5.1))
    assert found == ["exit_costs ('A-B', 'A', 'long') loss_usd: committed 5.0, now 5.1"]
    assert "no such row" in evidence.mismatches(table, committed, committed.assign(country="C"))[0]


def test_reference_data_are_found_by_their_fixture_alone(root):
    """All other tests run as in a clone that has nothing beside it, whoever starts them."""
    assert "SUASION_TEST_DATA" not in os.environ
    outside = [p for p in (root / "tests").rglob("*.py") if "SUASION_TEST_DATA" in p.read_text("utf-8")]
    assert sorted(p.name for p in outside) == ["conftest.py", "test_evidence.py"]


def test_pages_print_their_evidence(root):
    """The page on the short run has the lines that its table makes; studies count as a whole where their worst lies."""
    import evidence_published
    import evidence_short_run

    table = pd.read_csv(root / "docs" / "evidence" / "short_run.csv")
    page = (root / "docs" / "explanation" / "short-run.md").read_text("utf-8").splitlines()
    made = evidence_short_run.page_lines(table)
    first = page.index(made[0])
    assert page[first : first + len(made)] == made
    rows = [("a", "reproduced"), ("a", "apart"), ("b", "band"), ("c", "unasked")]
    figures = pd.DataFrame(rows, columns=["study", "agreement"]).assign(role="test", match="same")
    counts = evidence_published.counted(figures).set_index("agreement")["whole_studies"]
    assert counts.to_dict() == {"reproduced": 0, "band": 1, "apart": 1, "unasked": 0}
