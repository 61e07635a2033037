"""``suasion nowcast``: a world at later totals of trade, written to a file that ``--world`` opens."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from suasion.cli.console import Format, print_rows, progress, tell
from suasion.cli.worlds import SAVED, chosen_world
from suasion.errors import InputError
from suasion.files import check_writable

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("exporter", "importer", "base", "asked", "moved", "change")
HEADS = ("exporter", "importer", "base, USD m", "asked, USD m", "moved, USD m", "change, %")


def run_nowcast(totals: Path, year: int, out: Path, growth: Path | None, *, form: Format) -> None:
    """Move the chosen world, write it, and print each asked total before and after.

    Raises InputError if a file is no such table, the year is before the world's, or the file's ending is
      wrong.
    Raises OutputError if the file cannot be written; found before the work starts.
    """
    from suasion.world.nowcast import compared, nowcast

    if out.suffix != SAVED:
        raise InputError(f"--out {out} must end in {SAVED}: it is a world, for --world.")
    if year > date.today().year:
        raise InputError(
            f"--year {year} is in the future, of which no totals are published. Give a past year."
        )
    check_writable(out)
    asked = _table(totals, ("exporter", "importer", "value"))
    factors = _table(growth, ("country", "factor")) if growth is not None else None
    named = {} if factors is None else dict(zip(factors["country"], factors["factor"], strict=True))
    world = chosen_world()
    if year < world.year:
        raise InputError(f"--year {year} is before the world's {world.year}: a nowcast goes forward.")
    with progress("Nowcast") as step:
        step(0, 1, "fitting")
        moved = nowcast(world, asked, year, named or 1.0)
    moved.save(out, use=False)
    rows = [tuple(row) for row in compared(world, moved, asked).itertuples(index=False)]
    tell(moved.notes[-1])
    tell(f"wrote {out}; `suasion --world {out} dyad A B` works on it")
    shown = [(*row[:2], *(f"{v:,.0f}" for v in row[2:5]), f"{row[5]:+.1f}") for row in rows]
    table = form is Format.table
    print_rows(HEADS if table else COLUMNS, shown if table else rows, form, f"Totals of {year}")


def _table(file: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    """Read a table whose last column holds numbers."""
    import pandas as pd

    try:
        table = pd.read_csv(file, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise InputError(
            f"{file} cannot be read as CSV: {error}. Give columns {', '.join(columns)}."
        ) from error
    lacking = [name for name in columns if name not in table]
    if lacking:
        raise InputError(
            f"{file} has no column {', '.join(lacking)}; it needs {', '.join(columns)} and has "
            f"{', '.join(map(str, table.columns)) or 'none'}."
        )
    numbers = pd.to_numeric(table[columns[-1]], errors="coerce")
    for line, (given, number) in enumerate(zip(table[columns[-1]], numbers, strict=True), start=2):
        if pd.isna(number):
            raise InputError(
                f"{file}, line {line}: {given!r} is no number. Totals are in million USD, growth factors near 1."
            )
    return table.assign(**{columns[-1]: numbers})
