"""One less the elasticities, as a batch raises prices to them: one set for all shocks, or one for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.types import Parameters
from suasion.types import FloatArray

#: In place of a power of zero: the nest is then Cobb-Douglas to twelve digits, by the formula of all others.
_TINY = 1e-12
#: Powers below this would lose more than two digits without the offset.
_NEAR = 1e-2


@dataclass(frozen=True, slots=True)
class Powers:
    """One less the elasticities, shared by all shocks (last axis 1) or one set for each (last axis B).

    trade: (K, 1, B) 1 - sigma of every mode of buying.
    switching: (T, 1 or N, B) base share of switching buyers.
    between: (T, 1, B) 1 - mu.
    bundle: (N, S, B) 1 - zeta.
    inputs: (B,) 1 - epsilon.
    final: (N, B) 1 - kappa.
    mobility: (B,) of the factor.
    capital: (N, 1, 1 or B) share of capital in value added where its stock adjusts, or None.
    offset: what powers of hats are written less: 1 where some power is near zero, so that a nest near
      Cobb-Douglas keeps its digits; else 0, so that a price that falls to nothing does.
    """

    trade: FloatArray
    switching: FloatArray
    between: FloatArray
    bundle: FloatArray
    inputs: FloatArray
    final: FloatArray
    mobility: FloatArray
    offset: float
    capital: FloatArray | None = None

    @property
    def farthest(self) -> float:
        """Change of an unknown, in logs, beyond which the formulas have too few digits left."""
        return 25.0 if self.offset else 200.0

    @property
    def shared(self) -> bool:
        """Whether all shocks have one set."""
        return self.inputs.size == 1

    def up(self, logs: FloatArray) -> FloatArray:
        """Hats of logs, less the offset, in their place: a new large array costs more than what is written in it."""
        return np.asarray(np.expm1(logs, out=logs) if self.offset else np.exp(logs, out=logs))

    def whole(self, hats: FloatArray) -> FloatArray:
        """Hats that are written less the offset, with it."""
        return hats + self.offset if self.offset else hats

    def log(self, hats: FloatArray) -> FloatArray:
        """Logs of hats that are written less the offset."""
        return np.asarray(np.log1p(hats) if self.offset else np.log(hats))

    def of_buyers(self, which: NDArray[np.intp]) -> Powers:
        """Return the set as some importers have it."""
        return self if self.switching.shape[1] == 1 else replace(self, switching=self.switching[:, which])

    def keep(self, which: NDArray[np.bool_]) -> Powers:
        """Return the sets of the shocks that stay; a set that all share stays."""
        if self.shared:
            return self
        names = ("trade", "switching", "between", "bundle", "inputs", "final", "mobility")
        kept = {name: getattr(self, name)[..., which] for name in names}
        return replace(self, **kept, capital=None if self.capital is None else self.capital[..., which])


def powers_of(base: Accounts, parameters: Sequence[Parameters]) -> Powers:
    """Lay the elasticities of one set, or of one set for each shock, side by side."""
    modes = [p.drawn_modes.on(base.modes) for p in parameters]

    def power(name: str) -> FloatArray:
        values = np.stack([1.0 - getattr(p, name) for p in parameters], axis=-1)
        return np.asarray(np.where(np.abs(values) < _TINY, _TINY, values))

    bundle, inputs, final = power("zeta"), power("epsilon")[0, 0], power("kappa")
    near = min(float(np.abs(part).min()) for part in (bundle, inputs, final)) < _NEAR
    return Powers(
        trade=1.0 - np.stack([m.sigma for m in modes], axis=-1)[:, None],
        switching=np.stack([m.switching for m in modes], axis=-1),
        between=1.0 - np.stack([m.mu for m in modes], axis=-1)[:, None],
        bundle=bundle,
        inputs=inputs,
        final=final,
        mobility=np.array([p.mobility[0] for p in parameters]),
        offset=float(near),
        capital=_capital(parameters),
    )


def _capital(parameters: Sequence[Parameters]) -> FloatArray | None:
    given = [p.capital for p in parameters if p.capital is not None]
    return np.stack(given, axis=-1)[:, None] if given else None
