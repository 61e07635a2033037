"""What a user has added to the store, or has in a folder, as the risk sets of the alliance model."""

from __future__ import annotations

from pathlib import Path

from suasion.sources.catalogue_store import installed
from suasion.statecraft.alliance.panel import NEEDED, AlliancePanel, risk_sets
from suasion.statecraft.dyads.table import dyad_years

LAST_YEAR = 2018
"""Last year of pacts in ATOP 5.1."""


def added_panel(folder: str | Path | None = None, store: str | Path | None = None) -> AlliancePanel | None:
    """Return the risk sets, if the data sets that the model needs are there.

    Parameters
    ----------
    folder : path, optional
        Folder of downloads; it must have them all.
    store : path, optional
        Folder of the store, looked at without ``folder``.

    Returns
    -------
    AlliancePanel or None
        None where the store lacks one of them.

    Raises
    ------
    SourceFileError
        If the folder lacks one of them.
    """
    if folder is not None:
        return risk_sets(dyad_years(folder, 1816, LAST_YEAR))
    there = installed(store)
    if not {"cow-states", *NEEDED} <= set(there):
        return None
    return risk_sets(dyad_years(None, 1816, LAST_YEAR))
