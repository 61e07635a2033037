"""How aligned two states are: pacts, organizations, votes, ideal points, and dispute by dispute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    DETAIL,
    MAIN,
    USUAL,
    Answer,
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
from suasion.questions.bands import ranged
from suasion.questions.question import Calendar, State, question

if TYPE_CHECKING:
    from suasion.statecraft.align.alignment import Alignment
    from suasion.statecraft.align.parts import AlignmentRow

SOURCES = (Source("alignment.source"),)
STEP = 0.25
"""Distance from which two positions differ: half the way from neutral to for or against. Assumption, 0.1 to 0.5."""
FEWEST = 3
"""Disputes from which an agreement is told in words. Assumption, range 2 to 5: one or two say nothing of alignment."""
"""Begins the name of a measure that weighs disputes as one of the two does; its code follows."""
TOLD = 2
"""Votes by name that are told in words, of the latest."""
SINCE = 3
"""Years between the two distances that are told. Assumption, 2 to 10."""
TOLD_YEARS = 10
"""Years in which a war or deadly dispute is told. Assumption, as in the triangle."""
NEEDED = {
    "votes": ("unga-votes",),
    "pacts": ("atop", "cow-states"),
    "defence pacts": ("atop", "cow-states"),
    "defence pact": ("atop", "cow-states"),
}
"""Data sets without which a basis has no number, or one for a few states only."""
CAUTIONS = {
    "coefficients": ("pacts", "defence pacts", "organizations 2014", "organizations 2025", "votes"),
    "broad_pacts": ("pacts",),
    "judged": ("issues",),
}
"""Cautions, and the bases that each is about: what was not measured needs none."""


@question
def alignment(a: State, b: State, *, year: Calendar = 2025, salience: str = "") -> Answer:
    """How aligned two states are: pacts, organizations, votes, ideal points, and dispute by dispute.

    Parameters
    ----------
    year : int
        Year of the pacts; votes and ideal points are of their last year up to it.
    salience : str
        Weights of disputes for one side, such as RUS:crimea=3,taiwan=1; several with a semicolon.

    Returns
    -------
    Answer
        Tables ``similarity``, ``ideal-distance``, ``issues`` and ``named-votes``; those without a number are left out.

    Examples
    --------
    >>> su.alignment("HUN", "RUS")
    <Answer alignment HUN RUS 2025: similarity (...>
    """
    from suasion.statecraft.align import alignment as model
    from suasion.statecraft.align.parts import added_atop, added_ideal_points, added_votes

    points = added_ideal_points()
    data: dict[str, Any] = {"votes": added_votes(), "atop": added_atop(), "ideal_points": points}
    found = model.alignment(a, b, year, salience=weights(salience), **data)
    asked: dict[str, Value] = {"a": Country(found.a), "b": Country(found.b), "year": year}
    tables = (
        _similarity(found, asked),
        _path(found, points, asked),
        _issues(found, asked),
        _votes(found, asked),
    )
    kept = tuple(table for table in tables if any(cell is not None for cell in table.cells(DRAWN[table.key])))
    if not kept:
        return Answer("alignment", asked, absent=Finding("alignment.none", asked), sources=SOURCES)
    own = (
        *_bound(found, asked),
        *_fought(found, asked, year),
        *_second(kept, asked, year),
        *_last_votes(kept, asked),
    )
    findings = (*_agreement(found, asked), *own, *_lacking(found))
    return Answer("alignment", asked, findings, kept, sources=SOURCES, result=found)


DRAWN = {
    "similarity": "alignment_value",
    "ideal-distance": "ideal_distance",
    "issues": "position",
    "named-votes": "first_vote",
}
"""The column of each table without which it says nothing."""


def weights(text: str) -> dict[str, dict[str, float]] | None:
    """Read weights such as ``RUS:crimea=3,taiwan=1;CHN:taiwan=3``; None for nothing.

    Raises InputError if the text is not of that form.
    """
    if not text.strip():
        return None
    found: dict[str, dict[str, float]] = {}
    for part in text.split(";"):
        state, colon, rest = part.partition(":")
        try:
            pairs = dict(item.split("=") for item in rest.split(","))
            found[state.strip().upper()] = {key.strip(): float(value) for key, value in pairs.items()}
        except ValueError as error:
            raise InputError(
                f"Cannot read the weights {part!r}. Write them as RUS:crimea=3,taiwan=1."
            ) from error
        if not colon:
            raise InputError(f"Cannot read the weights {part!r}. Write them as RUS:crimea=3,taiwan=1.")
    return found


def _similarity(found: Alignment, asked: dict[str, Value]) -> Table:
    measured = {row.basis for row in found.rows if row.value is not None}
    return Table.of(
        "similarity",
        "basis similarity alignment_value alignment_value_least alignment_value_most items data_years source",
        [_row(row, found.a) for row in found.rows],
        axes="basis similarity",
        values=asked,
        notes=tuple(
            Finding(f"alignment.{name}") for name, bases in CAUTIONS.items() if measured & set(bases)
        ),
        brief="basis similarity alignment_value data_years",
    )


def _row(row: AlignmentRow, first: str) -> dict[str, Any]:
    """A measure; its range over judgements of weights, or, between two points, its band."""
    whose = "agreement_first" if row.by == first else "agreement_second"
    ends = ("_low", "_high") if row.items is None else ("_least", "_most")
    band = dict.fromkeys(
        (f"alignment_value{end}" for end in ("_low", "_high", "_least", "_most")), None
    ) | dict(zip((f"alignment_value{end}" for end in ends), (row.low, row.high), strict=True))
    return {
        "basis": row.basis.replace(" ", "_"),
        "similarity": whose if row.by else row.measure.replace(" ", "_").replace("-", "_"),
        "alignment_value": row.value,
        **band,
        "items": row.items if row.value is not None else None,
        "data_years": row.year or None,
        "source": row.source or None,
    }


def _path(found: Alignment, points: Any, asked: dict[str, Value]) -> Table:
    """Distance of the two by their votes over the years, from the ideal points added, else from those that ship."""
    from suasion.statecraft.align.parts import distance_path
    from suasion.statecraft.shipped_points import second_dimension

    first, second = (
        distance_path(found.a, found.b, table).rename(
            columns={"distance": name, "low": f"{name}_low", "high": f"{name}_high"}
        )
        for name, table in (("ideal_distance", points), ("second_distance", second_dimension()))
    )
    return Table.of(
        "ideal-distance",
        "year ideal_distance second_distance",
        first.merge(second, "left", "year"),
        axes="year",
        values=asked,
        picture=Picture("lines", "year", "ideal_distance"),
        notes=(
            Finding(f"alignment.points_{'shipped' if points is None else 'added'}"),
            Finding("alignment.second_dimension"),
        ),
    )


def _second(kept: tuple[Table, ...], asked: dict[str, Value], year: int) -> Iterator[Finding]:
    """How far apart the two are in the second dimension, in the last year and some years before."""
    frame = next((table.frame for table in kept if table.key == "ideal-distance"), None)
    known = None if frame is None else frame[frame["year"] <= year].dropna(subset="second_distance")
    if known is None or known.empty:
        return
    last = known.iloc[-1]
    before = known[known["year"] <= last["year"] - SINCE].tail(1)
    if before.empty:
        return
    ends = {"now": last, "then": before.iloc[0]}
    sizes: dict[str, Value] = {name: ranged(row, "second_distance", "score") for name, row in ends.items()}
    when: dict[str, Value] = {"voted": int(last["year"]), "earlier": int(before["year"].iloc[0])}
    yield Finding("alignment.second", {**asked, **sizes, **when}, weight=DETAIL)


def _issues(found: Alignment, asked: dict[str, Value]) -> Table:
    rows = [
        {
            "issue": row["name"],
            "state": code,
            "position": row[f"position_{side}"],
            "issue_weight": row[f"salience_{side}"],
            "position_age": ("old" if row[f"stale_{side}"] else "current") if row[f"source_{side}"] else None,
            "source": row[f"source_{side}"] or None,
        }
        for row in found.issues.to_dict("records")
        for code, side in ((found.a, "a"), (found.b, "b"))
    ]
    return Table.of(
        "issues",
        "issue state position issue_weight position_age source",
        rows,
        axes="issue state",
        values=asked,
        picture=Picture("ranges", "position", "issue", series="state"),
        notes=(Finding("alignment.positions"),),
        brief="issue state position issue_weight position_age",
    )


def _votes(found: Alignment, asked: dict[str, Value]) -> Table:
    """How the two voted on resolutions by name, from the record."""
    from suasion.statecraft.record import FactKind, facts_between

    rows = []
    for one in facts_between(found.a, found.b):
        if one.kind is FactKind.VOTE:
            cast = dict(zip((one.a, one.b), one.value.split(), strict=True))
            votes = {"first_vote": cast[found.a], "second_vote": cast[found.b]}
            rows.append(
                {"date": one.start, "what": one.what, **votes, "source": one.source, "locator": one.locator}
            )
    names = "date what first_vote second_vote source locator"
    return Table.of("named-votes", names, rows, values=asked, brief="date what first_vote second_vote")


def _bound(found: Alignment, asked: dict[str, Value]) -> Iterator[Finding]:
    """Whether a defence pact binds the two."""
    value = found.value("defence pact", "between them")
    case = "unknown" if value is None else "yes" if value else "no"
    yield Finding(f"alignment.pact.{case}", asked, weight=MAIN)


def _fought(found: Alignment, asked: dict[str, Value], year: int) -> Iterator[Finding]:
    """The last war or deadly dispute of the two on record, where it is of the last ten years."""
    from suasion.statecraft.record import FactKind, facts_between

    kinds = (FactKind.WAR, FactKind.DISPUTE)
    late = [
        one
        for one in facts_between(found.a, found.b)
        if one.kind in kinds and one.what and any(map(one.holds, range(year - TOLD_YEARS + 1, year + 1)))
    ]
    for one in late[-1:]:
        yield Finding("alignment.fought", {**asked, "what": one.what, "date": one.start}, weight=MAIN)


def _last_votes(kept: tuple[Table, ...], asked: dict[str, Value]) -> Iterator[Finding]:
    """The last votes by name in which both are known."""
    frame = next((table.frame for table in kept if table.key == "named-votes"), None)
    for row in [] if frame is None else frame.tail(TOLD).to_dict("records"):
        votes = {name: Word("vote_side", row[f"{name}_vote"]) for name in ("first", "second")}
        case = "alike" if row["first_vote"] == row["second_vote"] else "apart"
        values = {**asked, **votes, "date": row["date"], "what": row["what"]}
        yield Finding(f"alignment.vote.{case}", values, weight=MAIN)


def _agreement(found: Alignment, asked: dict[str, Value]) -> Iterator[Finding]:
    """On how many of the named disputes the two differ."""
    known = found.issues.dropna(subset="distance")
    apart = known[known["distance"] >= STEP]
    if known.empty:
        return
    score = sum(1.0 - known["distance"]) / len(known)
    case = "few" if len(known) < FEWEST else "apart" if len(apart) else "alike"
    values: dict[str, Value] = {
        **asked,
        "known": Quantity(len(known), "count"),
        "apart": Quantity(len(apart), "count"),
        "score": Quantity(score, "probability"),
        "listed": tuple((known if case == "few" else apart)["name"]),
    }
    places = {
        "few": ("known", "listed"),
        "apart": ("known", "apart", "score", "listed"),
        "alike": ("known", "score"),
    }
    yield Finding(
        f"alignment.{case}", {name: values[name] for name in ("a", "b", *places[case])}, weight=MAIN + 0.5
    )


def _lacking(found: Alignment) -> Iterator[Finding]:
    """What was not measured: for want of a data set, or because the two are not in it."""
    from suasion.sources.catalogue import data_set
    from suasion.sources.catalogue_store import manifest_of

    for basis in dict.fromkeys(row.basis for row in found.rows if row.value is None and row.items == 0):
        values: dict[str, Value] = {"basis": Word("basis", basis.replace(" ", "_"))}
        sets = [name for name in NEEDED.get(basis, ()) if not manifest_of(name)]
        if sets:
            values["how"] = tuple(f"`{data_set(name).add_command()}`" for name in sets)
            yield Finding("alignment.not_added", values, weight=USUAL)
        else:
            yield Finding("alignment.not_covered", values, weight=DETAIL)
