"""Losses of all pairs that ship, as tables, and those computed before, kept in the cache by all they depend on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from suasion import __version__
from suasion.coercion.leverage.carried import estimated_intervals, state_losses
from suasion.coercion.leverage.intervals import loss_intervals, with_estimated
from suasion.coercion.leverage.solve import COLUMNS, MatrixPlan, Tie
from suasion.coercion.outcomes import Side, base_accounts
from suasion.equilibrium import Parameters, Shock, compile_scenario
from suasion.equilibrium.batch.many import GAP
from suasion.equilibrium.elasticities.horizon import resolve_base
from suasion.measures.dependence import foreign_trade
from suasion.sources.cache import cache_folder, kept_table
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
    one_way = inside @ foreign_trade(world).sum(2) @ inside.T
    both = pd.DataFrame(one_way + one_way.T, list(sides), list(sides)).stack()
    keys = pd.MultiIndex.from_frame(table[["country", "partner"]])
    return pd.Series(both.reindex(keys).to_numpy(), index=table.index)


#: Rooms whose code decides the numbers.
_ROOMS = ("suasion.coercion", "suasion.equilibrium", "suasion.solvers")


def cached_losses(
    plan: MatrixPlan, use: bool, solve: Callable[[], pd.DataFrame], folder: Path | None = None
) -> pd.DataFrame:
    """Return the losses of a plan, from the cache where they are there and whole, else solved and kept.

    plan: what is asked for.
    use: whether to look and to keep; False solves.
    solve: computes the losses.
    folder: where they are kept; the user's cache folder by default.
    Returns: Columns of :data:`suasion.coercion.leverage.solve.COLUMNS`.
    """
    if not use:
        return solve()
    return kept_table(key_of(plan), solve, folder or cache_folder() / "leverage")


def key_of(plan: MatrixPlan) -> str:
    """Hash of world, elasticities, scenario in force, sides, instrument, and the code that computes."""
    force = Shock() if plan.given is None else compile_scenario(plan.world, plan.given)
    base = resolve_base(plan.world, plan.elasticities)
    return digest(
        __version__,
        _code(),
        plan.world.checksum,
        *_arrays(base),
        *_arrays(plan.parameters),
        plan.deficits,
        *_parts(force),
        (plan.measure.kind, plan.measure.rate),
        sorted(plan.sides.items()),
        list(plan.sides),
        list(plan.ties),
    )


def _arrays(parameters: Parameters) -> list[object]:
    return [getattr(parameters, name) for name in ("sigma", "zeta", "epsilon", "eta", "kappa", "mobility")]


def _parts(shock: Shock) -> list[object]:
    names = ("cut", "trade_cost", "left", "tariff", "export_tax", "productivity", "endowments", "transfer")
    limits = [part for limit in shock.limits for part in (limit.kind, limit.cells, limit.bound, limit.rent)]
    return [*(getattr(shock, name) for name in names), *limits]


@cache
def _code() -> str:
    """Hash of the modules that compute: a changed equation must not meet an old answer."""
    rooms = [Path(str(resources.files(room))) for room in _ROOMS]
    files = [(file.relative_to(room.parent), file) for room in rooms for file in room.rglob("*.py")]
    return digest(*((name.as_posix(), file.read_bytes()) for name, file in sorted(files)))


def digest(*parts: Any) -> str:
    """Return a hash of arrays and plain values, in their order.

    *parts: arrays, and values whose ``repr`` says what they are.
    """
    sha = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            sha.update(f"{part.dtype}{part.shape}".encode())
            sha.update(np.ascontiguousarray(part).tobytes())
        else:
            sha.update(repr(part).encode())
        sha.update(b"|")
    return sha.hexdigest()[:32]
