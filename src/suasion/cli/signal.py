"""``suasion signal`` and ``triangle``: parse, call, print."""

from __future__ import annotations

from collections.abc import Callable, Set
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from suasion.cli.console import Format, print_rows, tell
from suasion.cli.files import check_picture
from suasion.errors import InputError, JudgementError
from suasion.sources import resolve_country
from suasion.statecraft.ledger import answers
from suasion.statecraft.ledger import odds as books
from suasion.statecraft.ledger.figures import Judgement

SHARES = {
    "posterior",
    "low",
    "high",
    "least",
    "most",
    "at_low",
    "at_high",
    "swing",
    "probability",
    "prior",
}
BRIEF = {
    "path": ("date", "item", "ratio", "posterior", "low", "high"),
    "values": ("item", "kind", "ratio", "weight", "value"),
    "sensitivity": ("judgement", "low", "value", "high", "at_low", "at_high"),
}
"""Columns for people, where a line does not hold them all; csv and json have all."""
HEADS = {
    "special": "odd one",
}
SHOW = ("path", "values", "sensitivity", "rectangle", "needed", "sources")


def run_signal(
    file: str,
    show: str,
    prior: str,
    target: float,
    *,
    draws: int,
    seed: int,
    chart: Path | None,
    form: Format,
) -> None:
    """Read a ledger, print one of its tables, and say on stderr what it comes to.

    Raises
    ------
    JudgementError
        If the file or the prior is not valid.
    InputError
        If there is no such table.
    OutputError
        If the picture cannot be written; found before the work starts.
    """
    from suasion.statecraft.ledger.file import read_ledger
    from suasion.statecraft.ledger.words import sentences

    if show not in SHOW:
        raise InputError(f"There is no table {show!r}; show one of {', '.join(SHOW)}.")
    if chart is not None:
        check_picture(chart)
    ledger = read_ledger(file, prior_of(prior))
    tables: dict[str, Callable[[], pd.DataFrame]] = {
        "path": lambda: books.posterior_path(ledger, draws, seed),
        "values": lambda: books.item_values(ledger),
        "sensitivity": lambda: answers.sensitivity(ledger),
        "rectangle": lambda: answers.rectangle(ledger),
        "needed": lambda: answers.evidence_needed(ledger, target),
        "sources": lambda: pd.DataFrame(list(ledger.sources.items()), columns=["source", "text"]),
    }
    titles = {"path": ledger.question, "rectangle": f"{ledger.question} Over prior and strongest ratio"}
    print_table(tables[show](), form, titles.get(show, ledger.name), BRIEF.get(show))
    for line in sentences(ledger, draws, seed, target):
        tell(line)
    if chart is not None:
        draw(ledger, chart, draws, seed)


def draw(ledger: books.Ledger, chart: Path, draws: int, seed: int) -> None:
    """Draw a ledger to a file."""
    from suasion.files import write_bytes
    from suasion.statecraft.ledger.chart import ledger_chart
    from suasion.statecraft.signals.chart import picture

    write_bytes(chart, picture(ledger_chart(ledger, draws, seed), chart.suffix))
    tell(f"wrote {chart}")


def prior_of(text: str) -> Judgement | None:
    """Prior given on the command line: one number, or value, low and high, or a pair and years of the alliance model.

    Raises
    ------
    JudgementError
        If it is neither.
    """
    if not text:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (1, 3):
        parts = text.split(",")
        if len(parts) == 3 and parts[2].isdigit() and not numbers:
            return pair_prior(parts[0], parts[1], int(parts[2]))
        raise JudgementError(
            f"The prior {text!r} is neither a probability nor value,low,high, nor a pair and years such as RUS,CHN,10."
        )
    value, low, high = (numbers[0], numbers[len(numbers) // 2], numbers[-1])
    return Judgement("prior", value, low, high, "given")


def pair_prior(a: str, b: str, years: int) -> Judgement:
    """Probability that two states sign a defence pact within some years, with its band, from the alliance model."""
    from suasion.statecraft.alliance.answer import alliance_prior, alliance_probability

    return alliance_prior(alliance_probability(a, b, (years,)), years)


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
    from suasion.statecraft.triangle.words import threshold_sentence
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
    if form is Format.table:
        chosen = table if brief is None else table[list(brief)]
        # The range of a judgement is in the judgement's own unit: a likelihood ratio of 2.5 is no 250 %.
        shares = SHARES.difference({"low", "high"}) if "judgement" in table else SHARES
        heads = [HEADS.get(str(c), str(c)) for c in chosen.columns]
        cells = [
            [shown(str(c), plain(cell), shares) for c, cell in zip(chosen.columns, row, strict=True)]
            for row in chosen.itertuples(index=False)
        ]
        print_rows(heads, cells, form, title)
    else:
        rows = [[plain(cell) for cell in row] for row in table.itertuples(index=False)]
        print_rows([str(c) for c in table.columns], rows, form, title)


def plain(cell: Any) -> Any:
    """Cell as JSON and CSV take it: dates as text, missing as None."""
    if isinstance(cell, date):
        return cell.isoformat()
    if cell is None or (isinstance(cell, float) and pd.isna(cell)):
        return None
    return cell.item() if hasattr(cell, "item") else cell


def shown(column: str, cell: Any, shares: Set[str]) -> Any:
    """Cell for people: probabilities in per cent, other numbers with three digits."""
    if not isinstance(cell, float):
        return cell
    return f"{cell:.1%}" if column in shares or "share" in column else f"{cell:.3g}"
