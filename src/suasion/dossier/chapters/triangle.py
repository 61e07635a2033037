"""The triangle of the pair with a third power: from our own ideal points, with what hangs on the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suasion.answers.catalogue import say, template
from suasion.dossier.chapter import Chapter, ChapterTable, Heads, Picture, heads, reason_of
from suasion.dossier.claims import Finding, Quantity
from suasion.dossier.words import printed_name
from suasion.errors import SuasionError
from suasion.sources.countries import country_name

if TYPE_CHECKING:
    import pandas as pd

    from suasion.dossier.gather import Question
    from suasion.world import World

THIRD = ("USA", "CHN", "RUS")
"""The third power is the first of these that is not in the pair."""
DRAWS = 1000
EDGES: Heads = {
    "year": "year",
    "edge": "text",
    "probability": "probability",
}
TYPES: Heads = {
    "factor": "text",
    "kind": "text",
    "special": "text",
    "probability": "probability",
    "balanced": "text",
}


def chapter(question: Question, world: World) -> Chapter | None:
    """Return the edges over the years, and the type of the last year at several thresholds."""
    from suasion.statecraft.shipped_points import shipped_ideal_points
    from suasion.statecraft.triangle.years import edge_probabilities, triangle_thresholds

    pair = (question.a.code, question.b.code)
    powers = (*pair, next(power for power in THIRD if power not in pair))
    title = say("chapter.triangle.title", third=_name(powers[2]))
    points = shipped_ideal_points()
    try:
        edges = edge_probabilities(points, powers)
        year = int(edges["year"].max())
        types = triangle_thresholds(points[points["year"] == year], powers, year, draws=DRAWS)
    except SuasionError as error:
        return Chapter("triangle", title, reason=reason_of(error), method="arms-and-triangle")
    best = types.sort_values("probability", ascending=False).groupby("factor", as_index=False).first()
    finding = _finding(best, powers, year)
    return Chapter(
        "triangle", title, (finding,), (_edges(edges), _types(best, year)), "", "arms-and-triangle"
    )


def _name(code: str) -> str:
    return printed_name(code, country_name(code))


def _finding(best: pd.DataFrame, powers: tuple[str, ...], year: int) -> Finding:
    middle = best.loc[best["factor"] == 1.0].iloc[0]
    one = len(best[["kind", "special"]].drop_duplicates()) == 1
    return Finding(
        source=say("chapter.triangle.source"),
        template=template("chapter.triangle.steady" if one else "chapter.triangle.hangs"),
        numbers={"probability": Quantity(float(middle["probability"]), "probability", draws=DRAWS)},
        names={
            "year": str(year),
            "kind": _kind(str(middle["kind"]), str(middle["special"]), powers),
        },
    )


_KINDS = {
    "menage a trois": "kind_menage",
    "romantic triangle": "kind_romantic",
    "stable marriage": "kind_marriage",
    "unit veto": "kind_veto",
}


def _kind(kind: str, special: str, powers: tuple[str, ...]) -> str:
    """The triangle in words: who is near to whom."""
    names = dict(zip("abc", map(_name, powers), strict=True))
    others = [_name(power) for power in powers if power != special]
    places = {"power": _name(special), "first": others[0], "second": others[1]} if special else {}
    return say(f"chapter.triangle.{_KINDS[kind]}", **names, **places)


def _edges(edges: pd.DataFrame) -> ChapterTable:
    rows = tuple(
        (int(year), " – ".join(country_name(c) for c in str(edge).split("-")), float(probability))
        for edge, part in edges.groupby("edge", sort=False)
        for year, probability in part[["year", "probability"]].to_numpy()
    )
    return ChapterTable(
        key="triangle-edges",
        title=say("chapter.triangle.edges"),
        subtitle=say("chapter.triangle.edges_subtitle"),
        columns=heads("triangle.head_edges", EDGES),
        rows=rows,
        source=say("chapter.triangle.source"),
        notes=(say("chapter.triangle.note"),),
        picture=Picture("lines", "year", "probability", series="edge"),
        most=0,
    )


def _types(best: pd.DataFrame, year: int) -> ChapterTable:
    rows = tuple(
        (
            f"{row['factor']:g}",
            str(row["kind"]),
            country_name(str(row["special"])) if row["special"] else say("chapter.triangle.nobody"),
            float(row["probability"]),
            say("chapter.triangle.yes" if row["balanced"] else "chapter.triangle.no"),
        )
        for _, row in best.iterrows()
    )
    return ChapterTable(
        key="triangle-types",
        title=say("chapter.triangle.types", year=year),
        subtitle=say("chapter.triangle.types_subtitle"),
        columns=heads("triangle.head_types", TYPES, {"probability": DRAWS}),
        rows=rows,
        source=say("chapter.triangle.source"),
    )
