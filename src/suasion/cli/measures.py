"""``suasion measures``: a table of trade measures that others keep, as a scenario file of one day."""

from __future__ import annotations

from pathlib import Path

from suasion.cli.console import tell
from suasion.cli.worlds import chosen_world
from suasion.errors import InputError
from suasion.files import check_writable, write_text

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
    from suasion.equilibrium.scenario.file import MAX_BYTES, to_yaml

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
