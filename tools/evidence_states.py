"""How well estimated economies are known, and how far the world of every state moves ties of the others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from evidence import ROOT
from fits.every import hide as hiding
from suasion.sources.published_flows import regions
from suasion.world import World
from suasion.world.every_state import state_world
from suasion.world.reconciled import reconciled_world

SNAPSHOT = ROOT / "src" / "suasion" / "snapshot"
CACHE = ROOT / "build" / "packages"
EVERY, SAMPLED = 40, 3
"""Which of all pairs are compared, and how many of these are found again."""
HORIZONS = ("long", "short")


def hidden() -> pd.DataFrame:
    """Losses of hidden economies and of their partners, true and estimated."""
    return hiding.hide(CACHE).sort_values(["set", "country", "partner", "horizon"])


def sampled_hidden(committed: pd.DataFrame) -> pd.DataFrame:
    """True losses of a few ties again; estimates need the Factbook."""
    table = hiding.published_table(hiding.YEAR)
    truth = hiding.world_of(table, hiding.YEAR, hiding.Provenance(dataset="published"), ())
    rows = committed[committed["hidden"].astype(str) == "True"].iloc[:: len(committed) // SAMPLED]
    pairs = list(dict.fromkeys(zip(rows["country"], rows["partner"], strict=True)))
    frames = []
    for horizon in HORIZONS:
        found = hiding.losses_of(truth, pairs, horizon)
        kept = found.reindex(pairs).rename("true").reset_index()
        frames.append(kept.assign(horizon=horizon))
    both = pd.concat(frames)
    return both.merge(
        committed[["set", "country", "partner", "horizon"]], on=["country", "partner", "horizon"]
    )


def scores() -> pd.DataFrame:
    """Errors of estimated losses above half a per cent."""
    return hiding.scores(pd.read_csv(ROOT / "docs" / "evidence" / "hidden.csv"))


def sampled_scores(committed: pd.DataFrame) -> pd.DataFrame:
    """All of them again, from the committed table of losses."""
    return scores()


def known_ties() -> pd.DataFrame:
    """Losses by ties of two of the 80, in the world of 80 with its rest and in that of every state, no tariffs."""
    pairs = list(combinations(sorted(regions()[:-1]), 2))[::EVERY]
    return _ties(pairs)


def sampled_ties(committed: pd.DataFrame) -> pd.DataFrame:
    """A few of them again, in the world of 80."""
    pairs = list(combinations(sorted(regions()[:-1]), 2))[:: EVERY * 20]
    return _ties(pairs, ("long",)).drop(columns="every_state")


def _ties(pairs: list[tuple[str, str]], horizons: tuple[str, ...] = HORIZONS) -> pd.DataFrame:
    worlds: dict[str, World] = {"table": reconciled_world(2023), "every_state": state_world()}
    frames = []
    for horizon in horizons:
        both = {name: hiding.losses_of(world, pairs, horizon) for name, world in worlds.items()}
        frames.append(pd.DataFrame(both).reset_index().assign(horizon=horizon))
    found = pd.concat(frames, ignore_index=True)
    return found[["country", "partner", "horizon", "table", "every_state"]]


def moved() -> str:
    """How far losses above .1 % move, for a page: median and nine in ten, as factors."""
    table = pd.read_csv(ROOT / "docs" / "evidence" / "known_ties.csv")
    large = table[table["table"] > 0.1]
    logs = np.log(large["every_state"] / large["table"])
    parts = [f"{len(large)}", f"{np.exp(logs.median()):.3f}", f"{np.exp(logs.abs().quantile(0.9)):.3f}"]
    return " ".join(parts)


def state_files() -> Sequence[Path]:
    """What the tables rest on."""
    names = ("published_flows.parquet", "goods_totals.parquet", "materials.parquet", "macro.parquet")
    return [*(SNAPSHOT / name for name in names), *sorted((ROOT / "tools" / "fits" / "every").glob("*.py"))]


def score_files() -> Sequence[Path]:
    """What the table of errors rests on."""
    return [ROOT / "tools" / "fits" / "every" / "hide.py", ROOT / "docs" / "evidence" / "hidden.csv"]


def tie_files() -> Sequence[Path]:
    """What the table of ties rests on."""
    return [
        SNAPSHOT / name
        for name in ("states2023.parquet", "reconciled_flows.parquet", "published_flows.parquet")
    ]
