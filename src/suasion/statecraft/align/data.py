"""What a user has added to the store and what alignment and ladder can use of it."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pandas as pd

from suasion.sources.catalogue_store import load, manifest_of
from suasion.sources.unga_votes import RollCalls


def added_votes(store: str | Path | None = None) -> RollCalls | None:
    """Roll calls of the General Assembly, if they were added."""
    return cast(RollCalls, load("unga-votes", store)) if manifest_of("unga-votes", store) else None


def added_atop(store: str | Path | None = None) -> pd.DataFrame | None:
    """Alliances with country codes, if they and the list of states were added."""
    if not (manifest_of("atop", store) and manifest_of("cow-states", store)):
        return None
    return cast(pd.DataFrame, load("atop", store, states=load("cow-states", store)))


def added_deliveries(store: str | Path | None = None) -> pd.DataFrame | None:
    """Deliveries of arms, if they were added."""
    return cast(pd.DataFrame, load("sipri", store)) if manifest_of("sipri", store) else None


def added_ideal_points(store: str | Path | None = None) -> pd.DataFrame | None:
    """Published ideal points with their band, if they were added."""
    if not manifest_of("ideal-points", store):
        return None
    return cast(pd.DataFrame, load("ideal-points", store))
