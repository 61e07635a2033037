"""What a user has added to the store and what alignment and ladder can use of it."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pandas as pd

from suasion.sources.catalogue_store import load, manifest_of
from suasion.sources.unga_resolutions import join_roll_calls
from suasion.sources.unga_votes import RollCalls


def added_votes(store: str | Path | None = None) -> RollCalls | None:
    """Roll calls of the General Assembly, older and later ones, as far as they were added."""
    names = [n for n in ("unga-votes", "unga-resolutions") if manifest_of(n, store)]
    found = [cast(RollCalls, load(name, store)) for name in names]
    return join_roll_calls(*found) if len(found) == 2 else next(iter(found), None)


def added_atop(store: str | Path | None = None) -> pd.DataFrame | None:
    """Alliances with country codes, if they and the list of states were added."""
    if not (manifest_of("atop", store) and manifest_of("cow-states", store)):
        return None
    return cast(pd.DataFrame, load("atop", store, states=load("cow-states", store)))


def added_deliveries(store: str | Path | None = None) -> pd.DataFrame | None:
    """Deliveries of arms, if they were added."""
    return cast(pd.DataFrame, load("sipri", store)) if manifest_of("sipri", store) else None


def added_ideal_points(store: str | Path | None = None) -> pd.DataFrame | None:
    """Published ideal points with their band, if they were added: the later release where both were."""
    names = [n for n in ("ideal-points-2024", "ideal-points") if manifest_of(n, store)]
    return cast(pd.DataFrame, load(names[0], store)) if names else None
