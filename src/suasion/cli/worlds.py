"""The world that commands work on: the embedded one, or the one that ``--world`` names."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suasion.errors import InputError

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
