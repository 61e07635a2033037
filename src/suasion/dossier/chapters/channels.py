"""Technology and finance: shares, looked through, and how dear the partner's absence would be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from suasion.dossier.chapter import Chapter, ChapterTable, Column, Picture
from suasion.dossier.claims import Comparison, Finding, Quantity
from suasion.dossier.words import capital, plain_name

if TYPE_CHECKING:
    from suasion.dossier.gather import Question
    from suasion.world import World

TITLE = "How far do the two depend on each other’s technology and finance?"
MEASURE = "import share"
COLUMNS = (
    Column("channel", "Channel"),
    Column("side", "Who depends"),
    Column("measure", "Measure"),
    Column("value", "Per cent", "share"),
    Column("low", "from", "share"),
    Column("high", "to", "share"),
    Column("status", "Status"),
)


def chapter(question: Question, world: World) -> Chapter | None:
    """Return the technology channels both ways, and the row that says what of finance is not measured."""
    if question.outside:
        return Chapter(
            "channels", TITLE, reason=f"{question.outside} is not in the world’s table of industries."
        )
    from suasion.products import technology_channels

    frame = technology_channels(question.a.code, question.b.code, world)
    names = {question.a.code: question.a.name, question.b.code: question.b.name}
    tables = tuple(
        _table(measure, part, names, question.source)
        for measure, part in frame.groupby("measure", sort=False)
    )
    return Chapter(
        "channels", TITLE, findings=_findings(frame, names, question), tables=tables, method="products"
    )


def _table(measure: object, part: pd.DataFrame, names: dict[str, str], source: str) -> ChapterTable:
    percent = part["unit"].ne("per cent").map({True: 100.0, False: 1.0})
    rows = []
    for row, scale in zip(part.to_dict("records"), percent, strict=True):
        numbers = [None if pd.isna(row[k]) else scale * float(row[k]) for k in ("value", "low", "high")]
        side = f"{plain_name(names[row['country']])} on {plain_name(names[row['partner']])}"
        status = row["status"] if not row["reason"] else f"{row['status']}: {row['reason']}"
        rows.append((row["channel"], side, row["measure"], *numbers, status))
    return ChapterTable(
        key=f"channels-{str(measure).split()[0]}",
        title=capital(str(measure)),
        subtitle=EXPLAINED.get(str(measure), "Per cent"),
        columns=COLUMNS,
        rows=tuple(rows),
        source=source,
        picture=Picture("ranges", "value", "channel", "low", "high", series="side"),
        most=10,
        terminal=("channel", "side", "value"),
    )


EXPLAINED = {
    "import share": "Share of the partner in imports of the product, %",
    "look-through share": "Share of the partner in all output behind what is bought of the product, home included, %",
    "price rise without the partner": "Rise of the product’s price without the partner, %, long to short run",
}


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
        found.append(
            Finding(
                source=question.source,
                template=(
                    "In {channel}, {b} supplies {x} of what {a} imports; {a} supplies {y} of what {b} imports, {word}."
                ),
                numbers={"x": first, "y": second},
                comparisons={
                    "word": Comparison(
                        second, first, "a larger share", "a smaller share", "about the same share"
                    )
                },
                names={"a": names[question.a.code], "b": names[question.b.code], "channel": channel},
            )
        )
    return tuple(found)
