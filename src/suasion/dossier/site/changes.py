"""The change log of headline numbers: what each was in every record, when it was revised, by how much, and why.

``headlines.csv`` beside this module has one line a number and record. A record is added when a number moves in print;
a test recomputes the newest one, so that the log cannot fall behind the model.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from suasion.files import shipped_text
from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.answer import Answer
from suasion.answers.finding import Finding
from suasion.answers.table import Table
from suasion.pages.page import Link, Page

FILE = "headlines.csv"
FIELDS = ("date", "version", "data", "reason", "pair", "country", "measure", "value")
Line = Mapping[str, str]
Row = dict[str, Any]


@cache
def recorded() -> tuple[dict[str, str], ...]:
    """Lines of the committed log, the oldest record first."""
    text = shipped_text("suasion.dossier.site", FILE)
    return tuple(csv.DictReader(io.StringIO(text)))


def printed(measure: str, value: float) -> str:
    """A headline number as the dossier prints it.

    measure: "share", "loss_long" or "loss_short".
    value: Per cent; a loss is positive.
    """
    return n.share(value) if measure == "share" else n.percent(value)


def changes(lines: Sequence[Line] | None = None) -> Answer:
    """Return the change log: records, and each number with what it was before.

    lines: Lines of a log; the committed one by default.
    """
    lines = recorded() if lines is None else lines
    history: dict[tuple[str, str, str], list[Line]] = {}
    for line in lines:
        history.setdefault((line["pair"], line["country"], line["measure"]), []).append(line)
    records = _records(lines)
    newest = {"date": records[0]["date"], "moved": records[0]["moved"], "count": len(history)}
    pairs = dict.fromkeys(pair for pair, _, _ in history)
    sides = [dict(zip(("pair", "country", "partner"), (pair, *pair.split("-")), strict=True)) for pair in pairs]
    numbers = [_number(key, found[-1]) for key, found in history.items()]
    revised = [row for key, found in history.items() for row in _revisions(key, found)]
    tables = (
        Table.of("headline-records", "date version data reason moved", records),
        Table.of("headline-pairs", "pair country partner", sides, detail=True),
        Table.of("headline-numbers", "pair state headline value_percent", numbers),
        Table.of("headline-revisions", "pair state headline date before_percent value_percent reason", revised),
    )
    return Answer("changes", {}, (Finding(f"changes.{'first' if len(records) == 1 else 'newest'}", newest),), tables)


def changes_page() -> Page:
    """Return its page: a pair's numbers lead to its dossier."""
    answer = changes()
    links = {
        row["pair"]: (Link(say("changes.dossier"), f"/dossier/{row['country']}/{row['partner']}"),)
        for row in answer.rows("headline-pairs")
    }
    return Page("changes", answer, {"vintage": ""}, links)


def _number(key: tuple[str, str, str], line: Line) -> Row:
    pair, state, measure = key
    return {"pair": pair, "state": state, "headline": measure, "value_percent": float(line["value"])}


def _revisions(key: tuple[str, str, str], lines: Sequence[Line]) -> list[Row]:
    """Records in which a number prints otherwise than before, the newest first."""
    steps = [
        {
            **_number(key, now),
            "before_percent": float(before["value"]),
            "date": now["date"],
            "reason": now["reason"],
        }
        for before, now in zip(lines, lines[1:], strict=False)
        if printed(key[2], float(before["value"])) != printed(key[2], float(now["value"]))
    ]
    return steps[::-1]


def _records(lines: Sequence[Line]) -> tuple[Row, ...]:
    """Records, the newest first, each with the count of numbers that print otherwise than before."""
    heads = list(
        dict.fromkeys((line["date"], line["version"], line["data"], line["reason"]) for line in lines)
    )
    made: list[Row] = []
    before: dict[tuple[str, str, str], str] = {}
    for head in heads:
        now = {
            (line["pair"], line["country"], line["measure"]): printed(line["measure"], float(line["value"]))
            for line in lines
            if (line["date"], line["version"], line["data"], line["reason"]) == head
        }
        made.append(dict(zip(FIELDS, head, strict=False), moved=sum(before[key] != now[key] for key in now if key in before)))
        before = {**before, **now}
    return tuple(reversed(made))
