"""``suasion align``: how near two states are, and on what evidence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal, cast, get_args

import pandas as pd

from suasion.cli.console import Format, print_rows, say, tell
from suasion.errors import InputError
from suasion.sources.countries import country_name
from suasion.statecraft.align.alignment import COEFFICIENTS, Alignment, AlignmentRow, alignment
from suasion.statecraft.align.data import added_atop, added_ideal_points, added_votes

Shown = Literal["measures", "issues", "all"]


def run_align(a: str, b: str, year: int, show: str, salience: str, *, form: Format) -> None:
    """Measure alignment with what is embedded and what was added, and print it.

    Raises
    ------
    InputError
        If a choice or a weight is not allowed.
    """
    wanted = cast(Shown, chosen(show, get_args(Shown)))
    made = alignment(
        a,
        b,
        year,
        votes=added_votes(),
        atop=added_atop(),
        ideal_points=added_ideal_points(),
        salience=weights(salience),
    )
    if form is Format.json and wanted == "all":
        say(json.dumps(made.to_dict(), indent=1, allow_nan=False))
        return
    if wanted != "issues":
        print_measures(made, form)
    if wanted == "issues" or (wanted == "all" and form is Format.table):
        print_issues(made, form)
    for note in made.notes:
        tell(f"note: {note}")


def print_measures(made: Alignment, form: Format) -> None:
    """Print one row a measure for machines; for people one row a basis, then the rest."""
    if form is not Format.table:
        print_frame(made.table(), form, "")
        return
    wide = made.summary()
    for name in COEFFICIENTS:
        wide[name] = [rounded(v) for v in wide[name]]
    print_frame(wide, form, f"Alignment of {country_name(made.a)} and {country_name(made.b)}")
    columns = ("basis", "measure", "value", "range", "items", "year", "source")
    rows = [
        (r.basis, r.measure, counted(r), between(r.low, r.high), r.items or "", r.year, r.source)
        for r in made.others()
    ]
    print_rows(columns, rows, form)
    for line in made.lacking():
        tell(line)


def print_issues(made: Alignment, form: Format) -> None:
    """Print one row a dispute; for machines with the sources."""
    table = made.issue_table()
    if form is Format.table:
        for side in ("position_a", "position_b"):
            stale = table[f"stale_{side[-1]}"]
            told = zip(table[side], stale, strict=True)
            table[side] = [None if pd.isna(x) else f"{x:.2g}{' (old)' if old else ''}" for x, old in told]
        table["distance"] = [None if pd.isna(x) else f"{x:.2g}" for x in table["distance"]]
        table = table[["name", "position_a", "position_b", "distance", "salience_a", "salience_b"]].set_axis(
            ["dispute", made.a, made.b, "distance", f"weight {made.a}", f"weight {made.b}"], axis=1
        )
    print_frame(
        table,
        form,
        "Positions: 1 for to -1 against, the mean of recorded votes; sources with --show issues --format csv",
    )


def chosen(text: str, allowed: Sequence[str]) -> str:
    """Check a choice.

    Raises
    ------
    InputError
        If it is not allowed.
    """
    if text not in allowed:
        raise InputError(f"There is no choice {text!r}. Choose one of {', '.join(allowed)}.")
    return text


def weights(text: str) -> dict[str, dict[str, float]] | None:
    """Read weights such as ``RUS:crimea=3,taiwan=1;CHN:taiwan=3``; None for nothing.

    Raises
    ------
    InputError
        If the text is not of that form.
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


def print_frame(table: pd.DataFrame, form: Format, title: str) -> None:
    """Print a frame, missing cells as such."""
    cells = table.astype(object).where(table.notna(), None).to_numpy().tolist()
    print_rows([str(c) for c in table.columns], cells, form, title)


def rounded(value: float | None) -> str | None:
    """Two digits behind the point; None where there is no number."""
    return None if value is None or pd.isna(value) else f"{value:.2f}"


def counted(row: AlignmentRow) -> str | None:
    """Value of a measure: a count of organizations whole, the others with two digits."""
    return f"{row.value:.0f}" if row.measure == "shared" and row.value is not None else rounded(row.value)


def between(low: float | None, high: float | None) -> str:
    """A range in words; empty without one."""
    return "" if low is None or pd.isna(low) else f"{low:.2f} to {high:.2f}"
