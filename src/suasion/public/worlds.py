"""The world that is asked: of a year, of a data set, of a file, or in force on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from suasion.errors import InputError

if TYPE_CHECKING:
    from suasion.world import World


def load_world(
    name: str | None = None,
    year: int | None = None,
    path: str | Path | None = None,
    tariffs: str | None = None,
    day: str | date | None = None,
    states: str = "",
) -> World:
    """Load a world by its year, by the name of its data set, or as it is in force on a day.

    Parameters
    ----------
    name, year, path, tariffs, states
        As for :func:`suasion.world.load_world`: without all of them the latest reconciled world with totals of all
        pairs, at its applied tariffs. ``tariffs="zero"`` leaves these out.
    day
        A day, as ``"2026-07-22"``: the world of the last year that ended before it (the latest at most) at its applied
        tariffs, in the long run after what the United States has added since. Takes the place of all others.

    Returns
    -------
    World

    Raises
    ------
    InputError
        If something is not known, or the day is given together with another world.
    SourceFileError
        If a file is absent or not what it should be.

    Examples
    --------
    >>> load_world(year=2014)
    <World 2014: 81 countries x 50 sectors, OECD ICIO, 2025 release, published flows>
    """
    from suasion.world.load import load_world as loaded

    if day is None:
        return loaded(name, year, path, tariffs, states)
    if states or (name, year, path) != (None, None, None) or tariffs not in (None, "applied"):
        raise InputError(
            "A day has its own world and tariffs: leave `name`, `year`, `path`, `states` and `tariffs` out."
        )
    from suasion.equilibrium.in_force import world_on

    return world_on(day)
