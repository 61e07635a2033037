"""Tables that frozen lines seal by their hash, as they stood on the day of freezing."""

from __future__ import annotations

import hashlib
import io

import pandas as pd

from suasion.errors import InputError
from suasion.files import shipped_bytes

_BOARD, _TABLES = "suasion.outlook.scoreboard", "suasion.statecraft.tables"
PARTS = (
    ((_BOARD, "shares_all.parquet"),),
    ((_BOARD, "purchases_by_industry.parquet"),),
    ((_TABLES, "sanction_onsets.parquet"), (_TABLES, "sanction_model.json")),
    ((_TABLES, "pact_hazards.parquet"), (_TABLES, "pact_model.json")),
    ((_TABLES, "pact_hazards.parquet"), (_BOARD, "sealed/pacts_2026-11-30.json")),
    ((_BOARD, "sealed/pacts_2026-11-29.parquet"), (_BOARD, "sealed/pacts_2026-11-29.json")),
    ((_BOARD, "sealed/pacts_2026-11-27.parquet"), (_BOARD, "sealed/pacts_2026-11-27.json")),
)
"""Files whose bytes together have the hash of a line. Before a refit changes one, a copy goes to ``sealed``."""


def sealed_table(sha256: str) -> pd.DataFrame:
    """Return the table that a frozen line seals.

    sha256: of a :class:`~suasion.outlook.scoreboard.frozen.FrozenForecast`.
    Returns: The first of the sealed files, one row a pair, or a partner and industry.
    Raises InputError if no file of the package has that hash.
    Raises SourceFileError if the installation lacks a file.
    """
    for parts in PARTS:
        content = [shipped_bytes(*part) for part in parts]
        if hashlib.sha256(b"".join(content)).hexdigest() == sha256:
            return pd.read_parquet(io.BytesIO(content[0]))
    raise InputError(
        f"No table of the package has the hash {sha256}. Take it from a line of the frozen forecasts."
    )
