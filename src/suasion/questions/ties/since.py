"""Losses of ties in the world of each year since 2011, with their ranges: the line of 'since when'."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from suasion.answers import USUAL, Comparison, Country, Finding, Picture, Table, Value
from suasion.questions.bands import ranged

if TYPE_CHECKING:
    import pandas as pd

    from suasion.world import World

KEY = "losses-by-year"
COLUMNS = "country partner year loss_percent loss_percent_low loss_percent_high"
ONE_TABLE = 2020
"""Last year of the flows that reach back to 2011: those after are of other sources."""
STEP = 1.1
"""Ratio of a turning point to both ends of the line from which on it is told, as of a change of shares."""
TOLD = 0.1
"""Per cent of spending power below which a line is not told of. Assumption: 0.05 to 0.2."""


def losses_since(ties: Sequence[tuple[str, str]], world: World | None = None) -> pd.DataFrame:
    """Return what each tie would have cost in every year that ships, in the order of the ties.

    ties: who loses, and without whom.
    world: the usual one; of another nothing ships.
    Returns: first-year losses, in the columns of the table; no rows of ties that ship for one year alone, or for none.
    """
    import pandas as pd

    from suasion.world import load_world

    table, places = _first_years(load_world() if world is None else world)
    found = [table.iloc[places[tie]] for tie in ties if len(places.get(tie, ())) > 1]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS.split())


@lru_cache(maxsize=1)
def _first_years(world: World) -> tuple[pd.DataFrame, Mapping[Any, Any]]:
    """First-year losses of all ties by year, and the places of each tie."""
    import pandas as pd

    from suasion.coercion.leverage.intervals import losses_by_year

    table = losses_by_year(world)
    if table.empty:
        return pd.DataFrame(columns=COLUMNS.split()), {}
    names = {"low_percent": "loss_percent_low", "high_percent": "loss_percent_high"}
    table = table[table["horizon"] == "short"].rename(columns=names).astype({"country": str, "partner": str})
    table = table[COLUMNS.split()].sort_values("year", kind="stable", ignore_index=True)
    return table, table.groupby(["country", "partner"]).indices


def since_table(rows: pd.DataFrame, values: Mapping[str, Value], series: str) -> Table:
    """Return the table of losses by year.

    series: column that tells the lines apart: ``country`` of a pair, ``partner`` of one state.
    """
    return Table.of(
        KEY,
        COLUMNS,
        rows,
        axes="country partner year",
        values=values,
        picture=Picture("lines", "year", "loss_percent", series=series),
        notes=(Finding("since.note", {"year": ONE_TABLE}),),
        brief=f"{series} year loss_percent",
    )


def since_findings(rows: pd.DataFrame) -> Iterator[Finding]:
    """Say how each loss stood in the first year and in the last, and its turning point where it has one."""
    for _, line in rows.groupby(["country", "partner"], sort=False):
        found: list[dict[Any, Any]] = line.to_dict("records")
        yield from _of_line(found)


def turned(
    line: Sequence[Mapping[Any, Any]], of: str = "loss_percent"
) -> tuple[str, Mapping[Any, Any]] | None:
    """Return the year in which a line was clearly larger, or smaller, than at both its ends, and which."""
    ends = [line[0][of], line[-1][of]]
    high, low = (how(line, key=lambda row: row[of]) for how in (max, min))
    if high[of] > STEP * max(ends):
        return "peak", high
    return ("trough", low) if STEP * low[of] < min(ends) else None


def _of_line(line: Sequence[Mapping[Any, Any]]) -> Iterator[Finding]:
    first, last = line[0], line[-1]
    then, now = (ranged(row, "loss_percent", "percent") for row in (first, last))
    if max(row["loss_percent"] for row in line) < TOLD:
        return
    about: dict[str, Value] = {"country": Country(first["country"]), "partner": Country(first["partner"])}
    years: dict[str, Value] = {"first": int(first["year"]), "last": int(last["year"])}
    values = {**about, **years, "then": then, "now": now}
    yield Finding("since.loss", values, Comparison(now, then), weight=USUAL + 0.2)
    if turn := turned(line):
        kind, row = turn
        told: dict[str, Value] = {"year": int(row["year"]), "size": ranged(row, "loss_percent", "percent")}
        yield Finding(f"since.{kind}", {**about, **told}, weight=USUAL + 0.1)
