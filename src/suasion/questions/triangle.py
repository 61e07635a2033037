"""What triangle three powers form by pacts, rivalry, disputes and votes, each alone and all together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    DETAIL,
    MAIN,
    USUAL,
    Answer,
    Comparison,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
    Word,
)
from suasion.errors import InputError
from suasion.questions.question import Count, State, question

if TYPE_CHECKING:
    import pandas as pd


THIRD = ("USA", "CHN", "RUS")
"""The third power of a pair is the first of these that is not in it."""
TEXTBOOK = {"CHN", "RUS", "USA"}
DRAWS = 10_000
SOURCES = (Source("triangle.source"),)


@question
def triangle(a: State, b: State, c: State, *, year: int = 2025, seed: Count = 0) -> Answer:
    """What triangle three powers form, by pacts, rivalry, disputes and votes, and by all together.

    Parameters
    ----------
    year : int
        Year of the edges; of votes the last year up to it in which all three have an ideal point.
    seed : int
        Of the draws of votes.

    Returns
    -------
    Answer
        Tables ``edges``, ``votes``, ``distances`` and, of the three great powers, ``accounts``.

    Examples
    --------
    >>> su.triangle("USA", "CHN", "RUS")
    <Answer triangle USA CHN RUS 2025: edges (...>
    """
    from suasion.statecraft.align.parts import added_atop
    from suasion.statecraft.shipped_points import shipped_ideal_points
    from suasion.statecraft.triangle.edges import edges_of
    from suasion.statecraft.triangle.years import edge_probabilities, triangle_thresholds

    powers = (a, b, c)
    asked: dict[str, Value] = dict(zip("abc", map(Country, powers), strict=True)) | {"year": year}
    points, atop = shipped_ideal_points(), added_atop()
    try:
        voted = edge_probabilities(points, powers)
    except InputError:
        return Answer("triangle", asked, absent=Finding("triangle.absent", asked), sources=SOURCES)
    last = _last(voted, year)
    edges = edges_of(powers, last, atop)
    tried = triangle_thresholds(points[points["year"] == last], powers, last, draws=DRAWS, seed=seed)
    best = tried.sort_values("probability", ascending=False).groupby("factor", as_index=False).first()
    asked |= {"year": last}
    cases = tuple(_cases(powers, atop))
    tables = _tables(edges, voted, best, cases, asked)
    return Answer(
        "triangle",
        asked,
        (*_findings(edges, best, powers, asked), *_verdicts(cases)),
        tuple(table for table in tables if table.rows),
        sources=SOURCES,
        result=edges,
    )


def _tables(
    edges: pd.DataFrame,
    voted: pd.DataFrame,
    best: pd.DataFrame,
    cases: Sequence[Mapping[str, Any]],
    asked: dict[str, Value],
) -> tuple[Table, ...]:
    return (
        Table.of(
            "edges",
            "edge tie edge_sign",
            edges.assign(edge_sign=edges["edge"], edge=edges["a"] + " " + edges["b"]),
            axes="edge tie",
            values=asked,
            notes=(Finding("triangle.rules"),),
        ),
        Table.of(
            "votes",
            "year edge probability",
            voted.assign(edge=voted["edge"].str.replace("-", " ")),  # two states, by their codes
            axes="year edge",
            values=asked,
            picture=Picture("lines", "year", "probability", series="edge"),
            notes=(Finding("triangle.note"),),
        ),
        Table.of(
            "distances",
            "factor triangle_kind special probability balanced",
            best.assign(
                triangle_kind=best["kind"].map(_key),
                special=best["special"].map(lambda code: code or None),
                balanced=best["balanced"].map({True: "yes", False: "no"}),
            ),
            axes="factor",
            draws={"probability": DRAWS},
            values=asked,
        ),
        Table.of("accounts", "year tie told_kind told_special found_kinds verdict", cases, values=asked),
    )


def about(a: str, b: str, *_: object) -> dict[str, Any]:
    """Return what to ask of a pair: the triangle with a third power."""
    return {"a": a, "b": b, "c": next(power for power in THIRD if power not in (a, b))}


def _last(voted: pd.DataFrame, year: int) -> int:
    years = voted["year"][voted["year"] <= year]
    if not len(years):
        raise InputError(f"The three have no ideal points to {year}; they do from {voted['year'].min()} on.")
    return int(years.max())


def _cases(powers: Sequence[str], atop: pd.DataFrame | None) -> Iterator[dict[str, Any]]:
    """Textbook cases, of the three great powers alone."""
    from suasion.statecraft.triangle.edges import EdgeBasis, textbook_cases

    for tie in (EdgeBasis.ALL, EdgeBasis.VOTES) if set(powers) == TEXTBOOK else ():
        for one in textbook_cases(tie, atop):
            told = {"told_kind": _key(one["kind"]), "told_special": one["special"] or None}
            yield {**one, **told, "found_kinds": " / ".join(one["found"])}


def _findings(
    edges: pd.DataFrame, best: pd.DataFrame, powers: Sequence[str], asked: dict[str, Value]
) -> Iterator[Finding]:
    from suasion.statecraft.triangle.edges import EdgeBasis, triangles

    allowed = triangles(edges, EdgeBasis.ALL)
    if len(allowed) == 1:
        yield _named("triangle.all", *allowed[0], powers, asked, {}, MAIN + 0.9)
    else:
        yield Finding(
            "triangle.open",
            {
                **asked,
                "kinds": tuple(
                    Word("triangle_kind", kind) for kind in dict.fromkeys(_key(kind) for kind, _ in allowed)
                ),
            },
            weight=MAIN + 0.9,
        )
    middle = best.loc[best["factor"] == 1.0].iloc[0]
    yield _named(
        "triangle.by_votes",
        str(middle["kind"]),
        str(middle["special"]),
        powers,
        asked,
        {"probability": Quantity(float(middle["probability"]), "probability", draws=DRAWS)},
        MAIN + 0.5,
    )
    same = best[["kind", "special"]].eq(middle[["kind", "special"]]).all(axis=1)
    counts = {"agree": Quantity(int(same.sum()), "count"), "tried": Quantity(len(best), "count")}
    yield Finding("triangle.thresholds", counts, Comparison(counts["agree"], counts["tried"]), weight=MAIN)


def _verdicts(cases: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    from suasion.statecraft.triangle.edges import CaseVerdict, EdgeBasis

    for tie, weight in ((EdgeBasis.ALL, USUAL), (EdgeBasis.VOTES, DETAIL)):
        for verdict in CaseVerdict:
            own = [row for row in cases if row["tie"] is tie and row["verdict"] is verdict]
            if own:
                years = tuple(str(row["year"]) for row in own)
                yield Finding(
                    f"triangle.cases_{verdict.value}",
                    {"years": years, "tie": Word("tie", tie.value)},
                    weight=weight,
                )


def _key(kind: str) -> str:
    return kind.replace(" ", "_")


def _named(
    key: str,
    kind: str,
    special: str,
    powers: Sequence[str],
    asked: dict[str, Value],
    numbers: dict[str, Value],
    weight: float,
) -> Finding:
    """The sentence of a type, with the odd one and the other two where there is one."""
    first, second = [Country(power) for power in powers if power != special][:2]
    odd = {"odd": Country(special)} if special else {}
    return Finding(
        f"{key}.{_key(kind)}", {**asked, **odd, "first": first, "second": second, **numbers}, weight=weight
    )
