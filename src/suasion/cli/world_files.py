"""Files made of tables of others: a world moved to later totals, a world with tariffs, a scenario of measures."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from suasion.cli.console import Format, print_rows, progress, tell
from suasion.cli.worlds import SAVED, chosen_world
from suasion.errors import InputError
from suasion.files import check_writable, write_text

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


def run_tariffs(file: Path, out: Path, year: int | None) -> None:
    """Put tariffs into the chosen world, write it, and say how many pairs have rates.

    Raises InputError if no pair of the table is in the world, or the ending is wrong.
    Raises SourceFileError if the file is no table of tariffs.
    Raises OutputError if the world cannot be written; found before the work starts.
    """
    from suasion.world.tariffs import rates_in

    if out.suffix != SAVED:
        raise InputError(f"--out {out} must end in {SAVED}: it is a world, for --world.")
    check_writable(out)
    world = chosen_world()
    rates = rates_in(file, world, year)
    taxed = world.with_tariffs(rates, rest="keep")
    taxed.save(out, use=False)
    pairs = len(rates[["importer", "exporter"]].drop_duplicates())
    tell(f"{pairs} pairs have rates; all others, and services, keep what they had.")
    tell(f"wrote {out}; `suasion --world {out} exit-cost A B` works on it")


LEFT_OUT = {
    "kind": "of a kind that no instrument does",
    "lifted": "bans lifted",
    "firms": "for single firms",
    "rate": "tariffs without a rate",
    "day": "without a first day",
    "goods": "of services, or of no goods named",
    "partner": "of partners that are no state or group",
    "world": "between none of the economies asked for",
}


def run_measures(file: Path, out: Path, day: str, by: str, on: str, coverage: float) -> None:
    """Write the measures in force on a day, and say how many there are and what was left out.

    Raises InputError if nothing is in force between those named, or the scenario is too long for a file.
    Raises SourceFileError if the table is of no known layout.
    Raises OutputError if the scenario cannot be written; found before the work starts.
    """
    from suasion.coercion.measure_tables import table_scenario
    from suasion.equilibrium.scenario.file import to_yaml
    from suasion.schema.typed_file import MAX_BYTES

    check_writable(out)
    sides = [[part.strip() for part in text.split(",")] if text else None for text in (by, on)]
    found = table_scenario(
        file, chosen_world(), day or None, senders=sides[0], targets=sides[1], coverage=coverage
    )
    text = to_yaml(found.scenario)
    if len(text.encode()) > MAX_BYTES:
        raise InputError(
            f"{len(found.scenario.instruments):,} measures are more than a scenario file holds; name who acts with "
            "--by, and on whom with --on."
        )
    write_text(out, text)
    for reason, count in sorted(found.left_out.items(), key=lambda item: -item[1]):
        tell(f"left out: {count:,} {LEFT_OUT[reason]}")
    tell(f"wrote {len(found.scenario.instruments)} measures to {out}; `suasion simulate {out}` solves them")
