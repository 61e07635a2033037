"""Hide known economies in the rest of the world, divide it again, and compare their losses with those of the table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from fits.every.assemble import given, hidden, members_of, merged
from fits.every.customs import estimated_codes
from snapshot.materials import significant
from suasion.coercion import leverage_matrix
from suasion.sources.published_flows import REST, regions
from suasion.types import FloatArray
from suasion.world.checks import Provenance
from suasion.world.every_state import divided
from suasion.world.published import RegionTable, published_table, world_of
from suasion.world.world import World

SETS = {
    "one": (
        "KAZ",
        "NGA",
        "SAU",
        "CRI",
        "KHM",
        "MAR",
        "BLR",
        "LAO",
        "TUN",
        "AGO",
        "CIV",
        "JOR",
        "PER",
        "UKR",
        "MMR",
        "ISL",
    ),
    "two": ("EGY", "PAK", "BGD", "CMR", "SEN", "COD", "BRN", "COL", "GRC", "BGR", "ISR", "NZL", "PHL", "STP"),
}
"""Economies hidden at once. All choices but two were made on the first; the second was chosen afterwards."""
YEAR = 2022
"""Year of the published table, which knows nothing of customs."""
PARTNERS = 14
"""Partners of a hidden economy that are tried: those with which it trades most."""


def hide(cache: Path) -> pd.DataFrame:
    """Return losses of hidden economies and of their partners, true and estimated, by set and horizon.

    cache: folder of downloaded packages.
    """
    table = published_table(YEAR)
    truth = world_of(table, YEAR, Provenance(dataset="published"), ())
    frames = []
    for name, codes in SETS.items():
        pairs = pairs_of(table, codes)
        guess = guessed(table, codes, cache)
        for horizon in ("long", "short"):
            both = {
                what: losses_of(world, pairs, horizon)
                for what, world in (("true", truth), ("estimated", guess))
            }
            frames.append(pd.DataFrame(both).reset_index().assign(set=name, horizon=horizon))
    found = pd.concat(frames, ignore_index=True)
    trade = _trade(table)
    place = {code: at for at, code in enumerate(regions())}
    at = [found[side].map(place).to_numpy(int) for side in ("country", "partner")]
    found["trade"] = (trade + trade.T)[at[0], at[1]]
    for name in ("trade", "true", "estimated"):
        found[name] = significant(found[name].to_numpy(), 4)
    found["hidden"] = [
        country in SETS[str(name)] for country, name in zip(found["country"], found["set"], strict=True)
    ]
    return found[["set", "country", "partner", "horizon", "hidden", "trade", "true", "estimated"]]


def _trade(table: RegionTable) -> FloatArray:
    trade = table.flow.sum(2)
    np.fill_diagonal(trade, 0.0)
    return np.asarray(trade)


def pairs_of(table: RegionTable, codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """Ties of hidden economies with those with which they trade most."""
    trade, names = _trade(table), regions()
    found = {}
    for code in codes:
        at = names.index(code)
        both = trade[at] + trade[:, at]
        both[-1] = 0.0
        for other in np.argsort(-both)[:PARTNERS]:
            found[tuple(sorted((code, names[other])))] = (code, names[other])
    return list(found.values())


def guessed(table: RegionTable, codes: tuple[str, ...], cache: Path) -> World:
    """The world in which hidden economies were estimated, in the order of the table."""
    known = tuple(code for code in regions()[:-1] if code not in codes)
    others = estimated_codes(regions()[:-1])
    base = hidden(table, [regions().index(code) for code in codes])
    found = members_of(base, given(known, (*codes, *others), YEAR, cache))
    members = merged(base, found, tuple(code for code in found.codes if code not in codes))
    order = [(*known, *members.codes).index(code) for code in regions()]
    made = divided(base, members)
    parts = [one[np.ix_(order, order)] for one in (made.inputs, made.final)]
    return world_of(RegionTable(parts[0], parts[1], made.use[order]), YEAR, Provenance(dataset="hidden"), ())


def losses_of(world: World, pairs: list[tuple[str, str]], horizon: str) -> pd.Series:
    """Losses of both sides of ties (country, partner), per cent."""
    frame = leverage_matrix(world, horizon, pairs=pairs, cache=False).frame
    mirrored = frame.rename(
        columns={"country": "partner", "partner": "country", "partner_loss_percent": "loss_percent"}
    )
    mirrored = mirrored.loc[:, ~mirrored.columns.duplicated(keep="last")]
    both = pd.concat([frame, mirrored])[["country", "partner", "loss_percent"]]
    found = both.drop_duplicates(["country", "partner"]).set_index(["country", "partner"])["loss_percent"]
    return found


def scores(losses: pd.DataFrame, least: float = 0.5) -> pd.DataFrame:
    """Errors of estimated losses above a size, as factors: by whose they are, set and horizon.

    losses: as :func:`hide` returns them.
    """
    rows = []
    states = losses[(losses["country"] != REST) & (losses["partner"] != REST)]
    states = states[(states["country"] != "STP") & (states["partner"] != "STP")]  # no customs: another class
    for who, part in (("hidden", states[states["hidden"]]), ("partner", states[~states["hidden"]])):
        for name in ("one", "two", "both"):
            chosen = part if name == "both" else part[part["set"] == name]
            for horizon in ("long", "short"):
                rows.append({"who": who, "set": name, "horizon": horizon} | _score(chosen, horizon, least))
    return pd.DataFrame(rows)


def _score(losses: pd.DataFrame, horizon: str, least: float) -> dict[str, float]:
    kept = losses[(losses["horizon"] == horizon) & (losses["true"] > least)]
    logs = np.log(np.maximum(kept["estimated"], 1e-4) / kept["true"])
    size = logs.abs()
    return {
        "losses": len(kept),
        "bias": float(np.exp(logs.median())),
        "median": float(np.exp(size.median())),
        "factor_90": float(np.exp(size.quantile(0.9))),
        "within_2": float((size < np.log(2.0)).mean()),
        "covered": float((size < 1.645 * 0.42).mean()),
    }
