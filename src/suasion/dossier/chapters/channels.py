"""Technology: shares, looked through, and how dear the partner's absence would be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from suasion.answers.catalogue import say, template
from suasion.answers.language import capital
from suasion.dossier.chapter import Chapter, ChapterTable, Heads, Picture, heads
from suasion.dossier.claims import Comparison, Finding, Quantity
from suasion.dossier.words import plain_name

if TYPE_CHECKING:
    from suasion.dossier.gather import Question
    from suasion.world import World

MEASURE = "import share"
COLUMNS: Heads = {
    "channel": "text",
    "side": "text",
    "value": "share",
    "low": "share",
    "high": "share",
    "status": "text",
}
ENDS = ("low", "high")
"""Columns of a range, left out of a table whose measure has none."""
LEAST_SHARE = 0.05
"""Per cent: where both shares are smaller they print as nothing, and there is nothing to tell."""


def chapter(question: Question, world: World) -> Chapter | None:
    """Return technology both ways; rows that are not measured say why."""
    names = {question.a.code: question.a.name, question.b.code: question.b.name}
    title = say("chapter.channels.title")
    if question.outside:
        return Chapter("channels", title, reason=question.say_outside("chapter.channels.outside"))
    from suasion.products import technology_channels

    frame = technology_channels(question.a.code, question.b.code, world)
    tables = tuple(
        _table(measure, part, names, question.source)
        for measure, part in frame.groupby("measure", sort=False)
    )
    return Chapter("channels", title, _findings(frame, names, question), tables, method="products")


def _table(measure: object, part: pd.DataFrame, names: dict[str, str], source: str) -> ChapterTable:
    percent = part["unit"].ne("per cent").map({True: 100.0, False: 1.0})
    rows = []
    for row, scale in zip(part.to_dict("records"), percent, strict=True):
        numbers = [
            None if pd.isna(row[k]) else float(f"{scale * row[k]:.6g}") for k in ("value", "low", "high")
        ]
        country, partner = (plain_name(names[row[who]]) for who in ("country", "partner"))
        side = say("chapter.channels.side", country=country, partner=partner)
        status = row["status"] if not row["reason"] else f"{row['status']}: {row['reason']}"
        rows.append((row["channel"], side, *numbers, status))
    whole = ChapterTable(
        key=f"channels-{str(measure).split()[0]}",
        title=capital(str(measure)),
        subtitle=say(f"chapter.channels.{str(measure).split()[0].replace('-', '_')}"),
        columns=heads("channels.head", COLUMNS),
        rows=tuple(rows),
        source=source,
        picture=Picture("ranges", "value", "channel", *ENDS, series="side"),
        most=10,
        terminal=("channel", "side", "value"),
    )
    if part[list(ENDS)].notna().any(axis=None):
        return whole
    kept = tuple(name for name in COLUMNS if name not in ENDS)
    return replace(whole.only(kept), picture=Picture("ranges", "value", "channel", series="side"))


def _findings(frame: pd.DataFrame, names: dict[str, str], question: Question) -> tuple[Finding, ...]:
    known = frame[(frame["measure"] == MEASURE) & frame["value"].notna()]
    found = []
    for channel in ("electronics and computers", "machinery"):
        part = known[known["channel"] == channel].set_index("country")["value"]
        if not {question.a.code, question.b.code} <= set(part.index):
            continue
        first, second = (
            Quantity(100.0 * float(part[code]), "share") for code in (question.a.code, question.b.code)
        )
        if max(first.value or 0.0, second.value or 0.0) < LEAST_SHARE:
            continue
        found.append(
            Finding(
                source=question.source,
                template=template("chapter.channels.finding"),
                numbers={"x": first, "y": second},
                comparisons={
                    "word": Comparison(
                        second,
                        first,
                        *(say(f"chapter.channels.{word}") for word in ("larger", "smaller", "same")),
                    )
                },
                names={"a": names[question.a.code], "b": names[question.b.code], "channel": channel},
            )
        )
    return tuple(found)
