"""The linearised base with elasticities of its own for each shock of a batch: draws.

The responses of a base are linear in the elasticities: the derivative of its reduced system by each of them is taken
once, and the system of a draw is a sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np

from suasion.equilibrium.blocks import rescaled
from suasion.equilibrium.borders import over_origins
from suasion.equilibrium.elasticities.bends import Bends, Single, bends_of
from suasion.equilibrium.linear import Linear, above_cost, consumer_of, income_targets, parts_of
from suasion.equilibrium.types import Parameters


def with_draws(lin: Linear, parameters: Sequence[Parameters]) -> Linear:
    """Return the linearised base with elasticities of its own for each shock.

    lin: linearised base, with central elasticities.
    parameters: one set for each shock.
    Returns: Where the factor is mobile the reduced system is that of each set. It is linear in the
      elasticities: for each nest its derivative is taken once, in the direction in which the sets differ from
      the centre. Elsewhere the blocks stay the central ones, scaled by what each factor income answers to
      itself.
    """
    bends = bends_of(lin.users, parameters)
    if lin.countries is not None and lin.goods is not None:
        industries, producers = parts_of(lin)
        rho = np.concatenate([p.mobility[:1] for p in parameters]).astype(np.float32)
        return replace(
            lin,
            bends=bends,
            rho=rho,
            countries=rescaled(lin.countries, industries, lin.bends, bends),
            goods=rescaled(lin.goods, producers, lin.bends, bends),
        )
    systems = np.repeat(lin.system[None], len(parameters), axis=0)
    systems -= _trade_part(lin, (bends.trade - lin.bends.trade)[0])
    for name in ("cost", "inputs", "final"):
        change = getattr(bends, name) - getattr(lin.bends, name)
        direction = change[..., np.abs(change).max((0, 1)).argmax()][..., None]
        norm = float((direction**2).sum())
        if norm > 0.0:
            along = (change * direction).sum((0, 1)) / np.float32(norm)
            systems -= along[:, None, None] * income_targets(lin, _one_nest(lin, name, direction), 0.0)[0]
    return replace(lin, bends=bends, inverse=np.linalg.inv(systems), demand_wages=None)


def _one_nest(lin: Linear, name: str, direction: Single) -> Bends:
    """Bends that are zero but for one nest; inputs stand in two places."""
    parts = {field.name: np.zeros_like(getattr(lin.bends, field.name)) for field in fields(Bends)}
    parts[name] = direction
    if name == "inputs":
        parts["used"] = np.matmul(lin.users, direction)
    return Bends(**parts)


def _trade_part(lin: Linear, change: Single) -> Single:
    """Change of factor-income targets (B, N, N) with the sectors' sigma (S, B)."""
    n, s, _ = lin.va.shape
    own = np.eye(n, dtype=np.float32)[:, None, :]
    index = np.matmul(lin.inputs, lin.price_wages)
    cost, _ = above_cost(lin, own, index, consumer_of(lin, lin.price_wages))
    forced = lin.made * cost - over_origins(lin.sales, lin.price_wages)  # (N, S, N)
    drives = lin.income_outputs.reshape(n, n, s).transpose(2, 0, 1)
    by_sector = np.matmul(drives, forced.transpose(1, 0, 2)).reshape(s, n * n)
    return np.asarray((change.T @ by_sector).reshape(-1, n, n))
