"""Losses of all pairs that ship, as tables: those of a world of a year, and by ties of estimated economies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from suasion.coercion.leverage.carried import estimated_intervals, state_losses
from suasion.coercion.leverage.intervals import loss_intervals, with_estimated
from suasion.coercion.leverage.solve import COLUMNS, Tie
from suasion.coercion.outcomes import base_accounts
from suasion.coercion.sides import Side
from suasion.equilibrium.batch.many import GAP
from suasion.measures.dependence import trade
from suasion.types import DeficitRule
from suasion.world import World, load_world

HORIZONS = ("short", "long")
KNOWN = "none"
"""Mark of ties of which nobody is estimated."""


def looked_up(
    world: World, coalitions: Mapping[str, Side] | None, instrument: str, deficits: DeficitRule, draws: int
) -> bool:
    """Whether losses of all pairs ship with a world for such an act; see :func:`tie_losses`."""
    plain = instrument == "embargo" and deficits == "balance" and not (coalitions or draws)
    return plain and not loss_intervals(world).empty


def shipped_losses(world: World) -> pd.DataFrame:
    """Return the losses and ranges of all pairs that ship, one row a side, as :func:`tie_losses` has them.

    world: one whose losses ship, see :func:`suasion.coercion.leverage.intervals.loss_intervals`.
    """
    if not with_estimated(world):
        return _wide(loss_intervals(world), world)
    home = load_world()
    known = _wide(loss_intervals(home), home).assign(estimate=KNOWN)
    ties = state_losses().set_index(["country", "partner"])
    beside = _laid_out(estimated_intervals()).join(ties[["income_musd", "trade_musd", "estimate"]])
    for horizon in HORIZONS:
        beside[f"{horizon}_musd"] = beside[f"{horizon}_percent"] * beside["income_musd"] / 100.0
    return pd.concat([known, beside.drop(columns="income_musd").reset_index()], ignore_index=True)


def shipped_ties(world: World, horizon: str, ties: Sequence[Tie]) -> pd.DataFrame:
    """Return the losses that ship as those of solved ties, columns of :data:`suasion.coercion.leverage.solve.COLUMNS`.

    world: whose states the ties are pairs of. The ends of brackets ship with estimated economies alone.
    """
    table = shipped_losses(world).merge(
        state_losses()[["country", "partner", "flag", "replacement", "no_switching"]],
        "left",
        ["country", "partner"],
    )
    table["supply"] = table["flag"].fillna("").str.contains("supply").astype(float)
    table = table.rename(columns={f"{horizon}_percent": "percent", f"{horizon}_musd": "usd"})
    kept = ["percent", "usd", "replacement", "no_switching", "supply"]
    rows, names = table.set_index(["country", "partner"])[kept], np.array(world.states)
    first, second = np.array(ties, dtype=np.intp).T
    frame = pd.DataFrame({"first": first, "second": second, "residual": GAP, "batched": True, "reason": ""})
    for name, own, other in (("first", first, second), ("second", second, first)):
        found = rows.reindex(pd.MultiIndex.from_arrays([names[own], names[other]]))
        frame = frame.join(found.add_prefix(f"{name}_").reset_index(drop=True))
    return frame[list(COLUMNS)]


def _laid_out(intervals: pd.DataFrame) -> pd.DataFrame:
    """Losses and their ranges, one row a side: ``short_percent``, ``short_percent_low`` and so on."""
    names = {"loss_percent": "percent", "low_percent": "percent_low", "high_percent": "percent_high"}
    wide = intervals.rename(columns=names).pivot(
        index=["country", "partner"], columns="horizon", values=list(names.values())
    )
    return wide.set_axis(["_".join(map(str, name[::-1])) for name in wide.columns.tolist()], axis=1)


def _wide(intervals: pd.DataFrame, world: World) -> pd.DataFrame:
    """The same of the ties of a world, with what they are in money, and the trade of the two."""
    table = _laid_out(intervals).reset_index().astype({"country": str, "partner": str})
    worth = pd.Series(base_accounts(world, "balance", None).income, index=list(world.countries))
    for horizon in HORIZONS:
        table[f"{horizon}_musd"] = table[f"{horizon}_percent"] * table["country"].map(worth) / 100.0
    return table.assign(trade_musd=between(world, {code: (code,) for code in world.states}, table))


def between(world: World, sides: Mapping[str, tuple[str, ...]], table: pd.DataFrame) -> pd.Series:
    """Trade of goods and services between two sides, both directions."""
    codes = list(world.countries)
    inside = np.array([[code in members for code in codes] for members in sides.values()], dtype=float)
    one_way = inside @ trade(world).sum("sector").values @ inside.T
    both = pd.DataFrame(one_way + one_way.T, list(sides), list(sides)).stack()
    keys = pd.MultiIndex.from_frame(table[["country", "partner"]])
    return pd.Series(both.reindex(keys).to_numpy(), index=table.index)
