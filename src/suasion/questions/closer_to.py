"""To which of two others a state is closer: losses, trade, votes and pacts side by side, without a total."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from suasion.answers import (
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
from suasion.questions.bands import when_of
from suasion.questions.question import Calendar, Side, State, question

if TYPE_CHECKING:
    import pandas as pd

    from suasion.answers.numbers import Unit

HORIZONS = ("short", "long")
SIDES = ("b", "c")
LATEST = 2025
"""Last year of which pacts and votes are known."""


@dataclass(frozen=True, slots=True, eq=False)
class Closeness:
    """What ties a state to two others.

    losses: ``horizon``, ``partner``, ``loss_percent`` with its 90 % range: what the state loses without the other.
    years: ``horizon``, ``partner``, ``year``, ``loss_percent`` with its range: the same in the worlds of each year.
    trade: ``partner``, ``year``, ``trade_share`` with least and most: the other's share in its goods trade.
    votes: ``partner``, ``year``, ``ideal_distance`` with its band.
    pacts: ``partner``, ``rung``: the highest rung of the ladder that is known to hold, if any; ``rung_status``.
    """

    losses: pd.DataFrame
    years: pd.DataFrame
    trade: pd.DataFrame
    votes: pd.DataFrame
    pacts: pd.DataFrame


@question
def closer_to(a: State, b: Side, c: Side, *, year: Calendar = LATEST) -> Answer:
    """To whom of two a state is closer: its losses without either, its trade, votes and pacts with both.

    Nothing is added up: each measure stands by itself, and where ranges overlap it makes no ranking. Losses are those
    of the usual world whose ranges ship. Without a group, such as the EU, all its members are lost at once; the
    distance from it is the mean of theirs, and losses by year and pacts, which are of pairs, are left out.

    Parameters
    ----------
    a : str
        The state in between: ISO code or English name.
    b, c : str
        States or groups.
    year : int
        Year of the pacts; votes are of their last year up to it.

    Returns
    -------
    Answer
        Tables ``closer-losses``, ``closer-years``, ``closer-trade``, ``closer-votes`` and ``closer-pacts``; those
        without a number are left out.

    Examples
    --------
    >>> su.closer_to("KAZ", "RUS", "CHN")
    <Answer closer_to KAZ RUS CHN 2025: closer-losses (...>
    """
    partners = (b, c)
    found = Closeness(
        _losses(a, partners),
        _years(a, partners),
        _trade(a, partners),
        _votes(a, partners, year),
        _pacts(a, partners, year),
    )
    asked: dict[str, Value] = {"a": Country(a), "b": Country(b), "c": Country(c), "year": year}
    tables = tuple(table for table in _tables(found, asked) if table.rows)
    return Answer(
        "closer_to",
        asked,
        (
            *_by_loss(found, asked),
            *_by_trade(found, asked),
            *_by_votes(found, asked),
            *_by_pacts(found, asked),
        ),
        tables,
        sources=(Source("closer_to.source"),),
        result=found,
    )


def _frame(rows: list[dict[str, Any]], columns: str) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=columns.split())


def _is_group(code: str) -> bool:
    from suasion.sources.groups import is_group

    return is_group(code)


def _losses(a: str, partners: tuple[str, ...]) -> pd.DataFrame:
    from suasion.coercion import loss_interval
    from suasion.world import load_world

    world = load_world()
    cells = (
        (horizon, code, None if _is_group(code) else loss_interval(world, a, code, horizon))
        for horizon in HORIZONS
        for code in partners
    )
    rows: list[dict[str, Any]] = [
        {
            "horizon": horizon,
            "partner": code,
            "loss_percent": one.loss_percent,
            "loss_percent_low": one.low_percent,
            "loss_percent_high": one.high_percent,
        }
        for horizon, code, one in cells
        if one is not None
    ]
    rows += [row for code in partners if _is_group(code) for row in _without_group(a, code)]
    return _frame(rows, "horizon partner loss_percent loss_percent_low loss_percent_high")


def _without_group(a: str, group: str) -> Iterator[dict[str, Any]]:
    """What the state loses without all members of a group at once, the rest of the world open."""
    from suasion.questions.exit_cost import exit_cost
    from suasion.sources.groups import expand

    if a not in expand([group], LATEST):
        for row in exit_cost(a, group).rows("exit-costs"):
            if (row["country"], row["outlet"]) == (a, "open"):
                yield row


def _years(a: str, partners: tuple[str, ...]) -> pd.DataFrame:
    """First-year losses of each year that ships, with their ranges."""
    from suasion.questions.ties.since import losses_since

    pairs = [] if any(map(_is_group, partners)) else [(a, code) for code in partners]
    found = losses_since(pairs).assign(horizon=HORIZONS[0])
    return found[["horizon", "partner", "year", "loss_percent", "loss_percent_low", "loss_percent_high"]]


def _trade(a: str, partners: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    from suasion.measures.history import trade_history

    parts = []
    for code in partners:
        frame = trade_history(a, code)
        kept = frame[(frame["flow"] == "turnover") & (frame["country"] == a) & (frame["form"] != "dot")]
        parts.append(kept.drop_duplicates("year", keep="last").assign(partner=code))
    columns = {"share": "trade_share", "low": "trade_share_least", "high": "trade_share_most"}
    return pd.concat(parts)[["partner", "year", *columns]].rename(columns=columns)


def _votes(a: str, partners: tuple[str, ...], year: int) -> pd.DataFrame:
    import pandas as pd

    from suasion.sources.groups import expand
    from suasion.statecraft.align.parts import added_ideal_points, distance_path

    names = {"distance": "ideal_distance", "low": "ideal_distance_low", "high": "ideal_distance_high"}
    points = added_ideal_points()
    parts = [
        distance_path(a, one, points).assign(partner=code)
        for code in partners
        for one in expand([code], year)
        if one != a
    ]
    table = (
        pd.concat(parts).groupby(["partner", "year"], as_index=False, sort=False).mean().rename(columns=names)
    )
    return table[table["year"] <= year][["partner", "year", *names.values()]]


def _pacts(a: str, partners: tuple[str, ...], year: int) -> pd.DataFrame:
    from suasion.statecraft.align.parts import added_atop, added_deliveries
    from suasion.statecraft.ladder import rungs
    from suasion.statecraft.ladder.evidence import RUNGS

    rows = []
    for code in (one for one in partners if not _is_group(one)):
        last = rungs.ladder(a, code, year, year, atop=added_atop(), deliveries=added_deliveries()).at(year)
        rung = last["highest"] if last["highest"] in RUNGS else None
        status = "yes" if rung else "no" if last["highest"] == "none" else "unknown"
        rows.append({"partner": code, "rung": rung, "rung_status": status})
    return _frame(rows, "partner rung rung_status")


def _tables(found: Closeness, asked: dict[str, Value]) -> Iterator[Table]:
    yield Table.of(
        "closer-losses",
        "horizon partner loss_percent loss_percent_low loss_percent_high",
        found.losses,
        axes="horizon partner",
        values=asked,
        picture=Picture("ranges", "loss_percent", "horizon", series="partner"),
    )
    yield Table.of(
        "closer-years",
        "horizon partner year loss_percent loss_percent_low loss_percent_high",
        found.years,
        axes="horizon partner year",
        values=asked,
        picture=Picture("lines", "year", "loss_percent", series="partner"),
        brief="partner year loss_percent",
    )
    yield Table.of(
        "closer-trade",
        "partner year trade_share trade_share_least trade_share_most",
        found.trade,
        axes="partner year",
        values=asked,
        picture=Picture("lines", "year", "trade_share", series="partner"),
        brief="partner year trade_share",
    )
    yield Table.of(
        "closer-votes",
        "partner year ideal_distance ideal_distance_low ideal_distance_high",
        found.votes,
        axes="partner year",
        values=asked,
        picture=Picture("lines", "year", "ideal_distance", series="partner"),
        notes=(Finding("closer_to.distance"), *(() if found.votes.empty else _of_groups(asked))),
        brief="partner year ideal_distance",
    )
    yield Table.of("closer-pacts", "partner rung rung_status", found.pacts, axes="partner", values=asked)


def _of_groups(asked: dict[str, Value]) -> tuple[Finding, ...]:
    """That the distance from a group is that from its members in the mean."""
    groups = tuple(Country(code) for code in (_code(asked, side) for side in SIDES) if _is_group(code))
    return (Finding("closer_to.members", {"groups": groups}),) if groups else ()


def _by_loss(found: Closeness, asked: dict[str, Value]) -> Iterator[Finding]:
    """What the state loses without either, the first year leading; ranges that overlap leave the order open."""
    for place, horizon in enumerate(HORIZONS):
        rows = {row["partner"]: row for row in found.losses.to_dict("records") if row["horizon"] == horizon}
        if len(rows) == len(SIDES):
            first, second = (_ranged(rows[_code(asked, side)], "loss_percent", "percent") for side in SIDES)
            values = {**asked, "when": when_of(horizon), "first": first, "second": second}
            yield Finding("closer_to.loss", values, _compared(first, second), weight=MAIN - 0.1 * place)
    if found.losses.empty:
        yield Finding("closer_to.no_losses", asked)


def _by_trade(found: Closeness, asked: dict[str, Value]) -> Iterator[Finding]:
    last = [found.trade[found.trade["partner"] == _code(asked, side)].tail(1) for side in SIDES]
    if any(one.empty for one in last):
        return
    shares = [Quantity(float(one["trade_share"].iloc[0]), "probability") for one in last]
    years = [int(one["year"].iloc[0]) for one in last]
    values: dict[str, Value] = {
        **asked,
        "first": shares[0],
        "second": shares[1],
        "year_b": years[0],
        "year_c": years[1],
    }
    yield Finding("closer_to.trade", values, Comparison(*shares))


def _by_votes(found: Closeness, asked: dict[str, Value]) -> Iterator[Finding]:
    """Distances of votes of the last year that both have."""
    years = [set(found.votes.loc[found.votes["partner"] == _code(asked, side), "year"]) for side in SIDES]
    if not set.intersection(*years):
        return
    year = max(set.intersection(*years))
    rows = found.votes[found.votes["year"] == year].set_index("partner")
    sizes = [_ranged(rows.loc[_code(asked, side)], "ideal_distance", "score") for side in SIDES]
    yield Finding(
        "closer_to.votes",
        {**asked, "voted": int(year), "first": sizes[0], "second": sizes[1]},
        _compared(*sizes),
    )


def _by_pacts(found: Closeness, asked: dict[str, Value]) -> Iterator[Finding]:
    for row in found.pacts.to_dict("records"):
        values: dict[str, Value] = {"a": asked["a"], "b": Country(row["partner"]), "year": asked["year"]}
        if row["rung"] is not None:
            values["rung"] = Word("rung", str(row["rung"]))
        yield Finding(f"closer_to.pact.{row['rung_status']}", values, weight=USUAL - 0.1)


def _ranged(row: Any, name: str, unit: Unit) -> Quantity:
    """A number of a row with its band."""
    return Quantity(float(row[name]), unit, float(row[f"{name}_low"]), float(row[f"{name}_high"]))


def _code(asked: dict[str, Value], side: str) -> str:
    state = asked[side]
    return state.code if isinstance(state, Country) else ""


def _compared(first: Quantity, second: Quantity) -> Comparison:
    """A comparison whose direction is open where the ranges of both overlap."""
    ends = first.value, second.value, first.low, second.high, first.high, second.low
    if any(end is None for end in ends):
        return Comparison(first, second)
    gap, low, high = (float(x or 0.0) - float(y or 0.0) for x, y in zip(ends[::2], ends[1::2], strict=True))
    return Comparison(first, second, Quantity(gap, first.unit, low, high))
