"""Elasticities as the linearised base uses them: the response is linear in one less each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.types import Parameters

Single = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Bends:
    """One less the elasticities, one set (last axis 1) or one for each shock of a batch (last axis B).

    cost: (N, S, B) 1 - zeta.
    inputs: (N, S, B) 1 - epsilon.
    used: (N, S, B) 1 - epsilon of the users of each input, weighted with their share in its expenditure.
    final: (N, 1, B) 1 - kappa.
    trade: (1, S, B) 1 - sigma, for small changes.
    """

    cost: Single
    inputs: Single
    used: Single
    final: Single
    trade: Single

    def keep(self, which: NDArray[np.bool_]) -> Bends:
        """Return the sets of the shocks that stay; a set that all share stays."""
        parts = (self.cost, self.inputs, self.used, self.final, self.trade)
        return self if self.final.shape[-1] == 1 else Bends(*(part[..., which] for part in parts))


def bends_of(users: Single, parameters: Sequence[Parameters]) -> Bends:
    """Lay elasticities side by side.

    users: (N, S, S) composition of expenditure (input, user).
    parameters: one set, or one for each shock.
    """

    def single(name: str) -> Single:
        return np.stack([1.0 - getattr(p, name) for p in parameters], axis=-1).astype(np.float32)

    inputs = single("epsilon")
    used = np.matmul(users, inputs)
    return Bends(single("zeta"), inputs, used, single("kappa")[:, None], single("local_sigma")[None])
