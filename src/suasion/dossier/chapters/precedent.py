"""Revealed defiance: the pair’s exit cost among those of past disputes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suasion.dossier.chapter import Cell, Chapter, ChapterTable, Column, Picture
from suasion.dossier.claims import Comparison, Finding, Quantity
from suasion.dossier.words import plain_name
from suasion.errors import SuasionError

if TYPE_CHECKING:
    from suasion.dossier.gather import Question
    from suasion.outlook.defiance.place import Defiance
    from suasion.world import World

TITLE = "What have states in the weaker place done before?"
SOURCE = "own fit on the Global Sanctions Data Base; docs: defiance"
COLUMNS = (
    Column("case", "Case"),
    Column("run", "Run"),
    Column("weaker", "Weaker side"),
    Column("loss", "Its loss, % of own real expenditure", "percent"),
    Column("other", "Loss of the other side, %", "percent"),
    Column("outcome", "Outcome"),
)
SPREAD = (
    Column("who", "Sanctioned sides"),
    Column("run", "Run"),
    Column("loss", "Loss from a full cut, % of own real expenditure: middle case", "percent"),
    Column("low", "5 of 100 below", "percent"),
    Column("quarter", "25 of 100 below", "percent"),
    Column("most", "75 of 100 below", "percent"),
    Column("high", "95 of 100 below", "percent"),
    Column("below", "Cases with a smaller loss than this pair’s weaker side", "share"),
)


def chapter(question: Question, world: World) -> Chapter | None:
    """Return the pair beside named disputes, and where it stands among all cases."""
    if question.outside:
        return Chapter("precedent", TITLE, reason=f"{question.outside} is not in the world’s table.")
    from suasion.outlook.defiance.place import defiance

    try:
        found = defiance(question.a.code, question.b.code, world)
    except SuasionError as error:
        return Chapter("precedent", TITLE, reason=str(error))
    rows = (*_own(found, question), *_past(found, question))
    if not rows:
        return Chapter("precedent", TITLE, reason="The exit cost of the pair could not be computed.")
    table = ChapterTable(
        key="precedent-losses",
        title="What the weaker side stood to lose, and what it did",
        subtitle="Loss from a full cut of the tie, % of own real expenditure",
        columns=COLUMNS,
        rows=rows,
        source=SOURCE,
        notes=found.notes,
        picture=Picture("ranges", "loss", "case", series="run"),
        most=12,
    )
    findings = tuple(f for row in found.rows if row["weaker"] is not None for f in (_finding(row, question),))
    return Chapter("precedent", TITLE, findings, (table, _spread(found, question)), method="defiance")


def _spread(found: Defiance, question: Question) -> ChapterTable:
    """Distribution of what sanctioned sides stood to lose, by what they did, and the pair's place in it."""
    from suasion.outlook.defiance.place import loss_at

    rows: list[tuple[Cell, ...]] = []
    for row in found.rows:
        if row["weaker"] is None:
            continue
        run = row["horizon"]
        for group, who in (("defied", "did not yield"), ("yielded", "yielded")):
            middle, *ends = (loss_at(run, group, part) for part in (0.5, 0.05, 0.25, 0.75, 0.95))
            rows.append((f"Sides that {who}", run, middle, *ends, 100 * row[f"above_{group}"]))
        own = f"{plain_name(question.names[row['weaker']])} from {plain_name(question.names[row['stronger']])}, now"
        rows.append((own, run, row["loss_percent"], None, None, None, None, None))
    return ChapterTable(
        key="precedent-spread",
        title="How much have sanctioned sides stood to lose?",
        subtitle="Loss from a full cut in past cases of trade sanctions, % of own real expenditure; dot: middle case, "
        "bar: 90 of 100 cases",
        columns=SPREAD,
        rows=tuple(rows),
        source=SOURCE,
        notes=(
            "Losses of most cases are computed in the world of 2022: rank, not size, is what to take from them.",
        ),
        picture=Picture("ranges", "loss", "who", "low", "high", series="run"),
        most=0,
    )


def _own(found: Defiance, question: Question) -> list[tuple[Cell, ...]]:
    name = f"{plain_name(question.a.name)} and {plain_name(question.b.name)}, now"
    return [
        (
            name,
            row["horizon"],
            plain_name(question.names[row["weaker"]]),
            row["loss_percent"],
            row["stronger_loss_percent"],
            "open",
        )
        for row in found.rows
        if row["weaker"] is not None
    ]


def _past(found: Defiance, question: Question) -> list[tuple[Cell, ...]]:
    return [
        (
            f"{row['dispute']}, {row['year']} ({_table(str(row['world']))})",
            row["horizon"],
            plain_name(question.names.get(row["weaker"], row["weaker"])),
            row["loss_percent"],
            row["stronger_loss_percent"],
            "yielded" if row["yielded"] else "did not yield",
        )
        for row in found.disputes
    ]


def _table(world: str) -> str:
    """Which year's table a past dispute was computed on; some stand on two."""
    return f"table of {world.partition(' ')[2] or world.removeprefix('icio')}"


def _finding(row: dict[str, object], question: Question) -> Finding:
    weaker, stronger = (str(row[side]) for side in ("weaker", "stronger"))
    share = Quantity(100.0 * _float(row["above_defied"]), "share")
    return Finding(
        source=SOURCE,
        template=(
            "Cut off from {stronger}, {weaker} would bear {loss} of its real expenditure in the {run} run, {word} what "
            "half of the sanctioned sides that did not yield stood to bear (rank {share}, counted from the smallest "
            "loss). The base rate of yielding is {base}; by the losses it would be {fitted}, a difference that past "
            "forecasts did not justify."
        ),
        numbers={
            "loss": Quantity(_float(row["loss_percent"]), "percent"),
            "share": share,
            "base": Quantity(_float(row["base_rate"]), "probability"),
            "fitted": Quantity(
                _float(row["probability"]), "probability", _float(row["low"]), _float(row["high"])
            ),
        },
        comparisons={"word": Comparison(share, Quantity(50.0, "share"), "above", "below", "about")},
        names={
            "weaker": question.names[weaker],
            "stronger": question.names[stronger],
            "run": str(row["horizon"]),
        },
    )


def _float(value: object) -> float:
    return float(str(value))
