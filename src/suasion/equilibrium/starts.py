"""Where worlds that ship balance at their usual elasticities: points that spare a search once the equations hold there.

Whether a point serves is decided by the equations alone: in a world that was changed, or with other elasticities, they
do not hold at it, and the base is searched for as that of any other.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from suasion.sources.embedded import load_parquet
from suasion.types import FloatArray
from suasion.world import World

FILE = "balanced.parquet"


def key_of(world: World) -> str:
    """Return what a point is found by: year and size of a world."""
    return f"{world.year}: {len(world.countries)} x {len(world.sectors)}"


def start_of(world: World) -> FloatArray | None:
    """Return unknowns at which a world may balance, or nothing where no such point ships."""
    return _points().get(key_of(world))


@cache
def _points() -> dict[str, FloatArray]:
    table = load_parquet(FILE)
    return {str(key): np.array(own["x"]) for key, own in table.groupby("key", observed=True)}
