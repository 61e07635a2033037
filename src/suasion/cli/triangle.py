"""``suasion triangle``: parse, call, print."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from suasion.answers import numbers
from suasion.cli.console import Format, print_rows, tell
from suasion.sources import resolve_country


def run_triangle(
    powers: tuple[str, str, str],
    ideal_points: Path | None,
    *,
    year: int | None,
    factor: float,
    seed: int,
    form: Format,
) -> None:
    """Print the triangle of three powers by year, or of one year over several thresholds."""
    from suasion.sources.ideal_points import read_ideal_points
    from suasion.statecraft.align.data import added_ideal_points
    from suasion.statecraft.shipped_points import shipped_ideal_points
    from suasion.statecraft.triangle.years import triangle_by_year, triangle_thresholds

    codes = [resolve_country(x) for x in powers]
    points = read_ideal_points(ideal_points) if ideal_points else added_ideal_points()
    if points is None:
        points = shipped_ideal_points()
        tell(
            "From our own ideal points, which ship; the published ones with `suasion data add ideal-points`."
        )
    if year is None:
        table = triangle_by_year(points, codes, factor, seed=seed)
        edges = [str(c) for c in table if "-" in str(c) and "positive" not in str(c)]
        brief = ("year", "kind", "special", "probability", *edges)
        print_table(table, form, f"{', '.join(codes)} by their votes", brief)
        year = int(table["year"].iloc[-1])
        tell(threshold_sentence(triangle_thresholds(points, codes, year, seed=seed), year))
    else:
        print_table(
            triangle_thresholds(points, codes, year, seed=seed), form, f"{', '.join(codes)} in {year}"
        )
    tell("Ideal points say how states vote in New York; agreement there is cheap.")


def run_ties(powers: tuple[str, str, str], folder: Path | None, pledge: str, *, form: Format) -> None:
    """Print the triangle of three powers by their pacts and rivalries, year by year."""
    from suasion.statecraft.triangle.sources import read_ties
    from suasion.statecraft.triangle.years import triangle_from_ties

    codes = [resolve_country(x) for x in powers]
    pacts, rivalries, years = read_ties(codes, folder, pledge)
    table = triangle_from_ties(pacts, rivalries, codes, years)
    print_table(table, form, f"{', '.join(codes)} by pacts ({pledge}) and rivalries")
    tell("0 is an open edge: neither pact nor rivalry, or both; every triangle that it allows is named.")


def print_table(table: pd.DataFrame, form: Format, title: str, brief: tuple[str, ...] | None = None) -> None:
    """Print a table: for people its brief columns with few digits, for machines all of it in full."""
    chosen = table[list(brief)] if brief is not None and form is Format.table else table
    rows = [[plain(cell) for cell in row] for row in chosen.itertuples(index=False)]
    heads = [str(column) for column in chosen.columns]
    if form is Format.table:
        rows = [[_shown(name, cell) for name, cell in zip(heads, row, strict=True)] for row in rows]
        heads = ["odd one" if name == "special" else name for name in heads]
    print_rows(heads, rows, form, title)


def plain(cell: Any) -> Any:
    """Cell as JSON and CSV take it: dates as text, missing as None."""
    if cell is None or (isinstance(cell, float) and pd.isna(cell)):
        return None
    return cell.item() if hasattr(cell, "item") else cell


def _shown(column: str, cell: Any) -> Any:
    """Cell for people: probabilities in per cent, other numbers with three digits."""
    if not isinstance(cell, float):
        return cell
    return numbers.probability(cell) if column == "probability" else f"{cell:.3g}"


def threshold_sentence(table: pd.DataFrame, year: int) -> str:
    """Return the likeliest triangle at each threshold of one year.

    Parameters
    ----------
    table : DataFrame
        Of :func:`suasion.statecraft.triangle.years.triangle_thresholds`.
    year : int

    Returns
    -------
    str
    """
    best = table.sort_values("probability", ascending=False).groupby("factor").first()
    chances = [numbers.probability(float(one)) for one in best["probability"]]
    kinds = [_kind(str(row["kind"]), str(row["special"])) for _, row in best.iterrows()]
    rows = zip(kinds, chances, best.index, strict=True)
    parts = [f"{kind} ({chance}) at {factor:g}" for kind, chance, factor in rows]
    verdict = "does not depend" if len(best[["kind", "special"]].drop_duplicates()) == 1 else "depends"
    return (
        f"What {year} is {verdict} on the threshold, in multiples of the median distance: {', '.join(parts)}."
    )


def _kind(kind: str, special: str) -> str:
    if kind == "romantic triangle":
        return f"{kind}, pivot {special}"
    return f"{kind}, outcast {special}" if special else kind
