"""What is said beside embedded worlds, and the table of the G20 in 2019."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from suasion.files import shipped, shipped_checksum
from suasion.sources.embedded import ROOM, load_npz
from suasion.world.checks import Provenance
from suasion.world.table import TableArrays, settled_table
from suasion.world.world import World

G20_YEAR, G20_FILE = 2019, "icio2019.npz"


@cache
def embedded_words() -> dict[str, Any]:
    """What is said beside the embedded worlds, and the steps that made each, as ``embedded.toml`` has them."""
    return shipped("suasion.world", "embedded.toml", tomllib.load)


@cache
def g20_world() -> World:
    """Return the published table of 2019: the G20 and the rest of the world, 20 sections.

    Raises SourceFileError if its file is missing or broken.
    """
    raw = load_npz(G20_FILE)
    countries, sectors = (tuple(map(str, raw[name])) for name in ("countries", "sectors"))
    final = raw["final"].reshape(len(countries) * len(sectors), len(countries), -1).sum(axis=2)
    return settled_table(
        TableArrays(raw["inter"], final, raw["output"]),
        (countries, sectors),
        G20_YEAR,
        provenance=g20_origin(),
        notes=tuple(embedded_words()["note"][name] for name in ("year_2019", "tariffs")),
    )


def g20_origin() -> Provenance:
    """Return where the table of the G20 comes from, without opening it."""
    words = embedded_words()["g20"]
    return Provenance(
        dataset="OECD ICIO, 2023 release, G20",
        version=str(G20_YEAR),
        checksum=shipped_checksum(ROOM, G20_FILE),
        transformations=tuple(words["steps"]),
        licence=words["licence"],
        citation=words["credit"],
    )
