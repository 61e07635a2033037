"""The page on the article: 35 claims, each with a command, an answer and a verdict, and no number of its own.

The Python of the page is run once. What it finds is compared with what the tables print, digit by digit; numbers in the verdicts
must stand in a table. Rows on data sets that are not shipped are compared where those are.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from generated import commands, root_command

from article import FENCE, PAGE, SUMMARY, read_claims, summary, table
from suasion.coercion.leverage.intervals import loss_interval
from suasion.sources.catalogue_store import add
from suasion.sources.published_flows import RECONCILED_YEARS
from suasion.world import load_world

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
CLAIMS = 35
ADDED = "added data"
NUMBER = r"\d[\d,]*(?:\.\d+)?"
QUANTITY = re.compile(
    rf"(?<![\w.-])({NUMBER})(?= (?:%|per cent|times|bn|billion|million|USD|points|degrees)\b|[ ]?%)"
)


ALL = read_claims()
NOW = pd.read_csv(DOCS / "evidence" / "claims_today.csv", dtype={"claim": str})
LONG = {20, 21, 35}
"""Claims that read an outlook of two paths, which takes as long as all the others: evidence."""
each = pytest.mark.parametrize("claim", ALL, ids=lambda claim: f"claim {claim.number}")
each_run = pytest.mark.parametrize(
    "claim",
    [pytest.param(one, marks=[pytest.mark.evidence] if one.number in LONG else []) for one in ALL],
    ids=lambda claim: f"claim {claim.number}",
)


def files_named(command: str, folder: Path) -> tuple[str, list[Path]]:
    """Data set and files of a ``suasion data add`` line, looked for under the reference data."""
    name, *names = shlex.split(command)[3:]
    return name, [next(folder.rglob(file)) for file in names]


@pytest.fixture(scope="module")
def found(
    tmp_path_factory: pytest.TempPathFactory, reference_folder: Path | None
) -> dict[int, dict[str, Any]]:
    """What the Python of the page finds; that on added data only where the reference data are."""
    kinds = ["python"]
    later = () if os.environ.get("SUASION_EVIDENCE") else tuple(f"found[{number}] = " for number in LONG)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("page"))
        if reference_folder:
            kinds.append("py")
            store = tmp_path_factory.mktemp("store")
            patch.setenv("SUASION_DATA", str(store))
            lines = {c for claim in ALL for c in claim.commands if c.startswith("suasion data add ")}
            for line in sorted(lines):
                add(*files_named(line, reference_folder), store)
        names: dict[str, Any] = {"__name__": "page"}
        for number, (kind, code) in enumerate(FENCE.findall(PAGE.read_text("utf-8")), start=1):
            if kind in kinds and not any(one in code for one in later):
                exec(compile(code, f"{PAGE.name}, block {number}", "exec"), names)
    return names["found"]


def same(printed: str, value: Any) -> bool:
    """Whether a number or word is printed as it is, to the last digit shown."""
    if isinstance(value, str):
        return printed == value
    plain = printed.replace(",", "")
    digits = len(plain.partition(".")[2])
    # Half a unit of the last digit is rounding; a hundredth more, for other builds of BLAS round a tie the other way.
    return abs(float(plain) - float(value)) <= 0.51 * 10.0**-digits


def test_the_application_ships_what_the_page_says():
    shipped = ROOT / "src" / "suasion" / "dossier" / "site" / "article.json"
    assert shipped.read_text("utf-8") == table(), "run `make docs`"


def test_the_page_in_short_has_a_row_for_each_claim():
    text = SUMMARY.read_text("utf-8")
    assert text == summary(), "run `make docs`"
    assert len(re.findall(rf"^\| \[\d+\]\({PAGE.name}#", text, re.MULTILINE)) == CLAIMS
    assert len(text.split()) <= 2800  # some eighty words a claim


def test_every_claim_is_there_in_order():
    assert [claim.number for claim in ALL] == list(range(1, CLAIMS + 1))


@each
def test_claim_has_command_answer_and_verdict(claim):
    text, kind = claim.text, claim.verdict[1]
    assert re.search(r"^\*\*Claim\.\*\* \S", text, re.MULTILINE)
    assert claim.commands, "no command"
    assert claim.rows or kind == "not measured yet"
    if kind.startswith("not measur"):
        assert ", because " in claim.verdict[0].replace("\n", " ")
    order = [text.index("**Claim.**"), text.index("```bash"), text.index("**Verdict:")]
    assert order == sorted(order)


@each
def test_commands_can_be_typed(claim):
    root = dict(commands(root_command()))
    for line in claim.commands:
        words = shlex.split(line)
        if words[1] == "--world":
            assert int(words[2]) in RECONCILED_YEARS
            words[1:3] = []
        if words[:2] == ["python", "-c"]:
            compile(words[2], line, "exec")
            continue
        assert words[0] == "suasion", line
        path = next(p for n in (2, 1) if (p := " ".join(words[1 : 1 + n])) in root)
        root[path].make_context(path, words[1 + len(path.split()) :])  # raises on an unknown option or value


@each_run
def test_tables_print_what_the_page_computes(claim, found):
    mine = found.get(claim.number, {})
    rows = {label: row for label, row in claim.rows.items() if label in mine or ADDED not in row[2]}
    assert set(mine) <= set(claim.rows), "computed and not printed"
    assert set(rows) <= set(mine), "printed and not computed"
    wrong = {label: (row[0], mine[label]) for label, row in rows.items() if not same(row[0], mine[label])}
    assert not wrong


@each_run
def test_added_data_give_the_rest(claim, found, reference_data):
    assert set(claim.rows) == set(found.get(claim.number, {}))


@each
def test_numbers_in_the_verdict_stand_in_the_claim_or_its_table(claim):
    verdict = claim.verdict[0]
    known = set(re.findall(NUMBER, FENCE.sub("", claim.text.replace(verdict, ""))))
    assert not [n for n in QUANTITY.findall(verdict) if n not in known]


@each
def test_today_is_told_with_numbers_of_the_committed_table(claim):
    """Each quantity and range is a cell of the table or of the claim, to the last digit printed."""
    told = claim.today[2]
    rows = NOW[NOW["claim"] == str(claim.number)]
    cells = rows[["then", "today", "low", "high"]].apply(pd.to_numeric, errors="coerce").to_numpy().ravel()
    known = {*re.findall(NUMBER, FENCE.sub("", claim.text.replace(claim.today[0], "")))}
    ends = [end for both in re.findall(rf"\(({NUMBER}) to ({NUMBER})\b", told) for end in both]
    new = [n for n in (*QUANTITY.findall(told), *ends) if n not in known]
    assert not [n for n in new if not any(same(n, cell) for cell in cells[np.isfinite(cells)])]


def test_the_list_of_verdicts_counts_them():
    text = SUMMARY.read_text("utf-8")
    listed = {
        kind: line
        for kind, _, line in re.findall(r"^\| (\w[\w ]*) \| (.+?) \| (\d+: .+?) \|$", text, re.MULTILINE)
    }
    kinds: dict[str, list[str]] = {}
    for claim in ALL:
        kinds.setdefault(claim.verdict[1], []).append(str(claim.number))
    assert listed == {kind: f"{len(numbers)}: {', '.join(numbers)}" for kind, numbers in kinds.items()}


def test_ranges_of_the_network_are_those_of_the_page_they_come_from():
    chosen = [claim for claim in ALL if "suasion bargain" in claim.text]
    ranges = [
        r for c in chosen for r in re.findall(rf"; ({NUMBER} to {NUMBER})(?: over the ranges)? \|", c.text)
    ]
    text = (DOCS / "explanation" / "games.md").read_text("utf-8")
    assert len(ranges) >= 4
    assert not [r for r in ranges if r not in text]


def test_ranges_of_losses_are_those_that_ship():
    world = load_world(year=2022)
    ties = (("RUS", "CHN", "short"), ("RUS", "CHN", "long"), ("CHN", "RUS", "long"))
    short, long, others = (loss_interval(world, *tie) for tie in ties)
    ends = [(one.low_percent, one.high_percent) for one in (short, long, others)]
    ends.append((long.low_ratio, long.high_ratio))
    printed = [r for c in ALL for r in re.findall(rf"; range ({NUMBER}) to ({NUMBER}) \|", c.text)]
    assert len(printed) == len(ends)
    assert all(same(p, v) for ps, vs in zip(printed, ends, strict=True) for p, v in zip(ps, vs, strict=True))
