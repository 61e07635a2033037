"""Losses that were computed before, kept in the user's cache folder by a hash of all that they depend on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from suasion import __version__
from suasion.coercion.leverage.solve import MatrixPlan
from suasion.equilibrium import Parameters, Shock, compile_scenario
from suasion.equilibrium.elasticities.horizon import resolve_base
from suasion.sources.cache import cache_folder, kept_table

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
