"""What everybody loses without everybody else, in the first year and after ten years, with the ranges that ship."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd
import xarray as xr

from suasion.coercion.leverage.carried import estimated_range, state_losses
from suasion.coercion.leverage.intervals import interval_together
from suasion.coercion.leverage.matrix import LeverageMatrix, leverage_matrix
from suasion.coercion.leverage.shipped import HORIZONS, KNOWN, between, looked_up, shipped_losses
from suasion.coercion.outcomes import Side
from suasion.equilibrium.flags import LOSS
from suasion.types import DeficitRule
from suasion.world import World, load_world
from suasion.world.every_state import DATASET

Pairs = Literal["all"] | Sequence[tuple[Side, Side]]


def tie_losses(
    world: World,
    *,
    pairs: Pairs = "all",
    coalitions: Mapping[str, Side] | None = None,
    instrument: str = "embargo",
    rate: float = 0.1,
    deficits: DeficitRule = "balance",
    draws: int = 0,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Return what each side loses when another acts against it; all trade of all pairs ends if nothing else is said.

    Losses of single countries of an embedded world, as it is, ship with their ranges and are looked up. All others are
    solved; where all trade ends in such a world, their ranges are made of those of the single ties, see
    :func:`suasion.coercion.leverage.intervals.interval_together`, and no others have any.

    pairs: ``"all"``, or a list of (acting side, other side); both ways where the act is mutual.
    coalitions, instrument, rate, deficits: as for :func:`suasion.coercion.leverage_matrix`.
    draws, seed: draws of the elasticities for ranges of their own in place of those that ship, and their seed; each
      draw costs as much as the losses themselves.
    progress: called with (done, total).
    Returns: One row a side that loses (``country``) and one that acts (``partner``), the largest loss after
      ten years first. ``short_percent``, ``long_percent`` (of own real expenditure), each with ``_low`` and
      ``_high``, NaN where no range ships; ``short_musd``, ``long_musd`` (million USD a year); ``trade_musd``
      (between the two a year). Where losses were solved also ``flags``, ``replacement_percent`` and
      ``no_switching_percent`` of the first year.
    Raises SameCountryError, NotInWorldError, InputError: As :func:`suasion.coercion.leverage_matrix` says.
    """
    if pairs == "all" and looked_up(world, coalitions, instrument, deficits, draws):
        table = shipped_losses(world)
    else:
        found = [
            leverage_matrix(
                world,
                horizon,
                pairs=pairs,
                coalitions=coalitions,
                instrument=instrument,
                rate=rate,
                deficits=deficits,
                draws=draws,
                seed=seed,
                progress=progress,
            )
            for horizon in HORIZONS
        ]
        sides = found[0].sides
        parts = [_solved(_ranged(made), horizon) for made, horizon in zip(found, HORIZONS, strict=True)]
        table = _flagged(parts[0].join(parts[1], how="outer").reset_index(), found[0].flags)
        if instrument == "embargo" and deficits == "balance" and not draws:
            table = _ranged_together(world, sides, table)
        table["trade_musd"] = between(world, sides, table)
    return table.sort_values("long_percent", ascending=False, kind="stable", ignore_index=True)


def _ranged_together(world: World, sides: Mapping[str, tuple[str, ...]], table: pd.DataFrame) -> pd.DataFrame:
    """Put ranges beside solved losses that have none: of groups, from those of their single ties.

    Ties among the economies of the table have those of its world, in the world of every state too.
    """
    table_world = load_world() if world.provenance.dataset == DATASET else world
    for horizon in HORIZONS:
        name = f"{horizon}_percent"
        rows = zip(table["country"], table["partner"], table[name], table[f"{name}_low"], strict=True)
        ends = [
            (
                estimated_range(world, loser, sides[other], horizon, loss)
                or interval_together(table_world, sides[loser], sides[other], horizon, loss)
                if bare and loss > 0
                else None
            )
            or (np.nan, np.nan)
            for loser, other, loss, bare in ((*row[:3], np.isnan(row[3])) for row in rows)
        ]
        for column, found in zip((f"{name}_low", f"{name}_high"), zip(*ends, strict=True), strict=True):
            table[column] = table[column].astype(float).fillna(pd.Series(found, index=table.index))
    return table


def with_brackets(world: World, table: pd.DataFrame) -> pd.DataFrame:
    """Return ties with the flags and the bracket of those whose loss of the first year is beyond the model.

    table: of :func:`tie_losses`; where losses were looked up, those of the ties that are large are solved.
    """
    if "flags" in table:
        return table
    large, parts = table[table["short_percent"] > 100.0 * LOSS], []
    if "estimate" in table:  # of ties of estimated economies brackets ship
        world, large, parts = load_world(), large[large["estimate"] == KNOWN], [state_losses()]
    pairs = [*dict.fromkeys(zip(large["partner"], large["country"], strict=True))]
    if pairs:
        parts.append(leverage_matrix(world, "short", pairs=pairs).flags)
    return _flagged(table, pd.concat(parts) if parts else None)


def _flagged(table: pd.DataFrame, flags: pd.DataFrame | None) -> pd.DataFrame:
    if flags is None:
        return table.assign(flags="", replacement_percent=np.nan, no_switching_percent=np.nan)
    names = {"flag": "flags", "replacement": "replacement_percent", "no_switching": "no_switching_percent"}
    ends = flags.rename(columns=names)[["country", "partner", *names.values()]]
    ends = ends.drop_duplicates(["country", "partner"])  # a tie that was named from both sides is one
    return table.merge(ends, "left", ["country", "partner"]).fillna({"flags": ""})


def _ranged(made: LeverageMatrix) -> pd.DataFrame:
    """Losses of pairs, with the ranges of the draws of those acted upon where there were any."""
    frame = made.frame
    if made.drawn is None:
        return frame
    band = made.band(of="damage_percent")
    at = {name: xr.DataArray(frame[name].to_numpy(), dims="pair") for name in ("country", "partner")}
    ends = {f"partner_{end}_percent": band.sel({"end": end, **at}).values for end in ("low", "high")}
    return frame.assign(**ends)


def _solved(table: pd.DataFrame, horizon: str) -> pd.DataFrame:
    """Losses of those acted upon, by who loses and who acts."""
    names = {
        "partner": "country",
        "country": "partner",
        "partner_loss_percent": f"{horizon}_percent",
        "partner_loss_usd": f"{horizon}_musd",
        "partner_low_percent": f"{horizon}_percent_low",
        "partner_high_percent": f"{horizon}_percent_high",
    }
    ends = [name for name in list(names)[4:] if name not in table]
    whole = table.assign(**dict.fromkeys(ends, np.nan))
    return whole[list(names)].rename(columns=names).set_index(["country", "partner"])
