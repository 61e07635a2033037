"""Revealed defiance: the pair’s exit cost among those of past disputes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suasion.answers.catalogue import say, template
from suasion.dossier.chapter import Cell, Chapter, ChapterTable, Heads, Picture, heads, reason_of
from suasion.dossier.claims import Comparison, Finding, Quantity
from suasion.dossier.words import plain_name
from suasion.errors import SuasionError

if TYPE_CHECKING:
    from suasion.dossier.gather import Question
    from suasion.outlook.defiance.place import Defiance
    from suasion.world import World

COLUMNS: Heads = {
    "case": "text",
    "run": "text",
    "weaker": "text",
    "loss": "percent",
    "other": "percent",
    "outcome": "text",
}
SPREAD: Heads = {
    "who": "text",
    "run": "text",
    "loss": "percent",
    "low": "percent",
    "quarter": "percent",
    "most": "percent",
    "high": "percent",
    "below": "share",
}


def chapter(question: Question, world: World) -> Chapter | None:
    """Return the pair beside named disputes, and where it stands among all cases."""
    title = say("chapter.precedent.title")
    if question.outside:
        return Chapter("precedent", title, reason=question.say_outside("chapter.outside"))
    from suasion.outlook.defiance.place import defiance

    try:
        found = defiance(question.a.code, question.b.code, world)
    except SuasionError as error:
        return Chapter("precedent", title, reason=reason_of(error))
    rows = (*_own(found, question), *_past(found, question))
    if not rows:
        return Chapter("precedent", title, reason=say("chapter.precedent.none"))
    table = ChapterTable(
        key="precedent-losses",
        title=say("chapter.precedent.table"),
        subtitle=say("chapter.precedent.subtitle"),
        columns=heads("precedent.head_columns", COLUMNS),
        rows=rows,
        source=say("chapter.precedent.source"),
        notes=found.notes,
        picture=Picture("ranges", "loss", "case", series="run"),
        most=12,
    )
    findings = tuple(f for row in found.rows if row["weaker"] is not None for f in (_finding(row, question),))
    return Chapter("precedent", title, findings, (table, _spread(found, question)), method="defiance")


def _spread(found: Defiance, question: Question) -> ChapterTable:
    """Distribution of what sanctioned sides stood to lose, by what they did, and the pair's place in it."""
    from suasion.outlook.defiance.place import loss_at

    rows: list[tuple[Cell, ...]] = []
    for row in found.rows:
        if row["weaker"] is None:
            continue
        run = row["horizon"]
        for group in ("defied", "yielded"):
            middle, *ends = (loss_at(run, group, part) for part in (0.5, 0.05, 0.25, 0.75, 0.95))
            rows.append(
                (say(f"chapter.precedent.sides_{group}"), run, middle, *ends, 100 * row[f"above_{group}"])
            )
        weaker, stronger = (plain_name(question.names[row[side]]) for side in ("weaker", "stronger"))
        own = say("chapter.precedent.now_from", weaker=weaker, stronger=stronger)
        rows.append((own, run, row["loss_percent"], None, None, None, None, None))
    return ChapterTable(
        key="precedent-spread",
        title=say("chapter.precedent.spread"),
        subtitle=say("chapter.precedent.spread_subtitle"),
        columns=heads("precedent.head_spread", SPREAD),
        rows=tuple(rows),
        source=say("chapter.precedent.source"),
        notes=(say("chapter.precedent.spread_note"),),
        picture=Picture("ranges", "loss", "who", "low", "high", series="run"),
        most=0,
    )


def _own(found: Defiance, question: Question) -> list[tuple[Cell, ...]]:
    name = say("chapter.precedent.now", a=plain_name(question.a.name), b=plain_name(question.b.name))
    return [
        (
            name,
            row["horizon"],
            plain_name(question.names[row["weaker"]]),
            row["loss_percent"],
            row["stronger_loss_percent"],
            say("chapter.precedent.open"),
        )
        for row in found.rows
        if row["weaker"] is not None
    ]


def _past(found: Defiance, question: Question) -> list[tuple[Cell, ...]]:
    return [
        (
            say(
                "chapter.precedent.case",
                dispute=row["dispute"],
                year=row["year"],
                table=_table(str(row["world"])),
            ),
            row["horizon"],
            plain_name(question.names.get(row["weaker"], row["weaker"])),
            row["loss_percent"],
            row["stronger_loss_percent"],
            say(f"chapter.precedent.{'yielded' if row['yielded'] else 'defied'}"),
        )
        for row in found.disputes
    ]


def _table(world: str) -> str:
    """Which year's table a past dispute was computed on; some stand on two."""
    return world.partition(" ")[2] or world.removeprefix("icio")


def _finding(row: dict[str, object], question: Question) -> Finding:
    weaker, stronger = (str(row[side]) for side in ("weaker", "stronger"))
    share = Quantity(100.0 * _float(row["above_defied"]), "share")
    return Finding(
        source=say("chapter.precedent.source"),
        template=template("chapter.precedent.finding"),
        numbers={
            "loss": Quantity(_float(row["loss_percent"]), "percent"),
            "share": share,
            "base": Quantity(_float(row["base_rate"]), "probability"),
            "fitted": Quantity(
                _float(row["probability"]), "probability", _float(row["low"]), _float(row["high"])
            ),
        },
        comparisons={
            "word": Comparison(
                share,
                Quantity(50.0, "share"),
                *(say(f"chapter.precedent.{word}") for word in ("above", "below", "about")),
            )
        },
        names={
            "weaker": question.names[weaker],
            "stronger": question.names[stronger],
            "run": str(row["horizon"]),
        },
    )


def _float(value: object) -> float:
    return float(str(value))
