"""Ours for the questions of published figures, solved on the worlds that ship: looked up instead of solved again."""

from __future__ import annotations

import hashlib
import math
from functools import cache
from importlib import resources

import pandas as pd

from suasion.sources.estimates import PublishedFigure, register
from suasion.world import World

FILE = resources.files("suasion") / "coercion" / "estimates_kept.csv"
COLUMNS = ("world", "instruments", "years", "members_of", "economies", "percent")


def key_of(world: World, one: PublishedFigure) -> tuple[str, ...]:
    """Return what ours depends on: world, instruments, horizon, year of the groups, and whose loss it is."""
    done = repr(register().scenario[one.scenario].instruments)
    return (
        world.checksum[:16],
        hashlib.sha256(done.encode()).hexdigest()[:16],
        f"{one.years:g}",
        str(register().study[one.study].year),
        " ".join(one.economies),
    )


def kept_change(world: World, one: PublishedFigure) -> float | None:
    """Look up the change of real expenditure, per cent; NaN without an equilibrium, None where it is not kept."""
    return _kept().get(key_of(world, one))


def is_kept(world: World) -> bool:
    """Whether ours for the published figures is kept for a world."""
    return any(key[0] == world.checksum[:16] for key in _kept())


@cache
def _kept() -> dict[tuple[str, ...], float]:
    with resources.as_file(FILE) as path:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    return {
        key: float(value or math.nan) for *names, value in frame.to_numpy().tolist() for key in [tuple(names)]
    }
