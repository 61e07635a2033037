"""The ladder from consultation to a defence pact, over the years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suasion.answers.catalogue import say, template
from suasion.dossier.chapter import Chapter, ChapterTable, Heads, Picture, heads, reason_of
from suasion.dossier.claims import Finding
from suasion.dossier.words import BELLIGERENTS, WAR_SINCE
from suasion.errors import SuasionError
from suasion.sources.countries import country_name

if TYPE_CHECKING:
    from suasion.dossier.gather import Question
    from suasion.statecraft.ladder.rungs import Ladder, LadderYear
    from suasion.world import World

GRID: Heads = {
    "year": "year",
    "rung": "text",
    "status": "text",
}
MAP: Heads = {
    "name": "text",
    "start": "text",
    "shown": "text",
    "place": "text",
    "short": "text",
    "longitude": "score",
    "latitude": "score",
    "source": "text",
    "locator": "text",
}
EVIDENCE: Heads = {
    "rung": "text",
    "what": "text",
    "date": "text",
    "years": "text",
    "source": "text",
}


def chapter(question: Question, world: World) -> Chapter | None:
    """Return the rungs by year and the evidence for each."""
    from suasion.statecraft.align.data import added_atop, added_deliveries
    from suasion.statecraft.ladder.rungs import TITLES, ladder

    title = say("chapter.ladder.title")
    try:
        found = ladder(question.a.code, question.b.code, atop=added_atop(), deliveries=added_deliveries())
    except SuasionError as error:
        return Chapter("ladder", title, reason=reason_of(error))
    last = _finding(found.years[-1], question, TITLES)
    tables = tuple(table for table in (_grid(found), _map(found), _proof(found)) if table is not None)
    return Chapter("ladder", title, (last,), tables, method="ladder")


def _grid(found: Ladder) -> ChapterTable:
    from suasion.statecraft.ladder.evidence import RUNGS
    from suasion.statecraft.ladder.rungs import TITLES

    rows = tuple(
        (year.year, TITLES[rung], year.statuses[RUNGS.index(rung)])
        for rung in reversed(RUNGS)
        for year in found.years
    )
    span = f"{found.years[0].year}-{found.years[-1].year}"
    return ChapterTable(
        key="ladder-years",
        title=say("chapter.ladder.grid"),
        subtitle=say("chapter.ladder.grid_subtitle", span=span),
        columns=heads("ladder.head_grid", GRID),
        rows=rows,
        source=say("chapter.ladder.grid_source"),
        notes=found.notes,
        picture=Picture("grid", "year", "rung", series="status"),
        most=0,
    )


def _map(found: Ladder) -> ChapterTable | None:
    """Exercises and operations of the pair; None where the table of events lists none."""
    from suasion.statecraft.events import events
    from suasion.statecraft.ladder.chart import map_frame

    if not found.events:
        return None
    frame = map_frame(found)
    counts = {
        "count": len(frame),
        "all": len(events()),
        "a": country_name(found.a),
        "b": country_name(found.b),
    }
    span = f"{found.years[0].year}-{found.years[-1].year}"
    return ChapterTable(
        key="ladder-map",
        title=say("chapter.ladder.map"),
        subtitle=say("chapter.ladder.map_subtitle", span=span, a=counts["a"], b=counts["b"]),
        columns=heads("ladder.head_map", MAP),
        rows=tuple(frame[list(MAP)].itertuples(index=False, name=None)),
        source=say("chapter.ladder.map_source"),
        notes=(say("chapter.ladder.map_note", **counts),),
        picture=Picture("map", "longitude", "latitude"),
        most=0,
    )


def _proof(found: Ladder) -> ChapterTable | None:
    from suasion.statecraft.ladder.rungs import TITLES

    lines = tuple(
        (
            TITLES[row["rung"]],
            row["what"],
            str(row["date"]),
            f"{row['first_year']}-{row['last_year']}",
            f"{row['source']}, {row['locator']}",
        )
        for row in found.evidence_table().to_dict("records")
    )
    if not lines:
        return None
    return ChapterTable(
        key="ladder-evidence",
        title=say("chapter.ladder.proof"),
        subtitle=say("chapter.ladder.proof_subtitle"),
        columns=heads("ladder.head_evidence", EVIDENCE),
        rows=lines,
        source=say("chapter.ladder.proof_source"),
        terminal=("rung", "what", "years"),
    )


def _finding(last: LadderYear, question: Question, titles: dict[str, str]) -> Finding:
    highest, ceiling = last.highest, last.ceiling
    known = highest in titles
    war = {question.a.code, question.b.code} == BELLIGERENTS and last.year >= WAR_SINCE
    if known and war:
        key = "war"
    elif known and highest == ceiling:
        key = "highest"
    elif known:
        key = "at_least"
    elif highest == "none":
        key = "no_rung"
    else:
        key = "unknown"
    words = {
        "year": str(last.year),
        "since": str(WAR_SINCE),
        "a": question.a.name,
        "b": question.b.name,
        "rung": titles.get(highest, highest),
        "ceiling": titles.get(ceiling, ceiling),
    }
    return Finding(say("chapter.ladder.source"), template(f"chapter.ladder.{key}"), names=words)
