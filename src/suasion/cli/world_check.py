"""The certificate of a table of one's own, printed: how it was read, a preview, and what was found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from suasion.cli.console import Format, print_rows, tell
from suasion.cli.worlds import SAVED
from suasion.errors import InputError
from suasion.files import check_writable

if TYPE_CHECKING:
    from suasion.world import World

HEADS = ("country", "output", "value_added", "exports", "imports")
LARGEST = 5


def run_check(file: Path, year: int | None, out: Path | None, *, form: Format) -> None:
    """Read a table, print what was found, and write its world where that is asked for.

    Raises InputError if the year is not given, or the ending of --out is wrong.
    Raises DataError if the table is refused; the message names what in it cannot be.
    Raises OutputError if the world cannot be written; found before the work starts.
    """
    if out is not None:
        if out.suffix != SAVED:
            raise InputError(f"--out {out} must end in {SAVED}: it is a world, for --world.")
        check_writable(out)
    from suasion.world.forms import overview

    world = _read(file, year)
    rows = overview(world, LARGEST)
    print_rows(HEADS, rows, form, f"Largest of {len(world.countries)} in {world.year}, million USD")
    doubts = world.provenance.doubts or _as_world(file, world)
    for doubt in doubts:
        tell(f"- {doubt}")
    found = f"{len(doubts)} doubts, which every answer on it says."
    tell(found if doubts else "Nothing was found that is unlike published tables.")
    if out is not None:
        world.save(out)
        tell(f"wrote {out}; `suasion --world {out} exit-cost A B` works on it")


def _read(file: Path, year: int | None) -> World:
    from suasion.world import World, from_table
    from suasion.world.flat import read_flat

    if file.suffix == SAVED:
        return World.load(file)
    if year is None:
        raise InputError(f"Of what year is {file}? Write --year 2022.")
    found = read_flat(file)
    layouts = {"long": "a row a flow", "two headers": "labels in two rows and columns"}
    layout = layouts.get(found.layout, f"labels with {found.layout!r} between country and sector")
    tell(f"read as: {layout}; rows sell, columns buy")
    size = f"{len(found.countries)} countries, {len(found.sectors)} sectors"
    tell(f"{size}; final use in {found.final.shape[1]} columns")
    tell("output: as stated" if found.output is not None else "output: the sums of the rows")
    if found.left:
        tell(
            f"left out, as no flow of an industry: {', '.join(found.left[:LARGEST])} ({len(found.left)} in all)"
        )
    return from_table(*found.arguments, year)


def _as_world(file: Path, world: World) -> tuple[str, ...]:
    """Doubts of a file that was no table: they were found when it was made, if at all."""
    from suasion.world.certificate import doubts_of_world

    return doubts_of_world(world) if file.suffix == SAVED else ()
