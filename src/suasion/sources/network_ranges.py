"""Who gets what in a shipped supply network, over the ranges of its numbers, computed before.

A hundred divisions take seconds, reading them takes none. ``tools/divide_networks.py`` writes the file beside the
network's, and a test divides anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pandas as pd

from suasion.sources.embedded import load_file


@dataclass(frozen=True)
class KeptDivision:
    """Divisions of a network's cases.

    title: name of the network.
    network: SHA-256 of the network file that was divided.
    draws, seed: points of the Latin hypercube over the ranges, and their seed.
    players: codes.
    gains: ``case``, ``player``, ``name``, ``gain`` (Shapley value less what the player gets alone, million
      USD a year), ``low``, ``high`` (5th and 95th of 100 draws), ``share_percent`` (of all gains).
    locked: ``case``, ``seller``, ``buyer``, ``share`` of the seller's capacity with no way to anybody but the
      buyer, where there is any.
    """

    title: str
    network: str
    draws: int
    seed: int
    players: tuple[str, ...]
    gains: pd.DataFrame = field(repr=False)
    locked: pd.DataFrame = field(repr=False)


def kept_division(name: str) -> KeptDivision:
    """Read the divisions of a shipped network.

    name: such as ``eurasian_gas``.
    Raises SourceFileError if there is no such file, or it cannot be read.
    """
    made = load_file(f"networks/{name}.ranges.json", json.load)
    return KeptDivision(
        **{key: made[key] for key in ("title", "network", "draws", "seed")},
        players=tuple(made["players"]),
        gains=pd.DataFrame(made["gains"]),
        locked=pd.DataFrame(made["locked"], columns=["case", "seller", "buyer", "share"]),
    )
