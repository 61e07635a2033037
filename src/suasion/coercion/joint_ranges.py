"""Ranges of joint threats: those that ship of single ties, or bands over draws of the elasticities.

Who joins and who opposes is as at the central elasticities: both are of what these camps do.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from suasion.coercion.joint_threats import Camp, JointThreats, worth_of
from suasion.coercion.leverage.intervals import interval_together
from suasion.coercion.leverage.matrix import leverage_matrix
from suasion.coercion.outcomes import base_accounts, members
from suasion.equilibrium import Embargo, Scenario, simulate_many
from suasion.equilibrium.batch.bands import drawn_rows, with_bands
from suasion.types import DeficitRule

if TYPE_CHECKING:
    from suasion.world import World

BANDED = (
    "solo_percent",
    "joint_percent",
    "separate_percent",
    "own_percent",
    "multiplier",
    "third_musd",
    "most_musd",
)
"""Columns that have bands."""


def over_draws(
    found: JointThreats,
    world: World,
    horizon: str,
    draws: int,
    seed: int = 1,
    *,
    deficits: DeficitRule = "balance",
) -> JointThreats:
    """Return the threats with 90 % bands (``_low``, ``_high``) over draws of the elasticities.

    found: on that world.
    horizon, deficits: as they were solved.
    draws, seed: how many, and their seed.
    """
    own, joined = list(members(world, found.holder)), _joined(found)
    targets = [str(code) for code in found.table["state"]]
    ties = [(found.holder, code) for code in targets]
    ties += [(one, code) for code, some in joined.items() for one in some]
    cuts = [Scenario(code, [Embargo([*own, *joined.get(code, ())], code)]) for code in targets]
    options: dict[str, Any] = {"deficits": deficits, "draws": draws, "seed": seed}
    singly = leverage_matrix(world, horizon, pairs=ties, cache=False, **options).drawn
    solved = simulate_many(world, cuts, horizon, **options).drawn
    assert singly is not None
    assert solved is not None
    together = solved["equivalent_variation"].isel(horizon=0)
    income = base_accounts(world, deficits).income
    frames = [
        pd.DataFrame(
            [
                worth_of(
                    *_alone(lost, found.holder, code, joined), usd.sel(scenario=code).values, income, *at
                )
                for code, at in ((one, _places(world, one, own)) for one in targets)
            ]
        )
        for lost, usd in zip(singly["loss_percent"], together.transpose("draw", ...), strict=True)
    ]
    drawn = drawn_rows(found.table, frames, BANDED)
    return replace(found, table=with_bands(found.table, drawn), drawn=drawn)


def _places(world: World, target: str, own: Sequence[str]) -> tuple[int, NDArray[np.bool_]]:
    return world.countries.index(target), np.isin(world.countries, own)


def _alone(
    lost: xr.DataArray, holder: str, target: str, joined: Mapping[str, Sequence[str]]
) -> tuple[float, float]:
    """Losses of a target, in logs: to the holder alone, and to all who join, one by one."""
    own = lost.sel(country=target)
    others = own.sel(partner=list(joined.get(target, ()))).values
    return -math.log1p(-float(own.sel(partner=holder)) / 100.0), float(-np.log1p(-others / 100.0).sum())


def _joined(found: JointThreats) -> dict[str, list[str]]:
    """Who joins the holder, by target; nothing of a target where nobody does."""
    rows = found.camps[found.camps["camp"] == Camp.JOINS.value]
    return {str(code): list(states) for code, states in rows.groupby("target")["state"]}


def with_ranges(found: JointThreats, world: World, horizon: str) -> pd.DataFrame:
    """Return the table with its 90 % ranges (``_low``, ``_high``), where those of all ties ship.

    found: on that world, trade balanced.
    horizon: ``"short"`` or ``"long"``; of others nothing ships.
    Returns: solo_percent, joint_percent, separate_percent, own_percent, third_musd and most_musd with their ends:
      losses and the holder's own move together, see :func:`suasion.coercion.leverage.intervals.interval_together`.
    """
    own = list(members(world, found.holder))
    joined = _joined(found)
    income = dict(zip(world.countries, base_accounts(world, "balance").income, strict=True))
    rows = []
    for row in found.table.to_dict("records"):
        code = str(row["state"])
        ties = {
            name: ([code], [*own, *joined.get(code, [])]) for name in ("joint_percent", "separate_percent")
        }
        ties |= {"solo_percent": ([code], own), "own_percent": (own, [code])}
        ends = {
            name: interval_together(world, *sides, horizon, row[name]) or (np.nan, np.nan)
            for name, sides in ties.items()
        }
        lost, paid = income[code] / 100.0, sum(income[one] for one in own) / 100.0
        for k, end in enumerate(("low", "high")):
            solo, joint, cost = (ends[name][k] for name in ("solo_percent", "joint_percent", "own_percent"))
            row |= {f"{name}_{end}": pair[k] for name, pair in ends.items()}
            row |= {
                f"third_musd_{end}": lost * (joint - solo),
                f"most_musd_{end}": lost * joint - paid * cost,
            }
        rows.append(row)
    ranged = pd.DataFrame(rows)
    return ranged if ranged["joint_percent_low"].notna().any() else found.table
