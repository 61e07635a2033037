"""The world that commands work on, which ``--world`` names, and what is checked of a table before it is used."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suasion.cli.console import Format, print_rows, tell
from suasion.errors import InputError
from suasion.files import check_writable

if TYPE_CHECKING:
    from suasion.world import World

SAVED = ".npz"
_asked = {"name": "", "opened": "", "tariffs": "", "day": ""}
_others: dict[str, Callable[..., Any]] = {}


def choose(name: str, tariffs: str = "", day: str = "") -> None:
    """Take a world for the command that follows; it is opened when a command needs it.

    name: ``YEAR`` of an embedded world, ``DATASET``, ``DATASET:YEAR``, or a file written by ``world.save``;
      empty for the embedded world.
    tariffs: as :func:`~suasion.world.load_world` takes them; empty for the usual.
    day: the world in force on it, in place of one by name; empty for none.
    """
    _asked.update(name=name, opened="", tariffs=tariffs, day=day)


def chosen_world() -> World:
    """Open the world that was chosen.

    Raises InputError if the year is no number, or the data set or its year is not known; the message says
      what is.
    Raises SourceFileError if the table is not there; the message says how to get it.
    """
    from suasion.public import load_world

    name = _asked["opened"] = _asked["name"]
    if _asked["day"]:
        if name or _asked["tariffs"]:
            raise InputError("--day has its own world and tariffs: leave --world and --tariffs out.")
        return load_world(day=_asked["day"])
    load = partial(load_world, tariffs=_asked["tariffs"]) if _asked["tariffs"] else load_world
    if not name:
        return load()
    if name.endswith((SAVED, ".nc")):
        return load(path=Path(name))
    if name.isdecimal():
        return load(year=int(name))
    dataset, mark, year = name.partition(":")
    if not mark:
        return load(dataset)
    if not year.strip().isdecimal():
        raise InputError(f"--world {name!r}: {year!r} is not a year; write it as in wiod13:2011.")
    return load(dataset, int(year))


def second_process() -> Callable[..., Any]:
    """Start another process on the chosen world, to ask there; this one where that is not embedded, or has one core."""
    from suasion.dossier.aside import Aside, here

    name = _asked["name"]
    if (os.cpu_count() or 1) < 2 or _asked["tariffs"] or _asked["day"] or not (name.isdecimal() or not name):
        return here
    if name not in _others:
        _others[name] = Aside(int(name) if name else None)
    return _others[name]


def unused() -> str:
    """Name of the chosen world if no command opened it, else nothing."""
    return "" if _asked["name"] == _asked["opened"] else _asked["name"]


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
