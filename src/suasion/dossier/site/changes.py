"""The change log of headline numbers: what each was in every record, when it was revised, by how much, and why.

``headlines.csv`` beside this module has one line a number and record. A record is added when a number moves in print;
a test recomputes the newest one, so that the log cannot fall behind the model.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from suasion.files import shipped_text
from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.dossier.site.printed import plain
from suasion.dossier.site.rows import SCHEMA, TwinContext
from suasion.dossier.words import state

FILE = "headlines.csv"
FIELDS = ("date", "version", "data", "reason", "pair", "country", "measure", "value")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChangesContext(TwinContext):
    """The change log.

    question, sentence: Title and answer.
    records: The newest first: day (ISO), version of Suasion, data, reason, and how many numbers have
      ``moved`` in print.
    pairs: Title of a pair to its numbers: side, measure, newest value (per cent) and text, and revisions, the
      newest first.
    keys: Title of a pair to "RUS-CHN", the anchor that a dossier links to.
    schema: Version of this context.
    """

    records: tuple[Row, ...]
    pairs: dict[str, tuple[Row, ...]]
    keys: dict[str, str]
    schema: int = SCHEMA


Line = Mapping[str, str]


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


def changes_context(lines: Sequence[Line] | None = None) -> ChangesContext:
    """The change log as a page shows it.

    lines: Lines of a log; the committed one by default.
    """
    lines = recorded() if lines is None else lines
    history: dict[tuple[str, str, str], list[Line]] = {}
    for line in lines:
        history.setdefault((line["pair"], line["country"], line["measure"]), []).append(line)
    rows = {key: _row(key, found) for key, found in history.items()}
    titles = {pair: _title(pair) for pair, _, _ in rows}
    pairs = {
        title: tuple(row for (owner, _, _), row in rows.items() if owner == pair)
        for pair, title in titles.items()
    }
    records = _records(lines)
    key = "changes.first" if len(records) == 1 else "changes.sentence"
    return ChangesContext(
        question=say("changes.question"),
        sentence=say(key, date=records[0]["date"], moved=records[0]["moved"], count=len(rows)),
        records=records,
        pairs=pairs,
        keys={title: pair for pair, title in titles.items()},
    )


def _title(pair: str) -> str:
    a, b = pair.split("-")
    return say("changes.pair", a=plain(a), b=plain(b))


def _row(key: tuple[str, str, str], lines: Sequence[Line]) -> Row:
    pair, country, measure = key
    partner = next(code for code in pair.split("-") if code != country)
    texts = [printed(measure, float(line["value"])) for line in lines]
    steps = [
        say("changes.revision", before=before, after=after, date=line["date"], reason=line["reason"])
        for before, after, line in zip(texts, texts[1:], lines[1:], strict=False)
        if before != after
    ]
    return dict(
        pair=pair,
        country=country,
        name=plain(country),
        measure=say(f"changes.{measure}", partner=state(partner)),
        value=float(lines[-1]["value"]),
        text=texts[-1],
        revisions=tuple(reversed(steps)),
    )


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
